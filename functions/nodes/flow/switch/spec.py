"""The switch node as a value."""

from typing import Any, Final, Literal

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

_BY_RULES: Final = {"mode": ["rules"]}
_BY_EXPRESSION: Final = {"mode": ["expression"]}


def _output_field(help: str) -> Any:
    return ui(
        ...,
        title="Output",
        kind=Kind.PORT,
        expression=False,
        placeholder="gold",
        help=help,
        min_length=1,
        max_length=64,
        pattern=r"^[A-Za-z0-9_-]+$",
    )


class Rule(NodeParams):
    """One rule: which items, and the output they take."""

    output: str = _output_field("The name of the output; several rules may lead to the same one.")
    conditions: list[Condition] = conditions_field("Where")
    combine: Combine = combine_field()


class Output(NodeParams):
    """An output that an expression may name."""

    output: str = _output_field("Counted from 0, in the order of the list.")


class Params(NodeParams):
    """The rules, in the order in which they are tried; or the outputs, and the expression that gives one of them."""

    mode: Literal["rules", "expression"] = ui(
        "rules",
        title="Choose the output",
        kind=Kind.SELECT,
        expression=False,
        options=[("rules", "By rules"), ("expression", "By an expression")],
    )
    rules: list[Rule] = ui(
        ...,
        title="Rules",
        kind=Kind.COLLECTION,
        help="Tried from the top.",
        show_when=_BY_RULES,
        required_when_shown=True,
        default_factory=list,
        max_length=50,
    )
    output: Any = ui(
        None,
        title="Output",
        kind=Kind.TEXT,
        placeholder="{{ $json.country }}",
        help="The name of an output, or its place in the list, from 0.",
        show_when=_BY_EXPRESSION,
        required_when_shown=True,
    )
    outputs: list[Output] = ui(
        ...,
        title="Outputs",
        kind=Kind.COLLECTION,
        show_when=_BY_EXPRESSION,
        required_when_shown=True,
        default_factory=list,
        max_length=50,
    )
    otherwise: Literal["fail", "extra", "none"] = ui(
        "fail",
        title="Items whose output is not in the list",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("fail", "Fail"),
            ("extra", "Go to the output fallback"),
            ("none", "Are left out"),
        ],
        show_when=_BY_EXPRESSION,
    )
    all_matches: bool = ui(
        False,
        title="Send an item to every output whose rule it meets",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when=_BY_RULES,
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
        show_when=_BY_RULES,
    )
    fallback_output: str = ui(
        "",
        title="Which output",
        kind=Kind.TEXT,
        expression=False,
        names_output=True,
        placeholder="silver",
        show_when={**_BY_RULES, "fallback": ["output"]},
        required_when_shown=True,
        max_length=64,
    )
    ignore_case: bool = ignore_case_field(show_when=_BY_RULES)
    type_validation: TypeValidation = type_validation_field(show_when=_BY_RULES)


DOCS = """\
Sends each item one of several ways.

**By rules.** An item goes to the output of the first rule that it meets. Every rule names its output, which is a port
of the node; an item that meets none goes to `fallback`, to one of the rules' outputs, or is left out.

**By an expression.** It gives for each item the name of an output in the list, or its place, counted from 0. A
number as text (`"1"`) is a place where no output has that name. An item for which it gives anything else fails, goes to
`fallback`, or is left out.

**Output.** Every input item, unchanged. With *every output whose rule it meets*, an item may take several ways, each
once. A way that no item takes is not run.

**Values.** They are converted to the condition's type where they can be; with *Values of another type: fail* they must
have it. Dates without an offset are in the workflow's time zone; patterns are JavaScript's (`/abc/i`, too); text is a
number when it is one in digits (`-1.5e3`, not `1_000`).

**Groups.** A group of conditions counts as one: *all* of (`a`, *any* of (`b`, `c`)).

**Errors.** `OutputUnknown` when an expression gives no output of the list. `ValueMismatch` when a value is not of a
condition's type (`abc` compared as a number), `PatternInvalid` when a pattern cannot be read or takes too long for an
item, `ParameterInvalid` when a group is empty or what meets no rule is to go to an output that no rule names.

**Example.** Output `gold` where `{{ $json.amount }}`, *Number*, *is at least*, `1000`; output `silver` where it is at
least `100`; the rest on `fallback`. By an expression, without a rest: `{{ $json.amount >= 1000 ? "gold" : "silver" }}`.
"""

_USES_FALLBACK: Final = ({**_BY_RULES, "fallback": ["extra"]}, {**_BY_EXPRESSION, "otherwise": ["extra"]})

SPEC = NodeSpec(
    type="switch",
    name="Switch",
    category=Category.FLOW,
    icon="route",
    summary="Sends each item one of several ways.",
    docs=DOCS,
    params=Params,
    lowering="rules",
    outputs=(Port("fallback", "Otherwise", show_when=_USES_FALLBACK),),
    outputs_from=("rules", "outputs"),
    timeout_seconds=30,
    errors=("OutputUnknown", "ValueMismatch", "PatternInvalid"),
    output_example=({"id": 7, "amount": 1200},),
)
