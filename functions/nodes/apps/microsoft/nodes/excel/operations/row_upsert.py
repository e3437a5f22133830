"""Append or update: rows that a column finds."""

from collections.abc import Iterator, Sequence
from typing import Any

from functions.nodes.apps.microsoft.nodes.excel.fields import Matched
from stepweave.spec.operations import Call, Operation


def together(batch: Sequence[tuple[Call, Any]]) -> Iterator[list[dict[str, Any]] | Exception]:
    """Yield the rows."""
    from functions.nodes.apps.microsoft.nodes.excel.writing import changed

    return changed(batch, add=True)


OPERATION = Operation(
    resource="row",
    name="upsert",
    label="Append or update",
    summary="Changes the rows that have an item's value in a column, or appends one; may be done again without harm.",
    params=Matched,
    together=together,
    most=100,
    output_example=({"Name": "Ada", "Total": 120.5, "rowNumber": 7, "rows": 1, "appended": True},),
)
