"""The states of lowered nodes, and what tells of them."""

import json
from typing import TYPE_CHECKING, Any

from stepweave.compiler.literals import expression
from stepweave.compiler.liveness import Facts
from stepweave.compiler.native.items import Inputs, Source
from stepweave.compiler.native.native import Failure
from stepweave.compiler.plan import Plan
from stepweave.compiler.scope import Scope, State, Way, lead
from stepweave.compiler.steps import live_paths, task

if TYPE_CHECKING:
    from stepweave.compiler.emit import Emitter


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


def _inputs(plan: Plan, scope: Scope, node: int, facts: Facts) -> Inputs:
    ports = {}
    for name, ports_before in plan.graph.inputs[node].items():
        sources = []
        for port in ports_before:
            room = plan.rooms[plan.graph.ports[port][0]]
            sources += [Source(path, room) for path in live_paths(plan, scope, (port,), facts)]
        ports[name] = sources
    return Inputs(ports, plan.rooms[node])


def _fail(node_id: str, failure: Failure) -> State:
    """Return a Fail state that says what the node's function would, and which node it was."""
    cause = {"errorType": failure.error, "errorMessage": failure.message, "nodeId": node_id}
    return {"Type": "Fail", "Error": failure.error, "Cause": json.dumps(cause, ensure_ascii=False)}
