"""The try node as a value."""

from stepweave.spec.fields import NodeParams
from stepweave.spec.node import Category, NodeSpec, Phase, Port


class Params(NodeParams):
    """It has none."""


DOCS = """\
Runs what its port `try` leads to, and sends whatever fails in there one way. All that `try` leads to is the region;
lead its end back to the input `back`. What `done` leads to runs when the region has ended without a failure, what
`error` leads to when anything in it failed.

**What counts as a failure.** A node of the region that fails and does not go on after errors by itself. Its retries
come first. What runs beside it in the region is stopped, and what was done before stays in the history. A wait, an
approval or a called workflow that fails or whose time is over is a failure as any other.

**Output.** `try`: the input items. `done`: what came back; the input items where nothing leads back. `error`: the input
items, each with the field `error`: `type`, `message`, `retryable`, where there are any `remedy`, `item` and `details`,
and where it is known `node`, the `id` and `name` of the node that failed. A node after it reads these ports, not the
nodes in the region.

**Errors.** What the region's nodes raise, as items. Its own (the storage is down, say) take `error`, too.

**Example.** `try` leads to an HTTP request and a code node, which leads back; `done` leads to *Respond to webhook* with
200, `error` to another one with 502 and `{{ $json.error.message }}`.
"""

SPEC = NodeSpec(
    type="try",
    name="Try",
    category=Category.FLOW,
    icon="shield-alert",
    summary="Runs a region of the workflow whose errors all go one way.",
    docs=DOCS,
    params=Params,
    control="try",
    phases=(Phase("enter", begins=True, read_on=True), Phase("leave")),
    inputs=(Port("main", "Items"), Port("back", "Back")),
    outputs=(Port("done", "Done"), Port("try", "Try"), Port("error", "Error")),
    timeout_seconds=60,
    output_example=({"id": 7},),
)
