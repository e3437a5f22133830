"""The warm parents for each set of layers: a cold start becomes a fork, and processes share what was imported.

The first function with a set of layers imports for itself and tells what; the parent then imports the same, and what
is told later. The names of the modules are kept beside the unpacked layers, so that after a restart the parent is warm
before the first fork. Functions that it cannot serve, for their variables are others, get another one.

Functions that no warm parent can serve (more than `MOST` of them would be needed, the imports start threads, the code
hides a module of a layer) are forked from one that has imported nothing.
"""

import asyncio
import contextlib
import hashlib
import json
import time
from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any

from local.emulator.functions.parents import Parent, Unfit
from local.emulator.functions.starting import Start, Started

MOST = 4
"""Warm parents for one set of layers."""
UNUSED_SECONDS = 600.0


class Family:
    """The parents for one set of layers, and what is known of their imports."""

    def __init__(self, python: Path, layers: Sequence[Path], lifeline: int, notes: Path) -> None:
        self._python, self._layers, self._lifeline, self._notes = python, layers, lifeline, notes
        self._warm: list[Parent] = []
        self._bare: list[Parent] = []
        self._opening = asyncio.Lock()
        self._used = time.monotonic()
        self._modules: dict[str, None] = dict.fromkeys(json.loads(notes.read_text()) if notes.exists() else ())

    async def start(self, start: Start) -> Started:
        """Fork from the parent that suits, a warm one if there is."""
        self._used = time.monotonic()
        warm = await self._parent(start.environment, self._warm, MOST)
        if warm is not None:
            with contextlib.suppress(Unfit, OSError):
                return await warm.fork(start)
        bare = await self._parent(start.environment, self._bare, None)
        assert bare is not None  # noqa: S101 - narrows a type
        return await bare.fork(start)

    async def learn(self, modules: list[str]) -> None:
        """Have the parents import what a process has imported, and write it down."""
        self._modules.update(dict.fromkeys(modules))
        self._notes.parent.mkdir(parents=True, exist_ok=True)
        self._notes.write_text(json.dumps(list(self._modules)))
        for parent in list(self._warm):
            await parent.warm(modules)

    def tidy(self, before: float) -> None:
        """End the parents when nobody has wanted a process since, and none of theirs runs."""
        if self._used < before and not any(parent.children for parent in (*self._warm, *self._bare)):
            self.close()

    def close(self) -> None:
        """End all parents."""
        for parents in (self._warm, self._bare):
            while parents:
                parents.pop().close()

    async def _parent(self, environment: Mapping[str, str], known: list[Parent], most: int | None) -> Parent | None:
        async with self._opening:
            found = next((parent for parent in known if parent.serves(environment)), None)
            known[:] = [parent for parent in known if not parent.gone]
            hopeless = any(parent.spoilt for parent in known)
            if found is not None or hopeless or (most is not None and len(known) >= most):
                return found
            made = Parent(environment)
            made.open(self._python, self._layers, self._lifeline)
            known.append(made)
            if known is self._warm:
                await made.warm(list(self._modules))
            return made if made.serves(environment) else None


class Forker:
    """Starts processes by forking them from warm parents."""

    def __init__(self, python: Path, lifeline: int, notes: Path) -> None:
        self._python, self._lifeline, self._notes = python, lifeline, notes
        self._families: dict[tuple[str, ...], Family] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, start: Start) -> Started:
        """Fork a process with these layers."""
        key = tuple(layer.name for layer in start.layers)
        family = self._families.get(key)
        if family is None:
            name = hashlib.sha256("\n".join(key).encode()).hexdigest()[:32]
            notes = self._notes / f"{name}.json"
            family = self._families[key] = Family(self._python, start.layers, self._lifeline, notes)
        started = await family.start(start)
        return Started(started.pid, started.wait, lambda names: self._keep(family.learn(names)))

    def tidy(self) -> None:
        """End the parents that nobody needs: those of layers that were replaced, say."""
        before = time.monotonic() - UNUSED_SECONDS
        for family in self._families.values():
            family.tidy(before)

    def close(self) -> None:
        """End all parents."""
        for family in self._families.values():
            family.close()

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
