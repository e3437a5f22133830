"""The JavaScript engine: QuickJS in this process, under limits, with nothing in reach but the language and our names.

User code gets no import, no timer, no network, no file and no environment: QuickJS has none unless given. Data goes in
and out as JSON text, so no value is ever spliced into source, and lone surrogates and NUL pass unharmed as escapes.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import quickjs

MEMORY_BYTES: Final = 64 * 1024**2
STACK_BYTES: Final = 512 * 1024
SECONDS: Final = 1.0
"""The time one expression may take for one item."""
_PRELUDE: Final = Path(__file__).with_name("prelude.js")
_WHERE: Final = re.compile(r"<input>:(\d+):(\d+)")
_HEAD_LINES: Final = 2
"""`new Function` puts two lines before the body (ECMA-262, CreateDynamicFunction)."""


class EngineError(Exception):
    """JavaScript threw. `str()` is the error without its stack; `where` (line, column) in the source, from 1."""

    def __init__(self, message: str, where: tuple[int, int] | None = None) -> None:
        super().__init__(message)
        self.where = where


class EngineLimit(EngineError):
    """It ran out of time, memory or stack. The context must not be used again."""


class Engine:
    """One context, for one step. Not thread-safe."""

    def __init__(self, seconds: float = SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        self._context = quickjs.Context()
        self._context.set_memory_limit(memory_bytes)
        self._context.set_max_stack_size(STACK_BYTES)
        prelude = self._context.eval(prelude_source())
        self._functions = {name: _member(self._context, prelude, name) for name in _FUNCTIONS}
        self._seconds = seconds
        self._context.set_time_limit(seconds)

    def load(self, what: str, value: Any) -> None:
        """Give the context one of `items`, `workflow`, `execution`, `variables`."""
        self._call("load", what, json.dumps(value))

    def know(self, names: frozenset[str]) -> None:
        """Tell which nodes may be read at all."""
        self._call("know", json.dumps(sorted(names)))

    def output(self, name: str, output: Any) -> None:
        """Give the context a node's items by port, or None where it did not run."""
        self._call("output", json.dumps(name), json.dumps(output))

    def at(self, index: int) -> None:
        """Make the item at `index` the current one."""
        self._call("at", index)

    def compile(self, source: str) -> Any:
        """Return a compiled expression for `value` and `text`. Raises EngineError."""
        return self._call("compile", json.dumps(source))

    def value(self, compiled: Any) -> Any:
        """Return an expression's value as JSON data. Raises EngineError."""
        return json.loads(self._call("value", compiled))

    def text(self, compiled: Any) -> str:
        """Return an expression's value as text. Raises EngineError."""
        text: str = json.loads(self._call("text", compiled))
        return text

    def _call(self, name: str, *arguments: Any) -> Any:
        try:
            return self._functions[name](*arguments)
        except (quickjs.JSException, quickjs.StackOverflow) as error:
            raise engine_error(str(error), self._seconds) from None


_FUNCTIONS: Final = ("load", "know", "output", "at", "compile", "value", "text")


@cache
def prelude_source() -> str:
    """Return the prelude's source."""
    return _PRELUDE.read_text(encoding="utf-8")


def _member(context: Any, prelude: Any, name: str) -> Any:
    context.set("__prelude", prelude)
    function = context.eval(f"__prelude.{name}")
    context.eval("delete globalThis.__prelude")
    return function


def engine_error(text: str, seconds: float) -> EngineError:
    """Return the error for what QuickJS says, which is `Name: message` and a stack."""
    message = text.split("\n    at ")[0].strip()
    found = _WHERE.search(text)
    where = (int(found.group(1)), int(found.group(2))) if found else None
    if message == "InternalError: interrupted":
        return EngineLimit(f"It took longer than {seconds:g} s.")
    if message in ("null", "InternalError: out of memory"):
        return EngineLimit("It used more memory than it may.")
    if message.endswith("Maximum call stack size exceeded"):
        return EngineLimit("It calls itself too deeply.")
    return EngineError(message, where)


@cache
def _compiler(is_expression: bool) -> Any:
    context = quickjs.Context()
    context.set_memory_limit(MEMORY_BYTES)
    body = "'return (' + source + '\\n)'" if is_expression else "source"
    kind = "Function" if is_expression else "(async () => {}).constructor"
    return context, context.eval(f"(text) => {{ const source = JSON.parse(text); new ({kind})({body}); }}")


def syntax_error(source_json: str, is_expression: bool) -> tuple[int, str] | None:
    """Compile JavaScript (given as a JSON string) without running it; return (offset, message) of its error, or None.

    An expression is the body of a `return (...)`, a code node's source the body of an asynchronous function.
    """
    _, compiler = _compiler(is_expression)
    try:
        compiler(source_json)
    except (quickjs.JSException, quickjs.StackOverflow) as error:
        found = engine_error(str(error), SECONDS)
        return _offset(json.loads(source_json), found.where, is_expression), str(found).removeprefix("SyntaxError: ")
    return None


def _offset(source: str, where: tuple[int, int] | None, is_expression: bool) -> int:
    if where is None:
        return 0
    line, column = where[0] - _HEAD_LINES, where[1] - 1
    if line <= 1 and is_expression:
        column -= len("return (")
    lines = source.split("\n")
    before = sum(len(text) + 1 for text in lines[: max(0, line - 1)])
    return max(0, min(len(source), before + column))
