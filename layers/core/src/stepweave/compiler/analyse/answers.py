"""Answers: response nodes, the webhooks that wait for them, and which nodes' output may be the last one."""

from collections.abc import Mapping

from stepweave.compiler.analyse.graph import Graph
from stepweave.compiler.masks import bits
from stepweave.model.diagnostics import Diagnostic, Severity
from stepweave.spec.node import TriggerKind


def check(graph: Graph) -> list[Diagnostic]:
    """Return errors for answers nobody waits for, that nobody gives, or that two nodes give on one path."""
    wanted = answer_wanted(graph)
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
    if wanted and "respondNode" not in wanted and not _forms(graph):  # a form shows any answer
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


def answering(graph: Graph) -> int:
    """Return the mask of the response nodes."""
    return sum(1 << node for node in bits(graph.steps) if graph.entries[node].is_response)


def answer_wanted(graph: Graph) -> set[str]:
    """Return how the webhooks of a graph answer."""
    return {
        wants(graph.nodes[node].params, graph.entries[node].params_schema)
        for node in bits(graph.triggers)
        if graph.entries[node].trigger is TriggerKind.WEBHOOK
    }


def _forms(graph: Graph) -> list[int]:
    return [node for node in bits(graph.triggers) if graph.entries[node].trigger is TriggerKind.FORM]


def wants(params: Mapping[str, object], schema: Mapping[str, object]) -> str:
    """Return how a webhook trigger answers: `immediately`, `lastNode` or `respondNode`."""
    properties = schema.get("properties")
    declared = properties.get("respond") if isinstance(properties, dict) else None
    default = declared.get("default", "immediately") if isinstance(declared, dict) else "immediately"
    return str(params.get("respond", default))


def possible_last(graph: Graph) -> int:
    """Return the nodes that may be the last to run in topological order: no port that always emits leads on."""
    outside = ((1 << len(graph.nodes)) - 1) & ~graph.inner
    return sum(1 << node for node in bits(outside) if graph.always[node] == 0)


def last_wanted(graph: Graph) -> int:
    """Return the nodes whose output may be the last one, where a webhook, a form or another workflow asks for it."""
    called = any(graph.entries[node].trigger is TriggerKind.WORKFLOW for node in bits(graph.triggers))
    shown = any(wants(graph.nodes[node].params, {}) == "lastNode" for node in _forms(graph))
    return possible_last(graph) if called or shown or "lastNode" in answer_wanted(graph) else 0
