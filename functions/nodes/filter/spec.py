"""The filter node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec, Port
from stepweave.spec.parts import Condition, operator_options


class Params(NodeParams):
    """What an item must meet to be kept."""

    conditions: list[Condition] = ui(
        ...,
        title="Keep items where",
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
Keeps the items that meet the conditions. Connect the second port to see what was left out.

**Output.** The kept items, unchanged, on `main`; the others on `rejected`. Where nothing is kept, what follows does not
run.

**Errors.** `ValueMismatch` when a value is not of the condition's type (`abc` compared as a number), `PatternInvalid`
when a pattern cannot be read or takes too long.

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
    outputs=(Port("main", "Kept"), Port("rejected", "Rejected")),
    timeout_seconds=30,
    errors=("ValueMismatch", "PatternInvalid"),
    output_example=({"id": 7, "status": "paid"},),
)
