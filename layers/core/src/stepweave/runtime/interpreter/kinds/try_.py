"""A try: its region once; what fails in there takes the node's error port, as the node's own failures do."""

from typing import Final

from stepweave.model.items import NodeOutput
from stepweave.model.workflow import Node
from stepweave.runtime.interpreter.kind import Kind, Region
from stepweave.runtime.interpreter.values import Inputs, Outputs, batch_of, items_of

TRY: Final = "try"
"""The kind, and the output port that leads to the region."""
DONE: Final = "done"


async def run(region: Region, node: Node, inputs: Inputs, done: Outputs) -> NodeOutput:
    """Return what a region gives. Raises NodeFailed."""
    items = items_of(inputs.get("main", []))
    back = await region.once(node, items, done)
    if not region.is_led_back(node):
        return {DONE: batch_of(items)}
    if node.settings.execute_once:
        back = back[:1]
    return {DONE: batch_of(back)} if back else {}


KIND = Kind(TRY, TRY, "back", run)
