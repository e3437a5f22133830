"""The SQL Server node as a value."""

from typing import Final, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.sql import (
    Keys,
    SqlParams,
    Transactions,
    Updates,
    Value,
    most_rows_field,
    operation_field,
    query_field,
    result_field,
    values_field,
)

MARKS: Final = "@p1, @p2, ..."


class Account(NodeParams):
    """Which database."""

    credential: str = ui(
        ..., title="Database", kind=Kind.CREDENTIAL, credential="sql_server", expression=False, min_length=1
    )


class Params(Updates, Keys, Transactions, SqlParams, Account):
    """What to do in the database."""

    operation: Literal["query", "execute", "insert", "upsert", "update", "delete"] = operation_field(
        "query", "execute", "insert", "upsert", "update", "delete"
    )
    query: str = query_field("SELECT * FROM orders WHERE id = @p1", MARKS)
    values: list[Value] = values_field(MARKS, reads=False)
    result: Literal["items", "file"] = result_field(reads=False)
    most_rows: int = most_rows_field(reads=False)


DOCS = """\
Runs SQL in a Microsoft SQL Server or Azure SQL database for each input item, over one connection, or writes the items
as rows.

Values are bound (`@p1`, `@p2`, ..., by sp_executesql), never written into the SQL, so no value can change what a
statement does. Table and column names are quoted.

**Rows from items.** Neighbouring items with the same columns go in one statement, up to 2,090 values. A field that an
item lacks takes the column's default, `null` is NULL. *Insert or update* is a MERGE by the columns that tell rows
apart. A table with triggers cannot give back its rows (334): write to it with SQL of your own.

**Values.** In rows, by their columns: ISO 8601 with a zone into `datetime2` as UTC, `\\x00ff` or text into `varbinary`,
lists and objects as JSON text. In SQL of one's own: text is `nvarchar`, numbers `int`, `bigint` or `float`.

**What comes back.** Numbers where no digit is lost, else their text: whole numbers from 2^53 on, long decimals. Dates
and times as ISO 8601, `datetimeoffset` with its offset. `bit` is true or false, bytes are `\\x00ff`, everything else is
text. Columns with the same name get a number: `id`, `id_2`.

**Output.** One item per row that the statement returns; inserts and updates give the rows as they are now, deletes
those that are gone. A statement without rows gives `{"affected": n}`.

**Errors.** `DatabaseError` with the server's number and words, `DatabaseUnavailable` (no connection, too many
connections, a deadlock; retried where the node has retries), `DatabaseTimeout`. With *All items or none* any error
undoes all.

**Example.** `SELECT * FROM orders WHERE customer = @p1`, value `{{ $json.customerId }}`.
"""

SPEC = NodeSpec(
    type="sql_server",
    name="SQL Server",
    category=Category.DATA,
    icon="database",
    summary="Reads and writes a Microsoft SQL Server database.",
    docs=DOCS,
    params=Params,
    subtitle="{operation} {table}",
    credentials=("sql_server",),
    network=True,
    layers=("crypto", "tds"),
    timeout_seconds=120,
    errors=("DatabaseError", "DatabaseUnavailable", "DatabaseTimeout", "ConnectionFailed", "AddressForbidden"),
    retryable=("DatabaseUnavailable", "ConnectionFailed"),
    output_example=({"id": 7, "customer": "Ada", "amount": 120.5},),
)
