"""The workflow trigger as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port, TriggerKind


class ExpectedField(NodeParams):
    """One field that callers must send."""

    name: str = ui(
        ...,
        title="Name",
        kind=Kind.TEXT,
        expression=False,
        placeholder="orderId",
        min_length=1,
        max_length=200,
    )
    type: Literal["any", "text", "number", "boolean", "list", "object"] = ui(
        "any",
        title="Type",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("any", "Anything"),
            ("text", "Text"),
            ("number", "Number"),
            ("boolean", "True or false"),
            ("list", "List"),
            ("object", "Object"),
        ],
    )
    required: bool = ui(True, title="Required", kind=Kind.BOOLEAN, expression=False)


class Params(NodeParams):
    """What callers send."""

    fields: list[ExpectedField] = ui(
        None,
        title="Expected fields",
        kind=Kind.COLLECTION,
        help="A call whose items lack one of these, or have another type there, is refused. Empty takes anything.",
        default_factory=list,
        max_length=50,
    )


DOCS = """\
Starts the published workflow when an *Execute workflow* node of another workflow calls it.

**Expected fields.** Each item must have them, of the type given; otherwise the call is refused, and the caller is told
which item lacks what. Without any, callers send what they like.

**Output.** The caller's items. What the last node gives is the answer to a caller that waits.

**Errors.** None: nothing runs here. The caller's node gets `WorkflowCallRefused` when its items do not fit.

**Example.** Expected field `orderId`, *Number*; the next node reads `{{ $json.orderId }}`.
"""

SPEC = NodeSpec(
    type="workflow_trigger",
    name="Called by a workflow",
    category=Category.TRIGGER,
    icon="corner-down-right",
    summary="Starts when a node of another workflow calls this one.",
    docs=DOCS,
    params=Params,
    inputs=(),
    outputs=(Port("main", emits=Emits.ALWAYS),),
    trigger=TriggerKind.WORKFLOW,
    output_example=({"orderId": 7},),
)
