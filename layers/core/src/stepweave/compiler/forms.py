"""What a type's JSON Schema says of its form: which parameters there are to fill in, and which of them count."""

from collections.abc import Mapping
from typing import Any

from stepweave.spec.fields import shown


def form_of(name: str, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the `x-ui` part of a top-level field; empty where there is none."""
    form: Mapping[str, Any] = schema.get("properties", {}).get(name, {}).get("x-ui", {})
    return form


def is_shown(name: str, params: Mapping[str, Any], schema: Mapping[str, Any]) -> bool:
    """Return whether a field counts: every sibling it depends on has one of the values it needs."""
    properties = schema.get("properties", {})

    def value_of(sibling: str) -> Any:
        return params.get(sibling, properties.get(sibling, {}).get("default"))

    return shown(form_of(name, schema), value_of)


def evaluated(params: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that count and may hold expressions."""
    return {
        name: value
        for name, value in params.items()
        if is_shown(name, params, schema) and form_of(name, schema).get("expression", True)
    }
