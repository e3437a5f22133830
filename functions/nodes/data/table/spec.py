"""The table node as a value."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.kept import Within, within_field
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text

_WRITES = ["insert", "update", "upsert"]
_FINDS = ["query", "count", "update", "delete"]
_COLUMNS = OptionsFrom("columns", needs=("table", "within"))
_READABLE = OptionsFrom("readable", needs=("table", "within"))
_COLUMN: dict[str, Any] = {"title": "Column", "kind": Kind.TEXT, "expression": False, "min_length": 1, "max_length": 63}

Operator = Literal[
    "equals",
    "notEquals",
    "contains",
    "notContains",
    "startsWith",
    "endsWith",
    "greater",
    "greaterOrEqual",
    "less",
    "lessOrEqual",
    "oneOf",
    "isTrue",
    "isFalse",
    "isEmpty",
    "isNotEmpty",
]


class Value(NodeParams):
    """A column and its value."""

    name: str = ui(..., options_from=_COLUMNS, **_COLUMN)
    value: Any = ui(None, title="Value", kind=Kind.TEXT, placeholder="{{ $json.id }}")


class Key(NodeParams):
    """A column that tells whether a row is there."""

    name: str = ui(..., options_from=_COLUMNS, **_COLUMN)


class Condition(NodeParams):
    """What a row must meet."""

    column: str = ui(..., options_from=_READABLE, **_COLUMN)
    operator: Operator = ui(
        "equals",
        title="Comparison",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("equals", "is"),
            ("notEquals", "is not"),
            ("contains", "contains"),
            ("notContains", "does not contain"),
            ("startsWith", "starts with"),
            ("endsWith", "ends with"),
            ("greater", "is greater, or after"),
            ("greaterOrEqual", "is at least, or not before"),
            ("less", "is less, or before"),
            ("lessOrEqual", "is at most, or not after"),
            ("oneOf", "is one of"),
            ("isTrue", "is true"),
            ("isFalse", "is false"),
            ("isEmpty", "is empty"),
            ("isNotEmpty", "is not empty"),
        ],
    )
    value: Any = ui(
        None,
        title="Value",
        kind=Kind.TEXT,
        show_when={
            "operator": [
                "equals",
                "notEquals",
                "contains",
                "notContains",
                "startsWith",
                "endsWith",
                "greater",
                "greaterOrEqual",
                "less",
                "lessOrEqual",
                "oneOf",
            ]
        },
    )


class Sort(NodeParams):
    """One step of the rows' order."""

    column: str = ui(..., options_from=_READABLE, **_COLUMN)
    direction: Literal["ascending", "descending"] = ui(
        "ascending",
        title="Order",
        kind=Kind.SELECT,
        expression=False,
        options=[("ascending", "Ascending"), ("descending", "Descending")],
    )


