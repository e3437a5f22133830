"""Numbers the nodes and ports of a document that `check` found nothing in that stops it.

Disabled nodes are gone (what came into them goes on to what followed), and so is everything no trigger reaches. Edges
back to a loop are kept apart: the rest has no cycle.
"""

import heapq
from collections.abc import Set

from stepweave.compiler.analyse.graph import Graph
from stepweave.compiler.check import Checked
from stepweave.compiler.edges import Entries, Incoming, Source, bodies, last_of
from stepweave.compiler.kind import PINNED, Kind, Kinds
from stepweave.compiler.masks import bits
from stepweave.compiler.result import CompileOptions
from stepweave.model.workflow import Node, OnError, Workflow
from stepweave.spec.catalogue import CatalogueEntry
from stepweave.spec.node import Emits


def build(checked: Checked, options: CompileOptions, kinds: Kinds) -> Graph:
    """Return the graph of a document.

    Args:
        checked: the document.
        options: which nodes' output is given, what stands around nodes, and which is the last.
        kinds: what kinds of node mean, for those that stand around nodes.
    """
    entries, fired = checked.entries, options.fired
    incoming = {node_id: [] if node_id in fired else edges for node_id, edges in checked.incoming.items()}
    if options.until is not None:
        known = {node_id for node_id in incoming if node_id in fired or entries[node_id].trigger} if fired else set()
        incoming = _leading_to({options.until} | known, incoming)
    enabled = {node.id for node in checked.workflow.nodes if entries[node.id].trigger and not node.settings.disabled}
    backs = {node_id: kind.back for node_id, kind in checked.kinds.items()}
    forward = {
        node_id: [edge for edge in edges if edge[0] != backs[node_id]] if backs[node_id] else edges
        for node_id, edges in incoming.items()
    }
    graph = Graph(other_triggers=not enabled <= incoming.keys())
    ports: dict[Source, int] = {}
    for number, node in enumerate(_topological(checked.workflow, entries, forward, fired)):
        if node.id in fired:
            graph.fired |= 1 << number
        elif not entries[node.id].trigger:
            _stand_around(graph, number, node, options, kinds)
        _add_node(graph, node, checked, forward[node.id], ports)
    _add_bodies(graph, checked, incoming, ports)
    return graph


def _stand_around(graph: Graph, number: int, node: Node, options: CompileOptions, kinds: Kinds) -> None:
    """Note what stands around a node: that its output is given, or what the options name."""
    if node.id in options.pinned:
        graph.pinned |= 1 << number
        graph.around[number] = kinds[PINNED]
    elif node.id in options.around:
        graph.around[number] = kinds[options.around[node.id]]


def _add_bodies(graph: Graph, checked: Checked, incoming: Incoming, ports: dict[Source, int]) -> None:
    led_back = {edge.target for edge in checked.workflow.edges if edge.target_port == checked.kinds[edge.target].back}
    inside = bodies(incoming, checked.kinds)
    nodes = {node.id: node for node in graph.nodes}
    for loop_id, body in inside.items():
        if loop_id not in graph.index:
            continue
        loop, back = graph.index[loop_id], checked.kinds[loop_id].back
        graph.bodies[loop] = sum(1 << graph.index[node_id] for node_id in body if node_id in graph.index)
        graph.inner |= graph.bodies[loop]
        if loop_id in led_back:
            graph.led_back |= 1 << loop
        returning = [source for port, source in incoming[loop_id] if port == back and source[0] in graph.index]
        if checked.kinds[loop_id].picks:
            within = {node_id for other in body & inside.keys() for node_id in inside[other]}
            known = {node_id: incoming[node_id] for node_id in incoming if node_id in graph.index}
            returning = last_of(body & graph.index.keys(), within, known, nodes, checked.entries, checked.kinds)
        graph.back[loop] = [_port(graph, ports, source) for source in returning]


def emits_always(node: Node, entry: CatalogueEntry, kind: Kind, port: str) -> bool:
    """Return whether `port` has items whenever the node runs and does not fail the execution.

    A failure that is turned into items leaves every port empty but the one those items go to.
    """
    settings = node.settings
    ports = entry.ports(node.params)
    first = bool(ports) and ports[0].name == port
    if kind.body:
        return False  # what comes out of rounds depends on its rounds
    always = any(declared.name == port and declared.emits is Emits.ALWAYS for declared in ports)
    if first and settings.always_output and len(ports) == 1:
        always = True  # with more ports, items on another one are output enough
    if entry.trigger or settings.on_error is OnError.STOP:
        return always
    return always and first and settings.on_error is OnError.CONTINUE


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
    graph: Graph, node: Node, checked: Checked, edges: list[tuple[str, Source]], port_numbers: dict[Source, int]
) -> None:
    number, entry, kind = len(graph.nodes), checked.entries[node.id], checked.kinds[node.id]
    graph.index[node.id] = number
    graph.nodes.append(node)
    graph.entries.append(entry)
    graph.kinds.append(kind)
    graph.out_ports.append(0)
    graph.always.append(0)
    graph.succs.append(0)
    if entry.trigger:
        graph.triggers |= 1 << number
    inputs: dict[str, list[int]] = {port.name: [] for port in entry.input_ports(node.params) if port.name != kind.back}
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


def _add_port(graph: Graph, node: int, name: str) -> int:
    number = len(graph.ports)
    graph.ports.append((node, name))
    graph.out_ports[node] |= 1 << number
    given = (graph.fired | graph.pinned) >> node & 1
    if not given and emits_always(graph.nodes[node], graph.entries[node], graph.kinds[node], name):
        graph.always[node] |= 1 << number
    return number


def _topological(
    workflow: Workflow,
    entries: Entries,
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
