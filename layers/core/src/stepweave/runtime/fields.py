"""When two values of fields are the same. How fields are named: `stepweave.spec.fieldpaths`."""

import json
from typing import Any

from stepweave.model.numbers import as_double, normal


def same_key(value: Any) -> Any:
    """Return something hashable that is equal for equal JSON values; at any depth 1 is 1.0, and 1 is not true."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return (type(value).__name__, value)
    if isinstance(value, int | float):
        return ("number", as_double(value))
    return ("json", json.dumps(normal(value), sort_keys=True))
