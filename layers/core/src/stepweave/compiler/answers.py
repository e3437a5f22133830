"""Answers: response nodes and the webhooks that wait for them, and what of the last node's output is one."""

from stepweave.compiler import modes
from stepweave.compiler.graph import Graph, bits, output_names
from stepweave.compiler.literals import path, quoted
from stepweave.compiler.plan import answering
from stepweave.model.diagnostics import Diagnostic, Severity


def check(graph: Graph) -> list[Diagnostic]:
    """Return errors for answers nobody waits for, that nobody gives, or that two nodes give on one path."""
    wanted = modes.answer_wanted(graph)
    responding = list(bits(answering(graph)))
    found: list[Diagnostic] = [_second(graph, node) for node in responding if graph.ancestors[node] & answering(graph)]
    if "respondNode" in wanted and not responding:
        trigger = next(
            node for node in bits(graph.triggers) if graph.nodes[node].params.get("respond") == "respondNode"
        )
        found.append(
            Diagnostic(
                code="no_response",
                message=f"{graph.nodes[trigger].name!r} waits for a Respond to webhook node, and there is none.",
                remedy="Add one, or let the webhook answer otherwise.",
                node_id=graph.nodes[trigger].id,
                field="params.respond",
            )
        )
    if wanted and "respondNode" not in wanted:
        found += [
            Diagnostic(
                code="response_unused",
                severity=Severity.WARNING,
                message=f"{graph.nodes[node].name!r} answers nobody: no webhook waits for it.",
                remedy="Set the webhook to answer with a Respond to webhook node.",
                node_id=graph.nodes[node].id,
            )
            for node in responding
        ]
    return found


def last(graph: Graph, node: int, output: str) -> str:
    """Return what of a last node's output is an answer, as JSONata: the items that go the node's own way.

    That is its first port: a filter's items that passed, an if's `true`, an approval's `approved`; not what was
    rejected, was too late or failed. A switch gives what is on any of its ports, where none of them leads on.

    Args:
        graph: the workflow.
        node: the node.
        output: its output, as JSONata.
    """
    entry, params = graph.entries[node], graph.nodes[node].params
    declared = [port.name for port in entry.ports(params)]
    meant = declared if entry.outputs_from and not graph.out_ports[node] else declared[:1]
    if set(output_names(graph.nodes[node], entry)) <= set(meant):
        return output
    return "{" + ", ".join(f"{quoted(port)}: {path(f'({output})', port)}" for port in meant) + "}"


def _second(graph: Graph, node: int) -> Diagnostic:
    first = next(bits(graph.ancestors[node] & answering(graph)))
    return Diagnostic(
        code="two_responses",
        message=f"{graph.nodes[node].name!r} comes after {graph.nodes[first].name!r}, which has answered already.",
        remedy="Answer once on each path: delete one of the two, or put them on different branches.",
        node_id=graph.nodes[node].id,
    )
