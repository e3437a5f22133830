"""The engine's process: started when it is first asked, ended when nobody has asked for a while."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Final

from local.model.environment import ModelMissing, model_file, python

IDLE_SECONDS: Final = 300.0
START_SECONDS: Final = 120.0
"""Loading takes one to four seconds; a first read of the file from a slow disk takes longer."""


class EngineFailed(Exception):
    """The engine did not start. `str()` says why."""


def engine_command() -> list[str]:
    """Return what starts the engine. Raises ModelMissing."""
    return [str(python()), str(Path(__file__).with_name("engine.py")), str(model_file())]


class Engine:
    """The one engine of this process.

    Args:
        command: gives what starts it.
        idle_seconds: how long it stays when nobody asks.
    """

    def __init__(
        self, command: Callable[[], Sequence[str]] = engine_command, idle_seconds: float = IDLE_SECONDS
    ) -> None:
        self._command = command
        self._idle_seconds = idle_seconds
        self._process: asyncio.subprocess.Process | None = None
        self._url = ""
        self._starting = asyncio.Lock()
        self._asking = 0
        self._ending: asyncio.TimerHandle | None = None

    @property
    def runs(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.returncode is None

    @contextlib.asynccontextmanager
    async def asked(self) -> AsyncIterator[str]:
        """Give its address for the block, started where it is not there. Raises EngineFailed, ModelMissing."""
        self._asking += 1
        if self._ending is not None:
            self._ending.cancel()
        try:
            yield await self._there()
        finally:
            self._asking -= 1
            if not self._asking:
                self._ending = asyncio.get_running_loop().call_later(self._idle_seconds, self._idle)

    async def stop(self) -> None:
        """End the process."""
        if self._ending is not None:
            self._ending.cancel()
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _there(self) -> str:
        async with self._starting:
            if not self.runs:
                await self._start()
            return self._url

    async def _start(self) -> None:
        command = self._command()
        pipe, nowhere = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=nowhere)
        self._process = process
        assert process.stdout is not None  # noqa: S101 - narrows a type
        try:
            line = await asyncio.wait_for(process.stdout.readline(), START_SECONDS)
            self._url = str(json.loads(line)["url"])
        except (TimeoutError, ValueError, KeyError) as error:
            await self.stop()
            raise EngineFailed("The local model did not start: `make setup`, or take another account.") from error

    def _idle(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()


__all__ = ["Engine", "EngineFailed", "ModelMissing"]
