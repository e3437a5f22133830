"""The compiler's view of a workflow: nodes and output ports as small integers, sets of them as bit masks.

Built from a document that `check` found no errors of structure in. Disabled nodes are gone (what came into them goes on
to what followed), and so is everything no trigger reaches. Edges back to a loop are kept apart: the rest has no cycle.
"""

import heapq
from collections.abc import Iterator, Set
from dataclasses import dataclass, field

from stepweave.compiler import loops
from stepweave.compiler.loops import Incoming, Source
from stepweave.model.workflow import Node, OnError, Workflow
from stepweave.spec.catalogue import Catalogue, CatalogueEntry
from stepweave.spec.node import Emits

ERROR_PORT = "error"
"""The output port that a node with `onError: branch` has besides its own."""


def bits(mask: int) -> Iterator[int]:
    """Yield the positions of the ones in `mask`, ascending."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


@dataclass(slots=True)
class Graph:
    """Nodes 0..n-1 in topological order (ties in document order), triggers among them.

    Attributes:
        nodes: the documents.
        entries: their catalogue entries.
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
        lowered: mask of those that run without their function where that is the same (`native`).
        bodies: per loop, mask of all nodes in its body.
        back: per loop, the output ports whose items come back to it, in edge order.
        inner: mask of all nodes in some loop's body.
        led_back: mask of the loops that an edge leads back to, though perhaps from a disabled node that passes nothing.
        other_triggers: whether the workflow has triggers that lead to nothing here, so perhaps none of these fires.
    """

    nodes: list[Node] = field(default_factory=list)
    entries: list[CatalogueEntry] = field(default_factory=list)
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
    lowered: int = 0
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


def output_names(node: Node, entry: CatalogueEntry) -> list[str]:
    """Return the names of a node's output ports, the error port among them where it has one."""
    names = [port.name for port in entry.ports(node.params)]
    if node.settings.on_error is OnError.BRANCH and not entry.trigger and ERROR_PORT not in names:
        names.append(ERROR_PORT)
    return names


def emits_always(node: Node, entry: CatalogueEntry, port: str) -> bool:
    """Return whether `port` has items whenever the node runs and does not fail the execution.

    A failure that is turned into items leaves every port empty but the one those items go to.
    """
    settings = node.settings
    ports = entry.ports(node.params)
    first = bool(ports) and ports[0].name == port
    if loops.is_loop(entry):
        return False  # what comes out of a loop depends on its rounds
    always = any(declared.name == port and declared.emits is Emits.ALWAYS for declared in ports)
    if first and settings.always_output and len(ports) == 1:
        always = True  # with more ports, items on another one are output enough
    if entry.trigger or settings.on_error is OnError.STOP:
        return always
    return always and first and settings.on_error is OnError.CONTINUE


def live_inputs(workflow: Workflow, entries: dict[str, CatalogueEntry]) -> dict[str, list[tuple[str, Source]]]:
    """Return per enabled node its incoming edges as (input port, source), in edge order, disabled nodes bridged.

    A disabled node passes what comes in on its first input port on to its first output port; its other ports are dead.
    """
    nodes = {node.id: node for node in workflow.nodes}
    disabled = {node.id for node in workflow.nodes if node.settings.disabled}
    incoming: dict[str, list[tuple[str, Source]]] = {node.id: [] for node in workflow.nodes}
    for edge in workflow.edges:
        incoming[edge.target].append((edge.target_port, (edge.source, edge.source_port)))
    if not disabled:
        return incoming
    bridged: dict[str, list[Source]] = {}

    def sources(source: Source) -> list[Source]:
        node_id, port = source
        if node_id not in disabled:
            return [source]
        entry = entries[node_id]
        ports = entry.ports(nodes[node_id].params)
        if not entry.inputs or not ports or ports[0].name != port:
            return []
        if node_id not in bridged:
            first = entry.inputs[0].name
            bridged[node_id] = [
                origin for target_port, via in incoming[node_id] if target_port == first for origin in sources(via)
            ]
        return bridged[node_id]

    return {
        node_id: [(port, origin) for port, source in edges for origin in sources(source)]
        for node_id, edges in incoming.items()
        if node_id not in disabled
    }


