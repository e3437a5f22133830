"""The database node as a value."""

from typing import Final

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.sql import Keys, Reads, Skipping, SqlParams, Transactions, Updates, query_field

MARKS: Final = "$1, $2, ..."


class Account(NodeParams):
    """Which database."""

    credential: str = ui(
        ...,
        title="Database",
        kind=Kind.CREDENTIAL,
        credential="postgres",
        expression=False,
        min_length=1,
    )


class Params(Updates, Keys, Skipping, Transactions, SqlParams, Reads, Account):
    """What to do in the database."""

    query: str = query_field("SELECT * FROM orders WHERE id = $1", MARKS, " `= ANY($1)` takes a list.")


DOCS = """\
Runs one SQL statement in a Postgres database for each input item, over one connection, or writes the items as rows.

Values are bound by the database driver (`$1`, `$2`, ...), never written into the SQL, so no value can change what a
statement does. Table and column names are quoted.

**Values.** A value goes where the database understands its text: `"5"` into an integer, `5` into a text column. Lists
go into arrays, and into `json` and `jsonb`, which take any value: text that is JSON as it is, other text as a JSON
string. `bytea` takes `\\x00ff` as bytes in hexadecimal, and the UTF-8 bytes of any other text.

**What comes back.** Numbers where no digit is lost, else their text: whole numbers from 2^53 on (big ids), long
decimals, `NaN`, also inside arrays and `jsonb`. Dates and times as ISO 8601; `infinity`, dates BC and years beyond 9999
as Postgres writes them. Arrays are lists. Everything else is text as Postgres writes it: `\\x00ff` (bytea;
`encode(data, 'base64')` gives base64), `1 mon 02:00:00` (interval; `extract(epoch FROM i)` gives seconds), `[1,5)`
(range), `(Ada,7)` (composite; `to_jsonb(c)` gives an object). What came back can be sent again as it is.

**Rows from items.** Neighbouring items with the same columns go in one statement. A field that an item lacks takes the
column's default, `null` is NULL. *Insert or update* needs a unique index on just the columns that tell rows apart.

**Output.** One item per row that the statement returns; inserts and updates return the rows they wrote, deletes those
that are gone. A statement that returns no rows by its nature (`DELETE` without `RETURNING`) gives `{"affected": n}`. A
query that finds nothing gives nothing. *A file of JSON lines* takes more rows than items can be (400 MB).

**Transactions.** *All items or none*, the items of a batch together, or each item on its own. A transaction that the
server undoes for a deadlock is tried again, four times at most.

**For an agent.** SQL that you write with `$1` for what the model says; or *Run SQL from the item, read only*, which
runs the model's own in a transaction that can only read, with a user who may only read.

**Errors.** `DatabaseError` with the SQLSTATE and the server's words, `DatabaseUnavailable` (no connection, too many
connections, a deadlock; retried where the node has retries), `DatabaseTimeout`. With *All items or none* any error
undoes all.

**Example.** `SELECT * FROM orders WHERE customer = $1`, value `{{ $json.customerId }}`.
"""

SPEC = NodeSpec(
    type="database",
    name="Postgres",
    category=Category.DATA,
    icon="database",
    summary="Reads and writes a Postgres database.",
    docs=DOCS,
    params=Params,
    subtitle="{operation} {table}",
    credentials=("postgres",),
    network=True,
    layers=("pg",),
    timeout_seconds=120,
    errors=("DatabaseError", "DatabaseUnavailable", "DatabaseTimeout", "ConnectionFailed", "AddressForbidden"),
    retryable=("DatabaseUnavailable", "ConnectionFailed"),
    output_example=({"id": 7, "customer": "Ada", "amount": 120.5},),
)
