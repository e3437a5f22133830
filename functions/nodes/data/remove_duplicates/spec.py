"""The remove-duplicates node as a value."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec, Port
from stepweave.spec.parts import FieldNames, dots_field, ignore_case_field, loose_field, names_field

_INPUT = {"mode": ["input"]}
_BEFORE = ["earlier", "greater"]


class Params(NodeParams):
    """Which items are the same, and which of them stays."""

    mode: Literal["input", "earlier", "greater", "forget"] = ui(
        "input",
        title="Remove items that",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("input", "Are in the input more than once"),
            ("earlier", "Earlier executions let through"),
            ("greater", "Are not greater than in earlier executions"),
            ("forget", "None: forget what was let through"),
        ],
    )
    value: Any = ui(
        None,
        title="Value",
        kind=Kind.TEXT,
        placeholder="{{ $json.id }}",
        help="What an item is known by. Items without a value are kept.",
        show_when={"mode": _BEFORE},
        required_when_shown=True,
    )
    value_type: Literal["number", "date"] = ui(
        "number",
        title="The value is a",
        kind=Kind.SELECT,
        expression=False,
        options=[("number", "Number"), ("date", "Date")],
        show_when={"mode": ["greater"]},
    )
    scope: Literal["node", "workflow"] = ui(
        "node",
        title="Remembered for",
        kind=Kind.SELECT,
        expression=False,
        options=[("node", "This node"), ("workflow", "All such nodes of the workflow")],
        show_when={"mode": [*_BEFORE, "forget"]},
    )
    days: int = ui(
        30,
        title="For how many days",
        kind=Kind.NUMBER,
        expression=False,
        show_when={"mode": _BEFORE},
        group="options",
        ge=1,
        le=365,
    )
    history: int = ui(
        10_000,
        title="How many values",
        kind=Kind.NUMBER,
        expression=False,
        help="The oldest are forgotten for new ones.",
        show_when={"mode": ["earlier"]},
        group="options",
        ge=1,
        le=100_000,
    )
    compare: Literal["all", "except", "only"] = ui(
        "all",
        title="Compare",
        kind=Kind.SELECT,
        expression=False,
        options=[("all", "All fields"), ("except", "All fields but these"), ("only", "Only these fields")],
        show_when=_INPUT,
    )
    fields: FieldNames = names_field(
        "Which fields", show_when={**_INPUT, "compare": ["except", "only"]}, required_when_shown=True
    )
    keep: Literal["first", "last"] = ui(
        "first",
        title="Keep",
        kind=Kind.SELECT,
        expression=False,
        options=[("first", "The first of them"), ("last", "The last of them")],
        show_when=_INPUT,
    )
    without_fields: Literal["same", "keep"] = ui(
        "same",
        title="Items that have none of these fields",
        kind=Kind.SELECT,
        expression=False,
        options=[("same", "Are the same"), ("keep", "Are all kept")],
        show_when={**_INPUT, "compare": ["only"]},
        group="options",
    )
    loose: bool = loose_field()
    ignore_case: bool = ignore_case_field()
    compare_files: bool = ui(
        False,
        title="Compare the files, too",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Items with different files are different.",
        show_when=_INPUT,
        group="options",
    )
    only_compared: bool = ui(
        False,
        title="Remove the other fields",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Items have only what was compared.",
        show_when={**_INPUT, "compare": ["except", "only"]},
        group="options",
    )
    dots: bool = dots_field()


DOCS = """\
Keeps one of the items that are the same: by all fields, all but some, or some. Types count: `1` is `1.0`, the text
`1` is another value, true is not 1; the order of an object's fields does not count, that of a list's entries does. A
missing field is the same as another missing one, not as null. *Compare loosely* takes text that is a number as one,
`true` as text as true, leaves out white space around text, and takes null, empty text, empty lists and missing fields
as the same.

**Earlier executions.** An item whose value an earlier execution let through is removed; of several in the input the
first is kept. Or only those are kept whose number or date is greater than the greatest before. Types count: `1` and the
text `1` are two values. Test runs in the editor have a memory of their own.

What counts is what executions let through that succeeded or still run. What one that failed let through comes again,
in the next execution that has it, unless somebody went on from the failed one and that succeeded. A run that is
tried again lets through what it did before. So an item may come twice, where an execution fails late, and none is
lost.

**Output.** *Kept* has one of each, in the order of the input, as they came with their files; *Duplicates* has the
others.

**Errors.** `ParameterInvalid`: no field is named, no item has a field that is, or a name cannot be read.
`ValueMismatch`: names of which one lies in the other, where other fields are removed, or a value that is no number or
date. `StoreUnavailable`: the memory cannot be reached; a retry can help. *Forget* gives one item, `forgotten`.

**Example.** Compare only `email`, ignoring case, keeping the last: the latest row of each address.
"""

SPEC = NodeSpec(
    type="remove_duplicates",
    name="Remove duplicates",
    category=Category.DATA,
    icon="copy-minus",
    summary="Keeps one of the items that are the same.",
    docs=DOCS,
    params=Params,
    outputs=(Port("main", "Kept"), Port("duplicates", "Duplicates")),
    timeout_seconds=60,
    memory_mb=512,
    uses_store=True,
    errors=("ValueMismatch", "StoreUnavailable"),
    retryable=("StoreUnavailable",),
    output_example=({"email": "ada@example.com", "plan": "pro"},),
)
