"""Empties cells of a sheet."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.sheets.fields import InTable
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text


class Params(InTable):
    """Which cells."""

    range: Text = ui(
        "",
        title="Range",
        kind=Kind.TEXT,
        placeholder="A2:F100",
        help="Empty: everything below the header row.",
        pattern=r"^\s*(\$?[A-Za-z]{0,3}\$?[0-9]{0,7}(:\$?[A-Za-z]{0,3}\$?[0-9]{0,7})?)?\s*$",
        max_length=40,
    )


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the range that was emptied; nothing is where the sheet ends with its header."""
    from functions.nodes.apps.google.nodes.sheets.cells import letters, place, spreadsheet_id
    from functions.nodes.apps.google.nodes.sheets.requests import CLEAR
    from functions.nodes.apps.google.nodes.sheets.table import sheet_of

    id = spreadsheet_id(params.spreadsheet)
    properties = sheet_of(call, id, params.sheet)
    grid, cells = properties["gridProperties"], params.range.strip()
    if not cells and grid["rowCount"] <= params.header_row:
        yield {"cleared": ""}
        return
    last = f"{letters(grid['columnCount'] - 1)}{grid['rowCount']}"
    whole = place(properties["title"], cells or f"A{params.header_row + 1}:{last}")
    yield {"cleared": call.ask(CLEAR, id=id, range=whole)["clearedRange"]}


OPERATION = Operation(
    resource="sheet",
    name="clear",
    label="Clear",
    summary="Empties a range, or everything below the header row. Formats stay.",
    params=Params,
    run=run,
    output_example=({"cleared": "Orders!A2:F1000"},),
)
