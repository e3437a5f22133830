"""The command line of the emulator."""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

WORKERS = max(2, min(4, (os.cpu_count() or 1) + 1))
"""Processes of one function: one more than there are cores to run them, for they also wait."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to run."""

    port: int
    state_dir: Path
    lambda_python: Path
    workers: int = WORKERS
    workers_most: int = 64
    idle_seconds: float = 60.0
    fork: bool = True
    log_level: str = "WARNING"
    without: tuple[str, ...] = ()
    stock: bool = False

    @property
    def endpoint(self) -> str:
        """Where clients, our functions among them, reach the emulator."""
        return f"http://127.0.0.1:{self.port}"


def parse(arguments: Sequence[str]) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m local.emulator", description="The AWS of one machine.")
    parser.add_argument("--port", type=int, default=4566, help="the port on 127.0.0.1 (default: %(default)s)")
    parser.add_argument("--state-dir", type=Path, required=True, help="where everything is kept across restarts")
    parser.add_argument(
        "--lambda-python", type=Path, default=Path(sys.executable), help="the interpreter that functions run under"
    )
    parser.add_argument("--workers", type=int, default=WORKERS, help="processes per function (default: %(default)s)")
    parser.add_argument(
        "--workers-most",
        type=int,
        default=64,
        help="processes per function when its invocations block each other (default: %(default)s)",
    )
    parser.add_argument(
        "--idle-seconds", type=float, default=60, help="a process without work ends after (default: %(default)s)"
    )
    parser.add_argument(
        "--spawn", action="store_true", help="start an interpreter for each process, in place of a fork, to compare"
    )
    parser.add_argument("--log-level", default="WARNING", help="of the emulator's own log (default: %(default)s)")
    parser.add_argument("--without", action="append", default=[], metavar="NAME", help="leave a correction out")
    parser.add_argument("--stock", action="store_true", help="leave all corrections out, to compare")
    given = parser.parse_args(arguments)
    return Options(
        port=given.port,
        state_dir=given.state_dir.absolute(),
        lambda_python=given.lambda_python.absolute(),  # not resolved: a venv's python is a symlink that must stay one
        workers=given.workers,
        workers_most=given.workers_most,
        idle_seconds=given.idle_seconds,
        fork=not given.spawn,
        log_level=given.log_level.upper(),
        without=tuple(given.without),
        stock=given.stock,
    )
