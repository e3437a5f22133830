"""Reads rows."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.microsoft.nodes.excel.fields import InRows
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Listed, Operation


class Params(Listed, InRows):
    """Which rows."""

    formatted: bool = ui(
        False,
        title="As shown in Excel",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Text with its format: dates and amounts as one sees them. Off: values; dates are days since 1900.",
        group="options",
    )


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the rows."""
    from itertools import islice

    from functions.nodes.apps.microsoft.nodes.excel.grid import grid_of, rows_in

    grid = grid_of(call.ask, params.rows)
    most = None if params.return_all else params.limit
    for number, row in islice(rows_in(call, grid, formatted=params.formatted), most):
        yield {**dict(zip(grid.names, row, strict=False)), "rowNumber": number}


OPERATION = Operation(
    resource="row",
    name="list",
    label="List",
    summary="Reads the rows of a table or worksheet, one item each; rows with nothing in them are left out.",
    params=Params,
    run=run,
    output_example=({"Name": "Ada", "Total": 120.5, "rowNumber": 2},),
)
