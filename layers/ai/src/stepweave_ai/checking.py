"""The schema that an answer must keep to, and what is wrong with one that does not."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from stepweave.runtime.schemas import SchemaInvalid, ready

_MOST: Final = 5
_LONGEST: Final = 300


def schema_of(value: Any) -> Mapping[str, Any]:
    """Return the schema that a parameter has: an object, or its JSON text. Raises SchemaInvalid."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise SchemaInvalid("The JSON schema cannot be used: it is no JSON.", "Write a JSON schema.") from None
    if not isinstance(value, Mapping):
        raise SchemaInvalid("The JSON schema cannot be used: it is no object.", 'Write one: {"type": "object", ...}.')
    return value


def check_of(schema: Mapping[str, Any]) -> Callable[[Any], Sequence[str]]:
    """Return what says where a value does not keep to a schema. Raises SchemaInvalid."""
    validator = ready(schema, "auto", formats=False)

    def check(value: Any) -> list[str]:
        found: list[str] = []
        for error in validator.iter_errors(value):
            place = "/".join(map(str, error.instance_path))
            found.append((f"{place}: " if place else "") + error.message[:_LONGEST])
            if len(found) == _MOST:
                break
        return found

    return check
