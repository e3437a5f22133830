"""Appends rows."""

from collections.abc import Iterable, Sequence
from typing import Any

from functions.nodes.apps.google.nodes.sheets.fields import Written
from stepweave.spec.operations import Call, Operation


class Params(Written):
    """The row."""


def together(pairs: Sequence[tuple[Call, Params]]) -> Iterable[list[dict[str, Any]] | Exception]:
    """Give what becomes of each item's rows."""
    from functions.nodes.apps.google.nodes.sheets.rows import appended

    return appended(pairs)


OPERATION = Operation(
    resource="row",
    name="append",
    label="Append",
    summary="Appends a row for each item, up to 500 with one request.",
    params=Params,
    together=together,
    most=500,
    output_example=({"Name": "Ada", "Age": 36, "row_number": 7},),
)
