"""The states of lowered nodes, and what tells of them."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from stepweave.compiler.graph import bits
from stepweave.compiler.limits import exports
from stepweave.compiler.literals import expression, path
from stepweave.compiler.liveness import Facts, Status
from stepweave.compiler.native.items import Inputs, Source, note_of
from stepweave.compiler.native.native import Failure, Native
from stepweave.compiler.plan import Plan
from stepweave.compiler.scope import Scope, State, Way, lead, met
from stepweave.compiler.steps import live_paths, task
from stepweave.compiler.structure import Series, Tree

if TYPE_CHECKING:
    from stepweave.compiler.emit import Emitter

MOST_CHARACTERS: Final = 12_000
"""Of the expressions of nodes that run together; above that they run with their functions."""
_NONE: Final[Mapping[int, Native]] = {}


def lowered(emitter: "Emitter", scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
    """Emit a lowered node (`plan.lowered`) behind `ways`; return the ways out.

    A Pass where its guard always holds, a Fail for a node that fails, else a Choice: where the guard holds, its rule
    assigns the result; where it does not, the node's Task runs.
    """
    document = emitter.graph.nodes[node]
    native = emitter.plan.lowered.programs[node](_inputs(emitter.plan, scope, node, facts))
    assigned: dict[str, Any] = {}
    if emitter.is_read(node):
        assigned = {"Assign": {scope.variable(node): expression(native.result)}}
    after = emitter.liveness.node_ran(facts, node)
    if native.fails is not None:
        _add(emitter, scope, node, _fail(document.id, native.fails), document.name, ways)
        return []
    if not native.guard:
        state: State = {"Type": "Pass", **assigned, "Output": scope.passed_on}
        _add(emitter, scope, node, state, document.name, ways)
        return [Way(state, "Next", after)]
    rule: State = {"Condition": expression(native.guard), **assigned}
    choice: State = {"Type": "Choice", "Choices": [rule]}
    _add(emitter, scope, node, choice, f"{document.name} - at once", ways)
    otherwise = [Way(choice, "Default", facts)]
    called = emitter.step(scope, node, facts, otherwise, task(emitter.plan, scope, node, facts, emitter.prefix))
    return [Way(rule, "Next", after), *called]


def _add(emitter: "Emitter", scope: Scope, node: int, state: State, name: str, ways: list[Way]) -> None:
    added = scope.add(name, state)
    emitter.states[added] = emitter.graph.nodes[node].id
    lead(ways, added)


def is_fused(emitter: "Emitter", tree: Tree) -> bool:
    """Return whether a part is one whose nodes run together, and is not being emitted with their functions."""
    parts = emitter.plan.lowered.fused
    first = tree.parts[0].mask if isinstance(tree, Series) else tree.mask
    whole = tree.mask in (parts.get(tree.mask), parts.get(first))
    return whole and not tree.mask & emitter.plain


def fused(emitter: "Emitter", scope: Scope, tree: Tree, ways: list[Way]) -> list[Way]:
    """Emit a part all of whose nodes are lowered behind `ways`; return the ways out.

    One Choice: where all guards hold, its rule assigns all results; else the part runs with its functions.
    """
    running, passing = emitter.entering(scope, tree.mask, ways)
    if not running:
        return passing
    facts = met(running)
    natives: dict[int, Native] = {}
    after = facts
    for node in bits(tree.mask):
        if emitter.liveness.status(after, node) is not Status.LIVE:
            return passing + _plainly(emitter, scope, tree, running)
        inputs = _inputs(emitter.plan, scope, node, after, natives)
        natives[node] = emitter.plan.lowered.programs[node](inputs)
        after = emitter.liveness.node_ran(after, node)
    condition = _all_hold(natives)
    read = exports(emitter.graph, tree, emitter.reading, emitter.kept)
    assigned = {scope.variable(node): expression(_computed(natives, node)) for node in bits(read)}
    if len(condition) + sum(map(len, assigned.values())) > MOST_CHARACTERS:
        return passing + _plainly(emitter, scope, tree, running)
    name = emitter.first_name(tree.mask)
    if not condition:
        state: State = {"Type": "Pass", "Assign": assigned, "Output": scope.passed_on}
        lead(running, scope.add(f"{name} and what follows - at once", state))
        return [*passing, Way(state, "Next", after)]
    rule: State = {"Condition": expression(condition), "Assign": assigned}
    choice: State = {"Type": "Choice", "Choices": [rule]}
    lead(running, scope.add(f"{name} and what follows - at once", choice))
    called = _plainly(emitter, scope, tree, [Way(choice, "Default", facts)])
    return [*passing, Way(rule, "Next", after), *called]


def _plainly(emitter: "Emitter", scope: Scope, tree: Tree, ways: list[Way]) -> list[Way]:
    """Emit a part with its nodes' functions."""
    emitter.plain |= tree.mask
    leaving = emitter.tree(scope, tree, ways)
    emitter.plain &= ~tree.mask
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
            of = note_of(plan.graph, port, scope.iteration) if plan.lineage.is_noted(origin, node) else ""
            sources += [Source(batch, plan.rooms[origin], of) for batch in paths]
        ports[name] = sources
    return Inputs(ports, plan.rooms[node], plan.lineage.any)


def _fail(node_id: str, failure: Failure) -> State:
    """Return a Fail state that says what the node's function would, and which node it was."""
    cause = {"errorType": failure.error, "errorMessage": failure.message, "nodeId": node_id}
    return {"Type": "Fail", "Error": failure.error, "Cause": json.dumps(cause, ensure_ascii=False)}
