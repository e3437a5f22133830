"""A warm parent, seen from here: a process that has imported what its children import, and is forked for each.

It serves the functions that agree with it on every variable its imports have read, and on those that the interpreter
reads when it starts.
"""

import asyncio
import json
import os
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from local.emulator.functions.parent import EVERYTHING, PACKET
from local.emulator.functions.starting import Start, Started

PARENT_SCRIPT = Path(__file__).with_name("parent.py")
LARGE = 256 * 1024
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
        self.children = 0
        self.spoilt = False
        """What it imported makes its forks unsafe."""
        self.gone = False

    def open(self, python: Path, layers: Sequence[Path], code: Path | None, lifeline: int) -> None:
        """Start the process, with these layers and, where one function's processes come from it, that one's code."""
        self._control, theirs = channel()
        subprocess.Popen(
            [str(python), str(PARENT_SCRIPT), str(theirs.fileno()), str(lifeline), str(code or ""), *map(str, layers)],
            # One heap, for what each thread of a child keeps in its own no other can use. Large blocks lie outside and
            # are given back at once: else the heap stays as large as the largest answer has made it.
            env={
                "PATH": os.defpath,
                "MALLOC_ARENA_MAX": "1",
                "MALLOC_MMAP_THRESHOLD_": str(LARGE),
                **{name: self._environment[name] for name in startup(self._environment)},
            },
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
        asked = {
            "do": "fork",
            "name": start.name,
            "code": str(start.code),
            "layers": [str(layer) for layer in start.layers],
            "environment": dict(start.environment),
        }
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


def channel() -> tuple[socket.socket, socket.socket]:
    """Both ends of a control channel, ours first, which does not block."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in (ours, theirs):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, PACKET)
    ours.setblocking(False)
    return ours, theirs


def startup(environment: Mapping[str, str]) -> set[str]:
    """The names of those variables that are read once, when a process starts."""
    return {name for name in environment if name.startswith(STARTUP)}
