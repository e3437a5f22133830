"""Runs the parts: starts them together, notices when one dies, stops them in the reverse order, leaves no orphan."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Final

from local.stack.part import Part, PartError, RunningPart
from local.stack.ports import check_free

LOOK_SECONDS: Final = 1.0
MOST_REVIVED: Final = 3
OFTEN_SECONDS: Final = 120.0
"""A part that ends more than `MOST_REVIVED` times within these ends the stack: something is wrong with it."""
REVIVE_SECONDS: Final = 20.0
"""For what a killed process left behind to go."""


class Supervisor:
    """Owns the running parts of one stack. Use as an asynchronous context manager."""

    def __init__(self, say: Callable[[str], None] = lambda _: None) -> None:
        self._running: list[RunningPart] = []
        self._say = say
        self._revived: dict[str, list[float]] = {}

    async def __aenter__(self) -> "Supervisor":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self, parts: Sequence[Part]) -> None:
        """Start `parts` at the same time and return when all are ready.

        Raises PartError when a port is taken or a part fails; what was started is then stopped by `stop`.
        """
        check_free(parts)
        results = await asyncio.gather(*(RunningPart.start(part) for part in parts), return_exceptions=True)
        self._running += [result for result in results if isinstance(result, RunningPart)]
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def wait(self) -> PartError:
        """Wait until a part ends by itself for good, and return the error that says so. Waits while all is well.

        Parts that `revive` are started again, and those added meanwhile are looked at too.
        """
        while True:
            ended = await self._ended()
            if ended is None:
                continue
            if not ended.part.revives or self._too_often(ended.part):
                return ended.ended()
            self._say(f"{ended.ended()}\n  {ended.part.revives}")
            try:
                await self._revive(ended)
            except PartError as error:
                return error
            self._say(f"{ended.part.name} serves again")

    async def _ended(self) -> RunningPart | None:
        """Return a part that has ended; None where none did for a moment."""
        waits = {asyncio.create_task(running.process.wait()): running for running in self._running}
        if not waits:
            await asyncio.sleep(LOOK_SECONDS)
            return None
        try:
            done, _ = await asyncio.wait(waits, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waits:
                task.cancel()
        return waits[done.pop()] if done else None

    def _too_often(self, part: Part) -> bool:
        """Whether a part ended so often of late that starting it once more would help nobody."""
        now = time.monotonic()
        times = [at for at in self._revived.get(part.name, []) if at > now - OFTEN_SECONDS]
        self._revived[part.name] = [*times, now]
        return len(times) >= MOST_REVIVED

    async def _revive(self, ended: RunningPart) -> None:
        """Start a part again. What it left behind (children, a port, shared memory) may need a moment to go."""
        await ended.stop()
        until = time.monotonic() + REVIVE_SECONDS
        while True:
            try:
                running = await RunningPart.start(ended.part, again=True)
            except PartError:
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(LOOK_SECONDS)
            else:
                if ended in self._running:
                    self._running[self._running.index(ended)] = running
                else:  # all were stopped meanwhile
                    await running.stop()
                return

    async def stop(self) -> None:
        """Stop all parts, the last started first; those started together stop together."""
        running, self._running = self._running, []
        await asyncio.gather(*(part.stop() for part in reversed(running)))
