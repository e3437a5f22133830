"""The filter node as a value."""

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
    """What an item must meet to be kept."""

    conditions: list[Condition] = conditions_field("Keep items where")
    combine: Combine = combine_field()
    ignore_case: bool = ignore_case_field()
    type_validation: TypeValidation = type_validation_field()


DOCS = """\
Keeps the items that meet the conditions. Connect the second port to see what was left out.

**Output.** The kept items, unchanged, on `main`; the others on `rejected`. Where nothing is kept, what follows does not
run.

**Values.** They are converted to the condition's type where they can be; with *Values of another type: fail* they must
have it. Dates without an offset are in the workflow's time zone; patterns are JavaScript's (`/abc/i`, too); text is a
number when it is one in digits (`-1.5e3`, not `1_000`).

**Groups.** A group of conditions counts as one: *all* of (`a`, *any* of (`b`, `c`)).

**Errors.** `ValueMismatch` when a value is not of the condition's type (`abc` compared as a number), `PatternInvalid`
when a pattern cannot be read or takes too long for an item, `ParameterInvalid` when a group is empty.

**Example.** `{{ $json.status }}`, *Text*, *is*, `paid`.
"""

SPEC = NodeSpec(
    type="filter",
    name="Filter",
    category=Category.FLOW,
    icon="filter",
    summary="Keeps the items that meet conditions.",
    docs=DOCS,
    params=Params,
    lowering="sort",
    outputs=(Port("main", "Kept"), Port("rejected", "Rejected")),
    timeout_seconds=30,
    errors=("ValueMismatch", "PatternInvalid"),
    output_example=({"id": 7, "status": "paid"},),
)
