"""Where nodes that work something out of an item put it: a field of the item, by its path."""

from typing import Any

from stepweave.model.items import BinaryRef, Item, item
from stepweave.runtime.errors import ParameterInvalid
from stepweave.spec.fieldpaths import PathError, set_at


def placed(
    source: Item,
    path: str,
    value: Any,
    *,
    keep: bool = True,
    files: dict[str, BinaryRef] | None = None,
) -> Item:
    """Return an item with a value in a field.

    Args:
        source: the input item; it stays as it is.
        path: of the field.
        value: JSON data.
        keep: whether the item's other fields stay. Its files always do.
        files: new ones by name, beside those of the item.

    Raises:
        ParameterInvalid: the path cannot be read, or does not fit the item.
    """
    fields: dict[str, Any] = dict(source["json"]) if keep else {}
    try:
        set_at(fields, path, value)
    except PathError as error:
        raise ParameterInvalid(
            f"Write to field: {error}.",
            "Change the field's name: a.b goes into an object, a[0] into a list.",
            details={"field": "params.outputField"},
        ) from None
    return item(fields, {**source.get("binary", {}), **(files or {})} or None)


def shown(value: Any) -> str:
    """Return a value as errors show it: JSON, cut where it is long."""
    import json

    text = json.dumps(value, ensure_ascii=False, default=str) if not isinstance(value, str) else json.dumps(value)
    return text if len(text) <= 80 else text[:80] + "…"


def invalid(field: str, message: str, remedy: str) -> ParameterInvalid:
    """Return the error of a parameter (its JSON name) that is not what it should be."""
    return ParameterInvalid(message, remedy, details={"field": f"params.{field}"})
