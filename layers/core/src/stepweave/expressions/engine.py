"""The JavaScript engine: QuickJS in this process, under limits, with nothing in reach but the language and our names.

User code gets no import, no timer, no network, no file and no environment: QuickJS has none unless given. Data goes in
and out as JSON text, so no value is ever spliced into source, and lone surrogates and NUL pass unharmed as escapes.

QuickJS asks for the time between two steps of a program, not inside every built-in: a hostile call of, say,
`Array.prototype.reverse` on an object of length 2**53 is not ended here. So only expressions that `bounded` vouches for
run here; others run in a process that is killed (`killable`).
"""

import json
import math
from functools import partial
from typing import Any, Final, NamedTuple

# Not `quickjs`, which adds a thread pool and 20 ms of imports to these classes.
import _quickjs as quickjs

from stepweave.expressions import bytecode
from stepweave.expressions.harmless import is_harmless
from stepweave.expressions.libraries import library, source_of

MEMORY_BYTES: Final = 64 * 1024**2
STACK_BYTES: Final = 512 * 1024
SECONDS: Final = 1.0
"""The time one expression may take for one item."""
CHECK_SECONDS: Final = 2.0
"""The time that reading one source may take."""
_LONGEST_INTEGER: Final = 1100
"""Bits; JavaScript's doubles end at 1024."""
AWAY: Final = 5000
"""Lines before an expression's source, more than any of our own files has (`prelude.js`)."""
HEAD: Final = "'use strict';(() => ("
"""What stands before the source in its first line (`prelude.js`)."""
_PLACE: Final = r"<input>:(\d+):(\d+)"
_FUNCTIONS: Final = ("give", "take", "harden", "at", "wanted", "compile", "run")


class EngineError(Exception):
    """JavaScript threw. `str()` is the error without its stack; `stack` is empty for what could not be read at all."""

    stack: str = ""


class EngineLimit(EngineError):
    """It ran out of something. The context must not be used again."""


class EngineTimeout(EngineLimit):
    """It ran out of time."""


class EngineMemory(EngineLimit):
    """It ran out of memory or stack."""


class Wanted(NamedTuple):
    """What an expression asked for that the engine has not been given: give it and run the expression again."""

    names: tuple[str, ...]


class Engine:
    """One context, for one step. Not thread-safe."""

    def __init__(self, seconds: float = SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        self._context = quickjs.Context()
        self._context.set_memory_limit(memory_bytes)
        self._context.set_max_stack_size(STACK_BYTES)
        read = partial(source_of, "prelude.js")
        has_code = bytecode.put(self._context, "prelude", read)
        prelude = (self._context.get(bytecode.SLOT) if has_code else self._context.eval(read()))(True)
        self._functions = members(self._context, prelude, _FUNCTIONS)
        self._is_hard = False
        self._seconds = seconds
        self._context.set_time_limit(seconds)

    def give(self, what: str, value: Any) -> None:
        """Give the context what an expression wanted: JSON data."""
        self._call("give", what, json_of(value))

    def bring(self, name: str) -> None:
        """Give the context a library that an expression wanted."""
        if bytecode.put(self._context, name, partial(library, name)):
            self._call("take", f"library:{name}")
        else:
            self.give(f"library:{name}", library(name))

    def at(self, index: int, item_json: str | None) -> None:
        """Make the item at `index` the current one."""
        self._call("at", index, item_json)

    def compile(self, source: str) -> Any:
        """Return a compiled expression for `run`. Raises EngineError.

        Built-in objects are frozen first, unless the expression surely leaves them as they are.
        """
        if not (self._is_hard or is_harmless(source)):
            self._is_hard = True
            self._call("harden")
        return self._call("compile", json.dumps(source))

    def run(self, compiled: Any, *, as_text: bool) -> Any:
        """Return an expression's value as JSON data or text, or what it `Wanted`. Raises EngineError."""
        answer: str = self._call("run", compiled, as_text)
        if answer == "?":
            return Wanted(tuple(json.loads(self._call("wanted"))))
        if answer[0] == "=":
            return json.loads(answer[1:])
        words = json.loads(answer[1:])
        error = thrown(words["message"], self._seconds)
        error.stack = words["stack"]
        raise error

    def _call(self, name: str, *arguments: Any) -> Any:
        try:
            return self._functions[name](*arguments)
        except (quickjs.JSException, quickjs.StackOverflow) as error:
            raise thrown(str(error).split("\n    at ")[0].strip(), self._seconds) from None


def json_of(value: Any) -> str:
    """Return JSON text of data; numbers that JSON has no words for are null, as in `JSON.stringify`."""
    try:
        return json.dumps(value, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value))


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int):
        return value if value.bit_length() < _LONGEST_INTEGER else None
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items()}
    return [_finite(entry) for entry in value] if isinstance(value, list) else value


def members(context: Any, holder: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """Return functions of a JavaScript object, which Python can call but not look into."""
    pick = context.eval("(holder, name) => holder[name]")
    return {name: pick(holder, name) for name in names}


def thrown(message: str, seconds: float) -> EngineError:
    """Return the error for what QuickJS says."""
    if message == "InternalError: interrupted":
        return EngineTimeout(f"It took longer than {seconds:g} s.")
    if message in ("null", "[uninitialized]", "InternalError: out of memory"):
        return EngineMemory("It used more memory than it may.")
    if message.endswith("Maximum call stack size exceeded"):
        return EngineMemory("It calls itself too deeply.")
    return EngineError(message)


def syntax_error(source: str, is_expression: bool) -> tuple[int, str] | None:
    """Compile JavaScript without running any of it; return (offset in characters, message) of its error, or None.

    An expression is read in strict mode, a code node's source as the body of an asynchronous function.
    """
    import re

    opens, closes = ("'use strict'; throw 0; (", "\n)") if is_expression else ("throw 0; (async () => {", "\n})")
    context = quickjs.Context()
    context.set_memory_limit(MEMORY_BYTES)
    context.set_max_stack_size(STACK_BYTES)
    context.set_time_limit(CHECK_SECONDS)
    read = context.eval("(text) => (0, eval)(JSON.parse(text))")
    try:
        # `throw 0` stands first: the source is read to its end, and nothing of it runs whatever it closes or opens.
        read(json.dumps(opens + source + closes))
    except (quickjs.JSException, quickjs.StackOverflow) as error:
        message = str(error).split("\n    at ")[0].strip()
        if not message.startswith("0\n") and message != "0":
            found = re.search(_PLACE, str(error))
            at = _offset(source, int(found[1]), int(found[2]), len(opens)) if found else 0
            return at, str(thrown(message, CHECK_SECONDS)).removeprefix("SyntaxError: ")
    return None


def place_in(source: str, stack: str) -> int | None:
    """Return the offset in an expression's source of what threw: the innermost place of a stack that is in it."""
    import re

    lines = source.count("\n") + 1
    for found in re.finditer(_PLACE, stack):
        line = int(found[1]) - AWAY
        if 1 <= line <= lines:
            return _offset(source, line, int(found[2]), len(HEAD))
    return None


def _offset(source: str, line: int, column: int, opens: int) -> int:
    """Return the offset in `source` of a place that QuickJS gives, whose columns count UTF-8 bytes from 1."""
    lines = source.split("\n")
    if line > len(lines):
        return len(source)
    bytes_before = column - 1 - (opens if line == 1 else 0)
    before = lines[line - 1].encode("utf-8", "surrogatepass")[: max(0, bytes_before)]
    inside = len(before.decode("utf-8", "ignore"))
    return sum(len(text) + 1 for text in lines[: line - 1]) + inside
