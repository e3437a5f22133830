"""Parameters that the operations of Google Sheets share."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text

IN_SHEET = ("credential", "spreadsheet", "sheet", "headerRow")


def column_field(title: str, **more: Any) -> Any:
    """Return the field of a column's name (`Text`), with those of the sheet to choose from; `more` as of `ui`."""
    return ui(
        more.pop("default", ...),
        title=title,
        kind=Kind.TEXT,
        options_from=OptionsFrom("columns", needs=IN_SHEET),
        max_length=1000,
        **more,
    )


class InSpreadsheet(NodeParams):
    """Which spreadsheet."""

    spreadsheet: Text = ui(
        ...,
        title="Spreadsheet",
        kind=Kind.TEXT,
        placeholder="https://docs.google.com/spreadsheets/d/…",
        help="Its address or ID.",
        options_from=OptionsFrom("spreadsheets", needs=("credential",), labelled=True),
        min_length=1,
        max_length=500,
    )


class InSheet(InSpreadsheet):
    """Which sheet of it."""

    sheet: Text = ui(
        ...,
        title="Sheet",
        kind=Kind.TEXT,
        placeholder="Sheet1",
        help="The name on its tab.",
        options_from=OptionsFrom("sheets", needs=("credential", "spreadsheet")),
        min_length=1,
        max_length=200,
    )


class InTable(InSheet):
    """Where its columns' names are."""

    header_row: int = ui(
        1,
        title="Header row",
        kind=Kind.NUMBER,
        help="The number of the row with the columns' names; data is below.",
        group="options",
        ge=1,
        le=1000,
    )


class Column(NodeParams):
    """A column and its value."""

    name: str = column_field("Column", expression=False, min_length=1)
    value: Any = ui(None, title="Value", kind=Kind.TEXT, placeholder="{{ $json.name }}")


class Written(InTable):
    """What is written."""

    columns: list[Column] = ui(
        ...,
        title="Columns",
        kind=Kind.MAPPING,
        help="Without any, the item's fields are written to the columns that have their names.",
        default_factory=list,
        max_length=1000,
    )
    new_columns: Literal["refuse", "ignore", "add"] = ui(
        "refuse",
        title="Columns that the sheet does not have",
        kind=Kind.SELECT,
        expression=False,
        options=[("refuse", "Are an error"), ("ignore", "Are left out"), ("add", "Are added behind the others")],
        group="options",
    )
    values: Literal["raw", "typed", "formulas"] = ui(
        "raw",
        title="Values",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("raw", "As they are: text stays text"),
            ("typed", "As if typed: dates and numbers are recognised, formulas stay text"),
            ("formulas", "As if typed, formulas too"),
        ],
        help="Formulas can read other cells and send them away: take them only from whom you trust.",
        group="options",
    )


class Found(InTable):
    """Which rows, by their number or by the value of a column."""

    find_by: Literal["key", "row"] = ui(
        "key",
        title="Find rows by",
        kind=Kind.SELECT,
        expression=False,
        options=[("key", "The value of a column"), ("row", "Their number")],
    )
    row_number: int | None = ui(
        None,
        title="Row number",
        kind=Kind.NUMBER,
        placeholder="{{ $json.row_number }}",
        show_when={"findBy": ["row"]},
        required_when_shown=True,
        ge=1,
        le=10_000_000,
    )
    key: Text = column_field("Key column", default="", show_when={"findBy": ["key"]}, required_when_shown=True)


class Upserted(Written):
    """The row, and what it is known by."""

    key_column: Text = column_field(
        "Key column", help="The row that has the item's value here is updated.", min_length=1
    )


class Updated(Found, Written):
    """Which rows, and what is written to them."""


class Deleted(Found):
    """Which rows, and how many."""

    key_value: Text = ui(
        "",
        title="Value of the key",
        kind=Kind.TEXT,
        placeholder="{{ $json.email }}",
        help="All rows that have it are deleted.",
        show_when={"findBy": ["key"]},
        required_when_shown=True,
        max_length=50_000,
    )
    row_count: int = ui(
        1,
        title="How many rows",
        kind=Kind.NUMBER,
        help="From the row number on.",
        show_when={"findBy": ["row"]},
        ge=1,
        le=100_000,
    )


class Filter(NodeParams):
    """A column, and the value that a row must have there."""

    column: Text = column_field("Column", min_length=1)
    value: Text = ui("", title="Value", kind=Kind.TEXT, placeholder="{{ $json.email }}", max_length=50_000)


class Read(InTable):
    """Which rows."""

    filters: list[Filter] = ui(
        ...,
        title="Only rows with",
        kind=Kind.COLLECTION,
        help="All of these values; none: every row. An empty value finds empty cells.",
        default_factory=list,
        max_length=20,
    )
    limit: int | None = ui(None, title="At most so many rows", kind=Kind.NUMBER, ge=1, le=1_000_000)
    range: Text = ui(
        "",
        title="Range",
        kind=Kind.TEXT,
        placeholder="A:F or B2:F100",
        help="Only these cells; their columns' names are in the header row all the same.",
        pattern=r"^\s*(\$?[A-Za-z]{0,3}\$?[0-9]{0,7}(:\$?[A-Za-z]{0,3}\$?[0-9]{0,7})?)?\s*$",
        group="options",
        max_length=40,
    )
    render: Literal["UNFORMATTED_VALUE", "FORMATTED_VALUE", "FORMULA"] = ui(
        "UNFORMATTED_VALUE",
        title="Values",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("UNFORMATTED_VALUE", "Numbers as numbers, dates as they are shown"),
            ("FORMATTED_VALUE", "Everything as it is shown"),
            ("FORMULA", "Formulas instead of what they give"),
        ],
        group="options",
    )
