"""The cells of a record as an item's parameters say them."""

from typing import Any

from functions.nodes.apps.airtable.fields import Written
from stepweave.runtime.errors import ParameterInvalid


def cells_of(params: Written) -> dict[str, Any]:
    """Return the values by field. Text that is empty empties a cell, as null does: no field has another empty value.

    Rows stand before fields of the object.

    Raises:
        ParameterInvalid: a field is named twice, or nothing is to be written.
    """
    names = [cell.name for cell in params.cells]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ParameterInvalid(
            f"Fields: {twice} is there twice.", "Take one of the rows out.", details={"field": "params.cells"}
        )
    given = {**_object(params.fields), **{cell.name: cell.value for cell in params.cells}}
    cells = {name: None if value == "" else value for name, value in given.items()}
    return {name: value for name, value in cells.items() if value is not None} if params.skip_empty else cells


def _object(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of an object, which may be a record as Airtable gives it."""
    is_record = isinstance(fields.get("fields"), dict) and str(fields.get("id", "")).startswith("rec")
    return fields["fields"] if is_record else fields
