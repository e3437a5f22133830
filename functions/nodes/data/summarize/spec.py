"""The summarize node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec, Port
from stepweave.spec.parts import FieldNames, Text, dots_field, names_field
from stepweave.spec.totals import OPERATIONS, Operation, text_numbers_field, unreadable_field


class Summary(NodeParams):
    """One value of each group."""

    operation: Operation = ui("count", title="Summary", kind=Kind.SELECT, expression=False, options=OPERATIONS)
    field: Text = ui(
        "",
        title="Field",
        kind=Kind.TEXT,
        placeholder="order.total",
        help="Count without a field counts the items.",
        max_length=500,
    )
    output: Text = ui(
        "", title="Name", kind=Kind.TEXT, help="Empty: the summary and the field, as sum_total.", max_length=500
    )
    separator: Text = ui(
        ", ",
        title="Between the texts",
        kind=Kind.TEXT,
        expression=False,
        show_when={"operation": ["concatenate"]},
        max_length=100,
    )
    percentile: float = ui(
        90,
        title="Percentile",
        kind=Kind.NUMBER,
        expression=False,
        show_when={"operation": ["percentile"]},
        ge=0,
        le=100,
    )


class Params(NodeParams):
    """What is summed up, and by what."""

    summaries: list[Summary] = ui(
        ...,
        title="Summaries",
        kind=Kind.COLLECTION,
        required_when_shown=True,
        default_factory=list,
        max_length=50,
    )
    group_by: FieldNames = names_field(
        "Group by", placeholder="country, customer.plan", help="Empty: all items are one group."
    )
    output: Literal["items", "one"] = ui(
        "items",
        title="Output",
        kind=Kind.SELECT,
        expression=False,
        options=[("items", "An item for each group"), ("one", "One item, with the groups in it")],
    )
    include_empty: bool = ui(
        False,
        title="Count empty values",
        kind=Kind.BOOLEAN,
        expression=False,
        help="In counts and lists: values that are missing, null or empty text.",
        group="options",
    )
    text_numbers: bool = text_numbers_field()
    unreadable: Literal["fail", "skip"] = unreadable_field()
    without_group: Literal["keep", "skip"] = ui(
        "keep",
        title="Items without a field to group by",
        kind=Kind.SELECT,
        expression=False,
        options=[("keep", "Are a group of their own"), ("skip", "Are left out")],
        group="options",
    )
    missing: Literal["fail", "empty"] = ui(
        "fail",
        title="A field that no item has",
        kind=Kind.SELECT,
        expression=False,
        options=[("fail", "End with an error"), ("empty", "Give an empty value")],
        group="options",
    )
    dots: bool = dots_field()


DOCS = """\
Sums items up: counts, sums, averages, extremes, lists and more of their fields, for all of them or by group. Items
are of one group where the fields to group by are the same: `1` and `1.0` are, `1` and the text `1` are not; a missing
field is null.

**Summaries.** *Count*, *Sum* and the rest leave empty values out (missing, null, empty text); counts and lists take
them where that is switched on. Sums and the like read text that is a number, unless that is switched off. *Smallest*
and *Largest* work for anything, in the order of [Sort](sort.md). *Percentile* and *Median* lie on the line between
two numbers, as SQL's `PERCENTILE_CONT`. Of no numbers at all the sum is 0, an average null.

**Output.** An item for each group, in the order in which the groups come first: the fields to group by, then the
summaries, called `count_id`, `unique_count_id`, `sum_total`, `average_total`, `min_`, `max_`, `appended_`,
`distinct_`, `concatenated_`, `first_`, `last_`, `median_`, `p90_`, `stddev_` or `stddev_population_` and the field,
in which dots and blanks are `_` (`customer.plan` is `customer_plan`), or as you name them. As *one item*, groups are
objects called by their values, one in the other. Each item belongs to all items of its group. Files are left behind.

**Errors.** `ValueMismatch`: a value to sum is no number (it names the item), or a result is too large.
`ParameterInvalid`: no summary, a field that no item has, or two of one name.

**Example.** Group by `country`, *Sum* of `total` and *Count*: `{"country": "DE", "sum_total": 120.5, "count": 2}`.
"""

SPEC = NodeSpec(
    type="summarize",
    name="Summarize",
    category=Category.DATA,
    icon="sigma",
    summary="Counts, sums and averages items, by group.",
    docs=DOCS,
    params=Params,
    outputs=(Port("main"),),
    timeout_seconds=60,
    memory_mb=512,
    errors=("ValueMismatch",),
    output_example=({"country": "DE", "sum_total": 120.5, "count": 2},),
)
