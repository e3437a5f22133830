"""Writes lowered nodes: alone, and several that run at once."""

import json
from collections.abc import Mapping
from typing import Any, Final

from stepweave.compiler.analyse.liveness import Facts, Status
from stepweave.compiler.analyse.structure import Fused, Tree
from stepweave.compiler.emit.emission import Emission
from stepweave.compiler.emit.scope import Scope, State, Way, lead
from stepweave.compiler.emit.steps import live_paths
from stepweave.compiler.literals import expression, path
from stepweave.compiler.masks import bits
from stepweave.compiler.native.items import Inputs, Source, note_of
from stepweave.compiler.native.lowering import Failure, Native
from stepweave.compiler.optimise.limits import exports
from stepweave.compiler.optimise.plan import Plan

MOST_CHARACTERS: Final = 12_000
"""Of the expressions of nodes that run together; above that they run with their functions."""
_NONE: Final[Mapping[int, Native]] = {}


def write_lowered(emission: Emission, scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
    """Write a lowered node (`plan.lowered`) behind `ways`; return the ways out.

    A Pass where its guard always holds, a Fail for a node that fails, else a Choice: where the guard holds, its rule
    assigns the result; where it does not, the node's Task runs.
    """
    document = emission.graph.nodes[node]
    native = emission.plan.lowered.programs[node](_inputs(emission.plan, scope, node, facts))
    assigned: dict[str, Any] = {}
    if emission.is_read(node):
        assigned = {"Assign": {scope.variable(node): expression(native.result)}}
    after = emission.liveness.node_ran(facts, node)
    if native.fails is not None:
        emission.add(scope, node, _fail(document.id, native.fails), document.name, ways)
        return []
    if not native.guard:
        state: State = {"Type": "Pass", **assigned, "Output": scope.passed_on}
        emission.add(scope, node, state, document.name, ways)
        return [Way(state, "Next", after)]
    rule: State = {"Condition": expression(native.guard), **assigned}
    choice: State = {"Type": "Choice", "Choices": [rule]}
    emission.add(scope, node, choice, f"{document.name} - at once", ways)
    otherwise = [Way(choice, "Default", facts)]
    called = emission.step(scope, node, facts, otherwise, emission.task(scope, node, facts))
    return [Way(rule, "Next", after), *called]


def write_fused(emission: Emission, scope: Scope, fused: Fused, ways: list[Way]) -> list[Way]:
    """Write a part all of whose nodes are lowered behind `ways`; return the ways out.

    One Choice: where all guards hold, its rule assigns all results; else the part runs with its functions.
    """
    tree = fused.part
    if tree.mask & emission.plain:
        return emission.tree(scope, tree, ways)
    facts = emission.once_entered(tree.mask, ways)
    natives: dict[int, Native] = {}
    after = facts or Facts()
    for node in bits(tree.mask) if facts else ():
        if emission.liveness.status(after, node) is not Status.LIVE:
            return _plainly(emission, scope, tree, ways)  # which asks itself what enters it
        inputs = _inputs(emission.plan, scope, node, after, natives)
        natives[node] = emission.plan.lowered.programs[node](inputs)
        after = emission.liveness.node_ran(after, node)
    condition = _all_hold(natives)
    read = exports(emission.graph, tree, emission.reading, emission.kept)
    assigned = {scope.variable(node): expression(_computed(natives, node)) for node in bits(read)}
    if len(condition) + sum(map(len, assigned.values())) > MOST_CHARACTERS:
        return _plainly(emission, scope, tree, ways)
    running, passing = emission.entering(scope, tree.mask, ways)
    if facts is None:
        return passing
    name = emission.first_name(tree.mask)
    if not condition:
        state: State = {"Type": "Pass", "Assign": assigned, "Output": scope.passed_on}
        lead(running, scope.add(f"{name} and what follows - at once", state))
        return [*passing, Way(state, "Next", after)]
    rule: State = {"Condition": expression(condition), "Assign": assigned}
    choice: State = {"Type": "Choice", "Choices": [rule]}
    lead(running, scope.add(f"{name} and what follows - at once", choice))
    called = _plainly(emission, scope, tree, [Way(choice, "Default", facts)])
    return [*passing, Way(rule, "Next", after), *called]


def _plainly(emission: Emission, scope: Scope, tree: Tree, ways: list[Way]) -> list[Way]:
    """Write a part with its nodes' functions."""
    emission.plain |= tree.mask
    leaving = emission.tree(scope, tree, ways)
    emission.plain &= ~tree.mask
    return leaving


def _local(node: int) -> str:
    """Return the name within an expression of a result that no variable holds yet."""
    return f"$x{node}"


def _bound(natives: dict[int, Native], texts: str) -> str:
    """Return the assignments within an expression of all results that it reads."""
    needed: set[int] = set()
    for node in reversed(natives):
        if f"{_local(node)}." in texts:
            needed.add(node)
            texts += natives[node].result
    return "".join(f"{_local(node)}:={natives[node].result};" for node in natives if node in needed)


def _computed(natives: dict[int, Native], node: int) -> str:
    """Return JSONata of a node's result, with all that it follows from."""
    result = natives[node].result
    bound = _bound(natives, result)
    return f"({bound}{result})" if bound else result


def _all_hold(natives: dict[int, Native]) -> str:
    """Return the condition that all guards hold, none evaluated before those of what it reads; empty if they do."""
    whole = ""
    for node, native in reversed(natives.items()):
        if whole and f"{_local(node)}." in whole:
            whole = f"({_local(node)}:={native.result};{whole})"
        if native.guard:
            whole = f"(({native.guard})?{whole}:false)" if whole else f"({native.guard})"
    return whole


def _inputs(plan: Plan, scope: Scope, node: int, facts: Facts, natives: Mapping[int, Native] = _NONE) -> Inputs:
    """Return where a node's items come from; the results of `natives` are in no variables yet."""
    ports = {}
    for name, ports_before in plan.graph.inputs[node].items():
        sources = []
        for port in ports_before:
            origin, origin_port = plan.graph.ports[port]
            if origin in natives:
                paths = [path(_local(origin), "output", origin_port)]
            else:
                paths = live_paths(plan, scope, (port,), facts)
            noted = plan.lineage.is_noted(origin, node)
            of = note_of(plan.graph.nodes[origin].id, origin_port, scope.iteration) if noted else ""
            sources += [Source(batch, plan.rooms[origin], of) for batch in paths]
        ports[name] = sources
    return Inputs(ports, plan.rooms[node], plan.lineage.any)


def _fail(node_id: str, failure: Failure) -> State:
    """Return a Fail state that says what the node's function would, and which node it was."""
    cause = {"errorType": failure.error, "errorMessage": failure.message, "nodeId": node_id}
    return {"Type": "Fail", "Error": failure.error, "Cause": json.dumps(cause, ensure_ascii=False)}
