"""The compiler's view of a workflow: nodes and output ports as small integers, sets of them as bit masks."""

from dataclasses import dataclass, field

from stepweave.compiler.kind import Kind
from stepweave.model.workflow import Node
from stepweave.spec.catalogue import CatalogueEntry


@dataclass(slots=True)
class Graph:
    """Nodes 0..n-1 in topological order (ties in document order), triggers among them.

    Attributes:
        nodes: the documents.
        entries: their catalogue entries.
        kinds: their kinds.
        triggers: mask of the trigger nodes.
        ports: (node, port name) of each output port that an edge leaves from.
        inputs: per node, input port -> the output ports its edges come from, in edge order.
        in_ports: per node, mask of the output ports its edges come from.
        out_ports: per node, mask of its output ports.
        always: per node, mask of its ports that emit whenever it runs.
        preds, succs: per node, masks of its neighbours.
        ancestors: per node, mask of all that precede it.
        index: node id -> number.
        fired: mask of the nodes that do not run here and whose output the execution is given at its start.
        pinned: mask of those whose output it is given when their turn comes.
        around: node -> the kind of control that stands around it, in this run.
        bodies: per node with rounds (a loop), mask of all nodes in its body.
        back: per loop, the output ports whose items come back to it, in edge order.
        inner: mask of all nodes in some loop's body.
        led_back: mask of the loops that an edge leads back to, though perhaps from a disabled node that passes nothing.
        other_triggers: whether the workflow has triggers that lead to nothing here, so perhaps none of these fires.
    """

    nodes: list[Node] = field(default_factory=list)
    entries: list[CatalogueEntry] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)
    triggers: int = 0
    ports: list[tuple[int, str]] = field(default_factory=list)
    inputs: list[dict[str, list[int]]] = field(default_factory=list)
    in_ports: list[int] = field(default_factory=list)
    out_ports: list[int] = field(default_factory=list)
    always: list[int] = field(default_factory=list)
    preds: list[int] = field(default_factory=list)
    succs: list[int] = field(default_factory=list)
    ancestors: list[int] = field(default_factory=list)
    index: dict[str, int] = field(default_factory=dict)
    fired: int = 0
    pinned: int = 0
    around: dict[int, Kind] = field(default_factory=dict)
    bodies: dict[int, int] = field(default_factory=dict)
    back: dict[int, list[int]] = field(default_factory=dict)
    inner: int = 0
    led_back: int = 0
    other_triggers: bool = False

    @property
    def steps(self) -> int:
        """Mask of the nodes that run code, those in loops included: all but the triggers and the fired ones."""
        return ((1 << len(self.nodes)) - 1) & ~(self.triggers | self.fired)

    def region(self, loop: int | None) -> int:
        """Return the mask of the steps right in a loop's body, or outside all loops; loops in it count as one step."""
        nodes = self.steps & ~self.inner if loop is None else self.bodies[loop]
        for within in self.bodies:
            if nodes >> within & 1:
                nodes &= ~self.bodies[within]
        return nodes

    def closed(self, nodes: int) -> int:
        """Return a mask of nodes with the bodies of the loops among them."""
        for loop, body in self.bodies.items():
            if nodes >> loop & 1:
                nodes |= body
        return nodes
