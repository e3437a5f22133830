"""JSON Schemas as the catalogue has them."""

from typing import Any


def inline_refs(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a JSON Schema with each `$ref` replaced by what it names, so that readers need no resolver.

    Args:
        schema: as pydantic writes it; its definitions must not refer to themselves (RecursionError otherwise).
    """
    definitions = schema.get("$defs", {})

    def inlined(value: Any) -> Any:
        if isinstance(value, list):
            return [inlined(entry) for entry in value]
        if not isinstance(value, dict):
            return value
        if "$ref" in value:
            target = definitions[value["$ref"].removeprefix("#/$defs/")]
            return inlined({**target, **{key: entry for key, entry in value.items() if key != "$ref"}})
        return {key: inlined(entry) for key, entry in value.items() if key != "$defs"}

    result: dict[str, Any] = inlined(schema)
    return result
