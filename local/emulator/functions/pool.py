"""The processes of one function version: at most so many, invocations beyond them wait in order.

MiniStack starts a process for every invocation that finds none idle, 300 for a hundred executions, and throttles beyond
a memory estimate. AWS scales out as well, but on machines of its own; here two cores serve everything, so a function
has a few processes and a queue.

A queue can lock up where AWS cannot: functions that wait for other functions, or for themselves, may hold every
process. So the bound is patient rather than hard: when invocations have waited `patience` seconds and not one has
finished in that time, the pool grows anyway. Functions that are merely slow (a model answering for half a minute) gain
their parallelism the same way.
"""

import asyncio
import time
from collections import deque
from collections.abc import Coroutine
from typing import Any, Protocol

from local.emulator.functions.model import Invocation, Limits, Outcome, Recipe, failed
from local.emulator.functions.process import Process

INIT_SECONDS = 60
"""AWS gives 10 seconds to load a handler; a busy laptop that writes bytecode for the first time deserves more."""


class Machine(Protocol):
    """What pools share."""

    limits: Limits

    async def begin(self, process: Process) -> None:
        """Start the process of a pool."""

    def keep(self, work: Coroutine[Any, Any, None]) -> None:
        """Run work in the background."""

    def stream_name(self, recipe: Recipe) -> str:
        """The name of a new log stream."""

    @property
    def cold_starts(self) -> asyncio.Semaphore:
        """How many processes start at once."""


class Pool:
    """The processes of one function version (and tenant, where the function isolates tenants)."""

    def __init__(self, host: Machine, recipe: Recipe) -> None:
        self.recipe = recipe
        self.host = host
        self._processes: set[Process] = set()
        self._idle: list[Process] = []
        self._replaced: set[Process] = set()
        self._waiting: deque[Invocation] = deque()
        self._starting = 0
        self._retired = False
        self._last_finish = 0.0
        self._watch: asyncio.TimerHandle | None = None

    async def invoke(self, invocation: Invocation) -> Outcome:
        """Run one invocation, in its turn."""
        if self._idle and not self._waiting:
            self._idle.pop().run(invocation)
        else:
            self._waiting.append(invocation)
            self._grow(self.recipe.usual)
            if self._watch is None:
                self._watch = asyncio.get_running_loop().call_later(self.host.limits.patience, self._lose_patience)
        return await invocation.answer

    def finished(self, process: Process) -> None:
        """A process has become free: give it the next invocation."""
        self._last_finish = time.monotonic()
        if invocation := self._next():
            process.run(invocation)
        elif self._retired or process in self._replaced:
            process.kill()
        else:
            self._idle.append(process)

    def replace(self, process: Process) -> None:
        """A new process would be better: end this one as soon as nobody waits."""
        self._replaced.add(process)
        if process in self._idle:
            self._idle.remove(process)
            process.kill()

    def forget(self, process: Process) -> None:
        """A process has ended."""
        self._processes.discard(process)
        self._replaced.discard(process)
        if process in self._idle:
            self._idle.remove(process)
        if self._waiting:
            self._grow(self.recipe.usual)

    def retire(self) -> None:
        """Serve who is waiting and keep nobody: the function has a new revision."""
        self._retired = True
        for process in self._idle:
            process.kill()
        self._idle.clear()

    def keep(self, work: Coroutine[Any, Any, None]) -> None:
        """Run work in the background."""
        self.host.keep(work)

    def reap(self, before: float, keep: int) -> None:
        """End processes that have been idle since before `before`, the longest idle first."""
        while len(self._idle) > keep and self._idle[0].since < before:
            self._idle.pop(0).kill()

    @property
    def idle(self) -> list[Process]:
        """Processes that wait for work, the longest idle first."""
        return self._idle

    @property
    def processes(self) -> set[Process]:
        """All processes of this pool."""
        return self._processes

    @property
    def is_empty(self) -> bool:
        """Whether nothing runs, starts or waits here."""
        return not (self._processes or self._waiting or self._starting)

    def _next(self) -> Invocation | None:
        while self._waiting:
            invocation = self._waiting.popleft()
            if not invocation.answer.done():
                return invocation
        return None

    def _grow(self, bound: int) -> None:
        while len(self._waiting) > self._starting and len(self._processes) + self._starting < bound:
            self._starting += 1
            self.host.keep(self._start())

    def _lose_patience(self) -> None:
        self._watch = None
        if not self._waiting:
            return
        patience = self.host.limits.patience
        now = time.monotonic()
        count = len(self._processes)
        if not self._starting and now - max(self._last_finish, self._waiting[0].since) >= patience * 0.9:
            self._grow(min(self.host.limits.most, count + min(len(self._waiting), max(count, 1))))
        self._watch = asyncio.get_running_loop().call_later(patience, self._lose_patience)

    async def _start(self) -> None:
        host = self.host
        try:
            async with host.cold_starts:
                process = Process(self, host.stream_name(self.recipe))
                await host.begin(process)
                self._processes.add(process)
                try:
                    problem = await asyncio.wait_for(asyncio.shield(process.ready), INIT_SECONDS)
                except TimeoutError:
                    process.kill()
                    problem = failed("Sandbox.Timedout", f"Error: Init did not end within {INIT_SECONDS} seconds")
        except Exception as error:
            problem = failed("Runtime.InitError", f"{type(error).__name__}: {error}")
        self._starting -= 1
        if problem is None:
            self.finished(process)
        elif invocation := self._next():
            invocation.settle(problem)
            self._grow(self.recipe.usual)
