"""The workflow trigger as a value."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port, TriggerKind


class ExpectedField(NodeParams):
    """One field that callers send."""

    name: str = ui(
        ...,
        title="Name",
        kind=Kind.TEXT,
        expression=False,
        placeholder="orderId",
        min_length=1,
        max_length=200,
    )
    type: Literal["any", "text", "number", "boolean", "date", "list", "object"] = ui(
        "any",
        title="Type",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("any", "Anything"),
            ("text", "Text"),
            ("number", "Number"),
            ("boolean", "True or false"),
            ("date", "Date"),
            ("list", "List"),
            ("object", "Object"),
        ],
    )
    required: bool = ui(True, title="Required", kind=Kind.BOOLEAN, expression=False)
    default: Any = ui(
        None,
        title="Default",
        kind=Kind.TEXT,
        expression=False,
        help="Takes the place of what is not given.",
    )
    description: str = ui(
        "",
        title="Description",
        kind=Kind.TEXT,
        expression=False,
        placeholder="What it is for; callers see it at the field",
        max_length=500,
    )


class Params(NodeParams):
    """What callers send."""

    declare: Literal["fields", "example", "schema"] = ui(
        "fields",
        title="What callers send",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("fields", "These fields (none: anything)"),
            ("example", "As in an example"),
            ("schema", "By a JSON schema"),
        ],
    )
    fields: list[ExpectedField] = ui(
        None,
        title="Expected fields",
        kind=Kind.COLLECTION,
        help="A call whose items lack one of these, or have another type there, is refused. Empty takes anything.",
        show_when={"declare": ["fields"]},
        default_factory=list,
        max_length=50,
    )
    example: Any = ui(
        None,
        title="Example",
        kind=Kind.JSON,
        expression=False,
        placeholder='{"orderId": 7, "lines": [], "note": null}',
        help="An object. Each of its fields is expected, with the type that it has here; null is for anything.",
        show_when={"declare": ["example"]},
        required_when_shown=True,
    )
    json_schema: Any = ui(
        None,
        title="JSON schema",
        kind=Kind.JSON,
        expression=False,
        placeholder='{"required": ["orderId"], "properties": {"orderId": {"type": "number"}}}',
        help="Of its properties type, default, description and whether they are required count.",
        show_when={"declare": ["schema"]},
        required_when_shown=True,
    )
    convert: bool = ui(
        False,
        title="Convert values",
        kind=Kind.BOOLEAN,
        expression=False,
        help='The text "7" becomes a number where one is expected. Off: another type is refused.',
        group="options",
    )


DOCS = """\
Starts the published workflow when an *Execute workflow* node of another workflow calls it.

**What callers send.** The caller's node shows the declared fields as a form, with their types. Each item is checked
before anything starts: what is required must be there, and have its type (a date is text such as `2026-12-24` or
`2026-12-24T18:00:00Z`). What is missing or null gets the field's *Default*; without one, it stays missing, or null.
Fields that are not declared pass. Without any declared, callers send what they like.

*As in an example* expects each field of an object, with the type that it has there. *By a JSON schema* takes the
`properties` of an object with `type`, `default` and `description`, and `required`; what is nested is not looked at: put
*Validate* behind the trigger for that.

**Output.** The caller's items, with defaults, and converted where that is switched on here or at the caller. What the
last node gives is the answer to a caller that waits.

**Errors.** None: nothing runs here. The caller's node gets `WorkflowCallRefused` when its items do not fit, with the
item and the field.

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
