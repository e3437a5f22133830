"""The stop-and-error node as a value."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.parts import Text


class Params(NodeParams):
    """What the error says."""

    mode: Literal["message", "object"] = ui(
        "message",
        title="Error",
        kind=Kind.SELECT,
        expression=False,
        options=[("message", "A message"), ("object", "An error object")],
    )
    message: Text = ui(
        "",
        title="Message",
        kind=Kind.MULTILINE,
        placeholder="Order {{ $json.id }} has no customer.",
        show_when={"mode": ["message"]},
        required_when_shown=True,
        max_length=10_000,
    )
    error_object: Any = ui(
        None,
        title="Error object",
        kind=Kind.JSON,
        placeholder='{"message": "No customer", "code": "NO_CUSTOMER", "order": "{{ $json.id }}"}',
        help="JSON, or one expression that gives it: {{ $json.error }}",
        show_when={"mode": ["object"]},
        required_when_shown=True,
    )


DOCS = """\
Ends the execution as failed, with a message or an object of your own. Other branches that still run are stopped.

**An error object.** Its `message`, else `description`, else `error` (as text, or its `message`) is the error's message;
an object without any is shown as JSON. The whole object is in the error's `details.error`, for the history, an *Error
trigger* and error ports; what exceeds 16 KB is left out there.

**Output.** None: nothing can follow it. An *Error trigger* workflow is started as for any other failure.

**Errors.** `StoppedByWorkflow`, with the message, evaluated for the first item. `ParameterInvalid` when the error
object is none.

**Example.** On the `false` port of an *If*: `Order {{ $json.id }} has no customer.`
"""

SPEC = NodeSpec(
    type="stop_and_error",
    name="Stop and error",
    category=Category.FLOW,
    icon="octagon-x",
    summary="Ends the execution with an error of your own.",
    docs=DOCS,
    params=Params,
    lowering="stop",
    outputs=(),
    timeout_seconds=30,
    errors=("StoppedByWorkflow",),
)
