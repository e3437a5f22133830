"""What is wrong with a workflow's structure: its types, ids, edges and triggers."""

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator

from stepweave.compiler.check.findings import Finding
from stepweave.compiler.edges import ERROR_PORT, Entries, Incoming, NodeKinds, output_names, reached
from stepweave.compiler.kind import Kinds, kind_of
from stepweave.model.diagnostics import Diagnostic, Severity
from stepweave.model.workflow import Edge, Node, OnError, Workflow
from stepweave.spec.catalogue import Catalogue
from stepweave.spec.schedules import find_zone, zone_invalid


def problems(workflow: Workflow, catalogue: Catalogue, kinds: Kinds) -> list[Finding]:
    """Return what is wrong. Where nothing of it stops, a graph can be made of the document."""
    found = [
        *map(Finding, _zone(workflow)),
        *_stopping(_types(workflow, catalogue)),
        *_duplicates(workflow),
        *_stopping(_edges(workflow, catalogue)),
    ]
    if found:
        return found
    found = [*map(Finding, _unused(workflow, catalogue))]
    entries = {node.id: entry for node in workflow.nodes if (entry := catalogue.get(node.type, node.version))}
    node_kinds = {node.id: kind_of(node, entries[node.id], kinds) for node in workflow.nodes}
    return [
        *found,
        *_stopping(_cycles(workflow, node_kinds, _around(catalogue, kinds))),
        *map(Finding, _triggers(workflow, entries)),
    ]


def _stopping(diagnostics: Iterable[Diagnostic]) -> Iterator[Finding]:
    return (Finding(diagnostic, stops=True) for diagnostic in diagnostics)


def reachability(workflow: Workflow, incoming: Incoming, entries: Entries) -> list[Finding]:
    """Return a warning for every enabled node that no trigger reaches."""
    live = reached(incoming, entries)
    return [
        Finding(
            Diagnostic(
                code="unreachable",
                severity=Severity.WARNING,
                message=f"Nothing leads to {node.name!r}, so it never runs.",
                remedy="Connect it, disable it, or delete it.",
                node_id=node.id,
            )
        )
        for node in workflow.nodes
        if node.id in incoming and node.id not in live
    ]


def _zone(workflow: Workflow) -> Iterator[Diagnostic]:
    name = workflow.settings.time_zone
    if find_zone(name) is None:
        error = zone_invalid(name)
        yield Diagnostic(
            code="unknown_time_zone", message=error.message, remedy=error.remedy, field="settings.timeZone"
        )


def _types(workflow: Workflow, catalogue: Catalogue) -> Iterator[Diagnostic]:
    for node in workflow.nodes:
        if catalogue.get(node.type, node.version) is not None:
            continue
        versions = catalogue.versions(node.type)
        if versions:
            yield Diagnostic(
                code="unknown_version",
                message=f"{node.type!r} has no version {node.version}; there is {', '.join(map(str, versions))}.",
                remedy=f"Set the version to {versions[-1]}.",
                node_id=node.id,
                field="version",
            )
            continue
        near = difflib.get_close_matches(node.type, catalogue.types(), 1)
        yield Diagnostic(
            code="unknown_type",
            message=f"There is no node type {node.type!r}.",
            remedy=f"Did you mean {near[0]!r}?" if near else "Replace the node by one of the palette.",
            node_id=node.id,
            field="type",
        )


def _duplicates(workflow: Workflow) -> Iterator[Finding]:
    ids, names = (Counter(getattr(node, field) for node in workflow.nodes) for field in ("id", "name"))
    for node in workflow.nodes:
        if ids[node.id] > 1:
            found = _duplicate("duplicate_id", f"Several nodes have the id {node.id!r}.", node, "id")
            yield Finding(found, stops=True)
        if names[node.name] > 1:
            yield Finding(_duplicate("duplicate_name", f"Several nodes are named {node.name!r}.", node, "name"))


def _duplicate(code: str, message: str, node: Node, field: str) -> Diagnostic:
    return Diagnostic(
        code=code, message=message, remedy=f"Give each node a {field} of its own.", node_id=node.id, field=field
    )


def _edges(workflow: Workflow, catalogue: Catalogue) -> Iterator[Diagnostic]:
    nodes = {node.id: node for node in workflow.nodes}
    for edge in workflow.edges:
        missing = [node_id for node_id in (edge.source, edge.target) if node_id not in nodes]
        if missing:
            message = f"An edge leads {'from' if edge.source in missing else 'to'} {missing[0]!r}, which is not there."
            yield _edge("missing_node", message, edge, None)
            continue
        yield from _ports(edge, nodes[edge.source], nodes[edge.target], catalogue)


