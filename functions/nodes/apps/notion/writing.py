"""The properties of a page as an item's parameters say them."""

from collections.abc import Mapping
from typing import Any

from functions.nodes.apps.notion.fields import Filled
from functions.nodes.apps.notion.schema import kind_of
from functions.nodes.apps.notion.typed import typed
from stepweave.runtime.errors import ParameterInvalid


def properties_of(params: Filled, known: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is sent for a page's properties. Rows stand before the entries of the object.

    Args:
        params: the item's.
        known: properties by name, each with its `type`.

    Raises:
        ParameterInvalid: a property is not there or named twice, or a value does not fit.
    """
    names = [row.name for row in params.values]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ParameterInvalid(
            f"Properties: {twice} is there twice.", "Take one of the rows out.", details={"field": "params.values"}
        )
    given = {**params.properties, **{row.name: row.value for row in params.values}}
    made = {}
    for name, value in given.items():
        if params.skip_empty and value in (None, "", []):
            continue
        field = "params.values" if name in names else "params.properties"
        own, kind = kind_of(known, name, field)
        made[own] = typed(own, kind, value, field)
    return made
