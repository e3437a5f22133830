"""The passes in order."""

import json
from collections.abc import Mapping
from typing import Any

from stepweave.compiler import check, limits, modes, references
from stepweave.compiler.emit import Emitter
from stepweave.compiler.graph import Graph, bits, build
from stepweave.compiler.parameters import check_node
from stepweave.compiler.parse import parse
from stepweave.compiler.plan import Plan, answering, possible_last
from stepweave.compiler.result import Compiled, CompileOptions, MachineType, Rejected, Trigger
from stepweave.compiler.structure import decompose
from stepweave.model.diagnostics import Diagnostic, Severity
from stepweave.model.workflow import Workflow
from stepweave.spec.catalogue import Catalogue

Document = Workflow | Mapping[str, Any] | str | bytes


def validate(document: Document, catalogue: Catalogue) -> list[Diagnostic]:
    """Return everything that is wrong with a workflow, errors and warnings."""
    return list(compile_workflow(document, catalogue, CompileOptions()).diagnostics)


def compile_workflow(document: Document, catalogue: Catalogue, options: CompileOptions) -> Compiled | Rejected:
    """Compile a workflow.

    Args:
        document: a workflow, as a model, as JSON data or as JSON text.
        catalogue: the node types there are.
        options: what the deployment decides.

    Returns:
        The machine with its warnings, or all that is wrong. Never raises for what a user can write.
    """
    workflow, found = parse(document)
    if workflow is None:
        return Rejected(tuple(found))
    found += check.structure(workflow, catalogue)
    for node in workflow.nodes:
        entry = catalogue.get(node.type, node.version)
        if entry is not None and not node.settings.disabled:
            found += check_node(node, entry)
    if _has_errors(found, ("missing_node", "missing_port", "cycle", "unknown_type", "unknown_version", "duplicate_id")):
        return Rejected(tuple(found))
    found += check.reachability(workflow, catalogue)
    graph = build(workflow, catalogue)
    refs, problems = references.resolve(workflow, graph)
    kind, impossible = modes.choose(workflow, graph)
    found += [*problems, *impossible, *_answers(graph)]
    plan, too_many = _plan(graph, refs)
    found += too_many
    if _has_errors(found):
        return Rejected(tuple(found))
    return _emitted(workflow, plan, kind, options, found)


def _plan(graph: Graph, refs: references.Refs) -> tuple[Plan, list[Diagnostic]]:
    tree = decompose(graph.preds, graph.steps)
    answers = answering(graph)
    last = possible_last(graph) if "lastNode" in modes.answer_wanted(graph) else 0
    inline, found = limits.inline_limits(graph, tree, refs, answers | last)
    return Plan(graph, tree, refs, answers, last, inline), found


def _emitted(
    workflow: Workflow, plan: Plan, kind: MachineType, options: CompileOptions, warnings: list[Diagnostic]
) -> Compiled | Rejected:
    emitter = Emitter(plan, options.function_prefix)
    definition: dict[str, Any] = {"QueryLanguage": "JSONata", **emitter.machine()}
    if workflow.settings.timeout_seconds:
        definition["TimeoutSeconds"] = workflow.settings.timeout_seconds
    size = len(json.dumps(definition, separators=(",", ":")))
    if size > limits.DEFINITION_BYTES:
        message = f"The state machine has {size} bytes; Step Functions takes {limits.DEFINITION_BYTES}."
        remedy = "Move part of it into another workflow, or keep large texts outside the nodes."
        return Rejected((*warnings, Diagnostic(code="too_large", message=message, remedy=remedy)))
    graph = plan.graph
    triggers = tuple(
        Trigger(graph.nodes[node].id, trigger)
        for node in bits(graph.triggers)
        if (trigger := graph.entries[node].trigger) is not None
    )
    return Compiled(definition, kind, emitter.states, triggers, tuple(warnings))


def _answers(graph: Graph) -> list[Diagnostic]:
    """Warn of response nodes that answer nobody, and of webhooks that wait for one there is not."""
    wanted = modes.answer_wanted(graph)
    responding = list(bits(answering(graph)))
    found = []
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


def _has_errors(found: list[Diagnostic], codes: tuple[str, ...] | None = None) -> bool:
    return any(entry.severity is Severity.ERROR and (codes is None or entry.code in codes) for entry in found)