def build(
    workflow: Workflow,
    catalogue: Catalogue,
    *,
    fired: frozenset[str] = frozenset(),
    pinned: frozenset[str] = frozenset(),
    until: str | None = None,
) -> Graph:
    """Return the graph of a document without structural errors (`check.structure`).

    Args:
        workflow: the document.
        catalogue: the node types there are.
        fired: ids of nodes that nothing leads to any more: their output is given.
        pinned: ids of nodes whose output is given when their turn comes.
        until: id of the last node; what does not lead to it is left out.
    """
    entries = {node.id: _entry(catalogue, node) for node in workflow.nodes}
    incoming = live_inputs(workflow, entries)
    incoming = {node_id: [] if node_id in fired else edges for node_id, edges in incoming.items()}
    if until is not None:
        known = {node_id for node_id in incoming if node_id in fired or entries[node_id].trigger} if fired else set()
        incoming = _leading_to({until} | known, incoming)
    enabled = {node.id for node in workflow.nodes if entries[node.id].trigger and not node.settings.disabled}
    back = {node_id: _back(edges) if loops.is_loop(entries[node_id]) else [] for node_id, edges in incoming.items()}
    forward = {
        node_id: [edge for edge in edges if edge[0] != loops.BACK] if loops.is_loop(entries[node_id]) else edges
        for node_id, edges in incoming.items()
    }
    order = _topological(workflow, entries, forward, fired)
    graph = Graph(other_triggers=not enabled <= incoming.keys())
    port_numbers: dict[Source, int] = {}
    for number, node in enumerate(order):
        if node.id in fired:
            graph.fired |= 1 << number
        elif node.id in pinned and not entries[node.id].trigger:
            graph.pinned |= 1 << number
        _add_node(graph, number, node, entries[node.id], forward[node.id], port_numbers)
    for loop_id, body in loops.bodies(incoming, entries).items():
        if loop_id not in graph.index:
            continue
        loop = graph.index[loop_id]
        graph.bodies[loop] = sum(1 << graph.index[node_id] for node_id in body if node_id in graph.index)
        graph.inner |= graph.bodies[loop]
        if any(edge.target == loop_id and edge.target_port == loops.BACK for edge in workflow.edges):
            graph.led_back |= 1 << loop
        graph.back[loop] = [_port(graph, port_numbers, source) for source in back[loop_id] if source[0] in graph.index]
    return graph


def _back(edges: list[tuple[str, Source]]) -> list[Source]:
    return [source for port, source in edges if port == loops.BACK]


def _leading_to(last: Set[str], incoming: Incoming) -> dict[str, list[tuple[str, Source]]]:
    """Return the edges among some nodes and all that precede them."""
    kept = set(last)
    waiting = list(last)
    while waiting:
        for _, (source, _) in incoming.get(waiting.pop(), ()):
            if source not in kept:
                kept.add(source)
                waiting.append(source)
    return {node_id: edges for node_id, edges in incoming.items() if node_id in kept}


def _add_node(
    graph: Graph,
    number: int,
    node: Node,
    entry: CatalogueEntry,
    edges: list[tuple[str, Source]],
    port_numbers: dict[Source, int],
) -> None:
    graph.index[node.id] = number
    graph.nodes.append(node)
    graph.entries.append(entry)
    graph.out_ports.append(0)
    graph.always.append(0)
    graph.succs.append(0)
    if entry.trigger:
        graph.triggers |= 1 << number
    inputs: dict[str, list[int]] = {port.name: [] for port in entry.inputs}
    if loops.is_loop(entry):
        del inputs[loops.BACK]
    in_ports = preds = 0
    for port, source in edges:
        origin = graph.index.get(source[0])
        if origin is None:
            continue
        from_port = _port(graph, port_numbers, source)
        inputs[port].append(from_port)
        in_ports |= 1 << from_port
        preds |= 1 << origin
    graph.inputs.append(inputs)
    graph.in_ports.append(in_ports)
    graph.preds.append(preds)
    ancestors = preds
    for pred in bits(preds):
        graph.succs[pred] |= 1 << number
        ancestors |= graph.ancestors[pred]
    graph.ancestors.append(ancestors)


def _port(graph: Graph, port_numbers: dict[Source, int], source: Source) -> int:
    if source not in port_numbers:
        port_numbers[source] = _add_port(graph, graph.index[source[0]], source[1])
    return port_numbers[source]


def _entry(catalogue: Catalogue, node: Node) -> CatalogueEntry:
    entry = catalogue.get(node.type, node.version)
    if entry is None:
        raise LookupError(f"node {node.id!r} has the unknown type {node.type!r} version {node.version}")
    return entry


def _add_port(graph: Graph, node: int, name: str) -> int:
    number = len(graph.ports)
    graph.ports.append((node, name))
    graph.out_ports[node] |= 1 << number
    given = (graph.fired | graph.pinned) >> node & 1
    if not given and emits_always(graph.nodes[node], graph.entries[node], name):
        graph.always[node] |= 1 << number
    return number


def _topological(
    workflow: Workflow,
    entries: dict[str, CatalogueEntry],
    incoming: dict[str, list[tuple[str, Source]]],
    fired: frozenset[str],
) -> list[Node]:
    """Return the enabled nodes that something starts, each after what it depends on, else in document order."""
    place = {node.id: number for number, node in enumerate(workflow.nodes)}
    waiting = {node_id: len({source for _, (source, _) in edges}) for node_id, edges in incoming.items()}
    followers: dict[str, set[str]] = {node_id: set() for node_id in place}
    for node_id, edges in incoming.items():
        for _, (source, _) in edges:
            followers[source].add(node_id)
    reached = {node_id for node_id in incoming if entries[node_id].trigger or node_id in fired}
    ready = [place[node_id] for node_id, count in waiting.items() if count == 0]
    heapq.heapify(ready)
    order: list[Node] = []
    while ready:
        node = workflow.nodes[heapq.heappop(ready)]
        if node.id in reached:
            order.append(node)
        for follower in followers[node.id]:
            if node.id in reached:
                reached.add(follower)
            waiting[follower] -= 1
            if waiting[follower] == 0:
                heapq.heappush(ready, place[follower])
    return order
