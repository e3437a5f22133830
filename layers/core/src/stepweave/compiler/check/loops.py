"""What is wrong with how the nodes with rounds (loops) of a workflow are connected."""

from collections.abc import Iterator, Mapping

from stepweave.compiler.check.findings import Finding
from stepweave.compiler.edges import Entries, Incoming, NodeKinds, bodies, reached
from stepweave.compiler.kind import Kind
from stepweave.model.diagnostics import Diagnostic
from stepweave.model.workflow import Node, Workflow


def problems(workflow: Workflow, incoming: Incoming, entries: Entries, kinds: NodeKinds) -> Iterator[Finding]:
    """Yield what is wrong with the loops of a workflow without other errors of structure.

    Args:
        workflow: the document.
        incoming: its edges, disabled nodes bridged.
        entries: per node, its type.
        kinds: per node, its kind.
    """
    nodes = {node.id: node for node in workflow.nodes}
    led_back = {edge.target for edge in workflow.edges if edge.target_port == kinds[edge.target].back}
    live = reached(incoming, entries)
    incoming = {node_id: edges for node_id, edges in incoming.items() if node_id in live}
    incoming = {node_id: [edge for edge in edges if edge[1][0] in live] for node_id, edges in incoming.items()}
    inside = bodies(incoming, kinds)
    for loop, body in inside.items():
        kind = kinds[loop]
        returning = [source for port, (source, _) in incoming[loop] if port == kind.back]
        for source in returning:
            if source not in body | {loop}:
                yield Finding(_from_outside(nodes[loop], kind, nodes[source]), stops=True)
        for within in sorted(body & inside.keys()):
            for one in returning:
                if one in inside[within]:
                    yield Finding(_from_within(nodes, loop, within, kinds[within], one), stops=True)
        yield from (Finding(found, stops=True) for found in _entered(nodes, loop, kind, body, incoming))
        yield from (Finding(found) for found in _responses(nodes, loop, body, entries))
        if kind.back and kind.repeats(nodes[loop]) and not kind.catches and loop not in led_back:
            yield Finding(_without_end(nodes[loop], kind))


def fired_in_rounds(workflow: Workflow, inside: Mapping[str, set[str]], fired: frozenset[str]) -> Iterator[Finding]:
    """Yield errors for fired nodes that have no place outside a loop.

    Args:
        workflow: the document.
        inside: per loop, the nodes in its body.
        fired: the nodes whose output is given once.
    """
    for node in workflow.nodes:
        if node.id in fired and any(node.id in body for body in inside.values()):
            yield Finding(
                Diagnostic(
                    code="seed_in_loop",
                    message=f"{node.name!r} runs in each round of a loop, so its output cannot be given once.",
                    remedy="Give the output of the loop, or begin before it.",
                    node_id=node.id,
                )
            )


def _without_end(loop: Node, kind: Kind) -> Diagnostic:
    return Diagnostic(
        code="loop_without_end",
        message=f"{loop.name!r} repeats what follows it, and nothing leads back to it.",
        remedy=f"Connect the last node of a round to the input {kind.back!r}, or run it for each batch.",
        node_id=loop.id,
    )


def _from_outside(loop: Node, kind: Kind, source: Node) -> Diagnostic:
    return Diagnostic(
        code="loop_back_outside",
        message=f"{source.name!r} leads back to {loop.name!r} and is not in its body.",
        remedy=f"Only what the port {kind.body!r} leads to can go round; connect {source.name!r} to the input 'main'.",
        node_id=source.id,
    )


def _from_within(nodes: Mapping[str, Node], loop: str, within: str, kind: Kind, source: str) -> Diagnostic:
    inner = nodes[within].name
    return Diagnostic(
        code="loop_back_outside",
        message=f"{nodes[source].name!r} runs in each round of {inner!r} and leads back to {nodes[loop].name!r}.",
        remedy=f"Lead it back to {inner!r}, and connect the port {kind.done!r} of {inner!r} to {nodes[loop].name!r}.",
        node_id=source,
    )


def _entered(
    nodes: Mapping[str, Node], loop: str, kind: Kind, body: set[str], incoming: Incoming
) -> Iterator[Diagnostic]:
    for node_id in sorted(body):
        for _, (source, port) in incoming[node_id]:
            if source in body or (source == loop and port == kind.body):
                continue
            name, from_name = nodes[node_id].name, nodes[source].name
            where = f"part of a tool of {nodes[loop].name!r}" if kind.picks else f"in the loop {nodes[loop].name!r}"
            yield Diagnostic(
                code="loop_entered",
                message=f"{name!r} is {where}, and {from_name!r} leads to it from outside.",
                remedy=f"Delete that edge; an expression like $('{from_name}') may read from outside.",
                node_id=node_id,
            )


def _responses(nodes: Mapping[str, Node], loop: str, body: set[str], entries: Entries) -> Iterator[Diagnostic]:
    for node_id in sorted(body):
        if entries[node_id].is_response:
            yield Diagnostic(
                code="response_in_loop",
                message=f"{nodes[node_id].name!r} would answer in each round of {nodes[loop].name!r}.",
                remedy="Answer before the loop or after it: a webhook's caller gets one answer.",
                node_id=node_id,
            )
