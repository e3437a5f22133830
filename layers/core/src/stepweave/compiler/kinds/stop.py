"""A stop of the debugger: stands around a node in a debug run, and waits before it until the node is let go.

The function `debugger` is asked each time. It lets the node go at once where nobody wants to stop there, so which
nodes stop is decided while the execution runs, and every debug run of a document is the same machine. What it gives
says what the node does: run, with its items or with others (`inputs`), or be passed over (`skip`).

A step that fails for good asks once more, before its failure goes the way of failures: it may be tried again.
"""

from functools import reduce
from operator import or_
from typing import Any, Final

from stepweave.compiler.analyse.graph import Graph
from stepweave.compiler.analyse.liveness import Facts
from stepweave.compiler.control import Control
from stepweave.compiler.emit.emission import Emission
from stepweave.compiler.emit.scope import Scope, State, Way
from stepweave.compiler.emit.steps import SERVICE_RETRY, WAIT_FOR_TOKEN, labelled_inputs
from stepweave.compiler.events import STATE, TOKEN_TASK
from stepweave.compiler.kind import STOP, Kind
from stepweave.compiler.literals import expression, literal
from stepweave.compiler.masks import bits

LONGEST_SECONDS: Final = 25 * 3600
"""A stop that nobody ends is ended by the sweeper, after a day at most; this is for one that it does not find."""

_AWAY: Final = {"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 1, "BackoffRate": 2, "MaxAttempts": 4}
"""The debugger fails only where Postgres or Step Functions do not answer it; nothing is decided then."""


def write(emission: Emission, scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
    """Write the stop, the node behind it, and what stops after its failure; return the ways out."""
    name = emission.node_names[node]
    answer = scope.names.variable(f"{name} stop")
    asking = _asking(emission, scope, node, labelled_inputs(emission.plan, scope, node, facts))
    asking["Assign"] = {answer: expression("$states.result")}
    emission.add(scope, node, asking, f"{name} - stop", ways)
    skipping: State = {"Condition": expression(f"$exists(${answer}.skip)")}
    choice: State = {"Type": "Choice", "Choices": [skipping]}
    going_on = scope.add(f"{name} - go on", choice)
    asking["Next"] = going_on
    passing: State = {"Type": "Pass", "Output": scope.passed_on}
    if emission.is_read(node):
        passing["Assign"] = {scope.variable(node): expression(f"${answer}.skip")}
    skipping["Next"] = scope.add(f"{name} - skipped", passing)
    going = Way(choice, "Default", facts)
    before = set(scope.states)
    with emission.answered(node, answer):
        out = emission.own(scope, node, facts, [going])
        failing = [
            scope.states[state]
            for state in scope.states
            if state not in before and emission.states.get(state) == emission.graph.nodes[node].id
        ]
        if not _is_tool(emission, node):
            _stop_after_failures(emission, scope, node, facts, answer, failing, going_on)
    return [*out, Way(passing, "Next", facts._replace(ran=facts.ran | 1 << node))]


def _stop_after_failures(
    emission: Emission, scope: Scope, node: int, facts: Facts, answer: str, states: list[State], back: str
) -> None:
    """Let what fails in a node's Tasks, and goes the way of no error, be looked at before the execution fails of it."""
    uncaught = [
        state
        for state in states
        if state["Type"] == "Task" and not any("States.ALL" in one["ErrorEquals"] for one in state.get("Catch", ()))
    ]
    if not uncaught:
        return
    name, failure = emission.node_names[node], f"${scope.failure(node)}"
    cause = f'$exists({failure}.Cause) ? {failure}.Cause : ""'
    given = emission.task(scope, node, facts)["Arguments"]["Payload"]["inputs"]
    asking = _asking(
        emission, scope, node, given, {"error": expression(f"{failure}.Error"), "cause": expression(cause)}
    )
    attempts = scope.names.variable(f"{name} attempts")
    asking["Arguments"]["Payload"]["attempts"] = expression(f"${attempts}")
    asking["Assign"] = {answer: expression("$states.result")}
    asked = scope.add(f"{name} - stop after failure", asking)
    emission.states[asked] = emission.graph.nodes[node].id
    ending: State = {"Type": "Fail", "Error": expression(f"{failure}.Error"), "Cause": expression(cause)}
    goes_on: State = {"Condition": expression(f"$exists(${answer}.fails)")}
    again: State = {"Type": "Choice", "Choices": [goes_on], "Default": back}
    goes_on["Next"] = scope.add(f"{name} - fails", ending)
    asking["Next"] = scope.add(f"{name} - again or not", again)
    for state in uncaught:
        caught: State = {
            "ErrorEquals": ["States.ALL"],
            "Output": scope.passed_on,
            "Assign": {
                scope.failure(node): expression("$states.errorOutput"),
                attempts: expression(f"$states.context.State.RetryCount + 1 + ${answer}.attempts"),
            },
            "Next": asked,
        }
        state.setdefault("Catch", []).append(caught)


def _asking(
    emission: Emission, scope: Scope, node: int, inputs: dict[str, Any], failure: dict[str, Any] | None = None
) -> State:
    """Return the Task that asks the debugger, all but what follows it."""
    graph, document = emission.graph, emission.graph.nodes[node]
    payload: dict[str, Any] = {
        "context": expression(scope.shared("context")),
        "node": {"id": document.id, "name": literal(document.name)},
        "inputs": inputs,
        "taskToken": "{% $states.context.Task.Token %}",
    }
    if scope.iteration:
        payload["iteration"] = expression(scope.iteration)
    leads_back = [
        graph.nodes[loop].id
        for loop, ports in graph.back.items()
        if any(graph.ports[port][0] == node for port in ports)
    ]
    if leads_back:
        payload["leadsBack"] = leads_back
    if hands_to := _given_behind(graph, node):
        payload["handsTo"] = [graph.nodes[one].id for one in bits(hands_to)]
    if failure:
        payload["failure"] = failure
    return {
        "Type": "Task",
        "Resource": WAIT_FOR_TOKEN,
        "Arguments": {"FunctionName": f"{emission.prefix}-debugger", "Payload": payload},
        "Retry": [SERVICE_RETRY, _AWAY],
        "TimeoutSeconds": LONGEST_SECONDS,
        "Output": scope.passed_on,
    }


def _given_behind(graph: Graph, node: int) -> int:
    """Return the nodes that do not run, because their output is given, between a node and the next that do."""
    found = 0
    waiting = graph.succs[node] & graph.pinned
    while waiting:
        found |= waiting
        waiting = graph.pinned & ~found & reduce(or_, (graph.succs[one] for one in bits(waiting)))
    return found


def _is_tool(emission: Emission, node: int) -> bool:
    """Whether a model is told of what fails in the node."""
    graph = emission.graph
    return any(graph.kinds[around].picks and body >> node & 1 for around, body in graph.bodies.items())


CONTROL = Control(Kind(STOP, lasts=True, events=lambda own: own + 2 * TOKEN_TASK + 3 * STATE), write)
