"""The engine in a process of its own, which is killed where a built-in of JavaScript does not end.

QuickJS asks for the time between two steps of a program, not inside of every built-in: `[].reverse` on an object of
length 2**53, or a search for a long text in a long one, would hold the step's own process. So what `bounded` cannot
vouch for runs here: locked as code nodes are, warm from one step to the next.
"""

import json
import time
from pathlib import Path
from threading import Lock
from typing import Any, Final

from stepweave.expressions.engine import (
    MEMORY_BYTES,
    SECONDS,
    EngineError,
    EngineLimit,
    EngineMemory,
    EngineTimeout,
    Wanted,
    json_of,
    thrown,
)
from stepweave.expressions.libraries import library, source_of
from stepweave.expressions.sandbox_process import ProcessEnded, SandboxProcess

GRACE_SECONDS: Final = 10.0
"""How long an answer may take beyond its time of the processor, by the clock: a busy machine is no endless loop."""
START_SECONDS: Final = 20.0
MOST_PROCESSES: Final = 4
"""That one process of ours has: a function has one, the API's threads some."""
_SIGXCPU, _SIGKILL, _NOT_LOCKED = -24, -9, 78


class EngineLost(EngineLimit):
    """The context is gone through no fault of its own; another one may be made."""


class _Process:
    """A warm process, and who is using it."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.process: SandboxProcess | None = None
        self.born = 0
        """Which of this place's processes runs: contexts of those before are lost."""
        self.made = 0
        self.ended: list[str] = []

    def ready(self) -> SandboxProcess:
        if self.process is not None and not self.process.is_running:
            self.close()
        if self.process is None:
            import _quickjs

            folder = Path(__file__).parent
            self.process = SandboxProcess(
                str(folder / "engine_child.py"), str(Path(_quickjs.__file__).parent), str(folder)
            )
            self.born += 1
            self.ended.clear()
            self.process.send(source_of("prelude.js"), time.monotonic() + START_SECONDS)
        return self.process

    def close(self) -> None:
        if self.process is not None:
            self.process.close()
            self.process = None


_processes: list[_Process] = []
_choosing = Lock()


def _idle() -> _Process:
    """Return a process that nobody is using, a new one, or the first."""
    with _choosing:
        for one in _processes:
            if not one.lock.locked():
                return one
        if len(_processes) < MOST_PROCESSES:
            _processes.append(_Process())
            return _processes[-1]
        return _processes[0]


class KillableEngine:
    """One context, for one step, as `Engine`; of any thread, one at a time."""

    def __init__(
        self, seconds: float = SECONDS, memory_bytes: int = MEMORY_BYTES, most_bytes: int = MEMORY_BYTES
    ) -> None:
        self._seconds = seconds
        self._most_bytes = most_bytes
        """Of one value, as JSON text."""
        self._place = _idle()
        with self._place.lock:
            self._place.made += 1
            self._id = str(self._place.made)
            self._place.ready()
            self._born = self._place.born
            self._exchange("new", str(seconds), str(memory_bytes), seconds=START_SECONDS)
        self._is_hard = False

    def __del__(self) -> None:
        """Let the context go, with the next request."""
        if hasattr(self, "_born") and self._place.born == self._born:
            self._place.ended.append(self._id)

    def give(self, what: str, value: Any) -> None:
        """Give the context what an expression wanted: JSON data."""
        self._ask("give", what, json_of(value))

    def bring(self, name: str) -> None:
        """Give the context a library that an expression wanted."""
        self.give(f"library:{name}", library(name))

    def at(self, index: int, item_json: str | None) -> None:
        """Make the item at `index` the current one."""
        self._ask("at", str(index), item_json or "")

    def compile(self, source: str) -> Any:
        """Return a compiled expression for `run`. Raises EngineError."""
        if not self._is_hard:
            self._is_hard = True
            self._ask("harden")
        return self._ask("compile", json.dumps(source))

    def run(self, compiled: Any, *, as_text: bool) -> Any:
        """Return an expression's value as JSON data or text, or what it `Wanted`. Raises EngineError."""
        answer = self._ask("run", compiled, "1" if as_text else "0")
        if len(answer) > self._most_bytes:
            raise EngineMemory("It gives more than fits here.")
        if answer == "?":
            return Wanted(tuple(json.loads(self._ask("wanted"))))
        if answer[0] == "=":
            return json.loads(answer[1:])
        words = json.loads(answer[1:])
        error = thrown(words["message"], self._seconds)
        error.stack = words["stack"]
        raise error

    def _ask(self, name: str, *operands: str) -> str:
        with self._place.lock:
            if self._place.born != self._born:
                raise EngineLost("The expression's process was ended.")
            while self._place.ended:
                self._exchange("end", id=self._place.ended.pop())
            return self._exchange(name, *operands)

    def _exchange(self, name: str, *operands: str, seconds: float | None = None, id: str = "") -> str:
        deadline = time.monotonic() + (self._seconds if seconds is None else seconds) + GRACE_SECONDS
        try:
            process = self._place.ready()
            for frame in (f"{name} {id or self._id}", *operands):
                process.send(frame, deadline)
            answer = process.receive(deadline)
        except (TimeoutError, ProcessEnded) as error:
            self._place.close()
            raise self._died(error) from None
        except BaseException:
            self._place.close()  # interrupted between request and answer: the next would read this one's answer
            raise
        if answer[0] == "?":
            raise EngineLost("The expression's process was ended.")
        if answer[0] == "!":
            raise thrown(answer[1:].split("\n    at ")[0].strip(), self._seconds)
        return answer[1:]

    def _died(self, error: Exception) -> EngineError:
        status = error.status if isinstance(error, ProcessEnded) else _SIGXCPU
        if status == _NOT_LOCKED:
            return EngineError("Error: this system cannot lock a process that runs expressions like this one")
        if status in (_SIGXCPU, _SIGKILL):
            return EngineTimeout(f"It took longer than {self._seconds:g} s.")
        return EngineMemory("It used more memory than it may.")
