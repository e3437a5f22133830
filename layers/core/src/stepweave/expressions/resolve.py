"""Evaluates plain paths in Python, with exactly what the engine would give.

Whatever could differ from JavaScript (inherited names, methods, numbers beyond all doubles) is left to the engine:
`resolve` and `to_text` then raise `Doubtful`.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from stepweave.expressions import inherited, pairing
from stepweave.expressions.errors import ExpressionError
from stepweave.expressions.paths import UNDEFINED, Literal, Path, Undefined, written
from stepweave.expressions.scope import EPOCH, Output, Scope, milliseconds
from stepweave.expressions.zones import iso
from stepweave.model.items import Item
from stepweave.model.numbers import NotFinite, NotShortest, double, is_index, json_text, number_text, ordered


class Doubtful(Exception):
    """Python cannot be sure to do what JavaScript does here."""


_NODE_PROPERTIES: Final = ("json", "binary")
_SURROGATES: Final = "\ud800"


def resolve(path: Path | Literal, scope: Scope, index: int) -> Any:
    """Return the value at `path` for the item at `index`: a JSON value or UNDEFINED.

    Raises:
        ExpressionError: it reads a property of undefined or null.
        Doubtful: the engine must decide.
    """
    if isinstance(path, Literal):
        return _normal(path.value)
    value: Any = _start(path, scope, index)
    for count, (key, optional) in enumerate(path.steps):
        if value is None or value is UNDEFINED:
            if optional:
                return UNDEFINED
            what = "null" if value is None else "undefined"
            raise ExpressionError(f"TypeError: cannot read {key!r}, because {written(path, count)} is {what}")
        value = _property(value, key)
    return _normal(value)


def _start(path: Path, scope: Scope, index: int) -> Any:
    root = path.root
    if root in ("$json", "$binary"):
        item = _at(scope.items, index)
        if item is UNDEFINED:
            return UNDEFINED
        return item["json"] if root == "$json" else item.get("binary", {})
    if root == "$itemIndex":
        return index
    if root in ("$now", "$today", "date"):
        return _moment(path, scope)
    if root in ("$workflow", "$execution", "$vars"):
        return {"$workflow": scope.workflow, "$execution": scope.execution, "$vars": scope.variables}[root]
    items = scope.items if path.node is None else _node_items(scope, path.node)
    if root == "all":
        return items
    if root == "first":
        return _at(items, 0)
    if root == "last":
        return _at(items, len(items) - 1)
    if path.node is None:
        return _at(items, index)
    item = _paired(items, scope, path.node, index)
    return item if root == "item" else _node_view(path, item)


def _node_view(path: Path, item: Any) -> Any:
    """What `$node["Name"]` is, as far as a plain path may read it: its paired item's `json` and `binary`."""
    if not path.steps or path.steps[0].key not in _NODE_PROPERTIES:
        raise Doubtful(path.start)
    return {} if item is UNDEFINED else item


def _moment(path: Path, scope: Scope) -> str:
    if path.steps:
        raise Doubtful(path.start)
    moment = EPOCH + timedelta(milliseconds=milliseconds(scope.now))
    try:
        written_now = iso(moment, scope.zone)
    except (KeyError, ValueError, OSError):
        raise Doubtful(scope.zone) from None
    if path.root == "$now":
        return written_now
    if path.root == "date":
        return written_now[:10]
    if not written_now.endswith("Z"):
        raise Doubtful("midnight may be missing or double where clocks change")
    return f"{written_now[:10]}T00:00:00.000Z"


def _node_items(scope: Scope, name: str) -> list[Item]:
    if name not in scope.names:
        raise Doubtful(name)
    return node_items(scope.output_of(name))


def node_items(output: Output | None) -> list[Item]:
    """Return a node's items, those of all its ports in order; none where it did not run."""
    if output is None:
        return []
    if len(output) == 1:
        return next(iter(output.values()))
    return [item for items in output.values() for item in items]


def _paired(items: list[Item], scope: Scope, name: str, index: int) -> Any:
    """Return which of another node's items belongs to the one at `index`: its only one, else the one it comes from."""
    if len(items) <= 1:
        return _at(items, 0)
    output = scope.output_of(name) or {}
    place = pairing.place_of(scope, name, output, index)
    if place < 0:
        raise ExpressionError(f"Error: {pairing.why_not(name, output, place, index)}")
    return _at(items, place)


def _at(items: list[Item], index: int) -> Any:
    return items[index] if 0 <= index < len(items) else UNDEFINED


def _property(value: Any, key: str | int) -> Any:
    if isinstance(value, Mapping):
        name = str(key)
        return value[name] if name in value else _missing(name, inherited.OBJECT)
    if isinstance(value, list | str):
        if isinstance(key, str) and is_index(key):
            key = int(key)
        if isinstance(key, str) and key != "length":
            return _missing(key, inherited.TEXT if isinstance(value, str) else inherited.LIST)
        if isinstance(value, str):
            return _of_text(value, key)
        return len(value) if isinstance(key, str) else _at(value, key)
    if isinstance(value, bool):
        return _missing(str(key), inherited.BOOLEAN)
    if isinstance(value, int | float):
        return _missing(str(key), inherited.NUMBER)
    raise Doubtful(type(value).__name__)


def _missing(name: str, names: frozenset[str]) -> Any:
    if name in names:
        raise Doubtful(name)
    return UNDEFINED


def _of_text(value: str, key: str | int) -> Any:
    """Return a text's length or one of its characters, counted in UTF-16 units as JavaScript does."""
    if not value.isascii() and max(value) >= _SURROGATES:
        units = value.encode("utf-16-le", "surrogatepass")
        if isinstance(key, str):
            return len(units) // 2
        unit = units[2 * key : 2 * key + 2]
        return unit.decode("utf-16-le", "surrogatepass") if unit else UNDEFINED
    if isinstance(key, str):
        return len(value)
    return value[key] if key < len(value) else UNDEFINED


def _normal(value: Any) -> Any:
    """Return a copy of a JSON value as it is after a passage through JavaScript: numbers are doubles, keys in order."""
    if value is None or isinstance(value, str | bool | Undefined):
        return value
    if isinstance(value, int | float):
        try:
            return double(value)
        except NotFinite:
            raise Doubtful(str(value)[:20]) from None
    if isinstance(value, Mapping):
        return ordered({key: _normal(entry) for key, entry in value.items()})
    if isinstance(value, list):
        return [_normal(entry) for entry in value]
    raise Doubtful(type(value).__name__)


def to_text(value: Any) -> str:
    """Return the text of what `resolve` gave inside a longer text, as the engine's `text` does. Raises Doubtful."""
    if value is UNDEFINED or value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        return number_text(value) if isinstance(value, int | float) else json_text(value)
    except NotShortest:
        raise Doubtful("a power of two") from None
