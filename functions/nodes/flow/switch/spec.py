"""The switch node as a value."""

from typing import Literal

from stepweave.spec.conditions import (
    Combine,
    Condition,
    TypeValidation,
    combine_field,
    conditions_field,
    type_validation_field,
)
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec, Port
from stepweave.spec.parts import ignore_case_field


class Rule(NodeParams):
    """One rule: which items, and the output they take."""

    output: str = ui(
        ...,
        title="Output",
        kind=Kind.PORT,
        expression=False,
        placeholder="gold",
        help="The name of the output; several rules may lead to the same one.",
        min_length=1,
        max_length=64,
        pattern=r"^[A-Za-z0-9_-]+$",
    )
    conditions: list[Condition] = conditions_field("Where")
    combine: Combine = combine_field()


class Params(NodeParams):
    """The rules, in the order in which they are tried."""

    rules: list[Rule] = ui(
        ...,
        title="Rules",
        kind=Kind.COLLECTION,
        help="Tried from the top.",
        min_length=1,
        max_length=50,
    )
    all_matches: bool = ui(
        False,
        title="Send an item to every output whose rule it meets",
        kind=Kind.BOOLEAN,
        expression=False,
    )
    fallback: Literal["extra", "none", "output"] = ui(
        "extra",
        title="Items that meet no rule",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("extra", "Go to the output fallback"),
            ("none", "Are left out"),
            ("output", "Go to one of the rules' outputs"),
        ],
    )
    fallback_output: str = ui(
        "",
        title="Which output",
        kind=Kind.TEXT,
        expression=False,
        placeholder="silver",
        show_when={"fallback": ["output"]},
        required_when_shown=True,
        max_length=64,
    )
    ignore_case: bool = ignore_case_field()
    type_validation: TypeValidation = type_validation_field()


DOCS = """\
Sends each item to the output of the first rule that it meets. Every rule names its output, which is a port of the node;
an item that meets none goes to `fallback`, to one of the rules' outputs, or is left out.

**Output.** Every input item, unchanged. With *every output whose rule it meets*, an item may take several ways, each
once. A way that no item takes is not run.

**Values.** They are converted to the condition's type where they can be; with *Values of another type: fail* they must
have it. Dates without an offset are in the workflow's time zone; patterns are JavaScript's (`/abc/i`, too); text is a
number when it is one in digits (`-1.5e3`, not `1_000`).

**Groups.** A group of conditions counts as one: *all* of (`a`, *any* of (`b`, `c`)).

**Errors.** `ValueMismatch` when a value is not of a condition's type (`abc` compared as a number), `PatternInvalid`
when a pattern cannot be read or takes too long for an item, `ParameterInvalid` when a group is empty or what meets no
rule is to go to an output that no rule names.

**Example.** Output `gold` where `{{ $json.amount }}`, *Number*, *is at least*, `1000`; output `silver` where it is at
least `100`; the rest on `fallback`.
"""

SPEC = NodeSpec(
    type="switch",
    name="Switch",
    category=Category.FLOW,
    icon="route",
    summary="Sends each item one of several ways.",
    docs=DOCS,
    params=Params,
    lowering="rules",
    outputs=(Port("fallback", "Otherwise"),),
    outputs_from="rules",
    timeout_seconds=30,
    errors=("ValueMismatch", "PatternInvalid"),
    output_example=({"id": 7, "amount": 1200},),
)
