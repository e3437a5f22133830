"""The MySQL node as a value."""

from typing import Final

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.sql import Reads, Skipping, SqlParams, Transactions, Updates, Value, query_field, values_field

MARKS: Final = "?"


class Account(NodeParams):
    """Which database."""

    credential: str = ui(
        ..., title="Database", kind=Kind.CREDENTIAL, credential="mysql", expression=False, min_length=1
    )


class Params(Updates, Skipping, Transactions, SqlParams, Reads, Account):
    """What to do in the database."""

    query: str = query_field("SELECT * FROM orders WHERE id = ?", MARKS)
    values: list[Value] = values_field(MARKS)


DOCS = """\
Runs one SQL statement in a MySQL or MariaDB database for each input item, over one connection, or writes the items as
rows.

Values are bound by the server (`?`, prepared statements), never written into the SQL, so no value can change what a
statement does. Table and column names are quoted. The session is in UTC, and strict: a value that does not fit is
refused, not cut.

**Rows from items.** Neighbouring items with the same columns go in one statement. A field that an item lacks takes the
column's default, `null` is NULL. *Insert or update* changes the row whose primary key or unique index has the same
values.

**Values.** In rows, by their columns: JSON into `json`, `\\x00ff` or text into `blob`, ISO 8601 with a zone into
`datetime` and `timestamp` (as UTC). In SQL of one's own: numbers, text, `true` as 1, lists and objects as JSON.

**What comes back.** Numbers where no digit is lost, else their text: whole numbers from 2^53 on, long decimals. Dates
and times as ISO 8601, `timestamp` with `+00:00`; zero dates as they are (`0000-00-00`). `json` of MySQL is the value;
MariaDB's is text, as it has no such type. Bytes as `\\x00ff`. Columns with the same name get a number: `id`, `id_2`.

**Output.** One item per row that the statement returns. Inserts and deletes return the rows where the server can
(MariaDB 10.5); MySQL cannot: inserts give the values as they were sent (one alone with `insertId`). Updates and
statements without rows give `{"affected": n}`: MySQL counts only rows that are other than before.

**Errors.** `DatabaseError` with the server's number, SQLSTATE and words, `DatabaseUnavailable` (no connection, too many
connections, a deadlock; retried where the node has retries), `DatabaseTimeout`. With *All items or none* any error
undoes all. MySQL itself ends only reading statements in time; MariaDB ends all.

**Example.** `SELECT * FROM orders WHERE customer = ?`, value `{{ $json.customerId }}`.
"""

SPEC = NodeSpec(
    type="mysql",
    name="MySQL",
    category=Category.DATA,
    icon="database",
    summary="Reads and writes a MySQL or MariaDB database.",
    docs=DOCS,
    params=Params,
    subtitle="{operation} {table}",
    credentials=("mysql",),
    network=True,
    layers=("crypto", "mysql"),
    timeout_seconds=120,
    errors=("DatabaseError", "DatabaseUnavailable", "DatabaseTimeout", "ConnectionFailed", "AddressForbidden"),
    retryable=("DatabaseUnavailable", "ConnectionFailed"),
    output_example=({"id": 7, "customer": "Ada", "amount": 120.5},),
)
