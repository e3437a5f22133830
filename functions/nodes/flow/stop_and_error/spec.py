"""The stop-and-error node as a value."""

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.parts import Text


class Params(NodeParams):
    """What the error says."""

    message: Text = ui(
        ...,
        title="Message",
        kind=Kind.MULTILINE,
        placeholder="Order {{ $json.id }} has no customer.",
        min_length=1,
        max_length=10_000,
    )


DOCS = """\
Ends the execution as failed, with a message of your own. Other branches that still run are stopped.

**Output.** None: nothing can follow it. An *Error trigger* workflow is started as for any other failure.

**Errors.** `StoppedByWorkflow`, with the message, evaluated for the first item.

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
