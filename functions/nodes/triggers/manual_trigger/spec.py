"""The manual trigger as a value."""

from typing import Any

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port, TriggerKind


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


DOCS = """\
Starts the workflow when somebody presses **Run** or calls the API's run route.

**Output.** The items given with the run; without any, those under *Start with* (one empty item at first).

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
