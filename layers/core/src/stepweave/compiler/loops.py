"""Loops on the canvas: which nodes are a loop's body, and what is wrong with how they are connected.

A loop's body is what its port `loop` leads to. Edges from the body to the loop's input `back` close the circle; they
are the only edges that may lead backwards. Bodies nest or are apart, because everything behind a body's node is in it.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from stepweave.model.diagnostics import Diagnostic
from stepweave.model.workflow import Node, Workflow
from stepweave.spec.catalogue import CatalogueEntry

LOOP: Final = "loop"
"""The node type, and the output port that leads to the body."""
BACK: Final = "back"
DONE: Final = "done"
DEFAULT_ROUNDS: Final = 100
"""The most rounds of a loop that repeats and does not say how many."""

Source = tuple[str, str]
"""A node id and one of its output ports."""
Incoming = Mapping[str, list[tuple[str, Source]]]
"""Per node its edges as (input port, source)."""


def is_loop(entry: CatalogueEntry) -> bool:
    """Return whether nodes of a type have a body."""
    return entry.type == LOOP


def repeats(node: Node) -> bool:
    """Return whether a loop's items go round together until they are done, rather than batch by batch."""
    return node.params.get("mode") == "repeat"


def most_rounds(node: Node) -> int:
    """Return the most rounds of a loop that repeats."""
    rounds = node.params.get("maxRounds", DEFAULT_ROUNDS)
    return rounds if isinstance(rounds, int) else DEFAULT_ROUNDS


def bodies(incoming: Incoming, entries: Mapping[str, CatalogueEntry]) -> dict[str, set[str]]:
    """Return per loop the ids of the nodes in its body, those of loops within it included."""
    followers: dict[str, list[tuple[str, str]]] = {}
    for node_id, edges in incoming.items():
        for target_port, (source, port) in edges:
            if target_port != BACK or not is_loop(entries[node_id]):
                followers.setdefault(source, []).append((port, node_id))
    found = {}
    for loop in incoming:
        if not is_loop(entries[loop]):
            continue
        body: set[str] = set()
        waiting = [target for port, target in followers.get(loop, ()) if port == LOOP]
        while waiting:
            node_id = waiting.pop()
            if node_id == loop or node_id in body:
                continue
            body.add(node_id)
            waiting += [target for _, target in followers.get(node_id, ())]
        found[loop] = body
    return found


def check(workflow: Workflow, incoming: Incoming, entries: Mapping[str, CatalogueEntry]) -> list[Diagnostic]:
    """Return what is wrong with the loops of a workflow without other errors of structure.

    Args:
        workflow: the document.
        incoming: its edges, disabled nodes bridged.
        entries: per node, its type.
    """
    nodes = {node.id: node for node in workflow.nodes}
    led_back = {edge.target for edge in workflow.edges if edge.target_port == BACK}
    found: list[Diagnostic] = []
    live = reached(incoming, entries)
    incoming = {node_id: edges for node_id, edges in incoming.items() if node_id in live}
    incoming = {node_id: [edge for edge in edges if edge[1][0] in live] for node_id, edges in incoming.items()}
    inside = bodies(incoming, entries)
    for loop, body in inside.items():
        returning = [source for port, (source, _) in incoming[loop] if port == BACK]
        found += (_from_outside(nodes[loop], nodes[source]) for source in returning if source not in body | {loop})
        for within in sorted(body & inside.keys()):
            found += (_from_within(nodes, loop, within, one) for one in returning if one in inside[within])
        found += _entered(nodes, loop, body, incoming)
        found += _responses(nodes, loop, body, entries)
        if repeats(nodes[loop]) and loop not in led_back:
            found.append(
                Diagnostic(
                    code="loop_without_end",
                    message=f"{nodes[loop].name!r} repeats what follows it, and nothing leads back to it.",
                    remedy=f"Connect the last node of a round to the input {BACK!r}, or run it for each batch.",
                    node_id=loop,
                )
            )
    return found


def reached(incoming: Incoming, entries: Mapping[str, CatalogueEntry]) -> set[str]:
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


def _from_outside(loop: Node, source: Node) -> Diagnostic:
    return Diagnostic(
        code="loop_back_outside",
        message=f"{source.name!r} leads back to {loop.name!r} and is not in its body.",
        remedy=f"Only what the port {LOOP!r} leads to can go round; connect {source.name!r} to the input 'main'.",
        node_id=source.id,
    )


def _from_within(nodes: Mapping[str, Node], loop: str, within: str, source: str) -> Diagnostic:
    inner = nodes[within].name
    return Diagnostic(
        code="loop_back_outside",
        message=f"{nodes[source].name!r} runs in each round of {inner!r} and leads back to {nodes[loop].name!r}.",
        remedy=f"Lead it back to {inner!r}, and connect the port {DONE!r} of {inner!r} to {nodes[loop].name!r}.",
        node_id=source,
    )


def _entered(nodes: Mapping[str, Node], loop: str, body: set[str], incoming: Incoming) -> Iterator[Diagnostic]:
    for node_id in sorted(body):
        for _, (source, port) in incoming[node_id]:
            if source in body or (source == loop and port == LOOP):
                continue
            name, from_name = nodes[node_id].name, nodes[source].name
            yield Diagnostic(
                code="loop_entered",
                message=f"{name!r} is in the loop {nodes[loop].name!r}, and {from_name!r} leads to it from outside.",
                remedy=f"Delete that edge; an expression like $('{from_name}') may read from outside.",
                node_id=node_id,
            )


def _responses(
    nodes: Mapping[str, Node], loop: str, body: set[str], entries: Mapping[str, CatalogueEntry]
) -> Iterator[Diagnostic]:
    for node_id in sorted(body):
        if entries[node_id].is_response:
            yield Diagnostic(
                code="response_in_loop",
                message=f"{nodes[node_id].name!r} would answer in each round of {nodes[loop].name!r}.",
                remedy="Answer before the loop or after it: a webhook's caller gets one answer.",
                node_id=node_id,
            )
