"""The convert to file node as a value."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.parts import FieldNames, Text, names_field

Format = Literal["csv", "json", "jsonLines", "xlsx", "ods", "html", "xml", "ics", "text", "base64"]
_TABLES = ["csv", "xlsx", "ods", "html"]
_BOOKS = ["xlsx", "ods"]


class Params(NodeParams):
    """What becomes a file, and how."""

    format: Format = ui(
        "csv",
        title="Format",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("csv", "CSV"),
            ("json", "JSON"),
            ("jsonLines", "JSON lines"),
            ("xlsx", "Excel (.xlsx)"),
            ("ods", "OpenDocument (.ods)"),
            ("html", "HTML table"),
            ("xml", "XML"),
            ("ics", "Calendar (.ics)"),
            ("text", "Text"),
            ("base64", "File of base64"),
        ],
    )
    files: Literal["one", "each"] = ui(
        "one",
        title="Files",
        kind=Kind.SELECT,
        expression=False,
        options=[("one", "One of all items"), ("each", "One of each item")],
    )
    content: Any = ui(
        "",
        title="Content",
        kind=Kind.MULTILINE,
        placeholder="{{ $json.text }}",
        help="Of each item; in one file, each begins a line.",
        show_when={"format": ["text", "base64"]},
        required_when_shown=True,
    )
    file_name: Text = ui(
        "",
        title="Name of the file",
        kind=Kind.TEXT,
        placeholder="orders-{{ $now.toFormat('yyyy-MM-dd') }}.csv",
        help="Empty: file with the format's ending.",
        max_length=200,
    )
    output_file: Text = ui(
        "data",
        title="Write to file",
        kind=Kind.TEXT,
        help="What the item calls the file.",
        min_length=1,
        max_length=200,
    )
    columns: FieldNames = names_field(
        "Columns",
        help="Empty: the fields of the items, in the order in which they come.",
        show_when={"format": _TABLES},
    )
    sheet: Text = ui(
        "Sheet1",
        title="Sheet",
        kind=Kind.TEXT,
        show_when={"format": _BOOKS},
        group="options",
        min_length=1,
        max_length=31,
    )
    root: Text = ui(
        "items",
        title="Root element",
        kind=Kind.TEXT,
        show_when={"format": ["xml"]},
        group="options",
        min_length=1,
        max_length=100,
    )
    element: Text = ui(
        "item",
        title="Element of each item",
        kind=Kind.TEXT,
        show_when={"format": ["xml"]},
        group="options",
        min_length=1,
        max_length=100,
    )
    header: bool = ui(
        True,
        title="Names of columns in the first row",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when={"format": _TABLES},
        group="options",
    )
    delimiter: Literal["comma", "semicolon", "tab", "pipe"] = ui(
        "comma",
        title="Delimiter",
        kind=Kind.SELECT,
        expression=False,
        options=[("comma", "Comma"), ("semicolon", "Semicolon"), ("tab", "Tab"), ("pipe", "Vertical bar")],
        show_when={"format": ["csv"]},
        group="options",
    )
    formulas: Literal["guard", "keep"] = ui(
        "guard",
        title="Texts that are formulas",
        kind=Kind.SELECT,
        expression=False,
        options=[("guard", "Get an apostrophe, so that nothing runs them"), ("keep", "Stay as they are")],
        help="Texts that begin with = + - @: spreadsheets run them when somebody opens the file.",
        show_when={"format": ["csv"]},
        group="options",
    )
    bom: bool = ui(
        False,
        title="Begin with a byte order mark",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Excel needs it for letters beyond ASCII.",
        show_when={"format": ["csv", "text"]},
        group="options",
    )
    dates: bool = ui(
        True,
        title="Dates are such",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Texts as 2026-01-31 and 2026-01-31T10:30:00 become dates.",
        show_when={"format": _BOOKS},
        group="options",
    )
    pretty: bool = ui(
        False,
        title="Lines and indents",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when={"format": ["json"]},
        group="options",
    )
    encoding: Text = ui(
        "utf-8",
        title="Encoding",
        kind=Kind.TEXT,
        expression=False,
        placeholder="windows-1252",
        show_when={"format": ["csv", "text"]},
        group="options",
        min_length=1,
        max_length=40,
    )
    mime_type: Text = ui(
        "",
        title="Type",
        kind=Kind.TEXT,
        placeholder="image/png",
        help="Empty: by the name of the file.",
        show_when={"format": ["text", "base64"]},
        group="options",
        max_length=200,
    )


DOCS = """\
Makes a file of items: of all of them, or one of each.

**Tables.** *CSV*, *Excel*, *OpenDocument* and *HTML* have a row for each item. Without a list of columns these are the
fields of the items, a new one behind those before; `customer.name` takes a value out of an object. What is no text,
number, true or false is written as JSON. Sheets get numbers as numbers, dates as dates, and texts as texts: nothing
becomes a formula. In CSV, texts that a spreadsheet would run are made harmless; *Extract from file* and people see
an apostrophe there.

**Other formats.** *JSON* is a list, of each item an object. *XML*: an element for each item; `$` holds attributes, `_`
text, lists repeat the element. *Calendar*: an event for each item, of `summary`, `start`, `end`, `allDay`,
`description`, `location`, `url`, `uid`, `status`, `organizer`, `attendees`, `rrule`, `categories`. *Text* and *Base64*
write what *Content* gives.

**Many items.** With one file of all, items are read one after another and the file is stored while it is written:
millions need little memory. A sheet has 1,048,576 rows; further ones go to another sheet.

**Output.** One file: an item with `fileName`, `size`, `rows`, and the file. One of each: the items with a file each.

**Errors.** `ValueUnwritable`: base64 is none, a name is none in XML, an event has no start, the encoding has not all
letters. `DataTooLarge`: more than 16,384 columns.

**Example.** Rows of a database, *Excel*, name `orders.xlsx`, then *Send email* with the file `data`.
"""

SPEC = NodeSpec(
    type="convert_to_file",
    name="Convert to file",
    category=Category.DATA,
    icon="file-output",
    summary="Makes a CSV, Excel, JSON or other file of items.",
    docs=DOCS,
    params=Params,
    subtitle="{format}",
    streams_when={"files": ["one"]},
    timeout_seconds=600,
    memory_mb=512,
    errors=("ValueUnwritable",),
    output_example=({"fileName": "orders.csv", "size": 2048, "rows": 50},),
)
