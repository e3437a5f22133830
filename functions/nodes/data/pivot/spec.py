"""The pivot node as a value."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.parts import FieldNames, Text, dots_field, names_field
from stepweave.spec.totals import OPERATIONS, Operation, text_numbers_field, unreadable_field

_PIVOT = {"mode": ["pivot"]}
_UNPIVOT = {"mode": ["unpivot"]}


class Params(NodeParams):
    """Which way, and which fields."""

    mode: Literal["pivot", "unpivot"] = ui(
        "pivot",
        title="Mode",
        kind=Kind.SELECT,
        expression=False,
        options=[("pivot", "Pivot: values become columns"), ("unpivot", "Unpivot: columns become items")],
    )
    rows: FieldNames = names_field(
        "Rows", placeholder="country", help="An item for each value of these fields; empty: one item.", show_when=_PIVOT
    )
    column: Text = ui(
        "",
        title="Columns",
        kind=Kind.TEXT,
        placeholder="month",
        help="The field whose values become names of fields.",
        show_when=_PIVOT,
        required_when_shown=True,
        max_length=500,
    )
    value: Text = ui(
        "",
        title="Values",
        kind=Kind.TEXT,
        placeholder="total",
        help="The field that the columns are filled with.",
        show_when=_PIVOT,
        required_when_shown=True,
        max_length=500,
    )
    operation: Operation = ui(
        "first",
        title="Several values are",
        kind=Kind.SELECT,
        expression=False,
        options=OPERATIONS,
        show_when=_PIVOT,
    )
    percentile: float = ui(
        90,
        title="Percentile",
        kind=Kind.NUMBER,
        expression=False,
        show_when={**_PIVOT, "operation": ["percentile"]},
        ge=0,
        le=100,
    )
    fill: Any = ui(
        None, title="Where there is no value", kind=Kind.TEXT, placeholder="0", show_when=_PIVOT, group="options"
    )
    prefix: Text = ui(
        "", title="Columns' names begin with", kind=Kind.TEXT, show_when=_PIVOT, group="options", max_length=100
    )
    text_numbers: bool = text_numbers_field()
    unreadable: Literal["fail", "skip"] = unreadable_field()
    which: Literal["except", "only"] = ui(
        "except",
        title="Columns",
        kind=Kind.SELECT,
        expression=False,
        options=[("except", "All fields but these"), ("only", "Only these fields")],
        show_when=_UNPIVOT,
    )
    fields: FieldNames = names_field("Fields", placeholder="id, name", show_when=_UNPIVOT)
    name_output: Text = ui(
        "name", title="Field for the column's name", kind=Kind.TEXT, show_when=_UNPIVOT, min_length=1, max_length=500
    )
    value_output: Text = ui(
        "value", title="Field for its value", kind=Kind.TEXT, show_when=_UNPIVOT, min_length=1, max_length=500
    )
    skip_empty: bool = ui(
        False,
        title="Leave empty values out",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Values that are null or empty text.",
        show_when=_UNPIVOT,
        group="options",
    )
    dots: bool = dots_field()


DOCS = """\
*Pivot* makes a table of a list: an item for each row, a field for each value of *Columns*, filled with *Values*.
*Unpivot* is the way back: an item for each of an item's columns.

**Pivot.** Items are of one row where the fields of *Rows* are the same (as in [Summarize](summarize.md)). A column is
called by its value as text; a column value that is missing or null is called `null`. Columns and rows stand in the
order in which they come first. Where a row has several values for a column they are made one: the first, their sum,
their list and so on; where it has none, the item has what *Where there is no value* says, or null.

**Unpivot.** Each column gives an item with the other fields, the column's name and its value; the item's files stay
with it.

**Output.** Of a pivot, items that belong to all items of their row, without files. Of an unpivot, items that belong
to theirs.

**Errors.** `ValueMismatch`: a value is no number where one is asked for, or a column is called as a field of the row
is; a prefix tells them apart. `DataTooLarge`: more than 1,000 columns. `ParameterInvalid`: a field is not named.

**Example.** Rows `country`, columns `month`, values `total`, *Sum*: `{"country": "DE", "Jan": 100, "Feb": 20.5}`.
"""

SPEC = NodeSpec(
    type="pivot",
    name="Pivot",
    category=Category.DATA,
    icon="table-2",
    summary="Makes columns of a field's values, or items of columns.",
    docs=DOCS,
    params=Params,
    subtitle="{mode}",
    timeout_seconds=60,
    memory_mb=512,
    errors=("ValueMismatch",),
    output_example=({"country": "DE", "Jan": 100, "Feb": 20.5},),
)
