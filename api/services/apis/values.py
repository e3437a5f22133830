"""Values of a document, of which nobody knows what they are."""

from collections.abc import Mapping
from typing import Any


def words_of(value: Any) -> str:
    """Return a text in one line, cut where it is long; "" for nothing."""
    return " ".join(str(value or "").split())[:1000]


def object_of(value: Any) -> Mapping[str, Any]:
    """Return an object; one without fields for anything else."""
    return value if isinstance(value, Mapping) else {}


def list_of(value: Any) -> list[Any]:
    """Return a list; an empty one for anything else."""
    return value if isinstance(value, list) else []
