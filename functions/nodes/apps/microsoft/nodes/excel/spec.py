"""The Excel node as a value."""

from functions.nodes.apps.microsoft.graph import microsoft_app
from stepweave.spec.operation_forms import app_node, operations_in

APP = microsoft_app(operations_in(__package__), most_mb=40)

DOCS = """\
Works with the rows of workbooks (`.xlsx`) on OneDrive and SharePoint, without downloading them.

**Rows of** names a table (`Table1`), a worksheet (`Sheet1!`) or a part of one (`Sheet1!A3:F500`, `Sheet1!A:F`), whose
first row has the names of the columns. Prefer tables: rows are appended to them whatever others do at the same time,
while in a worksheet the row below the last one is written, so two workflows at a time write over each other.

**Values.** Text is read as if it were typed in, so that dates and numbers become such. What would be a formula
(`=…`, `+…`, `-…`, `@…`) stays text, unless *Text may be a formula* is on; numbers with zeros in front or more than
15 digits stay text, so that no digit is lost. Dates come as days since 1900, or as text with *As shown in Excel*.

**Appending** is done once: where no answer comes, the node fails with `OutcomeUnknown` and does not try again by
itself. *Append or update* may be. `RowNotFound`: an update finds no row. A workbook that somebody has locked is tried
again where the node has retries.

**Example.** Row, Append or update: rows of `Customers`, known by `Email`, columns `Email` `{{ $json.email }}`,
`Name` `{{ $json.name }}`.
"""

SPEC = app_node(
    APP,
    type="microsoft_excel",
    name="Excel",
    icon="file-spreadsheet",
    summary="Reads, appends and changes rows of tables and worksheets.",
    docs=DOCS,
    errors=("OutcomeUnknown", "RowNotFound"),
)
