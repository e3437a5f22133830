"""The extract from file node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.parts import FieldNames, Text, names_field

Format = Literal[
    "auto", "csv", "json", "jsonLines", "xlsx", "xls", "ods", "html", "xml", "pdf", "docx", "ics", "text", "base64"
]
_TABLES = ["auto", "csv", "xlsx", "xls", "ods", "html"]
_SHEETS = ["auto", "xlsx", "xls", "ods"]
_TEXTS = ["auto", "csv", "json", "jsonLines", "html", "ics", "text"]


class Params(NodeParams):
    """Which file, and how it is read."""

    file: Text = ui(
        "data",
        title="File",
        kind=Kind.TEXT,
        help="The name of a file that the item has, or an expression that gives one: {{ $binary.data }}.",
        max_length=200,
    )
    format: Format = ui(
        "auto",
        title="Format",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("auto", "By the file itself"),
            ("csv", "CSV"),
            ("json", "JSON"),
            ("jsonLines", "JSON lines"),
            ("xlsx", "Excel (.xlsx)"),
            ("xls", "Excel 97 to 2003 (.xls)"),
            ("ods", "OpenDocument (.ods)"),
            ("html", "Tables of an HTML page"),
            ("xml", "XML"),
            ("pdf", "Text of a PDF"),
            ("docx", "Text of a Word document (.docx)"),
            ("ics", "Calendar (.ics)"),
            ("text", "Text"),
            ("base64", "Base64 of any file"),
        ],
    )
    header: Literal["first", "none", "given"] = ui(
        "first",
        title="Names of columns",
        kind=Kind.SELECT,
        expression=False,
        options=[("first", "In the first row"), ("none", "There are none"), ("given", "I write them here")],
        show_when={"format": _TABLES},
    )
    columns: FieldNames = names_field(
        "Columns",
        placeholder="id, name, price",
        show_when={"header": ["given"], "format": _TABLES},
        required_when_shown=True,
    )
    sheet: Text = ui(
        "",
        title="Sheet",
        kind=Kind.TEXT,
        placeholder="Orders",
        help="Of a workbook: its name, or its number from 1. Empty: the first one; * for all.",
        show_when={"format": _SHEETS},
        max_length=100,
    )
    table: int = ui(
        1,
        title="Table",
        kind=Kind.NUMBER,
        help="Which table of the page, from 1; 0 for all.",
        show_when={"format": ["html"]},
        ge=0,
        le=1000,
    )
    element: Text = ui(
        "",
        title="Element of each item",
        kind=Kind.TEXT,
        placeholder="product",
        help="An item for each element of this name, however large the document is. Empty: one item.",
        show_when={"format": ["xml"]},
        max_length=200,
    )
    pages: Literal["together", "each"] = ui(
        "together",
        title="Pages",
        kind=Kind.SELECT,
        expression=False,
        options=[("together", "One item for all"), ("each", "An item for each")],
        help="Of a PDF.",
        show_when={"format": ["auto", "pdf"]},
    )
    password: Text = ui(
        "",
        title="Password",
        kind=Kind.TEXT,
        help="Of an encrypted PDF.",
        show_when={"format": ["auto", "pdf"]},
        group="options",
        max_length=200,
    )
    types: bool = ui(
        True,
        title="Numbers and true, false are such",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Of texts in CSV and HTML. 007 and long ids stay text.",
        show_when={"format": ["auto", "csv", "html"]},
        group="options",
    )
    delimiter: Text = ui(
        "",
        title="Delimiter",
        kind=Kind.TEXT,
        expression=False,
        placeholder=";",
        help="One character; \\t is a tab. Empty: the one that the first line has.",
        show_when={"format": ["auto", "csv"]},
        group="options",
        max_length=2,
    )
    quotes: Literal["double", "single", "lenient", "none"] = ui(
        "double",
        title="Quotes",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("double", 'Double: "a, b"'),
            ("single", "Single: 'a, b'"),
            ("lenient", "Double, also where they are wrong"),
            ("none", "None: a quote is a letter"),
        ],
        show_when={"format": ["auto", "csv"]},
        group="options",
    )
    ragged: Literal["keep", "fail", "drop"] = ui(
        "keep",
        title="Rows longer than the header",
        kind=Kind.SELECT,
        expression=False,
        options=[("keep", "Get columns more"), ("fail", "Fail"), ("drop", "Lose what is more")],
        show_when={"format": _TABLES},
        group="options",
    )
    skip_rows: int = ui(
        0,
        title="Rows before",
        kind=Kind.NUMBER,
        help="So many rows (of CSV lines) are left out before the names of columns.",
        show_when={"format": _TABLES},
        group="options",
        ge=0,
        le=1_000_000,
    )
    max_rows: int = ui(
        0,
        title="Most items",
        kind=Kind.NUMBER,
        help="0 for all.",
        show_when={"format": [*_TABLES, "jsonLines", "xml", "ics"]},
        group="options",
        ge=0,
        le=10_000_000,
    )
    encoding: Text = ui(
        "",
        title="Encoding",
        kind=Kind.TEXT,
        expression=False,
        placeholder="windows-1252",
        help="Empty: by the byte order mark, the file's type, what it declares, else UTF-8.",
        show_when={"format": _TEXTS},
        group="options",
        max_length=40,
    )


DOCS = """\
Makes items of what is in a file. Files come from triggers and nodes as HTTP request; they stay where they are stored,
and are read piece by piece.

