"""The SQLite node as a value."""

from typing import Any, Final

from stepweave.spec.fields import Kind, ui
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.parts import FieldNames, Text
from stepweave.spec.sql import (
    Column,
    Keys,
    Reads,
    Skipping,
    SqlParams,
    Updates,
    Value,
    columns_field,
    keys_field,
    query_field,
    table_field,
    updates_field,
    values_field,
)

MARKS: Final = "?"


class PlainColumn(Column):
    """A column and its value. Which there are is known only when the file is there."""

    name: str = ui(..., title="Column", kind=Kind.TEXT, expression=False, min_length=1, max_length=128)


class File:
    """Which database."""

    file: Any = ui(
        "data",
        title="Database file",
        kind=Kind.TEXT,
        help="The name of the item's file, or an expression that gives a file. Empty begins a new database.",
    )


class Params(Updates, Keys, Skipping, SqlParams, Reads, File):
    """What to do in the database."""

    query: str = query_field("SELECT * FROM orders WHERE id = ?", MARKS)
    values: list[Value] = values_field(MARKS)
    table: Text = table_field("orders", None)
    columns: list[PlainColumn] = columns_field(Kind.COLLECTION)  # type: ignore[assignment]  # a list of narrower rows
    match: list[PlainColumn] = ui(  # type: ignore[assignment]  # the same
        ...,
        title="Where",
        kind=Kind.COLLECTION,
        help="Rows that have all these values are updated or deleted.",
        default_factory=list,
        max_length=50,
        show_when={"operation": ["update", "delete"]},
        required_when_shown=True,
    )
    keys: FieldNames = keys_field(choices=False)
    updates: FieldNames = updates_field(choices=False)


DOCS = """\
Works with a SQLite database that is a file: one that an item has, or a new one.

*Run SQL* and *Run SQL from the item* only read. All others change the database, and give the changed file back with
each item that comes out, as `data`; the file that came in stays what it was. Items with the same file change it one
after the other, all or none of them.

Values are bound (`?`), never written into the SQL. Table and column names are quoted.

**What is refused.** `ATTACH`, `VACUUM`, extensions, transactions of one's own, `PRAGMA` beyond those that describe the
database (and `user_version`, `application_id`, `foreign_keys`), several statements in one, files of more than 200 MB.

**Values.** Numbers and text as they are, `true` as 1, lists and objects as JSON text. `\\x00ff` is bytes in a column of
type `BLOB`, and so is `{"type": "Buffer", "data": [...]}` everywhere. What comes back: numbers (whole ones from 2^53 on
as text), text, bytes as `\\x00ff`. SQLite has no booleans, dates or JSON: they are what was written.

**Output.** One item per row; inserts, updates and deletes give the rows they wrote or deleted. A statement without rows
gives `{"affected": n}`. Columns with the same name get a number: `id`, `id_2`.

**Errors.** `DatabaseError` with SQLite's code and words (a rule that is broken, no database, a damaged file),
`DatabaseTimeout`, `DataMissing` (the file is gone).

**Example.** File `data`, SQL `SELECT name FROM customers WHERE city = ?`, value `{{ $json.city }}`.
"""

SPEC = NodeSpec(
    type="sqlite",
    name="SQLite file",
    category=Category.DATA,
    icon="database",
    summary="Reads and changes a SQLite database that is a file.",
    docs=DOCS,
    params=Params,
    subtitle="{operation} {table}",
    timeout_seconds=120,
    errors=("DatabaseError", "DatabaseTimeout"),
    output_example=({"id": 7, "customer": "Ada", "amount": 120.5},),
)
