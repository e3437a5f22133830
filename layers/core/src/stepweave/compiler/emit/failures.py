"""What follows a node's failure that its function could not answer with error items itself, where the node goes on.

A step that waits for a token, or whose result later states of the node read, fails instead of answering; so does one
that the platform cut off. A catcher keeps what Step Functions says, and the node's function makes the error items of
it: one for each input item, with the item's fields. Where that fails too (the storage is down, the function ends
again), the state's own catcher makes them of the items that travel inline, so that nothing ever waits for an answer
that nobody gives.
"""

from collections.abc import Mapping
from typing import Any

from stepweave.compiler.analyse.liveness import Facts
from stepweave.compiler.edges import failure_port
from stepweave.compiler.emit.emission import Emission
from stepweave.compiler.emit.scope import Scope, State, Way, lead
from stepweave.compiler.emit.steps import START_MARGIN_SECONDS, port_number, result_of
from stepweave.compiler.literals import expression, inner, quoted
from stepweave.compiler.masks import bits


def resolved(
    emission: Emission,
    scope: Scope,
    node: int,
    facts: Facts,
    ways: list[Way],
    inputs: Mapping[str, Any] | None = None,
) -> list[Way]:
    """Write what makes a node's error items behind its failing ways; return all ways out of the node.

    Args:
        emission: the machine.
        scope: where the node runs.
        node: its number.
        facts: what is known before it.
        ways: out of its states.
        inputs: the node's input ports, where the items that failed are not those that it was given.
    """
    failing = [way for way in ways if way.failing]
    if not failing:
        return ways
    document = emission.graph.nodes[node]
    port = failure_port(document, emission.graph.entries[node])
    if port is None:
        raise LookupError(f"{document.id} does not go on after errors")
    state = failed_task(emission, scope, node, facts, port, "failed", {"inputs": inputs} if inputs else {})
    added = scope.add(f"{document.name} - failed", state)
    emission.states[added] = document.id
    lead(failing, added)
    last: State = {"ErrorEquals": ["States.ALL"], "Output": scope.passed_on}
    if emission.is_read(node):
        state["Assign"] = {scope.variable(node): expression(result_of(state))}
        given = state["Arguments"]["Payload"]["inputs"]
        last["Assign"] = {scope.variable(node): expression(_made_here(scope.failure(node), port, given))}
    state["Catch"] = [last]
    after = emission.liveness.failed(facts, node, port_number(emission.plan, node, port))
    others = [way for way in ways if not way.failing]
    return [*others, Way(state, "Next", after, node), Way(last, "Next", after)]


def failed_task(
    emission: Emission,
    scope: Scope,
    node: int,
    facts: Facts,
    port: str,
    phase: str,
    more: Mapping[str, Any],
    iteration: str = "",
) -> State:
    """Return the Task in which a node's function makes error items of a failure.

    Args:
        emission: the machine.
        scope: where the node runs.
        node: its number.
        facts: what is known before it.
        port: where the items go.
        phase: which of the node's phases it is.
        more: of the step's payload.
        iteration: JSONata for the round that failed, where the step is not in it.
    """
    document, entry = emission.graph.nodes[node], emission.graph.entries[node]
    variable = f"${scope.failure(node)}"
    failure: dict[str, Any] = {
        "error": expression(f"{variable}.Error"),
        "cause": expression(f'$exists({variable}.Cause) ? {variable}.Cause : ""'),
        "port": port,
    }
    if entry.waits(document.params) and phase == "failed":
        failure["waits"] = True
    if cut_off := _waiting_within(emission, node):
        failure["cutOff"] = cut_off
    if iteration:
        failure["round"] = expression(iteration)
    # The parameters are not needed: the failure says which port it takes.
    state = emission.task(
        scope,
        node,
        facts,
        phase=phase,
        begins=phase == "failed",
        more={"params": {}, "refs": {}, "failure": failure, **more},
    )
    state["TimeoutSeconds"] = entry.timeout_seconds + START_MARGIN_SECONDS
    return state


def _waiting_within(emission: Emission, node: int) -> list[str]:
    """Return the ids of the nodes in a node's region or rounds that may be waiting when another one fails there."""
    graph = emission.graph
    inside = bits(graph.bodies.get(node, 0))
    return [graph.nodes[one].id for one in inside if graph.kinds[one].lasts and not graph.kinds[one].body]


def _made_here(failure: str, port: str, inputs: Mapping[str, Any]) -> str:
    """Return JSONata for a step's result of error items, made without a function."""
    batches = [inner(given) for given in inputs.values() if isinstance(given, str)]
    name = f"${failure}.Error"
    error = (
        f'{{"type": {name} in ["States.Timeout", "Sandbox.Timedout"] ? "NodeTimeout" : '
        f'{name} in ["Lambda.Unknown", "Runtime.ExitError"] ? "NodeCrashed" : {name}, '
        f'"message": "The step failed, and so did what would have told why.", "retryable": false, '
        f'"remedy": "Look at the node\'s log, and run it again."}}'
    )
    items = " ".join(
        (
            f"$e := {error};",
            f"$b := [{', '.join(batches)}];",
            '$i := $b.items.$merge([$, {"json": $merge([json, {"error": $e}])}]);',
            '$i := $exists($i) ? [$i] : [{"json": {"error": $e}}];',
        )
    )
    return f'({items} {{"output": {{{quoted(port)}: {{"count": $count($i), "items": $i}}}}}})'
