"""What the edges of a document lead to: disabled nodes bridged, bodies of nodes with rounds, what a trigger reaches.

A body is what a node's port `Kind.body` leads to. Edges from it to the node's input `Kind.back` close the circle; they
are the only edges that may lead backwards. Bodies nest or are apart, because everything behind a body's node is in it.
"""

from collections.abc import Mapping, Set
from typing import Final

from stepweave.compiler.kind import Kind
from stepweave.model.workflow import Node, OnError, Workflow
from stepweave.spec.catalogue import CatalogueEntry

ERROR_PORT: Final = "error"
"""The output port that a node with `onError: branch` has besides its own."""
Source = tuple[str, str]
"""A node id and one of its output ports."""
Incoming = Mapping[str, list[tuple[str, Source]]]
"""Per node its edges as (input port, source)."""
Entries = Mapping[str, CatalogueEntry]
"""Per node its type."""
NodeKinds = Mapping[str, Kind]
"""Per node its kind."""


def output_names(node: Node, entry: CatalogueEntry) -> list[str]:
    """Return the names of a node's output ports, the error port among them where it has one."""
    names = [port.name for port in entry.ports(node.params)]
    if node.settings.on_error is OnError.BRANCH and not entry.trigger and ERROR_PORT not in names:
        names.append(ERROR_PORT)
    return names


def failure_port(node: Node, entry: CatalogueEntry) -> str | None:
    """Return the port that gets a failure as an item; None where a failure ends the execution.

    A type that has the port by itself sends every failure there, whatever the node's settings say.
    """
    if node.settings.on_error is OnError.BRANCH or entry.output(ERROR_PORT) is not None:
        return ERROR_PORT
    ports = entry.ports(node.params)
    if node.settings.on_error is OnError.CONTINUE and ports:
        return ports[0].name
    return None


def live_inputs(workflow: Workflow, entries: Entries) -> dict[str, list[tuple[str, Source]]]:
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


def bodies(incoming: Incoming, kinds: NodeKinds) -> dict[str, set[str]]:
    """Return per node with rounds the ids of the nodes in its body, those of bodies within it included."""
    followers: dict[str, list[tuple[str, str]]] = {}
    for node_id, edges in incoming.items():
        for target_port, (source, port) in edges:
            if target_port != kinds[node_id].back:
                followers.setdefault(source, []).append((port, node_id))
    found = {}
    for loop in incoming:
        if not kinds[loop].body:
            continue
        body: set[str] = set()
        waiting = [target for port, target in followers.get(loop, ()) if port == kinds[loop].body]
        while waiting:
            node_id = waiting.pop()
            if node_id == loop or node_id in body:
                continue
            body.add(node_id)
            waiting += [target for _, target in followers.get(node_id, ())]
        found[loop] = body
    return found


def last_of(
    body: Set[str], inner: Set[str], incoming: Incoming, nodes: Mapping[str, Node], entries: Entries, kinds: NodeKinds
) -> list[Source]:
    """Return the output ports of the last nodes of a body: of each that leads to nothing, those that its items take.

    Args:
        body: the nodes in it.
        inner: those of them that run in the rounds of others of them.
        incoming: per node its edges.
        nodes: by id.
        entries: per node, its type.
        kinds: per node, its kind.
    """
    leading = {source for edges in incoming.values() for _, (source, port) in edges if port != kinds[source].body}
    found: list[Source] = []
    for node_id in incoming:
        if node_id in body and node_id not in leading | inner:
            found += [(node_id, port) for port in own_outputs(nodes[node_id], entries[node_id], kinds[node_id])]
    return found


def own_outputs(node: Node, entry: CatalogueEntry, kind: Kind) -> list[str]:
    """Return the ports that a node's items take as a rule: its first, a switch's any, and that of its errors."""
    declared = [port.name for port in entry.ports(node.params)]
    own = [kind.done] if kind.body else declared if entry.outputs_from else declared[:1]
    failing = failure_port(node, entry)
    return own if failing is None or failing in own else [*own, failing]


def reached(incoming: Incoming, entries: Entries) -> set[str]:
    """Return the nodes that some trigger leads to; no other ever runs."""
    followers: dict[str, list[str]] = {}
    for node_id, edges in incoming.items():
        for _, (source, _) in edges:
            followers.setdefault(source, []).append(node_id)
    found: set[str] = set()
    waiting = [node_id for node_id in incoming if entries[node_id].trigger]
    while waiting:
        node_id = waiting.pop()
        if node_id not in found:
            found.add(node_id)
            waiting += followers.get(node_id, ())
    return found
