"""The if node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec, Port
from stepweave.spec.parts import Condition, operator_options


class Params(NodeParams):
    """The conditions."""

    conditions: list[Condition] = ui(
        ...,
        title="Conditions",
        kind=Kind.CONDITIONS,
        operators=operator_options(),
        min_length=1,
        max_length=100,
    )
    combine: Literal["and", "or"] = ui(
        "and",
        title="Match",
        kind=Kind.SELECT,
        expression=False,
        options=[("and", "All conditions"), ("or", "Any condition")],
    )
    ignore_case: bool = ui(
        False,
        title="Ignore upper and lower case",
        kind=Kind.BOOLEAN,
        expression=False,
        group="options",
    )


DOCS = """\
Sends each item to *true* or *false*. The conditions are checked item by item, so one list can take both ways.

**Output.** Every input item, unchanged, on `true` or `false`. A way that no item takes is not run.

**Empty values.** Nothing is greater or less than an empty value, and an empty value equals only another one. Numbers
and dates written as text count as numbers and dates.

**Errors.** `ValueMismatch` when a value is not of the condition's type (`abc` compared as a number), `PatternInvalid`
when a pattern cannot be read or takes too long.

**Example.** `{{ $json.amount }}`, *Number*, *is greater than*, `1000`.
"""

SPEC = NodeSpec(
    type="if",
    name="If",
    category=Category.FLOW,
    icon="split",
    summary="Sends each item one way or the other.",
    docs=DOCS,
    params=Params,
    outputs=(Port("true", "True"), Port("false", "False")),
    timeout_seconds=30,
    errors=("ValueMismatch", "PatternInvalid"),
    output_example=({"id": 7, "amount": 1200},),
)