class Params(NodeParams):
    """What to do with which rows of which table."""

    operation: Literal["query", "insert", "update", "upsert", "delete", "count"] = ui(
        "query",
        title="Operation",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("query", "Find rows"),
            ("insert", "Insert a row"),
            ("update", "Update rows"),
            ("upsert", "Update a row, or insert it"),
            ("delete", "Delete rows"),
            ("count", "Count rows"),
        ],
    )
    table: Text = ui(
        ...,
        title="Table",
        kind=Kind.TEXT,
        placeholder="Customers",
        options_from=OptionsFrom("tables", needs=("within",)),
        min_length=1,
        max_length=63,
    )
    values: list[Value] = ui(
        ...,
        title="Columns",
        kind=Kind.MAPPING,
        help="Empty takes the item's fields as columns.",
        default_factory=list,
        max_length=100,
        show_when={"operation": _WRITES},
    )
    keys: list[Key] = ui(
        ...,
        title="A row is the same where these columns are",
        kind=Kind.COLLECTION,
        default_factory=list,
        max_length=20,
        show_when={"operation": ["upsert"]},
        required_when_shown=True,
    )
    conditions: list[Condition] = ui(
        ...,
        title="Rows where",
        kind=Kind.COLLECTION,
        default_factory=list,
        max_length=50,
        show_when={"operation": _FINDS},
    )
    match: Literal["all", "any"] = ui(
        "all",
        title="Match",
        kind=Kind.SELECT,
        expression=False,
        options=[("all", "All conditions"), ("any", "Any condition")],
        show_when={"operation": _FINDS},
    )
    sort: list[Sort] = ui(
        ...,
        title="Order by",
        kind=Kind.COLLECTION,
        default_factory=list,
        max_length=10,
        show_when={"operation": ["query"]},
    )
    limit: int = ui(
        100,
        title="At most",
        kind=Kind.NUMBER,
        show_when={"operation": ["query"]},
        ge=1,
        le=100_000,
    )
    skip: int = ui(
        0,
        title="Skip",
        kind=Kind.NUMBER,
        show_when={"operation": ["query"]},
        group="options",
        ge=0,
        le=100_000,
    )
    ignore_case: bool = ui(
        False,
        title="Ignore upper and lower case",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when={"operation": _FINDS},
        group="options",
    )
    missing: Literal["fail", "ignore", "create"] = ui(
        "fail",
        title="Where there is no such column",
        kind=Kind.SELECT,
        expression=False,
        help="“Make it” makes the table, too.",
        options=[("fail", "Fail"), ("ignore", "Leave the value out"), ("create", "Make it")],
        show_when={"operation": _WRITES},
        group="options",
    )
    all_rows: bool = ui(
        False,
        title="All rows, where there are no conditions",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when={"operation": ["update", "delete"]},
        group="options",
    )
    within: Within = within_field()


DOCS = """\
Reads and writes rows of a table of its project (*Shared with*: of the workspace). Tables and their columns (text,
number, boolean, date, JSON) are made under *Data*, where their rows are a grid, or by this node (*Where there is no
such column*: *Make it*).

**Values.** Text goes into a number, boolean or date column where it is one; a date without an offset is in the
workflow's time zone and comes back in UTC. Numbers keep their digits. Empty text is an empty value, except in text
columns. A value that does not fit is an error that names the column.

**Find, count, update, delete** take the rows that meet the conditions. A condition without a value is an error, not a
match: compare with *is empty*. Update and delete without conditions need *All rows*. Text is compared and ordered
by code points; empty values come last.

**Update, or insert.** The row whose key columns have the item's values is updated, else one is inserted; an empty
value, 0 and false are values like others. Two executions at once do not insert twice.

**Retries.** A row is inserted once, however often the item is tried.

**Output.** *Find*: one item per row, with `id`, the columns, `createdAt` and `updatedAt`. *Insert*, *update or insert*:
the row. *Update*: the rows that were changed (the first 1,000). *Delete*: `deleted`, how many. *Count*:
`count`.

**Errors.** `TableNotFound`, `ColumnUnknown`, `ColumnMismatch`; `StoreKeyInvalid` and `StoreValueInvalid` for what
cannot be stored (a row has 256 KB at most); `StoreFull` beyond 100,000 rows, 100 columns or 100 tables;
`StoreUnavailable` (a retry can help).

**Example.** *Update a row, or insert it*, table `Customers`, key `email`: one row for each address, whatever comes in.
"""

SPEC = NodeSpec(
    type="table",
    name="Data table",
    category=Category.DATA,
    icon="table",
    summary="Reads and writes rows of a table.",
    docs=DOCS,
    params=Params,
    subtitle="{operation} {table}",
    uses_store=True,
    timeout_seconds=120,
    errors=(
        "TableNotFound",
        "ColumnUnknown",
        "ColumnMismatch",
        "StoreKeyInvalid",
        "StoreValueInvalid",
        "StoreFull",
        "StoreUnavailable",
    ),
    retryable=("StoreUnavailable",),
    output_example=(
        {
            "id": 1,
            "email": "ada@example.com",
            "orders": 3,
            "createdAt": "2026-11-24T09:00:00.000Z",
            "updatedAt": "2026-11-24T09:00:00.000Z",
        },
    ),
)
