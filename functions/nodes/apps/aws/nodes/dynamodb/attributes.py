"""Items of DynamoDB and JSON: numbers exact, sets and bytes by what stands around them.

In JSON, `{"$number": "..."}` is a number of up to 38 digits, `{"$set": [...]}` a set and `{"$binary": "..."}` bytes in
Base64. Read, a number that JSON would round is its text, a set a list, and bytes are Base64.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from decimal import Decimal, DecimalException
from typing import Any, Final

from functions.nodes.apps.aws.results import exact, plain
from stepweave.runtime.errors import ParameterInvalid

_MOST_DEPTH: Final = 32
_MOST_DIGITS: Final = 38
_TYPES: Final = frozenset({"S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS"})


def written(value: Any, field: str, path: str = "", depth: int = 0) -> dict[str, Any]:
    """Return a JSON value as DynamoDB has it (`{"S": "text"}`).

    Args:
        value: JSON data.
        field: the node's parameter that has it, for errors.
        path: its place in that.
        depth: how deep it lies.

    Raises:
        ParameterInvalid: it cannot be stored.
    """
    if depth > _MOST_DEPTH:
        raise _wrong(field, path, f"is nested more than {_MOST_DEPTH} deep")
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int | float):
        return {"N": _number(repr(value), field, path)}
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, list):
        return {"L": [written(one, field, f"{path}[{index}]", depth + 1) for index, one in enumerate(value)]}
    if len(value) == 1 and (special := _SPECIAL.get(next(iter(value)))):
        return special(next(iter(value.values())), field, path)
    return {"M": {str(name): written(one, field, _inside(path, name), depth + 1) for name, one in value.items()}}


def written_item(value: Any, field: str, *, typed: bool) -> dict[str, Any]:
    """Return an item, or a key, as DynamoDB has it. Arguments and errors as of `written`; `typed`: it is so already."""
    if not isinstance(value, Mapping) or not value:
        raise ParameterInvalid(
            "It is no object with attributes.", 'Give an object: {"id": "{{ $json.id }}"}.', details={"field": field}
        )
    if not typed:
        return {str(name): written(one, field, str(name), 1) for name, one in value.items()}
    return {str(name): _checked(one, field, str(name)) for name, one in value.items()}


def read(value: Mapping[str, Any]) -> Any:
    """Return a value of DynamoDB as JSON data."""
    type, held = next(iter(value.items()))
    if type == "N":
        return exact(Decimal(held))
    if type == "NS":
        return [exact(Decimal(one)) for one in held]
    if type == "NULL":
        return None
    if type == "M":
        return {name: read(one) for name, one in held.items()}
    if type == "L":
        return [read(one) for one in held]
    return plain(held)


def read_item(item: Mapping[str, Any], *, typed: bool) -> dict[str, Any]:
    """Return an item of DynamoDB as JSON data; `typed`: as DynamoDB has it, bytes as Base64."""
    made: dict[str, Any] = plain(item) if typed else {name: read(one) for name, one in item.items()}
    return made


def _checked(value: Any, field: str, path: str) -> dict[str, Any]:
    """Return a value that is written in DynamoDB's own way, bytes as bytes."""
    if not isinstance(value, Mapping) or len(value) != 1 or not set(value) <= _TYPES:
        raise _wrong(field, path, f"has none of the types {', '.join(sorted(_TYPES))}")
    type = next(iter(value))
    held: Any = value[type]
    right: Any = {"S": str, "N": str, "B": str, "BOOL": bool, "NULL": bool, "M": dict}.get(type, list)
    if not isinstance(held, right):
        raise _wrong(field, f"{path}.{type}", "is of another type than it says")
    if type == "M":
        return {"M": {name: _checked(one, field, _inside(path, name)) for name, one in held.items()}}
    if type == "L":
        return {"L": [_checked(one, field, f"{path}[{index}]") for index, one in enumerate(held)]}
    if type in ("B", "BS"):
        return {type: _bytes(held, field, path) if type == "B" else [_bytes(one, field, path) for one in held]}
    return {type: held}


def digits_of(number: Decimal) -> tuple[int, str, int]:
    """Return a finite number's sign, its digits without zeros at the end, and its exponent: equal for equal numbers."""
    sign, digits, exponent = number.as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    kept = text.rstrip("0")
    return (sign, kept, int(exponent) + len(text) - len(kept)) if kept else (0, "", 0)


def _number(text: Any, field: str, path: str) -> str:
    try:
        number = Decimal(str(text).strip())
    except DecimalException:
        raise _wrong(field, path, "is no number") from None
    if not number.is_finite() or len(digits_of(number)[1]) > _MOST_DIGITS:
        raise _wrong(field, path, f"is no number of up to {_MOST_DIGITS} digits")
    return str(number)


def _bytes(text: Any, field: str, path: str) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except (ValueError, binascii.Error):
        raise _wrong(field, path, "is no Base64") from None


def _set(values: Any, field: str, path: str) -> dict[str, Any]:
    if not isinstance(values, list) or not values:
        raise _wrong(field, path, "is an empty set, or none: leave it out instead")
    made = [written(one, field, f"{path}[{index}]", 1) for index, one in enumerate(values)]
    types = {next(iter(one)) for one in made}
    if len(types) > 1 or not types <= {"S", "N", "B"}:
        raise _wrong(field, path, "is no set of texts, of numbers or of bytes")
    return {f"{types.pop()}S": list(dict.fromkeys(next(iter(one.values())) for one in made))}


_SPECIAL: Final[dict[str, Callable[[Any, str, str], dict[str, Any]]]] = {
    "$number": lambda value, field, path: {"N": _number(value, field, path)},
    "$binary": lambda value, field, path: {"B": _bytes(value, field, path)},
    "$set": _set,
}


def _inside(path: str, name: Any) -> str:
    return f"{path}.{name}" if path else str(name)


def _wrong(field: str, path: str, words: str) -> ParameterInvalid:
    return ParameterInvalid(f"{path or 'The value'} {words}.", "Change it.", details={"field": field, "path": path})
