"""Appends rows."""

from collections.abc import Iterator, Sequence
from typing import Any

from functions.nodes.apps.microsoft.nodes.excel.fields import Written
from stepweave.spec.operations import Call, Operation


def together(batch: Sequence[tuple[Call, Any]]) -> Iterator[list[dict[str, Any]] | Exception]:
    """Yield the new rows."""
    from functions.nodes.apps.microsoft.nodes.excel.writing import appended

    return appended(batch)


OPERATION = Operation(
    resource="row",
    name="append",
    label="Append",
    summary="Appends a row to a table or worksheet; items go together in one request.",
    params=Written,
    together=together,
    most=200,
    output_example=({"Name": "Ada", "Total": 120.5, "rowNumber": 7},),
)
