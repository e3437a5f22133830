"""The passes in order."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from stepweave.compiler import answers, budgets, check, limits, lineage, loops, modes, nesting, references
from stepweave.compiler.emit import Emitter
from stepweave.compiler.graph import Graph, bits, build, live_inputs
from stepweave.compiler.native.choosing import NOTHING, choose
from stepweave.compiler.parameters import check_node
from stepweave.compiler.parse import parse
from stepweave.compiler.peephole import shortened, state_names
from stepweave.compiler.plan import Plan, answering, possible_last
from stepweave.compiler.result import Compiled, CompileOptions, MachineType, Rejected, Trigger
from stepweave.compiler.structure import decompose
from stepweave.model.diagnostics import Diagnostic, Severity
from stepweave.model.workflow import Workflow
from stepweave.spec.catalogue import Catalogue, CatalogueEntry
from stepweave.spec.node import TriggerKind

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
    incoming, entries = _connected(workflow, catalogue)
    found += loops.check(workflow, incoming, entries)
    found += _cut_into_loops(workflow, loops.bodies(incoming, entries), options.fired)
    if _has_errors(found, ("loop_entered", "loop_back_outside")):
        return Rejected(tuple(found))
    graph = build(workflow, catalogue, fired=options.fired, pinned=options.pinned, until=options.until)
    refs, problems = references.resolve(workflow, graph)
    kind, impossible = modes.choose(workflow, graph)
    found += [*problems, *impossible]
    if not (options.fired or options.until):  # a part of a workflow answers nobody
        found += answers.check(graph)
    most = _fitting(graph, kind)
    plan, too_many = _plan(graph, refs, kind, options, most)
    found += too_many
    if _has_errors(found):
        return Rejected(tuple(found))
    return _emitted(workflow, plan, kind, options, found, most)


def _connected(workflow: Workflow, catalogue: Catalogue) -> tuple[loops.Incoming, dict[str, CatalogueEntry]]:
    entries = {node.id: entry for node in workflow.nodes if (entry := catalogue.get(node.type, node.version))}
    return live_inputs(workflow, entries), entries


def _cut_into_loops(workflow: Workflow, bodies: Mapping[str, set[str]], fired: frozenset[str]) -> Iterator[Diagnostic]:
    """Yield errors for fired nodes that have no place outside a loop."""
    for node in workflow.nodes:
        if node.id in fired and any(node.id in body for body in bodies.values()):
            yield Diagnostic(
                code="seed_in_loop",
                message=f"{node.name!r} runs in each round of a loop, so its output cannot be given once.",
                remedy="Give the output of the loop, or begin before it.",
                node_id=node.id,
            )


def _plan(
    graph: Graph, refs: references.Refs, kind: MachineType, options: CompileOptions, most: int = 0
) -> tuple[Plan, list[Diagnostic]]:
    """Return what is to be emitted; with `most`, machines have at most so many nodes and what is more is nested."""
    tree = decompose(graph.preds, graph.region(None))
    if most and tree is not None:
        tree = nesting.split(tree, graph, most)
    bodies = {loop: decompose(graph.preds, graph.region(loop)) for loop in graph.bodies}
    answered = answering(graph)
    wanted = "lastNode" in modes.answer_wanted(graph) or any(
        graph.entries[node].trigger is TriggerKind.WORKFLOW for node in bits(graph.triggers)
    )
    last = possible_last(graph) if wanted else 0
    returning = {
        graph.ports[port][0]: loop
        for loop, ports in graph.back.items()
        if not loops.repeats(graph.nodes[loop])
        for port in ports
        if graph.ports[port][0] != loop  # a disabled body hands the round's items straight back
    }
    lowered = NOTHING
    carried = lineage.plan(graph, refs)
    if options.optimise:
        spare = int(_FILLED * limits.DEFINITION_BYTES) - _expected_bytes(graph)
        lowered = choose(graph, [tree, *bodies.values()], refs, kind, spare, carried)
    graph.lowered = lowered.mask
    budget, too_long = budgets.plan(graph, tree, bodies)
    kept = answered | last | sum(1 << node for node in returning)
    rooms, found = limits.rooms(graph, [tree, *budget.bodies.values()], refs, kept, lowered)
    plan = Plan(
        graph,
        tree,
        refs,
        answered,
        last,
        limits.inline_limits(rooms),
        budget.bodies,
        budget.rounds,
        returning,
        kind,
        budget.events,
        rooms,
        lowered,
        carried,
    )
    return plan, [*found, *too_long]


def _emitted(
    workflow: Workflow, plan: Plan, kind: MachineType, options: CompileOptions, warnings: list[Diagnostic], most: int
) -> Compiled | Rejected:
    most = most or len(plan.graph.nodes)
    whole = _whole(workflow, plan, options)
    while (size := whole.largest) > limits.DEFINITION_BYTES or (kind == "STANDARD" and plan.events > budgets.BUDGET):
        if plan.lowered.programs:
            return _unlowered(workflow, plan, kind, options, warnings)
        most = int(most * min(_FILLED, _FILLED * limits.DEFINITION_BYTES / size))
        if kind == "EXPRESS" or most < _FEWEST:
            message = f"The state machine has {size} bytes; Step Functions takes {limits.DEFINITION_BYTES}."
            remedy = "Move part of it into another workflow, or keep large texts outside the nodes."
            return Rejected((*warnings, Diagnostic(code="too_large", message=message, remedy=remedy)))
        plan, found = _plan(plan.graph, plan.refs, kind, options, most)
        if _has_errors(found):
            return Rejected((*warnings, *found))
        whole = _whole(workflow, plan, options)
    graph = plan.graph
    triggers = tuple(
        Trigger(graph.nodes[node].id, trigger)
        for node in bits(graph.triggers)
        if (trigger := graph.entries[node].trigger) is not None
    )
    lowering: dict[str, str | None] = {}
    if options.optimise:
        lowering = {graph.nodes[node].id: plan.lowered.reasons.get(node) for node in bits(graph.steps)}
    return Compiled(whole.definition, kind, whole.states, triggers, tuple(warnings), whole.machines, lowering)


def _unlowered(
    workflow: Workflow, plan: Plan, kind: MachineType, options: CompileOptions, warnings: list[Diagnostic]
) -> Compiled | Rejected:
    """Compile again with a function for each node, for lowering must not be what makes a machine too large."""
    every = replace(options, optimise=0)
    plan, found = _plan(plan.graph, plan.refs, kind, every)
    return Rejected((*warnings, *found)) if _has_errors(found) else _emitted(workflow, plan, kind, every, warnings, 0)


def _fitting(graph: Graph, kind: MachineType) -> int:
    """Return how many nodes a machine may have so that its definition surely fits; 0 where all may be in one."""
    expected = _expected_bytes(graph)
    if kind == "EXPRESS" or expected <= limits.DEFINITION_BYTES:
        return 0
    return int(len(graph.nodes) * _FILLED * limits.DEFINITION_BYTES / expected)


def _expected_bytes(graph: Graph) -> int:
    """Return about how large the definition of a graph is, before it is made."""
    total = 0
    for node, document in enumerate(graph.nodes):
        size = _STEP_BYTES + len(json.dumps(document.params))
        doubtful = [port for port in bits(graph.in_ports[node]) if not graph.always[graph.ports[port][0]] >> port & 1]
        # Where a branch may not run, a Choice asks; where it may well run alone, its steps are there twice.
        total += 2 * size + _GUARD_BYTES if len(doubtful) == 1 else size
    return total


_STEP_BYTES: Final = 720
"""A Task with its retries, its input and its assignment (measured over the benchmark's workflows)."""
_GUARD_BYTES: Final = 270
"""A Choice before a branch, or half of one with the Parallel state behind it (measured over the same)."""
_FILLED: Final = 0.8
"""How full machines are made that are split because one was too large: their sizes are estimates."""
_FEWEST: Final = 8
"""With so few nodes in a machine it is not their number that makes it large."""


@dataclass(frozen=True)
class _Whole:
    """A machine with the machines nested in it."""

    definition: dict[str, Any]
    states: dict[str, str]
    machines: tuple[nesting.Part, ...]

    @cached_property
    def largest(self) -> int:
        """The bytes of the largest definition."""
        every = (self.definition, *(part.definition for part in self.machines))
        return max(len(json.dumps(one, separators=(",", ":"))) for one in every)


def _whole(workflow: Workflow, plan: Plan, options: CompileOptions) -> _Whole:
    emitter = Emitter(plan, options.function_prefix)
    definition: dict[str, Any] = {"QueryLanguage": "JSONata", **emitter.machine()}
    if workflow.settings.timeout_seconds:
        definition["TimeoutSeconds"] = workflow.settings.timeout_seconds
    if not options.optimise:
        return _Whole(definition, emitter.states, tuple(emitter.machines))
    machines = tuple(replace(part, definition=shortened(part.definition)) for part in emitter.machines)
    definition = shortened(definition)
    left = {name for one in (definition, *(part.definition for part in machines)) for name in state_names(one)}
    return _Whole(definition, {name: node for name, node in emitter.states.items() if name in left}, machines)


def _has_errors(found: list[Diagnostic], codes: tuple[str, ...] | None = None) -> bool:
    return any(entry.severity is Severity.ERROR and (codes is None or entry.code in codes) for entry in found)
