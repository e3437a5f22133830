"""The form that nodes for SQL databases share: what to do, to which table, with which values, within which limits."""

from typing import Any, Final, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import FieldNames, Text

Operation = Literal["query", "execute", "read", "insert", "upsert", "update", "delete"]
OPERATIONS: Final[dict[str, str]] = {
    "query": "Run SQL",
    "execute": "Run SQL, count rows",
    "read": "Run SQL from the item, read only",
    "insert": "Insert rows",
    "upsert": "Insert or update rows",
    "update": "Update rows",
    "delete": "Delete rows",
}
_SQL: Final = ("query", "execute")
_READ: Final = ("read",)
_ROWS: Final = ("insert", "upsert", "update", "delete")
_TABLES: Final = OptionsFrom("tables", needs=("credential",), searches=True)
MOST_ROWS: Final = 100_000
"""Rows that a step carries as items."""


class Value(NodeParams):
    """One bound value of a statement."""

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
        max_length=128,
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
        max_length=128,
    )


def operation_field(*names: str) -> Any:
    """Return the field with the operations that a node has: some of `OPERATIONS`."""
    return ui(
        "query",
        title="Operation",
        kind=Kind.SELECT,
        expression=False,
        options=[(name, OPERATIONS[name]) for name in names],
    )


def query_field(placeholder: str, marks: str, more: str = "") -> Any:
    """Return the field for SQL. `marks` says how places for values are written: `$1, $2, ...`."""
    return ui(
        "",
        title="SQL",
        kind=Kind.SQL,
        language="sql",
        expression=False,
        placeholder=placeholder,
        help=f"One statement. Values come in as {marks}: never write them into the SQL.{more}",
        show_when={"operation": list(_SQL)},
        required_when_shown=True,
        max_length=100_000,
    )


def values_field(marks: str, *, reads: bool = True) -> Any:
    """Return the field for the values of SQL; `marks` as of `query_field`, `reads`: the node has the operation."""
    return ui(
        ...,
        title=f"Values for {marks}",
        kind=Kind.COLLECTION,
        help="One row for each, in their order. The database takes them as values, whatever is in them.",
        default_factory=list,
        max_length=500,
        show_when={"operation": [*_SQL, *_READ[:reads]]},
    )


def table_field(placeholder: str, options_from: OptionsFrom | None = _TABLES) -> Any:
    """Return the field for a table's name."""
    return ui(
        "",
        title="Table",
        kind=Kind.TEXT,
        expression=False,
        placeholder=placeholder,
        options_from=options_from,
        show_when={"operation": list(_ROWS)},
        required_when_shown=True,
        max_length=400,
    )


def columns_field(kind: Kind = Kind.MAPPING) -> Any:
    """Return the field for the columns that are written."""
    return ui(
        ...,
        title="Columns",
        kind=kind,
        help="Empty takes the item's fields as columns.",
        default_factory=list,
        max_length=500,
        show_when={"operation": ["insert", "upsert", "update"]},
    )


def match_field() -> Any:
    """Return the field for the columns that find rows."""
    return ui(
        ...,
        title="Where",
        kind=Kind.COLLECTION,
        help="Rows that have all these values are updated or deleted.",
        default_factory=list,
        max_length=50,
        show_when={"operation": ["update", "delete"]},
        required_when_shown=True,
    )


def _names_field(title: str, help: str, *, required: bool = False, choices: bool = True) -> Any:
    needs = ("credential", "table")
    return ui(
        "",
        title=title,
        kind=Kind.TEXT,
        expression=False,
        placeholder="id, region",
        help=help,
        options_from=OptionsFrom("writable", needs=needs, separator=",") if choices else None,
        show_when={"operation": ["upsert"]},
        required_when_shown=required,
        validate_default=True,
        max_length=2_000,
    )


def keys_field(*, choices: bool = True) -> Any:
    """Return the field for the columns by which an upsert tells rows apart."""
    return _names_field(
        "Columns that tell rows apart",
        "A row that has the same values there is updated. The table needs a unique index on just these.",
        required=True,
        choices=choices,
    )


def updates_field(*, choices: bool = True) -> Any:
    """Return the field for the columns that an upsert changes."""
    return _names_field(
        "Columns to change",
        "In rows that are there already. Empty changes all that are written.",
        choices=choices,
    )


def result_field(*, reads: bool = True) -> Any:
    """Return the field that says how rows come; `reads` as of `values_field`."""
    return ui(
        "items",
        title="Rows come as",
        kind=Kind.SELECT,
        expression=False,
        options=[("items", "Items"), ("file", "A file of JSON lines")],
        help="A file takes as many rows as there are, and holds none of them in memory.",
        show_when={"operation": ["query", *_READ[:reads]]},
        group="options",
    )


def most_rows_field(*, reads: bool = True) -> Any:
    """Return the field for the most rows; `reads` as of `values_field`."""
    return ui(
        MOST_ROWS,
        title="Most rows of an item",
        kind=Kind.NUMBER,
        expression=False,
        help="A statement that returns more fails.",
        show_when={"operation": ["query", *_READ[:reads]]},
        group="options",
        ge=1,
        le=MOST_ROWS,
    )


class Sql(NodeParams):
    """What to do, and the author's SQL."""

    operation: Operation = operation_field(*OPERATIONS)
    query: str = query_field("SELECT * FROM orders WHERE id = $1", "$1, $2, ...")


class Reads(Sql):
    """For databases with transactions that only read."""

    statement: Text = ui(
        "",
        title="SQL of the item",
        kind=Kind.TEXT,
        placeholder="{{ $json.sql }}",
        help="One statement, which may only read. Give the credential a user who may only read, too.",
        show_when={"operation": ["read"]},
        required_when_shown=True,
        max_length=100_000,
    )


class SqlParams(Sql):
    """What to do in a database. Nodes put the credential before, say how things are written, and add parts."""

    values: list[Value] = values_field("$1, $2, ...")
    table: Text = table_field("orders or sales.orders")
    columns: list[Column] = columns_field()
    match: list[Match] = match_field()
    result: Literal["items", "file"] = result_field()
    batch_size: int = ui(
        1_000,
        title="Items in a batch",
        kind=Kind.NUMBER,
        expression=False,
        help="So many are inserted at once, or are a transaction where that is of a batch.",
        group="options",
        ge=1,
        le=10_000,
    )
    most_rows: int = most_rows_field()
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


class Transactions(NodeParams):
    """What is undone with what: of nodes whose database is a server."""

    transaction: Literal["all", "batch", "item"] = ui(
        "all",
        title="Transaction",
        kind=Kind.SELECT,
        expression=False,
        options=[("all", "All items or none"), ("batch", "All items of a batch"), ("item", "Each item on its own")],
        group="options",
    )


class Skipping(NodeParams):
    """For databases that can leave rows that are there already."""

    on_conflict: Literal["fail", "skip"] = ui(
        "fail",
        title="When the row is there already",
        kind=Kind.SELECT,
        expression=False,
        options=[("fail", "Fail"), ("skip", "Leave it as it is")],
        show_when={"operation": ["insert"]},
        group="options",
    )


class Keys(NodeParams):
    """For databases that must be told what tells rows apart."""

    keys: FieldNames = keys_field()


class Updates(NodeParams):
    """What an upsert changes."""

    updates: FieldNames = updates_field()
