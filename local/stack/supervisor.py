"""Runs the parts: starts them together, notices when one dies, stops them in the reverse order, leaves no orphan."""

import asyncio
from collections.abc import Sequence

from local.stack.part import Part, PartError, RunningPart
from local.stack.ports import check_free


class Supervisor:
    """Owns the running parts of one stack. Use as an asynchronous context manager."""

    def __init__(self) -> None:
        self._running: list[RunningPart] = []

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
        """Wait until a part ends by itself, and return the error that says so. Waits for ever while all is well."""
        waits = {asyncio.create_task(running.process.wait()): running for running in self._running}
        if not waits:
            await asyncio.Event().wait()
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waits:
                task.cancel()
        return waits[done.pop()].ended()

    async def stop(self) -> None:
        """Stop all parts, the last started first; those started together stop together."""
        running, self._running = self._running, []
        await asyncio.gather(*(part.stop() for part in reversed(running)))
