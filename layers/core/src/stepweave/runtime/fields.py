"""Fields of items by a dotted path, and when two of their values are the same."""

import json
from collections.abc import Mapping
from typing import Any, Final

from stepweave.model.numbers import as_double, normal

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
    """Return something hashable that is equal for equal JSON values; at any depth 1 is 1.0, and 1 is not true."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return (type(value).__name__, value)
    if isinstance(value, int | float):
        return ("number", as_double(value))
    return ("json", json.dumps(normal(value), sort_keys=True))
