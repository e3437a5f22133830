"""Writes scopes within a scope: the branches of a Parallel state, and what an inner scope gives to its outer one."""

from collections.abc import Sequence
from typing import Any

from stepweave.compiler.analyse.liveness import Facts
from stepweave.compiler.analyse.structure import Tree
from stepweave.compiler.emit.emission import Emission
from stepweave.compiler.emit.scope import Scope, State, Way, lead, met
from stepweave.compiler.literals import expression
from stepweave.compiler.masks import bits
from stepweave.compiler.optimise.limits import exports


def parallel(emission: Emission, scope: Scope, parts: Sequence[Tree], ways: list[Way]) -> Way:
    """Write a Parallel state; its branches' results that somebody reads later become variables of this scope."""
    facts = met(ways)
    passed_on = scope.passed_on
    state: State = {"Type": "Parallel", "Arguments": passed_on, "Branches": [], "Output": passed_on}
    name = scope.add(f"{emission.first_name(parts[0].mask)} - in parallel", state)
    lead(ways, name)
    assigned: dict[str, Any] = {}
    after = facts
    for index, part in enumerate(parts):
        exported = list(bits(exports(emission.graph, part, emission.reading, emission.kept)))
        branch, known = _branch(emission, scope, part, facts, exported)
        state["Branches"].append({"StartAt": branch.start["StartAt"], "States": branch.states})
        after = after.join(known)
        for node in exported:
            variable = branch.variable(node)
            assigned[scope.variable(node)] = expression(f"$states.result[{index}].{variable}")
    if assigned:
        state["Assign"] = assigned
    return Way(state, "Next", after)


def _branch(emission: Emission, scope: Scope, part: Tree, facts: Facts, exported: list[int]) -> tuple[Scope, Facts]:
    nodes = emission.graph.closed(part.mask)
    branch = Scope(nodes, emission.names, emission.node_names, scope, iteration=scope.iteration)
    return branch, inside(emission, branch, part, facts, exported)


def inside(emission: Emission, inner: Scope, part: Tree, facts: Facts, exported: list[int]) -> Facts:
    """Write all of an inner scope, whose output has the results of `exported`; return what is known after it."""
    ways = emission.tree(inner, part, [Way(inner.start, "StartAt", facts)])
    known = met(ways)
    others = []
    for way in ways:
        if way.can_end:
            way.holder["End"] = True
            way.holder["Output"] = _exported(emission, inner, exported, way)
        else:
            others.append(way)
    if others:
        end: State = {"Type": "Pass", "Output": _exported(emission, inner, exported, None), "End": True}
        lead(others, inner.add(f"{emission.first_name(part.mask)} - done", end))
    inner.initialise()
    return known


def _exported(emission: Emission, branch: Scope, exported: list[int], way: Way | None) -> dict[str, Any]:
    output: dict[str, Any] = {}
    # A state's Output does not see what its own Assign sets, so what it sets is said again.
    setting = way.holder.get("Assign", {}) if way is not None else {}
    for node in exported:
        if branch.variable(node) in setting:
            output[branch.variable(node)] = setting[branch.variable(node)]
        elif way is not None and way.facts.skipped >> node & 1:
            output[branch.variable(node)] = None
        else:
            if way is None or not way.facts.ran >> node & 1:
                branch.may_be_unassigned(node)
            output[branch.variable(node)] = expression(branch.source(node))
    return output
