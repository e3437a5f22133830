"""A part of the embedded stack: one process, how to start it, when it is ready, and what to do when it is not."""

import asyncio
import contextlib
import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

STOP_SECONDS: Final = 8.0
"""How long a part may take to stop before it is killed: Postgres checkpoints and the emulator saves its state."""


class PartError(Exception):
    """A part could not start, or ended by itself. `str()` names the part, its log and the remedy."""


@dataclass(frozen=True)
class Part:
    """What to run.

    `ready` is called until it returns True; `ports` are those it listens on, checked to be free before the start, each
    with the environment variable that moves it.
    """

    name: str
    command: Sequence[str]
    ready: Callable[[], Awaitable[bool]]
    log: Path
    ports: Mapping[int, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    ready_seconds: float = 60.0
    remedy: str = "Read the log; `make reset` starts over with a clean state."
    cwd: Path | None = None
    revives: str = ""
    """What is said when it ended by itself and is started again; "" where that ends the whole stack."""


class RunningPart:
    """A started part."""

    def __init__(self, part: Part, process: asyncio.subprocess.Process, log: IO[bytes]) -> None:
        self.part = part
        self.process = process
        self._log = log

    @classmethod
    async def start(cls, part: Part, *, again: bool = False) -> "RunningPart":
        """Start the process and wait until it is ready. Raises PartError, leaving nothing running.

        `again`: its log goes on behind what the process before it wrote.
        """
        part.log.parent.mkdir(parents=True, exist_ok=True)
        log = part.log.open("ab" if again else "wb")
        owner = pwd.getpwnam(part.user) if part.user else None
        try:
            process = await asyncio.create_subprocess_exec(
                *part.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(part.environment),
                cwd=part.cwd,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops the parts in order
                preexec_fn=_end_with_parent,
                user=owner.pw_uid if owner else None,
                group=owner.pw_gid if owner else None,
            )
        except OSError as error:
            log.close()
            raise PartError(f"{part.name} could not be started: {error}.\n  {part.remedy}") from error
        running = cls(part, process, log)
        try:
            await running._until_ready()
        except BaseException:
            await running.stop()
            raise
        return running

    async def _until_ready(self) -> None:
        loop = asyncio.get_running_loop()
        limit = loop.time() + self.part.ready_seconds
        while loop.time() < limit:
            if self.process.returncode is not None:
                raise self.ended()
            if await self.part.ready():
                return
            await asyncio.sleep(0.03)
        raise PartError(
            f"{self.part.name} was not ready after {self.part.ready_seconds:.0f} s.\n{self._tail()}\n"
            f"  Log: {self.part.log}\n  {self.part.remedy}"
        )

    def ended(self) -> PartError:
        """Return the error that says how the process ended."""
        status = self.process.returncode
        how = f"with status {status}"
        if status is not None and status < 0:
            how = f"by signal {signal.Signals(-status).name}"
        return PartError(f"{self.part.name} ended {how}.\n{self._tail()}\n  Log: {self.part.log}\n  {self.part.remedy}")

    async def stop(self) -> None:
        """Stop the process and all of its session; kill what does not stop in time."""
        if self.process.returncode is None:
            self.process.send_signal(self.part.stop_signal)
            try:
                await asyncio.wait_for(self.process.wait(), STOP_SECONDS)
            except TimeoutError:
                self.process.kill()
                await self.process.wait()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)  # children it left behind
        self._log.close()

    def _tail(self) -> str:
        lines = self.part.log.read_text(errors="replace").splitlines()[-12:]
        return "\n".join("    " + line for line in lines)


def _end_with_parent() -> None:
    """Ask Linux to end the child when the supervisor dies, even by SIGKILL. Elsewhere only an orderly stop does."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG, linux/prctl.h
