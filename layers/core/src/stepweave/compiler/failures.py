"""What follows a node's failure that its function could not answer with error items itself, where the node goes on.

A step that waits for a token, or whose result later states of the node read, fails instead of answering; so does one
that the platform cut off. A catcher keeps what Step Functions says, and the node's function makes the error items of
it: one for each input item, with the item's fields. Where that fails too (the storage is down, the function ends
again), the state's own catcher makes them of the items that travel inline, so that nothing ever waits for an answer
that nobody gives.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from stepweave.compiler import loops
from stepweave.compiler.literals import expression, inner, path, quoted
from stepweave.compiler.liveness import Facts
from stepweave.compiler.scope import Scope, State, Way, lead
from stepweave.compiler.steps import START_MARGIN_SECONDS, failure_port, live_paths, port_number, result_of, task

if TYPE_CHECKING:
    from stepweave.compiler.emit import Emitter

_ERROR: Final = "$states.errorOutput"


def catch(emitter: "Emitter", scope: Scope, node: int, facts: Facts, state: State) -> list[Way]:
    """Give a state the catcher that the node's settings ask for; return the way out of it, if there is one."""
    if failure_port(emitter.graph.nodes[node], emitter.graph.entries[node]) is None:
        return []
    catcher = _catcher(scope, node)
    state.setdefault("Catch", []).append(catcher)
    return [Way(catcher, "Next", facts, failing=True)]


def resolved(emitter: "Emitter", scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
    """Emit what makes a node's error items behind its failing ways; return all ways out of the node.

    Args:
        emitter: emits the machine.
        scope: where the node runs.
        node: its number.
        facts: what is known before it.
        ways: out of its states.
    """
    failing = [way for way in ways if way.failing]
    if not failing:
        return ways
    document = emitter.graph.nodes[node]
    port = failure_port(document, emitter.graph.entries[node])
    if port is None:
        raise LookupError(f"{document.id} does not go on after errors")
    inputs = _inputs(emitter, scope, node, facts)
    state = _failed(emitter, scope, node, facts, port, "failed", {"inputs": inputs} if inputs else {})
    added = scope.add(f"{document.name} - failed", state)
    emitter.states[added] = document.id
    lead(failing, added)
    last: State = {"ErrorEquals": ["States.ALL"], "Output": scope.passed_on}
    if emitter.is_read(node):
        state["Assign"] = {scope.variable(node): expression(result_of(state))}
        given = state["Arguments"]["Payload"]["inputs"]
        last["Assign"] = {scope.variable(node): expression(_made_here(scope.failure(node), port, given))}
    state["Catch"] = [last]
    after = emitter.liveness.failed(facts, node, port_number(emitter.plan, node, port))
    others = [way for way in ways if not way.failing]
    return [*others, Way(state, "Next", after, node), Way(last, "Next", after)]


def guarded_round(emitter: "Emitter", inner: Scope, node: int, facts: Facts, state: State, batch: str) -> None:
    """Let a round of a loop over batches that fails bring back error items for the items of its batch.

    Args:
        emitter: emits the machine.
        inner: the round's scope.
        node: the loop.
        facts: what is known in a round.
        state: the Parallel state that is the round's body.
        batch: JSONata for the round's batch.
    """
    document = emitter.graph.nodes[node]
    port = failure_port(document, emitter.graph.entries[node])
    if port is None:
        raise LookupError(f"{document.id} does not go on after errors")
    catcher = _catcher(inner, node)
    state["Catch"] = [catcher]
    more = {
        "inputs": {"main": expression(f"[{batch}]")},
        "inlineLimit": expression(f"$min([{emitter.plan.inline_limits[node]}, $floor(200000 / {_rounds(inner)})])"),
        "native": [],
    }
    failed = _failed(emitter, inner, node, facts, port, "roundFailed", more)
    given = path(result_of(failed), "output", port)
    # What does not come back to the loop is marked, for the loop to tell it from what does.
    failed["Output"] = expression(f'[{{"failed": {given}}}]' if port != loops.DONE else f"[{given}]")
    failed["End"] = True
    added = inner.add(f"{document.name} - round failed", failed)
    emitter.states[added] = document.id
    catcher["Next"] = added


def _rounds(inner: Scope) -> str:
    return f"{inner.source(inner.loop)}.rounds" if inner.loop is not None else "1"


def _catcher(scope: Scope, node: int) -> State:
    return {
        "ErrorEquals": ["States.ALL"],
        "Output": scope.passed_on,
        "Assign": {scope.failure(node): expression(_ERROR)},
    }


def _failed(
    emitter: "Emitter", scope: Scope, node: int, facts: Facts, port: str, phase: str, more: Mapping[str, Any]
) -> State:
    """Return the Task in which a node's function makes error items of a failure."""
    document, entry = emitter.graph.nodes[node], emitter.graph.entries[node]
    variable = f"${scope.failure(node)}"
    failure: dict[str, Any] = {
        "error": expression(f"{variable}.Error"),
        "cause": expression(f'$exists({variable}.Cause) ? {variable}.Cause : ""'),
        "port": port,
    }
    if entry.waits(document.params) and phase == "failed":
        failure["waits"] = True
    # The parameters are not needed: the failure says which port it takes.
    state = task(
        emitter.plan,
        scope,
        node,
        facts,
        emitter.prefix,
        phase=phase,
        more={"params": {}, "refs": {}, "failure": failure, **more},
    )
    state["TimeoutSeconds"] = entry.timeout_seconds + START_MARGIN_SECONDS
    return state


def _inputs(emitter: "Emitter", scope: Scope, node: int, facts: Facts) -> dict[str, Any] | None:
    """Return the input of a loop that repeats: the items of the round it is in; None for that of the node itself."""
    graph = emitter.graph
    if node not in graph.bodies or not loops.repeats(graph.nodes[node]):
        return None
    scope.may_be_unassigned(node)
    here = path(scope.source(node), "output", loops.LOOP)
    sources = [port for ports in graph.inputs[node].values() for port in ports]
    paths = live_paths(emitter.plan, scope, sources, facts)
    return {"main": expression(f"$exists({here}) ? [{here}] : [{', '.join(paths)}]")}


def _made_here(failure: str, port: str, inputs: Mapping[str, Any]) -> str:
    """Return JSONata for a step's result of error items, made without a function."""
    batches = [inner(given) for given in inputs.values() if isinstance(given, str)]
    name = f"${failure}.Error"
    error = (
        f'{{"type": {name} in ["States.Timeout", "Sandbox.Timedout"] ? "NodeTimeout" : '
        f'{name} in ["Lambda.Unknown", "Runtime.ExitError"] ? "NodeCrashed" : {name}, '
        f'"message": "The step failed, and so did what would have told why.", '
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
