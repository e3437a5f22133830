"""Writes how an execution starts and ends: its first variables, and its output (`ExecutionOutput`)."""

from typing import Any

from stepweave.compiler.analyse.graph import Graph
from stepweave.compiler.analyse.liveness import Facts
from stepweave.compiler.edges import output_names
from stepweave.compiler.emit.emission import Emission
from stepweave.compiler.emit.scope import Scope, State, Way, lead
from stepweave.compiler.emit.steps import result_of, told
from stepweave.compiler.literals import expression, inner, path, quoted
from stepweave.compiler.masks import bits


def start(emission: Emission, scope: Scope) -> list[Way]:
    """Write the first state, which is all triggers; return the way out of it."""
    state: State = {"Type": "Pass", "Assign": _starting(emission, scope), "Output": {}}
    scope.start["StartAt"] = scope.add("Start", state)
    return [Way(state, "Next", emission.liveness.start())]


def _starting(emission: Emission, scope: Scope) -> dict[str, Any]:
    assigned: dict[str, Any] = {"context": "{% $states.input.context %}"}
    if emission.graph.pinned:
        assigned["seed"] = "{% $states.input.seed %}"
    for node in bits(emission.graph.fired):
        if not (emission.reading[node] or emission.kept >> node & 1):
            continue
        given = path("$states.input.seed", emission.graph.nodes[node].id)
        assigned[scope.variable(node)] = expression(f'$type({given}) = "object" ? {{"output": {given}}} : null')
    triggers = list(bits(emission.graph.triggers))
    for node in triggers:
        if not (emission.reading[node] or emission.kept >> node & 1):
            continue
        output = "$states.input.trigger.output"
        if len(triggers) == 1 and not emission.graph.other_triggers:
            assigned[scope.variable(node)] = {"output": expression(output)}
        else:
            fired = f"$states.input.trigger.nodeId = {quoted(emission.graph.nodes[node].id)}"
            assigned[scope.variable(node)] = expression(f'{fired} ? {{"output": {output}}} : null')
    return assigned


def finish(emission: Emission, scope: Scope, ways: list[Way]) -> None:
    """End the execution with `ExecutionOutput`, in the last state itself where that can be."""
    others = []
    for way in ways:
        if way.can_end:
            way.holder["End"] = True
            way.holder["Output"] = _answer(emission, scope, way)
        else:
            others.append(way)
    if others:
        end: State = {"Type": "Pass", "Output": _answer(emission, scope, None), "End": True}
        lead(others, scope.add("End", end))


def _answer(emission: Emission, scope: Scope, way: Way | None) -> dict[str, Any]:
    response = _first_there(emission, scope, way, list(bits(emission.plan.answers)), "response")
    last = _first_there(emission, scope, way, list(bits(emission.plan.last))[::-1], "output")
    answer: dict[str, Any] = {"response": response, "last": last}
    if emission.plan.lowered.last:
        known, setting = (Facts(), {}) if way is None else (way.facts, way.holder.get("Assign", {}))
        answer["native"] = told(scope, known, emission.plan, bits(emission.plan.lowered.last), setting)
    return answer


def _first_there(emission: Emission, scope: Scope, way: Way | None, nodes: list[int], part: str) -> str | None:
    """Return an expression for the first of `nodes` whose result has `part`, null where none has."""
    found: list[tuple[int, str]] = []
    # A state's Output does not see what its own Assign sets, so what it sets is said again.
    setting = way.holder.get("Assign", {}) if way is not None else {}
    for node in nodes:
        if way is not None and way.facts.skipped >> node & 1:
            continue
        if way is not None and way.task == node:
            found.append((node, path(result_of(way.holder), part)))
            continue
        given = setting.get(scope.variable(node))
        if isinstance(given, str):
            found.append((node, path(f"({inner(given)})", part)))
            continue
        if isinstance(given, dict):
            found += [(node, inner(given[part]))] if part in given else []
            continue
        if way is None or not way.facts.ran >> node & 1:
            scope.may_be_unassigned(node)
        found.append((node, path(scope.source(node), part)))
    if not found:
        return None
    whole = part != "output"
    tried = (f"$exists({one}) ? {one if whole else _last(emission.graph, node, one)} : " for node, one in found)
    return expression("".join(tried) + "null")


def _last(graph: Graph, node: int, output: str) -> str:
    """Return what of a last node's output is an answer, as JSONata: the items that go the node's own way.

    That is its first port: a filter's items that passed, an if's `true`, an approval's `approved`; not what was
    rejected, was too late or failed. A switch gives what is on any of its ports, where none of them leads on.

    Args:
        graph: the workflow.
        node: the node.
        output: its output, as JSONata.
    """
    entry, params = graph.entries[node], graph.nodes[node].params
    declared = [port.name for port in entry.ports(params)]
    meant = declared if entry.outputs_from and not graph.out_ports[node] else declared[:1]
    if set(output_names(graph.nodes[node], entry)) <= set(meant):
        return output
    return "{" + ", ".join(f"{quoted(port)}: {path(f'({output})', port)}" for port in meant) + "}"
