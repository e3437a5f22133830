"""The trigger for rows of a sheet as a value."""

from typing import Literal

from functions.nodes.apps.google.nodes.sheets.fields import column_field
from functions.nodes.apps.google.nodes.sheets.spec import APP
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import HTTP_ERRORS
from stepweave.spec.options import OptionsFrom
from stepweave.spec.triggers import credential_field, every_field, polling_trigger


class Params(NodeParams):
    """Which sheet, and what happens in it."""

    credential: str = credential_field(APP.credential)
    every_minutes: int = every_field()
    spreadsheet: str = ui(
        ...,
        title="Spreadsheet",
        kind=Kind.TEXT,
        expression=False,
        placeholder="https://docs.google.com/spreadsheets/d/…",
        help="Its address or ID.",
        options_from=OptionsFrom("spreadsheets", needs=("credential",), labelled=True),
        min_length=1,
        max_length=500,
    )
    sheet: str = ui(
        ...,
        title="Sheet",
        kind=Kind.TEXT,
        expression=False,
        placeholder="Sheet1",
        help="The name on its tab.",
        options_from=OptionsFrom("sheets", needs=("credential", "spreadsheet")),
        min_length=1,
        max_length=200,
    )
    event: Literal["added", "changed"] = ui(
        "added",
        title="Event",
        kind=Kind.SELECT,
        expression=False,
        options=[("added", "A row was added"), ("changed", "A row was added or changed")],
    )
    key: str = column_field(
        "Key column",
        default="",
        expression=False,
        help="What tells rows apart: an ID, an address, a time stamp. Empty: the whole row does.",
    )
    header_row: int = ui(
        1,
        title="Header row",
        kind=Kind.NUMBER,
        expression=False,
        help="The number of the row with the columns' names; data is below.",
        group="options",
        ge=1,
        le=1000,
    )


DOCS = """\
Starts the published workflow with each row that is added to a sheet, or changed in it. What was there when it was
published is not new.

**Rows** are told apart by the value of the key column. Without one the whole row tells: then a row that is changed
counts as an added one, and rows that are equal are told apart by how many of them there are. Sorting, and inserting or
deleting rows, is no change. A row without a key does not count until it has one.

**Output.** One item for each row: its cells by the columns' names, and its number in `row_number`.

**Limits.** The last 2,000 rows of the sheet are watched.

**Errors.** `SheetMissing`, `ColumnMissing`; `HttpClientError` (4xx: a spreadsheet that is not there or not shared),
`HttpRateLimited` (429), `HttpServerError` (5xx), `RequestTimeout`, `ResponseInvalid`, `ResponseTooLarge`,
`TooManyRedirects`.

**Example.** Sheet `Form responses 1`, key column `Timestamp`, every 5 minutes.
"""

SPEC = polling_trigger(
    APP,
    type="google_sheets_trigger",
    name="Google Sheets: row",
    icon="table-2",
    summary="Starts with each row that is added to a sheet, or changed in it.",
    docs=DOCS,
    params=Params,
    subtitle="{sheet}",
    errors=("ColumnMissing", "SheetMissing", *HTTP_ERRORS),
    output_example=({"Name": "Ada", "Age": 36, "row_number": 2},),
)
