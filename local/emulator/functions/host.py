"""All pools of this machine, and what they share: unpacked code, the way processes start, how many may be idle."""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from local.emulator.functions.bundles import Bundles
from local.emulator.functions.families import Forker
from local.emulator.functions.model import Limits, Recipe
from local.emulator.functions.pool import Pool
from local.emulator.functions.process import Process
from local.emulator.functions.starting import Spawner, Starter
from local.emulator.memory import give_back

FORKS = sys.platform == "linux"
"""Elsewhere a fork of a process that has loaded system libraries may crash (macOS)."""
TIDYING_SECONDS = 10.0


class Host:
    """All pools, and what they share."""

    def __init__(self, python: Path, cache: Path, limits: Limits, fork: bool = FORKS) -> None:
        self.limits = limits
        self.bundles = Bundles(cache)
        self.cold_starts = asyncio.Semaphore(limits.starting)
        # Every worker holds the reading end and ends when the writing end closes, which happens however we end.
        self.lifeline, self._lifeline = os.pipe()
        os.set_blocking(self.lifeline, True)
        self._starter: Starter = (
            Forker(python, self.lifeline, cache / "modules") if fork else Spawner(python, self.lifeline)
        )
        self._tidying: asyncio.TimerHandle | None = None
        self._pools: dict[tuple[str, ...], tuple[str, Pool]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._streams = 0

    def pool(self, key: tuple[str, ...], revision: str, recipe: Callable[[], Recipe]) -> Pool:
        """The pool for a function version; `recipe` makes its recipe when the revision is new."""
        known = self._pools.get(key)
        if known is not None and known[0] == revision:
            return known[1]
        if known is not None:
            known[1].retire()
        pool = Pool(self, recipe())
        self._pools[key] = (revision, pool)
        if self._tidying is None:
            self._tidying = asyncio.get_running_loop().call_later(TIDYING_SECONDS, self._tidy)
        return pool

    async def begin(self, process: Process) -> None:
        """Start the process of a pool."""
        recipe = process.owner.recipe
        code = await self.bundles.folder(recipe.code)
        layers = [await self.bundles.folder(layer) for layer in recipe.layers]
        self.make_room()
        await process.start(self._starter, code, layers)

    def stream_name(self, recipe: Recipe) -> str:
        """A log stream per execution environment, named as AWS names them."""
        self._streams += 1
        version = recipe.environment["AWS_LAMBDA_FUNCTION_VERSION"]
        return time.strftime(f"%Y/%m/%d/[{version}]", time.gmtime()) + f"{time.time_ns():x}{self._streams:08x}".zfill(
            32
        )

    def keep(self, work: Coroutine[Any, Any, None]) -> None:
        """Run work in the background without losing it to the garbage collector."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def make_room(self) -> None:
        """End the processes that have been idle longest, when there are too many."""
        pools = [pool for _, pool in self._pools.values()]
        idle = sorted(((process.since, pool) for pool in pools for process in pool.idle[:1]), key=lambda pair: pair[0])
        excess = sum(len(pool.idle) for pool in pools) - self.limits.idle_total
        for _, pool in idle[: max(0, excess)]:
            pool.reap(float("inf"), keep=len(pool.idle) - 1)

    def _tidy(self) -> None:
        """End what has been idle for its time, and forget pools that hold nothing."""
        before = time.monotonic() - self.limits.idle_seconds
        for key, (_, pool) in list(self._pools.items()):
            pool.reap(before, keep=0)
            if pool.is_empty:
                del self._pools[key]
        self._starter.tidy()
        give_back()
        seconds = min(TIDYING_SECONDS, self.limits.idle_seconds / 2)
        self._tidying = asyncio.get_running_loop().call_later(seconds, self._tidy)

    def close(self) -> None:
        """End every process."""
        if self._tidying is not None:
            self._tidying.cancel()
        for _, pool in self._pools.values():
            for process in list(pool.processes):
                process.kill()
        self._starter.close()
        os.close(self._lifeline)
