"""The approval node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec, Port, Waiting
from stepweave.spec.parts import Text


class FormField(NodeParams):
    """One field of the form that whoever decides fills in."""

    name: str = ui(
        ...,
        title="Name",
        kind=Kind.TEXT,
        expression=False,
        placeholder="amount",
        help="Under this name the answer is in the item's `approval.form`.",
        min_length=1,
        max_length=64,
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*$",
    )
    label: Text = ui("", title="Label", kind=Kind.TEXT, placeholder="Amount to refund", max_length=200)
    type: Literal["text", "number", "boolean", "select"] = ui(
        "text",
        title="Type",
        kind=Kind.SELECT,
        expression=False,
        options=[("text", "Text"), ("number", "Number"), ("boolean", "Yes or no"), ("select", "One of a list")],
    )
    options: Text = ui(
        "",
        title="Choices",
        kind=Kind.TEXT,
        placeholder="full, half, none",
        help="Separated by commas.",
        show_when={"type": ["select"]},
        required_when_shown=True,
        max_length=5000,
    )
    required: bool = ui(
        False,
        title="Required to approve",
        kind=Kind.BOOLEAN,
        expression=False,
    )


class Params(NodeParams):
    """What is asked, whom, and for how long."""

    title: Text = ui(
        ...,
        title="Question",
        kind=Kind.TEXT,
        placeholder="Refund order {{ $json.id }}?",
        min_length=1,
        max_length=200,
    )
    message: Text = ui(
        "",
        title="Details",
        kind=Kind.MULTILINE,
        placeholder="{{ $json.customer }} asks for {{ $json.amount }} EUR.",
        help="What people need to know to decide.",
        max_length=10_000,
    )
    form: list[FormField] = ui(
        None,
        title="Form",
        kind=Kind.COLLECTION,
        help="Filled in by whoever decides.",
        default_factory=list,
        max_length=30,
    )
    approvers: Text = ui(
        "",
        title="Who decides",
        kind=Kind.TEXT,
        placeholder="ada@example.com, bob@example.com",
        help="Addresses of members, separated by commas. Left empty, everyone who may run workflows decides.",
        max_length=5000,
    )
    required: int = ui(
        1,
        title="Approvals needed",
        kind=Kind.NUMBER,
        expression=False,
        ge=1,
        le=50,
    )
    limit_seconds: int = ui(
        604_800,
        title="At most, in seconds",
        kind=Kind.NUMBER,
        expression=False,
        help="After that the items take the port `timedOut`. 604800 is a week.",
        ge=1,
        le=31_536_000,
    )


DOCS = """\
Asks people, and goes on when they have decided. Open approvals are on the page *Approvals* and beside the node in the
run view. Nothing runs and nothing is paid for meanwhile, up to a year.

**Who decides.** Members at the listed addresses, each once, whatever their role; without a list, owners, admins and
editors. With *approvals needed* above one, so many of them must approve. A rejection ends it as soon as the needed
number can no longer be reached: among three listed of whom two must approve, the second rejection. Without a list the
first rejection ends it.

**Output.** The input items on `approved`, `rejected` or `timedOut`, each with `approval`: `decision`, `decidedBy`
(address), `decidedAt`, `comment`, `form` (the answers by name), and `decisions`, all of them in order. A field
`approval` that the item has already is replaced. Question, details and choices are evaluated for the first item: one
run of the node asks once, however many items there are. To ask for each, put it into a *Loop*.

**Errors.** `ParameterInvalid` when an address cannot be one, when more approvals are needed than people are listed, or
when two form fields have one name.

**Example.** Question `Refund order {{ $json.id }}?`, a form field `amount` of type *Number*; behind `approved`, a
request with `{{ $json.approval.form.amount }}`.
"""

SPEC = NodeSpec(
    type="approval",
    name="Approval",
    category=Category.FLOW,
    icon="user-check",
    summary="Asks people to approve or reject, with a form, and waits for them.",
    docs=DOCS,
    params=Params,
    outputs=(Port("approved", "Approved"), Port("rejected", "Rejected"), Port("timedOut", "Timed out")),
    waiting=Waiting(seconds="limitSeconds", timeout_port="timedOut"),
    subtitle="{title}",
    timeout_seconds=30,
    output_example=(
        {
            "id": 7,
            "approval": {
                "decision": "approved",
                "decidedBy": "ada@example.com",
                "decidedAt": "2026-11-23T09:00:00.000Z",
                "comment": "",
                "form": {"amount": 20},
                "decisions": [],
            },
        },
    ),
)
