"""The no-operation node as a value."""

from stepweave.spec.fields import NodeParams
from stepweave.spec.node import Category, Emits, NodeSpec, Port


class Params(NodeParams):
    """Nothing to set."""


DOCS = """\
Passes its items on unchanged: a place where branches meet, or an end with a name.

**Output.** The input items.

**Errors.** None of its own.

**Example.** Lead both ways of an *If* into one, and go on from there.
"""

SPEC = NodeSpec(
    type="no_op",
    name="No operation",
    category=Category.FLOW,
    icon="circle-dashed",
    summary="Passes its items on unchanged.",
    docs=DOCS,
    params=Params,
    lowering="pass",
    outputs=(Port("main", emits=Emits.ALWAYS),),
    timeout_seconds=30,
    output_example=({"id": 7},),
)
