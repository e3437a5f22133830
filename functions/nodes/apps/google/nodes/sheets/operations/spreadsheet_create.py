"""Makes a spreadsheet."""

from collections.abc import Iterator
from typing import Any

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import FieldNames, Text, names_field


class Params(NodeParams):
    """The new spreadsheet."""

    title: Text = ui(..., title="Name", kind=Kind.TEXT, placeholder="Orders", min_length=1, max_length=300)
    sheet_names: FieldNames = names_field("Sheets", help="With commas in between; none: one.", placeholder="2024, 2025")
    columns: FieldNames = names_field("Columns", help="Names for the first row of each sheet.", placeholder="Name, Age")


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give its ID and address."""
    from functions.nodes.apps.google.nodes.sheets.cells import place
    from functions.nodes.apps.google.nodes.sheets.requests import CREATE, WRITE
    from functions.nodes.apps.google.once import once

    made = [{"properties": {"title": name}} for name in params.sheet_names]
    with once("The spreadsheet may have been made", "Google Drive"):
        answer = call.ask(CREATE, made=made)
    if params.columns:
        titles = [one["properties"]["title"] for one in answer["sheets"]]
        data = [{"range": place(title, "A1"), "values": [params.columns]} for title in titles]
        call.ask(WRITE, id=answer["spreadsheetId"], input="RAW", data=data)
    yield answer


OPERATION = Operation(
    resource="spreadsheet",
    name="create",
    label="Create",
    summary="Makes a spreadsheet, with sheets and names for their columns.",
    params=Params,
    run=run,
    output_example=(
        {"spreadsheetId": "1BxiM…", "spreadsheetUrl": "https://docs.google.com/spreadsheets/d/1BxiM…/edit"},
    ),
)
