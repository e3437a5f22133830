"""The warm parents of execution environments: a cold start becomes a fork, and processes share what was imported.

What a function is made of lies in places, one over the other: the interpreter, its layers, its own code. Functions that
have the lower places in common are a family; its parents import what is there, and each member's process is forked from
one and adds its own places to its path. So a parent costs its memory (10 to 90 MB) once for all its members, and a
place that holds little, a layer of one function say, gets no parent of its own.

The first process of a function imports for itself and tells what, and where it lies; where that was `MANY`, it serves
until nobody waits, and the next one shares them. The modules of those places that a family has are imported by its
parents; where `MANY` lie in the place above, the function gets a family with that one, too. What is known is kept
beside the unpacked layers, so that after a restart a parent is warm before its first fork. Functions that a parent
cannot serve, for their variables are others, get another one.

Functions that no warm parent can serve (more than `MOST` of them would be needed, the imports start threads, a place of
their own hides a module of the family's) are forked from one that has imported nothing.
"""

import asyncio
import contextlib
import hashlib
import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from local.emulator.functions.parents import Parent, Unfit
from local.emulator.functions.starting import Start, Started

MOST = 4
"""Warm parents for one family."""
MANY = 100
"""Modules in a place that make it worth a parent: the data layer has 290, the API's layer 560, its code 150, those of
single nodes' libraries 3 to 60."""
UNUSED_SECONDS = 600.0


class Notes:
    """The modules that processes have imported, by where they lie, in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.places: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}

    def add(self, places: Mapping[str, int]) -> bool:
        """Write down what a process has told; whether any of it is new."""
        if places.keys() <= self.places.keys():
            return False
        self.places.update(places)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps(self.places))
        return True


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a function: of its layers, which others may have too, and of its own code."""

    layers: Notes
    code: Notes
    height: int
    """How many places it has: its layers, and its code over them."""

    def add(self, told: Mapping[str, int]) -> bool:
        """Take what a process of it has told; whether any of it is new."""
        below = self.layers.add({name: place for name, place in told.items() if place < self.height})
        own = self.code.add({name: place for name, place in told.items() if place == self.height})
        return below or own

    def within(self, height: int) -> list[str]:
        """The modules of the interpreter and of the lowest `height` places, in the order of import."""
        places = {**self.layers.places, **self.code.places}
        return [name for name, place in places.items() if place <= height]

    def worth(self) -> list[int]:
        """How high families may be that spare it something, the highest first; the last one is always there."""
        counts = Counter([*self.layers.places.values(), *self.code.places.values()])
        lowest = min(1, self.height - 1)
        return [height for height in range(self.height, lowest, -1) if counts[height] >= MANY] + [lowest]


class Family:
    """The parents of the functions that have these layers, or of one function with its code."""

    def __init__(self, python: Path, layers: Sequence[Path], code: Path | None, lifeline: int) -> None:
        self._python, self._layers, self._code, self._lifeline = python, layers, code, lifeline
        self._warm: list[Parent] = []
        self._bare: list[Parent] = []
        self._opening = asyncio.Lock()
        self._used = time.monotonic()
        self._modules: dict[str, None] = {}

    async def start_warm(self, start: Start) -> Started:
        """Fork from the warm parent that suits. Raises Unfit."""
        self._used = time.monotonic()
        parent = await self._parent(start.environment, self._warm, MOST)
        if parent is None:
            raise Unfit(f"no warm parent serves {start.name}")
        try:
            return await parent.fork(start)
        except OSError as error:
            raise Unfit(f"the parent of {start.name} has ended") from error

    async def start_bare(self, start: Start) -> Started:
        """Fork from a parent that has imported nothing."""
        self._used = time.monotonic()
        parent = await self._parent(start.environment, self._bare, None)
        assert parent is not None  # noqa: S101 - narrows a type
        return await parent.fork(start)

    async def learn(self, modules: Sequence[str]) -> None:
        """Have the parents import what a process has imported."""
        new = [name for name in modules if name not in self._modules]
        self._modules.update(dict.fromkeys(new))
        for parent in list(self._warm) if new else ():
            await parent.warm(new)

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
            made.open(self._python, self._layers, self._code, self._lifeline)
            known.append(made)
            if known is self._warm:
                await made.warm(list(self._modules))
            return made if made.serves(environment) else None


class Forker:
    """Starts processes by forking them from warm parents."""

    def __init__(self, python: Path, lifeline: int, folder: Path) -> None:
        self._python, self._lifeline, self._folder = python, lifeline, folder
        self._families: dict[tuple[str, ...], Family] = {}
        self._notes: dict[tuple[str, ...], Notes] = {}
        self._learned: dict[tuple[str, Path], float] = {}

    async def start(self, start: Start) -> Started:
        """Fork a process: from the function's highest family that can, or from a bare parent of the lowest."""
        began = time.monotonic()
        known = self._known(start)
        *higher, lowest = known.worth()
        started = None
        for height in higher:
            with contextlib.suppress(Unfit):
                started = await self._from(start, known, height)
                break
        if started is None:
            try:
                started = await self._from(start, known, lowest)
            except Unfit:
                started = await self._family(start, lowest).start_bare(start)
        told_before = count()

        async def learn(told: dict[str, int]) -> bool:
            return await self._learn(start, known, told, began, next(told_before))

        return Started(started.pid, started.wait, learn)

    def tidy(self) -> None:
        """End the parents that nobody needs: those of layers that were replaced, say."""
        before = time.monotonic() - UNUSED_SECONDS
        for family in self._families.values():
            family.tidy(before)

    def close(self) -> None:
        """End all parents."""
        for family in self._families.values():
            family.close()

    async def _from(self, start: Start, known: Known, height: int) -> Started:
        family = self._family(start, height)
        await family.learn(known.within(height))
        return await family.start_warm(start)

    async def _learn(self, start: Start, known: Known, told: Mapping[str, int], began: float, before: int) -> bool:
        """Take what a process has told that was started at `began` and told so often `before`; whether to replace it.

        What it imports later than in its first invocation goes into a parent of its own code only: others need not
        want it, and would lose theirs where it makes a parent unsafe.

        Only those are that were started before it was known: were it others, too, then a function that no warm parent
        can serve would lose each of its processes.
        """
        if before > 1 and known.worth()[0] <= len(start.layers):
            return False
        is_new = known.add(told)
        height = known.worth()[0]
        await self._family(start, height).learn(known.within(height))
        key = start.name, start.code
        if is_new or key not in self._learned:
            self._learned[key] = time.monotonic()
        return began < self._learned[key] and len(told) >= MANY

    def _family(self, start: Start, height: int) -> Family:
        layers = start.layers[:height]
        code = start.code if height > len(start.layers) else None
        key = tuple(place.name for place in (*layers, *([code] if code else [])))
        if key not in self._families:
            self._families[key] = Family(self._python, layers, code, self._lifeline)
        return self._families[key]

    def _known(self, start: Start) -> Known:
        layers = [layer.name for layer in start.layers]
        return Known(self._noted(*layers), self._noted("code", start.name, *layers), len(layers) + 1)

    def _noted(self, *key: str) -> Notes:
        if key not in self._notes:
            name = hashlib.sha256("\n".join(key).encode()).hexdigest()[:32]
            self._notes[key] = Notes(self._folder / f"{name}.json")
        return self._notes[key]
