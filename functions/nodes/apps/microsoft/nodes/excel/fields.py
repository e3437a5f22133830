"""Parameters that Excel's operations share."""

from typing import Any

from functions.nodes.apps.microsoft.graph import Drive
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text

IN_DRIVE = ("credential", "drive")
IN_WORKBOOK = (*IN_DRIVE, "workbook")


class InWorkbook(NodeParams):
    """Which workbook."""

    drive: Drive = ui(
        "me",
        title="Drive",
        kind=Kind.TEXT,
        help="me is the account's OneDrive; else the address of a user, or the ID of a drive (of SharePoint, too).",
        min_length=1,
        max_length=300,
        group="options",
    )
    workbook: Text = ui(
        ...,
        title="Workbook",
        kind=Kind.TEXT,
        help="The file's ID.",
        options_from=OptionsFrom("workbooks", needs=IN_DRIVE, searches=True, labelled=True),
        min_length=1,
        max_length=300,
    )


class InSheet(InWorkbook):
    """Which worksheet."""

    sheet: Text = ui(
        ...,
        title="Worksheet",
        kind=Kind.TEXT,
        placeholder="Sheet1",
        help="Its name or ID.",
        options_from=OptionsFrom("sheets", needs=IN_WORKBOOK),
        min_length=1,
        max_length=200,
    )


class InRows(InWorkbook):
    """Where rows are: a table, or a worksheet whose first row has the names."""

    rows: Text = ui(
        ...,
        title="Rows of",
        kind=Kind.TEXT,
        placeholder="Table1, Sheet1!, Sheet1!A:F or Sheet1!A3:F500",
        help="A table; or a worksheet, written Sheet1!, whose first row has the names; or a part of one.",
        options_from=OptionsFrom("places", needs=IN_WORKBOOK, labelled=True),
        min_length=1,
        max_length=300,
    )


class Cell(NodeParams):
    """A column and its value."""

    name: str = ui(
        ...,
        title="Column",
        kind=Kind.TEXT,
        expression=False,
        options_from=OptionsFrom("columns", needs=(*IN_WORKBOOK, "rows")),
        min_length=1,
        max_length=300,
    )
    value: Any = ui(None, title="Value", kind=Kind.TEXT, placeholder="{{ $json.name }}")


class Written(InRows):
    """What is written."""

    cells: list[Cell] = ui(
        ...,
        title="Columns",
        kind=Kind.MAPPING,
        help="Columns that are not here are left empty in new rows, and stay as they are in others.",
        default_factory=list,
        max_length=500,
    )
    values: dict[str, Any] = ui(
        ...,
        title="Columns as an object",
        kind=Kind.JSON,
        placeholder="{{ $json }}",
        help="{{ $json }} takes the item's fields, which must be called as the columns are.",
        default_factory=dict,
        group="options",
    )
    formulas: bool = ui(
        False,
        title="Text may be a formula",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Off: text that begins with =, +, - or @ stays text, whatever it says.",
        group="options",
    )


class Matched(Written):
    """What is written, and where."""

    match: Text = ui(
        ...,
        title="Known by",
        kind=Kind.TEXT,
        placeholder="Email",
        help="A column: rows that have the item's value in it are changed. Capitals do not count.",
        options_from=OptionsFrom("columns", needs=(*IN_WORKBOOK, "rows")),
        min_length=1,
        max_length=300,
    )
