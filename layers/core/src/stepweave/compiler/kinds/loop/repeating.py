"""A loop that decides after each round whether there is another: a cycle of states.

Where it goes on after errors, a round that fails has a turn of its own, which leaves error items of the round's.
"""

from typing import Any, Final

from stepweave.compiler.analyse.liveness import Facts
from stepweave.compiler.edges import ERROR_PORT, failure_port
from stepweave.compiler.emit.branches import parallel
from stepweave.compiler.emit.catching import catch
from stepweave.compiler.emit.emission import Emission
from stepweave.compiler.emit.failures import failed_task, resolved
from stepweave.compiler.emit.scope import Scope, State, Way, met
from stepweave.compiler.emit.steps import live_paths
from stepweave.compiler.kinds.loop.common import BACK, DONE, LOOP, is_guarded
from stepweave.compiler.literals import expression, literal, path
from stepweave.compiler.masks import bits
from stepweave.model.workflow import Node

DEFAULT_ROUNDS: Final = 100
"""The most rounds of a loop that repeats and does not say how many."""


def repeats(node: Node) -> bool:
    """Return whether a loop decides after each round whether there is another, rather than having them all at once."""
    return node.params.get("mode") in ("repeat", "each_until")


def most_rounds(node: Node) -> int:
    """Return the most rounds of a loop that repeats."""
    rounds = node.params.get("maxRounds")
    return rounds if isinstance(rounds, int) else DEFAULT_ROUNDS


def repeat(emission: Emission, scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
    """Write a loop that repeats behind `ways`; return the ways out of it."""
    plan, graph = emission.plan, emission.graph
    name, variable = graph.nodes[node].name, scope.variable(node)
    enter = emission.task(scope, node, facts, phase="enter", begins=True)
    inside, *failed = emission.step(scope, node, facts, ways, enter, always_kept=True)
    inside.facts = emission.liveness.in_round(inside.facts, node)
    again: State = {"Condition": expression(f"$exists({path('$' + variable, 'output', LOOP)})")}
    rounds = [inside, Way(again, "Next", inside.facts)]
    around = scope.iteration
    number = f"$string(${variable}.round)"
    scope.iteration = inside_round = f'{around} & "." & {number}' if around else number
    body = plan.bodies[node]
    round_failed: list[Way] = []
    if body is not None and is_guarded(emission, node):
        out = [parallel(emission, scope, [body], rounds)]
        round_failed = catch(emission.graph, scope, node, facts, out[0].holder)
    else:
        out = emission.tree(scope, body, rounds) if body is not None else rounds
    scope.iteration = around
    known = met(out)
    paths = live_paths(plan, scope, graph.back[node], known)
    handed = _hands_on(graph.nodes[node], failure_port(graph.nodes[node], graph.entries[node]))
    of = {"round": expression(f"${variable}.round")}
    # Where the round before left nothing, the name is not there at all.
    fields = ", ".join(f'"{name}": {path("$" + variable, name)}' for name in ("round", *handed))
    more = {
        "inputs": {BACK: expression(f"[{', '.join(paths)}]") if paths else []},
        "loop": expression(f"{{{fields}}}") if handed else of,
    }
    turn = emission.task(scope, node, facts, phase="turn", more=more)
    leaving, *broken = emission.step(scope, node, facts, out, turn, name=f"{name} - round done", always_kept=True)
    forgotten = {scope.variables[inner]: None for inner in bits(graph.bodies[node]) if inner in scope.variables}
    turn["Assign"] = {**turn.get("Assign", {}), **forgotten}
    choice: State = {"Type": "Choice", "Choices": [again]}
    decides = scope.add(f"{name} - another round", choice)
    leaving.leads_to(decides)
    failing = [*failed, *broken]
    if round_failed:
        turn = _turn_after_failure(emission, scope, node, facts, more["loop"], inside_round)
        goes_on, *broken = emission.step(
            scope, node, facts, round_failed, turn, name=f"{name} - round failed", always_kept=True
        )
        turn["Assign"] = {**turn.get("Assign", {}), **forgotten}
        goes_on.leads_to(decides)
        failing += broken
    done = Way(choice, "Default", emission.liveness.node_ran(facts, node))
    inputs = _went_round(emission, scope, node, facts) if failing else None
    return resolved(emission, scope, node, facts, [done, *failing], inputs)


def _turn_after_failure(emission: Emission, scope: Scope, node: int, facts: Facts, loop: Any, iteration: str) -> State:
    """Return the Task that turns after a round that failed: error items of the round's are what it leaves."""
    document = emission.graph.nodes[node]
    port = failure_port(document, emission.graph.entries[node])
    if port is None:
        raise LookupError(f"{document.id} does not go on after errors")
    given = {
        "params": literal(document.params),
        "inputs": {"main": expression(f"[{path(scope.source(node), 'output', LOOP)}]")},
        "loop": loop,
        "native": [],
    }
    return failed_task(emission, scope, node, facts, port, "turn", given, iteration)


def _hands_on(node: Node, port: str | None) -> list[str]:
    """Return what a round of a loop that repeats leaves to the next, besides its number.

    Args:
        node: the loop.
        port: where its error items go; None where a round that fails ends it.
    """
    batchwise = node.params.get("mode") == "each_until"
    keeps = not node.params.get("onlyLast") if batchwise else bool(node.params.get("gather"))
    apart = port == ERROR_PORT or (port == DONE and batchwise and not keeps)
    return ["left"] * batchwise + ["kept"] * keeps + ["failed"] * apart


def _went_round(emission: Emission, scope: Scope, node: int, facts: Facts) -> dict[str, Any]:
    """Return the input of a loop that repeats where it failed: the items of the round that it is in."""
    graph = emission.graph
    scope.may_be_unassigned(node)
    here = path(scope.source(node), "output", LOOP)
    sources = [port for ports in graph.inputs[node].values() for port in ports]
    paths = live_paths(emission.plan, scope, sources, facts)
    return {"main": expression(f"$exists({here}) ? [{here}] : [{', '.join(paths)}]")}
