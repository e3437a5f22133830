"""Update: rows that a column finds."""

from collections.abc import Iterator, Sequence
from typing import Any

from functions.nodes.apps.microsoft.nodes.excel.fields import Matched
from stepweave.spec.operations import Call, Operation


def together(batch: Sequence[tuple[Call, Any]]) -> Iterator[list[dict[str, Any]] | Exception]:
    """Yield the rows."""
    from functions.nodes.apps.microsoft.nodes.excel.writing import changed

    return changed(batch, add=False)


OPERATION = Operation(
    resource="row",
    name="update",
    label="Update",
    summary="Changes the rows that have an item's value in a column.",
    params=Matched,
    together=together,
    most=100,
    output_example=({"Name": "Ada", "Total": 120.5, "rowNumber": 7, "rows": 1, "appended": False},),
)
