"""Second pass: what is wrong with a workflow's structure. `parameters` and `references` look into its nodes."""

import difflib
from collections import Counter
from collections.abc import Iterator

from stepweave.compiler import loops
from stepweave.compiler.graph import ERROR_PORT, live_inputs, output_names
from stepweave.model.diagnostics import Diagnostic, Severity
from stepweave.model.workflow import Edge, Node, OnError, Workflow
from stepweave.spec.catalogue import Catalogue, CatalogueEntry
from stepweave.spec.schedules import find_zone, zone_invalid


def structure(workflow: Workflow, catalogue: Catalogue) -> list[Diagnostic]:
    """Return the structural errors: after none of them `graph.build` succeeds."""
    found = [*_zone(workflow), *_types(workflow, catalogue), *_duplicates(workflow), *_edges(workflow, catalogue)]
    if not found:
        found += _cycles(workflow, catalogue)
        found += _triggers(workflow, catalogue)
    return found


def reachability(workflow: Workflow, catalogue: Catalogue) -> list[Diagnostic]:
    """Return a warning for every enabled node that no trigger reaches."""
    entries = {node.id: entry for node in workflow.nodes if (entry := catalogue.get(node.type, node.version))}
    incoming = live_inputs(workflow, entries)
    reached = loops.reached(incoming, entries)
    return [
        Diagnostic(
            code="unreachable",
            severity=Severity.WARNING,
            message=f"Nothing leads to {node.name!r}, so it never runs.",
            remedy="Connect it, disable it, or delete it.",
            node_id=node.id,
        )
        for node in workflow.nodes
        if node.id in incoming and node.id not in reached
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


def _duplicates(workflow: Workflow) -> Iterator[Diagnostic]:
    ids, names = (Counter(getattr(node, field) for node in workflow.nodes) for field in ("id", "name"))
    for node in workflow.nodes:
        if ids[node.id] > 1:
            yield _duplicate("duplicate_id", f"Several nodes have the id {node.id!r}.", node, "id")
        if names[node.name] > 1:
            yield _duplicate("duplicate_name", f"Several nodes are named {node.name!r}.", node, "name")


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
    if to_entry is not None and to_entry.input(edge.target_port) is None:
        ports = _listed([port.name for port in to_entry.inputs])
        message = f"{target.name!r} has no input port {edge.target_port!r}; it has {ports}."
        yield _edge("missing_port", message, edge, target.id)


def _listed(names: list[str]) -> str:
    return ", ".join(map(repr, names)) or "none"


def _edge(code: str, message: str, edge: Edge, node_id: str | None) -> Diagnostic:
    remedy = "Delete the edge, or connect it anew."
    return Diagnostic(code=code, message=message, remedy=remedy, node_id=node_id, edge_id=edge.id)


def _cycles(workflow: Workflow, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Report each knot of nodes that lead back to themselves once (Kahn's algorithm leaves them over)."""
    followers: dict[str, set[str]] = {node.id: set() for node in workflow.nodes}
    around = {node.id for node in workflow.nodes if (entry := _entry(catalogue, node)) and loops.is_loop(entry)}
    for edge in workflow.edges:
        if edge.target not in around or edge.target_port != loops.BACK:
            followers[edge.source].add(edge.target)
    for knot in _knots(followers):
        names = {node.id: node.name for node in workflow.nodes}
        listed = " -> ".join(repr(names[node_id]) for node_id in (*knot, knot[0]))
        yield Diagnostic(
            code="cycle",
            message=f"These nodes lead back to themselves: {listed}.",
            remedy=f"Delete one of the edges between them, or lead back to the input {loops.BACK!r} of a Loop node.",
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


def _triggers(workflow: Workflow, catalogue: Catalogue) -> Iterator[Diagnostic]:
    enabled = [entry for node in workflow.nodes if not node.settings.disabled and (entry := _entry(catalogue, node))]
    if not any(entry.trigger for entry in enabled):
        yield Diagnostic(
            code="no_trigger",
            message="Nothing starts this workflow.",
            remedy="Add a trigger: manual, webhook or schedule.",
        )


def _entry(catalogue: Catalogue, node: Node) -> CatalogueEntry | None:
    return catalogue.get(node.type, node.version)
