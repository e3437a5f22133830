"""Warm parents: for each set of layers a process that has imported what functions with them import, to fork from.

The first function with a set of layers imports for itself and tells what; the parent then imports the same, and what
is told later, and so a cold start becomes a fork. Processes share the pages of what their parent imported. The names
of the modules are kept beside the unpacked layers, so that after a restart the parent is warm before the first fork.

A parent serves the functions that agree with it on every variable its imports have read, and on those that the
interpreter reads when it starts; others get another one. Functions that no warm parent can serve (more than `MOST` of
them would be needed, the imports start threads, the code hides a module of a layer) are forked from one that has
imported nothing.
"""

import asyncio
import hashlib
import json
import os
import socket
import subprocess
import time
from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any

from local.emulator.functions.parent import EVERYTHING, PACKET
from local.emulator.functions.starting import Start, Started

PARENT_SCRIPT = Path(__file__).with_name("parent.py")
MOST = 4
"""Warm parents for one set of layers."""
UNUSED_SECONDS = 600.0
STARTUP = ("PYTHON", "LANG", "LC_", "LD_", "MALLOC_", "GLIBC_")
"""What variables begin with that the interpreter or the C library reads once, when a process starts."""


class Unfit(Exception):
    """This parent cannot fork what was asked for."""


class Parent:
    """One parent process."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._read: set[str] = set()
        self._modules: dict[str, None] = {}
        self._turn = asyncio.Lock()
        self._control: socket.socket
        self._process: subprocess.Popen[bytes]
        self.children = 0
        self.spoilt = False
        """What it imported makes its forks unsafe."""
        self.gone = False

    def open(self, python: Path, layers: Sequence[Path], lifeline: int) -> None:
        """Start the process."""
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for end in (self._control, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, PACKET)
        self._control.setblocking(False)
        self._process = subprocess.Popen(
            [str(python), str(PARENT_SCRIPT), str(theirs.fileno()), str(lifeline), *map(str, layers)],
            env={"PATH": os.defpath, **{name: self._environment[name] for name in startup(self._environment)}},
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=(theirs.fileno(), lifeline),
            start_new_session=True,
        )
        theirs.close()

    def serves(self, environment: Mapping[str, str]) -> bool:
        """Whether a process with these variables may come from here."""
        names = self._read | startup(environment) | startup(self._environment)
        return not (self.spoilt or self.gone) and all(
            environment.get(name) == self._environment.get(name) for name in names
        )

    async def warm(self, modules: Sequence[str]) -> None:
        """Import those of `modules` that are not here yet."""
        async with self._turn:
            new = [name for name in modules if name not in self._modules]
            if not new:
                return
            self._modules.update(dict.fromkeys(new))
            found = await self._ask({"do": "warm", "modules": new, "environment": dict(self._environment)})
            self._read |= set(found["read"])
            self.spoilt = not found["alone"] or EVERYTHING in self._read

    async def fork(self, start: Start) -> Started:
        """Fork a process. Raises Unfit."""
        asked = {"do": "fork", "name": start.name, "code": str(start.code), "environment": dict(start.environment)}
        async with self._turn:
            if not self.serves(start.environment):  # it did, before it imported what others wanted
                raise Unfit(f"{start.name} can no longer be forked from here")
            answer = await self._ask(asked, [start.channel, start.output])
        if "hidden" in answer:
            raise Unfit(f"{start.name} has a module of its own named {answer['hidden']}")
        pid = int(answer["pid"])
        self.children += 1
        return Started(pid, lambda: self._bury(pid))

    def close(self) -> None:
        """End the process once it has nothing to do. Its children end with the lifeline."""
        self.gone = True
        self._control.close()

    async def _bury(self, pid: int) -> int:
        self.children -= 1
        try:
            async with self._turn:
                return int((await self._ask({"do": "bury", "pid": pid}))["status"])
        except OSError:
            return -9  # the parent has gone too

    async def _ask(self, message: Mapping[str, Any], descriptors: Sequence[int] = ()) -> dict[str, Any]:
        """Send a message and return the answer; whoever asks has the turn."""
        try:
            socket.send_fds(self._control, [json.dumps(message).encode()], list(descriptors))
            packet = await asyncio.get_running_loop().sock_recv(self._control, PACKET)
            if not packet:
                raise ConnectionResetError("a warm parent has ended")
        except OSError:
            self.gone = True
            raise
        answer: dict[str, Any] = json.loads(packet)
        return answer


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
            try:
                return await warm.fork(start)
            except (Unfit, ConnectionResetError, BrokenPipeError):
                pass
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


def startup(environment: Mapping[str, str]) -> set[str]:
    """The names of those variables that are read once, when a process starts."""
    return {name for name in environment if name.startswith(STARTUP)}
