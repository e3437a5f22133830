"""Fields of items by a dotted path, and when two of their values are the same."""

import json
from collections.abc import Mapping
from typing import Any, Final

MISSING: Final = object()
"""What `field_of` returns where there is no such field."""


def field_of(data: Any, path: str) -> Any:
    """Return a field of a JSON object, or MISSING.

    Args:
        data: the object.
        path: the field's name, or names joined by dots into objects within it. A name that has dots itself wins.
    """
    if not isinstance(data, Mapping):
        return MISSING
    if path in data:
        return data[path]
    first, dot, rest = path.partition(".")
    return field_of(data[first], rest) if dot and first in data else MISSING


def same_key(value: Any) -> Any:
    """Return something hashable that is equal for equal JSON values: 1 and 1.0 are the same, 1 and true are not."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return (type(value).__name__, value)
    if isinstance(value, int | float):
        return ("number", value)
    return ("json", json.dumps(value, sort_keys=True))