**Tables.** CSV, spreadsheets and HTML tables give an item for each row, with the names of columns as fields. A column
without a name is `column3`, a name that comes twice gets a number. Empty rows are left out; a cell that a row does not
have is null. In CSV and HTML, texts that are plain numbers, `true` and `false` become such; 007, +49 30 and ids of more
than 15 digits stay text. Spreadsheets have types of their own: dates are ISO 8601 (`2026-01-31`, with a time only where
it is not midnight), formulas give the value that was stored last, errors their text (`#DIV/0!`).

**Other formats.** *JSON*: an item for each entry of a list, else one; what is no object is in `value`. *JSON lines*: an
item for each line. *XML*: one item with the document in `data` (attributes under `$`, text beside them under `_`), or
an item for each element of a name. *PDF*: `text`, `pages` and `info`; a scanned page has no text. *Word*: `text`.
*Calendar*: an item for each event and task, with `summary`, `start`, `end` and more; repetitions are not worked out,
`rrule` has their rule. *Text*: `text`. *Base64*: `data`.

**Many rows.** Rows are stored while they are read, so a file of hundreds of megabytes needs little memory. More than
64 MB of items go on only into nodes that take them one after another: *Convert to file* into one file.

**Output.** Items as above. Files of the input item do not go on.

**Errors.** `FormatUnknown`: choose the format. `FileInvalid`: it is damaged or of another format; the message says the
line where there is one. `FileEncrypted`: a PDF or a workbook has a password. `FileNotText`: the encoding is unknown, or
there are bytes that it does not have. `SheetNotFound`: a sheet or table is not there. `XmlForbidden`: a document has a
DOCTYPE or entities. `MarkupTooDeep`: elements are nested without end. `DataTooLarge`: it has more than is read
(20 MB of JSON that is no list, HTML and text; 100 MB of a workbook, 1 GB unpacked).

**Example.** A form sends a price list as `file`: file `file`, format *By the file itself* gives an item for each row.
"""

SPEC = NodeSpec(
    type="extract_from_file",
    name="Extract from file",
    category=Category.DATA,
    icon="file-search",
    summary="Makes items of a CSV, Excel, JSON, PDF or other file.",
    docs=DOCS,
    params=Params,
    subtitle="{format}",
    layers=("office", "pdf", "markup", "crypto"),
    timeout_seconds=600,
    memory_mb=1024,
    errors=(
        "FormatUnknown",
        "FileInvalid",
        "FileEncrypted",
        "FileNotText",
        "SheetNotFound",
        "XmlForbidden",
        "MarkupTooDeep",
    ),
    output_example=({"id": 7, "name": "Tea", "price": 3.5},),
)
