"""The if node as a value."""

from stepweave.spec.conditions import (
    Combine,
    Condition,
    TypeValidation,
    combine_field,
    conditions_field,
    type_validation_field,
)
from stepweave.spec.fields import NodeParams
from stepweave.spec.node import Category, NodeSpec, Port
from stepweave.spec.parts import ignore_case_field


class Params(NodeParams):
    """The conditions."""

    conditions: list[Condition] = conditions_field("Conditions")
    combine: Combine = combine_field()
    ignore_case: bool = ignore_case_field()
    type_validation: TypeValidation = type_validation_field()


DOCS = """\
Sends each item to *true* or *false*. The conditions are checked item by item, so one list can take both ways.

**Output.** Every input item, unchanged, on `true` or `false`. A way that no item takes is not run.

**Empty values.** Nothing is greater or less than an empty value, and an empty value equals only another one. As text it
is the empty text; a date that is missing meets no comparison.

**Values.** They are converted to the condition's type where they can be; with *Values of another type: fail* they must
have it. Dates without an offset are in the workflow's time zone; patterns are JavaScript's (`/abc/i`, too); text is a
number when it is one in digits (`-1.5e3`, not `1_000`).

**Groups.** A group of conditions counts as one: *all* of (`a`, *any* of (`b`, `c`)).

**Errors.** `ValueMismatch` when a value is not of the condition's type (`abc` compared as a number), `PatternInvalid`
when a pattern cannot be read or takes too long for an item, `ParameterInvalid` when a group is empty.

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
    lowering="sort",
    outputs=(Port("true", "True"), Port("false", "False")),
    timeout_seconds=30,
    errors=("ValueMismatch", "PatternInvalid"),
    output_example=({"id": 7, "amount": 1200},),
)
