"""Response nodes and the webhooks that wait for them: what cannot be, and what answers nobody."""

from stepweave.compiler import modes
from stepweave.compiler.graph import Graph, bits
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


def _second(graph: Graph, node: int) -> Diagnostic:
    first = next(bits(graph.ancestors[node] & answering(graph)))
    return Diagnostic(
        code="two_responses",
        message=f"{graph.nodes[node].name!r} comes after {graph.nodes[first].name!r}, which has answered already.",
        remedy="Answer once on each path: delete one of the two, or put them on different branches.",
        node_id=graph.nodes[node].id,
    )
