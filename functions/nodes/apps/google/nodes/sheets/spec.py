"""The Google Sheets node as a value."""

from functions.nodes.apps.google.api import google_app
from stepweave.spec.operation_forms import app_node, operations_in

APP = google_app("https://sheets.googleapis.com", operations_in(__package__), timeout_seconds=60, most_mb=50)

DOCS = """\
Works with the rows of spreadsheets, by the names that their columns have in the header row. These are read anew for
each request, so rows stay right when columns are moved or inserted: a name that is not there is an error.

Without **Columns**, the item's fields are written to the columns of their names. A column without a name is called by
its letter, the second of two with one name `Name_2`. Rows have their number in `row_number`.

Google takes 60 reads and 60 writes a minute of a person. Rows of up to 500 items go with one request; leave the node's
items together instead of looping over them.

`SheetMissing`, `ColumnMissing`, `RowMissing` name what there is. `OutcomeUnknown`: Google did not answer to an append,
a deletion or a new spreadsheet, which may have been done, so it is not tried again by itself.

**Example.** Row, Append or update: key column `Email`, columns `Email` = `{{ $json.email }}`, `Name` =
`{{ $json.name }}`.
"""

SPEC = app_node(
    APP,
    type="google_sheets",
    name="Google Sheets",
    icon="table-2",
    summary="Reads, appends, updates and deletes rows of spreadsheets.",
    docs=DOCS,
    errors=("ColumnMissing", "OutcomeUnknown", "RowMissing", "SheetMissing"),
)
