"""Adds a sheet to a spreadsheet."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.sheets.fields import InSpreadsheet
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import FieldNames, Text, names_field


class Params(InSpreadsheet):
    """The new sheet."""

    title: Text = ui(..., title="Name", kind=Kind.TEXT, placeholder="Orders", min_length=1, max_length=100)
    columns: FieldNames = names_field(
        "Columns", help="Names for its first row, with commas in between.", placeholder="Name, Email"
    )


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the sheet's properties."""
    from functions.nodes.apps.google.nodes.sheets.cells import place, spreadsheet_id
    from functions.nodes.apps.google.nodes.sheets.requests import CHANGE, WRITE

    id = spreadsheet_id(params.spreadsheet)
    answer = call.ask(CHANGE, id=id, requests=[{"addSheet": {"properties": {"title": params.title}}}])
    made = answer["replies"][0]["addSheet"]["properties"]
    if params.columns:
        data = [{"range": place(params.title, "A1"), "values": [params.columns]}]
        call.ask(WRITE, id=id, input="RAW", data=data)
    yield {"spreadsheetId": id, **made}


OPERATION = Operation(
    resource="sheet",
    name="create",
    label="Create",
    summary="Adds a sheet to a spreadsheet, with names for its columns.",
    params=Params,
    run=run,
    output_example=({"spreadsheetId": "1BxiM…", "sheetId": 1804, "title": "Orders", "index": 1},),
)
