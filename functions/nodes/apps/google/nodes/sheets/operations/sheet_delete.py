"""Deletes a sheet of a spreadsheet."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.sheets.fields import InSheet
from stepweave.spec.operations import Call, Operation


class Params(InSheet):
    """Which sheet."""


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give what was deleted."""
    from functions.nodes.apps.google.nodes.sheets.cells import spreadsheet_id
    from functions.nodes.apps.google.nodes.sheets.requests import CHANGE
    from functions.nodes.apps.google.nodes.sheets.table import sheet_of

    id = spreadsheet_id(params.spreadsheet)
    found = sheet_of(call, id, params.sheet)
    call.ask(CHANGE, id=id, requests=[{"deleteSheet": {"sheetId": found["sheetId"]}}])
    yield {"spreadsheetId": id, "sheetId": found["sheetId"], "title": found["title"], "deleted": True}


OPERATION = Operation(
    resource="sheet",
    name="delete",
    label="Delete",
    summary="Deletes a sheet with all that is in it.",
    params=Params,
    run=run,
    output_example=({"spreadsheetId": "1BxiM…", "sheetId": 1804, "title": "Orders", "deleted": True},),
)
