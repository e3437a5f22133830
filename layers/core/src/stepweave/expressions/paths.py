"""The fast lane: an expression that is a plain path is evaluated in Python, with exactly the engine's result.

82% of the expressions in 7,700 public workflows are plain paths (DESIGN section 5). Whatever could differ from
JavaScript (inherited names, reading into a number, a missing parent) is left to the engine: `resolve` then raises
`Doubtful`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from stepweave.expressions.references import literal
from stepweave.expressions.scope import Output, Scope
from stepweave.expressions.tokens import Kind, Token, Unreadable, tokens
from stepweave.model.items import Item

Step = str | int


class Undefined:
    """JavaScript's `undefined`."""


UNDEFINED: Final = Undefined()


class Doubtful(Exception):
    """Python cannot be sure to do what JavaScript does here."""


@dataclass(frozen=True, slots=True)
class Path:
    """A plain path: where it starts, the node it reads where it starts at one, and the properties it goes through."""

    root: str
    node: str | None
    steps: tuple[Step, ...]


ROOTS: Final = frozenset(("$json", "$binary", "$itemIndex", "$workflow", "$execution", "$vars"))
_PICKS: Final = ("item", "first", "last")
_INHERITED: Final = frozenset(
    (
        "constructor", "toString", "toLocaleString", "valueOf",
        "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "__proto__",
        "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__",
    )
)  # fmt: skip
_LARGEST_EXACT: Final = 2**53
_LARGEST_PLAIN: Final = 1e21
"""From here on JavaScript writes numbers with an exponent (ECMA-262, Number::toString)."""


@lru_cache(maxsize=4096)
def parse_path(source: str) -> Path | None:
    """Return the plain path that `source` is, or None where it is more than that."""
    try:
        found = list(tokens(source))
    except Unreadable:
        return None
    if not found or found[0].kind is not Kind.NAME:
        return None
    root = found[0].text
    if root in ROOTS:
        return _path(root, None, found[1:])
    if root == "$input":
        return _picked(None, found[1:])
    if root in ("$", "$node"):
        opens, closes = ("(", ")") if root == "$" else ("[", "]")
        texts = [token.text for token in found[1:4]]
        name = literal(found[2]) if len(texts) == len("(x)") and (texts[0], texts[2]) == (opens, closes) else None
        if name is not None:
            return _picked(name, found[4:]) if root == "$" else _path("item", name, found[4:])
    return None


def _picked(node: str | None, rest: list[Token]) -> Path | None:
    """A path behind `$input` or `$('Name')`: `.item`, `.first()` or `.last()`, then properties."""
    if len(rest) < 2 or rest[0].text != "." or rest[1].text not in _PICKS:
        return None
    pick, rest = rest[1].text, rest[2:]
    if pick != "item":
        if [token.text for token in rest[:2]] != ["(", ")"]:
            return None
        rest = rest[2:]
    return _path(pick, node, rest)


def _path(root: str, node: str | None, rest: list[Token]) -> Path | None:
    steps: list[Step] = []
    position = 0
    while position < len(rest):
        following = [token.text for token in rest[position : position + 3]]
        if following[0] == "." and len(following) > 1 and rest[position + 1].kind is Kind.NAME:
            steps.append(following[1])
            position += 2
        elif following[0] == "[" and following[2:] == ["]"]:
            token = rest[position + 1]
            key = literal(token) if token.kind is Kind.STRING else None
            if key is None and not (token.kind is Kind.NUMBER and token.text.isascii() and token.text.isdecimal()):
                return None
            steps.append(int(token.text) if key is None else key)
            position += 3
        else:
            return None
    return Path(root, node, tuple(steps))


def resolve(path: Path, scope: Scope, index: int) -> Any:
    """Return the value at `path` for the item at `index`: a JSON value or UNDEFINED. Raises Doubtful."""
    value: Any = _start(path, scope, index)
    for step in path.steps:
        value = _property(value, step)
    return _normal(value)


def _start(path: Path, scope: Scope, index: int) -> Any:
    match path.root:
        case "$json" | "$binary":
            item = _at(scope.items, index)
            return item if isinstance(item, Undefined) else _property(item, path.root[1:])
        case "$itemIndex":
            return index
        case "$workflow":
            return scope.workflow
        case "$execution":
            return scope.execution
        case "$vars":
            return scope.variables
        case _:
            return _pick(path, scope, index)


def _pick(path: Path, scope: Scope, index: int) -> Any:
    items = scope.items if path.node is None else node_items(_output(scope, path.node))
    if path.root == "first":
        return _at(items, 0)
    if path.root == "last":
        return _at(items, len(items) - 1)
    return _at(items, paired(len(items), index) if path.node is not None else index)


def _output(scope: Scope, name: str) -> Output | None:
    if name not in scope.names:
        raise Doubtful(name)
    return scope.output_of(name)


def node_items(output: Output | None) -> list[Item]:
    """Return a node's items, those of all its ports in order; none where it did not run."""
    return [] if output is None else [item for items in output.values() for item in items]


def paired(count: int, index: int) -> int:
    """Return which of another node's items belongs to the item at `index`: its only one, else the same index."""
    return 0 if count == 1 else index


def _at(items: list[Item], index: int) -> Any:
    return items[index] if 0 <= index < len(items) else UNDEFINED


def _property(value: Any, step: Step) -> Any:
    if isinstance(value, Mapping):
        key = str(step)
        if key in value:
            if key == "__proto__":
                raise Doubtful(key)
            return value[key]
        if key in _INHERITED:
            raise Doubtful(key)
        return UNDEFINED
    if isinstance(value, list):
        if isinstance(step, int):
            return value[step] if step < len(value) else UNDEFINED
        if step == "length":
            return len(value)
    raise Doubtful(str(step))


def _normal(value: Any) -> Any:
    """Return a JSON value as it is after a passage through JavaScript, where every number is a double."""
    if isinstance(value, bool) or value is None or isinstance(value, str | Undefined):
        return value
    if isinstance(value, int):
        return value if -_LARGEST_EXACT <= value <= _LARGEST_EXACT else _double(value)
    if isinstance(value, float):
        return _double(value)
    if isinstance(value, Mapping):
        return {key: _normal(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_normal(entry) for entry in value]
    raise Doubtful(type(value).__name__)


def _double(number: float) -> int | float | None:
    try:
        value = float(number)
    except OverflowError:
        return None
    if not math.isfinite(value):
        return None
    # JSON.stringify writes an integral double below 1e21 as its shortest digits without a fraction, and -0 as 0
    # (ECMA-262, Number::toString); Python's repr has the same shortest digits.
    return int(Decimal(repr(value))) if value.is_integer() and abs(value) < _LARGEST_PLAIN else value


def to_text(value: Any) -> str:
    """Return the text of a value inside a longer text, as the engine's `text` does. Raises Doubtful."""
    if isinstance(value, Undefined) or value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value)
    raise Doubtful(type(value).__name__)
