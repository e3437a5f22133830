"""Bytecode beside the source, so that a cold start does not compile (a function cannot write to its own folder)."""

import os
import subprocess
import sys
from pathlib import Path

from stacks.bundling.target import Target
from stacks.bundling.uv import BundlingError, find_python


def interpreter(target: Target) -> Path | None:
    """Return an interpreter whose bytecode the target runs; None, and a word on stderr, where this machine has none."""
    if target.python == f"{sys.version_info.major}.{sys.version_info.minor}":
        return Path(sys.executable)
    found = find_python(target.python)
    if found is None:
        sys.stderr.write(
            f"stepweave: no Python {target.python} on this machine, so the bundles go without bytecode "
            "and cold starts take about twice as long.\n"
            f"  Put python{target.python} on PATH, or run `uv python install {target.python}`.\n"
        )
    return found


def compile_below(folder: Path, python: Path | None) -> None:
    """Compile every module below `folder`; does nothing without an interpreter. Raises BundlingError.

    The bytecode is tied to nothing: no date, no path of this machine (`-s`), and not looked at again
    (`unchecked-hash`: nobody changes a deployed source). A file that is no Python of that version (a template, a test
    for another version) stays without.
    """
    if python is None:
        return
    command = [str(python), "-m", "compileall", "-qq", "-s", str(folder), "--invalidation-mode", "unchecked-hash"]
    # One process and a fixed hash seed: sets in constants would otherwise be written in an order of the day.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(  # noqa: S603  # our own arguments, no shell
        [*command, str(folder)], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1):  # 1: some file did not compile
        raise BundlingError(f"compiling {folder} ended with status {done.returncode}:\n{done.stderr.strip()}")
