"""Values as JSONata: literals, and plain paths into an item (`{{ $json.a.b }}`).

What is read of an item may be anything, and JSONata differs from the runtime's Python and JavaScript in many corners.
So every reading comes with the conditions under which it is `wrong` to do it here; the node's guard asks for them.
All JSONata here is relative to an item, gives a boolean whatever is there, and uses no `and` to keep from an error:
engines differ in whether they evaluate what follows.
"""

import math
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from stepweave.compiler.literals import quoted
from stepweave.expressions import inherited
from stepweave.expressions.paths import Path
from stepweave.model.numbers import read_number

LARGEST: Final = 2**53
"""Integers beyond it are not what JavaScript makes of them."""
JSONATA_TYPES: Final = {"number": "number", "text": "string", "boolean": "boolean"}
"""The kind of a value (`Read.kind`, the type of a condition) -> what `$type` says of it."""
_TYPES: Final = ("string", "number", "boolean", "array", "object", "null")
_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESERVED: Final = frozenset(("and", "or", "in", "true", "false", "null", "function"))
_NO_NAME: Final = re.compile("[`%\x00-\x1f\x7f\ud800-\udfff]")
"""What cannot stand between back quotes, or could be taken for the end of an expression."""
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_INHERITED: Final = inherited.LIST | inherited.TEXT | inherited.NUMBER | inherited.BOOLEAN


class Constant(NamedTuple):
    """A value that is the same for every item."""

    value: Any


class Read(NamedTuple):
    """A value read of each item, or computed of what is read.

    Attributes:
        source: JSONata relative to the item; nothing where the value is undefined.
        wrong: conditions under which reading it fails, or gives something else than the runtime.
        kind: `number`, `text` or `boolean` for what is computed and surely has that type where nothing is wrong;
            empty for a path, which may have any. Conditions on a computed value's type may not be asked: computing it
            of other values is an error.
        reads: JSONata of the values that are copied into it.
        characters: that it has at most, besides those.
    """

    source: str
    wrong: tuple[str, ...]
    kind: str = ""
    reads: tuple[str, ...] = ()
    characters: int = 0


def read_of(found: Path) -> Read | None:
    """Return a path into the item; None where it leads elsewhere, or could be read otherwise."""
    steps = found.steps
    if found.root == "item" and found.node is None and steps and steps[0].key == "json":
        steps = steps[1:]
    elif found.root != "$json":
        return None
    if not steps or not all(isinstance(step.key, str) and is_name(step.key) for step in steps):
        return None
    source, wrong = "json", []
    for step in steps:
        if source != "json":
            wrong.append(not_nested(source, optional=step.optional))
        source = below(source, str(step.key))
    return Read(source, tuple(wrong), reads=(source,))


def is_name(name: str) -> bool:
    """Return whether a property can be read by its name, and only objects' own ones answer to it."""
    return name not in _INHERITED and bool(name) and _NO_NAME.search(name) is None


def below(source: str, name: str) -> str:
    """Return JSONata for a property of an object."""
    plain = _WORD.fullmatch(name) and name not in _RESERVED
    return f"{source}.{name}" if plain else f"{source}.`{name}`"


def not_nested(source: str, *, optional: bool) -> str:
    """Return the condition under which properties of a value cannot be read as an object's."""
    return not_one_of(source, "object", *(("null", "missing") if optional else ()))


def not_one_of(source: str, *types: str) -> str:
    """Return the condition under which a value is of none of the types (JSONata's, and `missing`)."""
    if "missing" in types:
        others = [f'"{name}"' for name in _TYPES if name not in types]
        return f"$type({source}) in [{','.join(others)}]"
    if len(types) == 1:
        return f'$not($type({source})="{types[0]}")'
    named = ",".join(f'"{name}"' for name in types)
    return f"$not($type({source}) in [{named}])"


def too_large(source: str) -> str:
    """Return the condition under which a value is a number that JavaScript would round."""
    return f'($type({source})="number"?$abs({source})>={LARGEST}:false)'


def literal(value: Any) -> str | None:
    """Return JSON data as JSONata; None where an engine might read it as something else."""
    return quoted(value) if _is_exact(value) else None


def number(value: Any) -> str | None:
    """Return a literal that is compared as a number, as JSONata; None where it is none, or not surely the same."""
    if isinstance(value, str):
        value = read_number(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    # One less than the largest: numbers that are rounded to it compare the same with everything below.
    if abs(value) >= LARGEST:
        return None
    return literal(int(value) if float(value).is_integer() else value)


def is_text(value: Any) -> bool:
    """Return whether a literal is a text that every engine sees the same."""
    return isinstance(value, str) and _SURROGATES.search(value) is None


def _is_exact(value: Any) -> bool:
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, str):
        return is_text(value)
    if isinstance(value, int):
        return abs(value) <= LARGEST
    if isinstance(value, float):
        return abs(value) <= LARGEST and "e" not in repr(value)
    if isinstance(value, list):
        return all(map(_is_exact, value))
    if isinstance(value, Mapping):
        return all(is_text(key) and _is_exact(entry) for key, entry in value.items())
    return False
