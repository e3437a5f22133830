"""References within a document: followed where they lead within it, and never round in a circle."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

MOST_STEPS: Final = 32
"""References that lead to references."""


class ReferenceInvalid(ValueError):
    """A reference leads nowhere, out of the document, or round in a circle. `str()` says which."""


def followed(document: Mapping[str, Any], value: Any) -> Any:
    """Return what a value stands for: itself, or what its `$ref` leads to. Raises ReferenceInvalid.

    What stands beside a reference (OpenAPI 3.1: a description) goes over what it leads to.
    """
    beside: dict[str, Any] = {}
    for _ in range(MOST_STEPS):
        if not isinstance(value, Mapping) or not isinstance(value.get("$ref"), str):
            return {**value, **beside} if beside and isinstance(value, Mapping) else value
        beside = {name: other for name, other in value.items() if name in ("description", "summary")} | beside
        value = _target(document, value["$ref"])
    raise ReferenceInvalid("References lead round in a circle.")


def _target(document: Mapping[str, Any], reference: str) -> Any:
    where, mark, pointer = reference.partition("#")
    if where or not mark:
        raise ReferenceInvalid(f"{reference[:200]!r} leads out of the document; put what it names into it.")
    value: Any = document
    for part in pointer.split("/")[1:]:
        name = unquote(part).replace("~1", "/").replace("~0", "~")
        if isinstance(value, Mapping) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isascii() and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            raise ReferenceInvalid(f"{reference[:200]!r} leads to nothing.")
    return value
