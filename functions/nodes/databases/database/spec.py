"""The database node as a value."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text


class Value(NodeParams):
    """One bound parameter of a query: the first is `$1`."""

    value: Any = ui(None, title="Value", kind=Kind.TEXT, placeholder="{{ $json.id }}")


class Column(NodeParams):
    """A column and its value."""

    name: str = ui(
        ...,
        title="Column",
        kind=Kind.TEXT,
        expression=False,
        options_from=OptionsFrom("writable", needs=("credential", "table")),
        min_length=1,
        max_length=63,
    )
    value: Any = ui(None, title="Value", kind=Kind.TEXT, placeholder="{{ $json.id }}")


class Match(Column):
    """A column that finds the rows, and the value that they have there."""

    name: str = ui(
        ...,
        title="Column",
        kind=Kind.TEXT,
        expression=False,
        options_from=OptionsFrom("columns", needs=("credential", "table")),
        min_length=1,
        max_length=63,
    )


class Params(NodeParams):
    """What to do in the database."""

    credential: str = ui(
        ...,
        title="Database",
        kind=Kind.CREDENTIAL,
        credential="postgres",
        expression=False,
        min_length=1,
    )
    operation: Literal["query", "insert", "update"] = ui(
        "query",
        title="Operation",
        kind=Kind.SELECT,
        expression=False,
        options=[("query", "Run SQL"), ("insert", "Insert rows"), ("update", "Update rows")],
    )
    query: str = ui(
        "",
        title="SQL",
        kind=Kind.SQL,
        language="sql",
        expression=False,
        placeholder="SELECT * FROM orders WHERE id = $1",
        help="One statement. Values come in as $1, $2, ...: never write them into the SQL. `= ANY($1)` takes a list.",
        show_when={"operation": ["query"]},
        required_when_shown=True,
        max_length=100_000,
    )
    values: list[Value] = ui(
        ...,
        title="Values for $1, $2, ...",
        kind=Kind.COLLECTION,
        default_factory=list,
        max_length=500,
        show_when={"operation": ["query"]},
    )
    table: Text = ui(
        "",
        title="Table",
        kind=Kind.TEXT,
        expression=False,
        placeholder="orders or sales.orders",
        options_from=OptionsFrom("tables", needs=("credential",), searches=True),
        show_when={"operation": ["insert", "update"]},
        required_when_shown=True,
        max_length=127,
    )
    columns: list[Column] = ui(
        ...,
        title="Columns",
        kind=Kind.MAPPING,
        help="Empty takes the item's fields as columns.",
        default_factory=list,
        max_length=500,
        show_when={"operation": ["insert", "update"]},
    )
    match: list[Match] = ui(
        ...,
        title="Where",
        kind=Kind.COLLECTION,
        help="Rows that have all these values are updated.",
        default_factory=list,
        max_length=50,
        show_when={"operation": ["update"]},
        required_when_shown=True,
    )
    on_conflict: Literal["fail", "skip"] = ui(
        "fail",
        title="When the row is there already",
        kind=Kind.SELECT,
        expression=False,
        options=[("fail", "Fail"), ("skip", "Leave it as it is")],
        show_when={"operation": ["insert"]},
        group="options",
    )
    transaction: Literal["all", "item"] = ui(
        "all",
        title="Transaction",
        kind=Kind.SELECT,
        expression=False,
        options=[("all", "All items or none"), ("item", "Each item on its own")],
        group="options",
    )
    timeout_seconds: float = ui(
        30,
        title="Time-out in seconds",
        kind=Kind.NUMBER,
        expression=False,
        help="For one statement.",
        group="options",
        gt=0,
        le=300,
    )


DOCS = """\
Runs one SQL statement in a Postgres database for each input item, over one connection.

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

**Output.** One item per row that the statement returns; inserts and updates return the rows they wrote. A statement
that returns no rows by its nature (`DELETE` without `RETURNING`) gives `{"affected": n}`. A query that finds nothing
gives nothing.

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
