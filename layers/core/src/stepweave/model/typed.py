"""Values read as the types that conditions and calls of workflows know, and whether they are of them already.

JSON has no dates: a date is text, read by `stepweave.model.moments`.
"""

from collections.abc import Callable
from typing import Any, Final

from stepweave.model.json_text import JsonInvalid, read
from stepweave.model.numbers import data_text, read_number


def _number(value: Any) -> float | int | None:
    if isinstance(value, str):
        return read_number(value)
    return value if isinstance(value, int | float) and not isinstance(value, bool) and value == value else None


def _boolean(value: Any) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False, "1": True, "0": False}.get(value.strip().lower())
    return bool(value) if isinstance(value, bool | int | float) and value in (0, 1) else None


def _parsed(kind: type[list[Any]] | type[dict[str, Any]]) -> Callable[[Any], Any]:
    def parsed(value: Any) -> Any:
        if isinstance(value, str):
            try:
                value = read(value)
            except JsonInvalid:
                return None
        return value if isinstance(value, kind) else None

    return parsed


READ: Final[dict[str, Callable[[Any], Any]]] = {
    "text": data_text,
    "number": _number,
    "boolean": _boolean,
    "list": _parsed(list),
    "object": _parsed(dict),
}
"""Makes a value one of a type; None where it cannot be."""
PARSED: Final = ("list", "object")
"""Types that a text may be the JSON of."""
IS_OF: Final[dict[str, Callable[[Any], bool]]] = {
    "text": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "date": lambda value: isinstance(value, str),
    "list": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
"""Whether a value has a type as it is. JSON has no dates: they are text."""
