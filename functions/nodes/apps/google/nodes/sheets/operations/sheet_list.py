"""Lists a spreadsheet's sheets."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.sheets.fields import InSpreadsheet
from stepweave.spec.operations import Call, Operation


class Params(InSpreadsheet):
    """Which spreadsheet."""


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the sheets in the order of their tabs."""
    from functions.nodes.apps.google.nodes.sheets.cells import spreadsheet_id
    from functions.nodes.apps.google.nodes.sheets.table import sheets

    yield from sheets(call, spreadsheet_id(params.spreadsheet))


OPERATION = Operation(
    resource="sheet",
    name="list",
    label="List",
    summary="Lists the sheets of a spreadsheet, with their sizes.",
    params=Params,
    run=run,
    output_example=(
        {"sheetId": 0, "title": "Sheet1", "index": 0, "gridProperties": {"rowCount": 1000, "columnCount": 26}},
    ),
)