def _ports(edge: Edge, source: Node, target: Node, catalogue: Catalogue) -> Iterator[Diagnostic]:
    from_entry, to_entry = catalogue.get(source.type, source.version), catalogue.get(target.type, target.version)
    if from_entry is not None and edge.source_port not in output_names(source, from_entry):
        ports = _listed(output_names(source, from_entry))
        message = f"{source.name!r} has no output port {edge.source_port!r}; it has {ports}."
        if edge.source_port == ERROR_PORT and source.settings.on_error is not OnError.BRANCH:
            message = f"{source.name!r} has no error port: its errors do not branch."
        yield _edge("missing_port", message, edge, source.id)
    inputs = [port.name for port in to_entry.input_ports(target.params)] if to_entry is not None else []
    if to_entry is not None and edge.target_port not in inputs:
        message = f"{target.name!r} has no input port {edge.target_port!r}; it has {_listed(inputs)}."
        yield _edge("missing_port", message, edge, target.id)


def _unused(workflow: Workflow, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Warn of edges from ports that nothing comes out of with the parameters that their nodes have."""
    nodes = {node.id: node for node in workflow.nodes}
    for edge in workflow.edges:
        source = nodes[edge.source]
        entry = catalogue.get(source.type, source.version)
        if entry is None or edge.source_port not in {port.name for port in entry.ports(source.params)}:
            continue
        if edge.source_port not in {port.name for port in entry.ports_in_use(source.params)}:
            message = f"Nothing comes out of {edge.source_port!r} of {source.name!r}, as its parameters are."
            yield Diagnostic(
                code="unused_port",
                severity=Severity.WARNING,
                message=message,
                remedy="Delete the edge, connect it anew, or change the parameters.",
                node_id=source.id,
                edge_id=edge.id,
            )


def _listed(names: list[str]) -> str:
    return ", ".join(map(repr, names)) or "none"


def _edge(code: str, message: str, edge: Edge, node_id: str | None) -> Diagnostic:
    remedy = "Delete the edge, or connect it anew."
    return Diagnostic(code=code, message=message, remedy=remedy, node_id=node_id, edge_id=edge.id)


def _around(catalogue: Catalogue, kinds: Kinds) -> str:
    """Return where edges may lead backwards to, in words: the input `back` of a Loop node."""
    inputs = {entry.name: kind.back for entry in catalogue if (kind := kinds.get(entry.control)) and kind.back}
    return " or ".join(f"the input {port!r} of a {name} node" for name, port in inputs.items())


def _cycles(workflow: Workflow, kinds: NodeKinds, around: str) -> Iterator[Diagnostic]:
    """Report each knot of nodes that lead back to themselves once (Kahn's algorithm leaves them over)."""
    followers: dict[str, set[str]] = {node.id: set() for node in workflow.nodes}
    for edge in workflow.edges:
        if edge.target_port != kinds[edge.target].back:
            followers[edge.source].add(edge.target)
    for knot in _knots(followers):
        names = {node.id: node.name for node in workflow.nodes}
        listed = " -> ".join(repr(names[node_id]) for node_id in (*knot, knot[0]))
        yield Diagnostic(
            code="cycle",
            message=f"These nodes lead back to themselves: {listed}.",
            remedy=f"Delete one of the edges between them{f', or lead back to {around}' if around else ''}.",
            node_id=knot[0],
        )


def _knots(followers: dict[str, set[str]]) -> list[list[str]]:
    """Return a cycle of each strongly connected part, by following edges among what no order can be found for."""
    waiting = Counter(target for targets in followers.values() for target in targets)
    ready = [node_id for node_id in followers if not waiting[node_id]]
    left = set(followers)
    while ready:
        node_id = ready.pop()
        left.discard(node_id)
        for follower in followers[node_id]:
            waiting[follower] -= 1
            if not waiting[follower]:
                ready.append(follower)
    knots = []
    while left:
        path = [min(left)]
        while True:
            following = sorted(followers[path[-1]] & left)
            if not following:
                left.discard(path.pop())
                if not path:
                    break
                continue
            if following[0] in path:
                knot = path[path.index(following[0]) :]
                knots.append(knot)
                left -= set(path)
                break
            path.append(following[0])
    return knots


def _triggers(workflow: Workflow, entries: Entries) -> Iterator[Diagnostic]:
    if not any(entries[node.id].trigger for node in workflow.nodes if not node.settings.disabled):
        yield Diagnostic(
            code="no_trigger",
            message="Nothing starts this workflow.",
            remedy="Add a trigger: manual, webhook or schedule.",
        )
