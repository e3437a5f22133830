"""The manual trigger as a value."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port, TriggerKind


class FormField(NodeParams):
    """One field that is filled in before the workflow starts."""

    name: str = ui(
        ...,
        title="Name",
        kind=Kind.TEXT,
        expression=False,
        placeholder="orderId",
        min_length=1,
        max_length=100,
        pattern=r"^[A-Za-z][A-Za-z0-9_-]*$",
    )
    label: str = ui("", title="Label", kind=Kind.TEXT, expression=False, placeholder="The name", max_length=200)
    type: Literal["text", "number", "boolean", "date", "choice", "json"] = ui(
        "text",
        title="Type",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("text", "Text"),
            ("number", "Number"),
            ("boolean", "True or false"),
            ("date", "Date"),
            ("choice", "Choice"),
            ("json", "JSON"),
        ],
    )
    options: str = ui(
        "",
        title="Choices",
        kind=Kind.MULTILINE,
        expression=False,
        help="One a line.",
        show_when={"type": ["choice"]},
        required_when_shown=True,
        max_length=10_000,
    )
    default: str = ui("", title="Default", kind=Kind.TEXT, expression=False, max_length=10_000)
    required: bool = ui(False, title="Required", kind=Kind.BOOLEAN, expression=False)


class Params(NodeParams):
    """What the workflow starts with when a person presses Run."""

    items: list[dict[str, Any]] = ui(
        ...,
        title="Start with",
        kind=Kind.JSON,
        expression=False,
        help="A list of JSON objects; each becomes one item. A run may bring its own items instead.",
        placeholder='[{"orderId": 1}]',
        default_factory=lambda: [{}],
        min_length=1,
        max_length=1000,
    )
    fields: list[FormField] = ui(
        ...,
        title="Ask for",
        kind=Kind.COLLECTION,
        expression=False,
        help="A form that is filled in before each run, in the place of Start with. Its values are one item.",
        default_factory=list,
        max_length=50,
    )
    confirm: str = ui(
        "",
        title="Ask before it starts",
        kind=Kind.TEXT,
        expression=False,
        placeholder="Send the invoices to all customers?",
        help="Shown in the editor before each run. Empty starts at once.",
        group="options",
        max_length=500,
    )


DOCS = """\
Starts the workflow when somebody presses **Run** or calls the API's run route.

**Output.** The items given with the run; without any, those under *Start with* (one empty item at first).

**Ask for** is a form of typed fields: text, number, true or false, date (`2026-12-24`, or with a time), a choice, JSON.
What is filled in is one item, with a field for each; what is left out has its default, else null. The API's run route
takes the same values as items, and checks each: a field that is missing, unknown or of another type is refused
(`invalid_request`) before anything starts, and `errors` names it.

**Ask before it starts** is a question that the editor asks before a run; the API asks nothing.

**Errors.** None: nothing runs here.

**Example.** `[{"orderId": 1}, {"orderId": 2}]` starts the workflow with two items; the next node reads
`{{ $json.orderId }}`.
"""

SPEC = NodeSpec(
    type="manual_trigger",
    name="Run by hand",
    category=Category.TRIGGER,
    icon="mouse-pointer-click",
    summary="Starts when somebody presses Run.",
    docs=DOCS,
    params=Params,
    inputs=(),
    outputs=(Port("main", emits=Emits.ALWAYS),),
    trigger=TriggerKind.MANUAL,
    output_example=({"orderId": 1},),
)
