"""The passes in order, each a pure function from a value to the next one, or to what is wrong.

    document ─parse─> Parsed ─check─> Checked ─analyse─> Analysed ─optimise─> Plan ─emit─> Machine

A pass that cannot go on gives `Rejected`; errors that stop nothing yet travel along, so that people see all of them.
"""

from stepweave.compiler.analyse import Analysed, analyse
from stepweave.compiler.check import check
from stepweave.compiler.control import Controls
from stepweave.compiler.edges import bodies, live_inputs
from stepweave.compiler.emit import Machine, emit
from stepweave.compiler.kind import kind_of
from stepweave.compiler.kinds import CONTROLS
from stepweave.compiler.lowerings import LOWERINGS
from stepweave.compiler.masks import bits
from stepweave.compiler.native.lowering import Lowerings
from stepweave.compiler.optimise import Attempt, Plan, attempts, optimise
from stepweave.compiler.optimise.limits import DEFINITION_BYTES
from stepweave.compiler.parse import Document, parse
from stepweave.compiler.result import Compiled, CompileOptions, Rejected, Trigger
from stepweave.model.diagnostics import Diagnostic, Severity
from stepweave.model.workflow import Workflow
from stepweave.spec.catalogue import Catalogue


def compile_workflow(
    document: Document,
    catalogue: Catalogue,
    options: CompileOptions,
    controls: Controls = CONTROLS,
    lowerings: Lowerings = LOWERINGS,
) -> Compiled | Rejected:
    """Compile a workflow.

    Args:
        document: a workflow, as a model, as JSON data or as JSON text.
        catalogue: the node types there are.
        options: what the deployment decides.
        controls: what kinds of node mean.
        lowerings: how nodes run without their function.

    Returns:
        The machine with its warnings, or all that is wrong. Never raises for what a user can write.
    """
    parsed = parse(document)
    if isinstance(parsed, Rejected):
        return parsed
    checked = check(parsed, catalogue, options, controls.kinds)
    if isinstance(checked, Rejected):
        return checked
    analysed = analyse(checked, options, controls.kinds)
    attempt = attempts.first(analysed, options.optimise)
    while True:
        plan = optimise(analysed, attempt, lowerings)
        found = (*analysed.diagnostics, *plan.diagnostics)
        if any(entry.severity is Severity.ERROR for entry in found):
            return Rejected(found)
        machine = emit(plan, options.function_prefix, controls.writers, shorten=attempt.lower)
        if attempts.fits(plan, machine.size):
            return _compiled(analysed, attempt, plan, machine)
        following = attempts.following(attempt, plan, machine.size)
        if following is None:
            return Rejected((*found, _too_large(machine.size)))
        attempt = following


def validate(document: Document, catalogue: Catalogue) -> list[Diagnostic]:
    """Return everything that is wrong with a workflow, errors and warnings."""
    return list(compile_workflow(document, catalogue, CompileOptions()).diagnostics)


def in_rounds(workflow: Workflow, catalogue: Catalogue, controls: Controls = CONTROLS) -> set[str]:
    """Return the nodes that run in the rounds of some loop; none where a type is unknown, which `validate` tells."""
    entries = {node.id: entry for node in workflow.nodes if (entry := catalogue.get(node.type, node.version))}
    if entries.keys() != {node.id for node in workflow.nodes}:
        return set()
    kinds = {node.id: kind_of(node, entries[node.id], controls.kinds) for node in workflow.nodes}
    return {inner for body in bodies(live_inputs(workflow, entries), kinds).values() for inner in body}


def _compiled(analysed: Analysed, attempt: Attempt, plan: Plan, machine: Machine) -> Compiled:
    graph = plan.graph
    triggers = tuple(
        Trigger(graph.nodes[node].id, trigger)
        for node in bits(graph.triggers)
        if (trigger := graph.entries[node].trigger) is not None
    )
    lowering: dict[str, str | None] = {}
    if attempt.lower:
        lowering = {graph.nodes[node].id: plan.lowered.reasons.get(node) for node in bits(graph.steps)}
    warnings = analysed.diagnostics
    return Compiled(machine.definition, plan.kind, machine.states, triggers, warnings, machine.machines, lowering)


def _too_large(size: int) -> Diagnostic:
    message = f"The state machine has {size} bytes; Step Functions takes {DEFINITION_BYTES}."
    remedy = "Move part of it into another workflow, or keep large texts outside the nodes."
    return Diagnostic(code="too_large", message=message, remedy=remedy)
