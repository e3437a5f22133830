"""How the process of an execution environment comes to be: forked from a warm parent, or started anew."""

import asyncio
import os
import subprocess
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

WORKER_SCRIPT = Path(__file__).with_name("worker.py")


@dataclass(frozen=True, slots=True)
class Start:
    """What a process is started with: where its code and layers lie, its variables, and its ends of two pipes."""

    name: str
    code: Path
    layers: Sequence[Path]
    environment: Mapping[str, str]
    channel: int
    output: int


@dataclass(frozen=True, slots=True)
class Started:
    """A process that runs. `wait` gives its exit status (negative: the signal) once it has ended."""

    pid: int
    wait: Callable[[], Awaitable[int]]
    learn: Callable[[dict[str, int]], Awaitable[bool]] | None = None
    """Takes the names of modules that the process has imported, where others can be spared that, and the place of each:
    0 the interpreter, 1 the first layer, and so on, the last the function's own code. Answers whether a new process
    would share so much with its parent that this one is better replaced."""


class Starter(Protocol):
    """Starts processes."""

    async def start(self, start: Start) -> Started:
        """Start one, the leader of a process group, so that ending the group ends what the handler started too."""

    def tidy(self) -> None:
        """End what has been kept for processes that nobody wants any more."""

    def close(self) -> None:
        """Start no more."""


class Spawner:
    """Starts an interpreter for each: 20 ms for itself, and then every import. The way where forks are not safe."""

    def __init__(self, python: Path, lifeline: int) -> None:
        self._python = python
        self._lifeline = lifeline

    async def start(self, start: Start) -> Started:
        """Start the worker script."""
        process = subprocess.Popen(
            [str(self._python), str(WORKER_SCRIPT), str(start.channel), str(self._lifeline)],
            env=dict(start.environment),
            cwd=start.code,
            stdin=subprocess.DEVNULL,
            stdout=start.output,
            stderr=start.output,
            pass_fds=(start.channel, self._lifeline),
            start_new_session=True,
        )
        return Started(process.pid, lambda: asyncio.to_thread(process.wait))

    def tidy(self) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Nothing to close."""


def stream_environment(environment: Mapping[str, str], code: Path, stream: str) -> dict[str, str]:
    """The variables of one execution environment: the function's, where its code lies and where it logs to."""
    return {**environment, "LAMBDA_TASK_ROOT": os.fspath(code), "AWS_LAMBDA_LOG_STREAM_NAME": stream}
