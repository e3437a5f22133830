"""Writes parts that run at the same time: a Parallel state, or a Choice where they may well run alone."""

from typing import Final

from stepweave.compiler.analyse.liveness import Facts, Status
from stepweave.compiler.analyse.structure import Fork, Fused, Leaf, Nested, Tree
from stepweave.compiler.emit.branches import parallel
from stepweave.compiler.emit.emission import Emission
from stepweave.compiler.emit.fused import write_fused
from stepweave.compiler.emit.scope import Scope, State, Way, lead, met
from stepweave.compiler.literals import expression

COPIED_NODES: Final = 6
"""Steps that may be emitted twice to spare one-sided branches their Parallel state (three transitions each run)."""


def write_fork(emission: Emission, scope: Scope, fork: Fork, ways: list[Way]) -> list[Way]:
    """Write parts at the same time behind `ways`; return the ways out of them."""
    running, passing, doubtful = emission.told_apart(ways, fork.mask)
    going = running + doubtful
    if not going:
        return passing
    facts = met(going)
    parts = [part for part in fork.parts if emission.status(facts, part.mask) is not Status.DEAD]
    dead = sum(part.mask for part in fork.parts if part not in parts)
    for way in going:
        way.facts = emission.liveness.skip(way.facts, dead)
    if len(parts) == 1:
        return passing + emission.tree(scope, parts[0], going)
    if _worth_copying(emission, facts, parts):
        return passing + _one_or_both(emission, scope, parts, going)
    return [*passing, parallel(emission, scope, parts, going)]


def _worth_copying(emission: Emission, facts: Facts, parts: list[Tree]) -> bool:
    """Whether two parts may well run alone: then a Choice leads straight to the one that does."""
    small = sum(part.mask.bit_count() for part in parts) <= COPIED_NODES
    in_doubt = all(emission.status(facts, part.mask) is Status.UNKNOWN for part in parts)
    simple = all(not isinstance(inner, Fork) for part in parts for inner in _walk(part))
    return len(parts) == 2 and small and in_doubt and simple


def _one_or_both(emission: Emission, scope: Scope, parts: list[Tree], ways: list[Way]) -> list[Way]:
    facts = met(ways)
    entering = [emission.liveness.entries(facts, part.mask) for part in parts]
    tests = [emission.any_live(scope, ports, facts) for ports, _ in entering]
    both: State = {"Condition": expression(f"({tests[0]}) and ({tests[1]})")}
    alone: list[State] = [{"Condition": expression(test)} for test in tests]
    choice: State = {"Type": "Choice", "Choices": [both, *alone]}
    lead(ways, scope.add(f"{emission.first_name(parts[0].mask)} - which branches", choice))
    on_both = facts
    for ports, nodes in entering:
        on_both = emission.liveness.one_live(on_both, ports, nodes)
    leaving = _both(emission, scope, Fork(tuple(parts)), Way(both, "Next", on_both))
    for index, rule in enumerate(alone):
        ports, nodes = entering[index]
        other_ports, _ = entering[1 - index]
        known = emission.liveness.one_live(facts, ports, nodes)
        known = emission.liveness.skip(emission.liveness.ports_dead(known, other_ports & ~ports), parts[1 - index].mask)
        leaving += emission.tree(scope, parts[index], [Way(rule, "Next", known)])
    none = facts
    for (ports, _), part in zip(entering, parts, strict=True):
        none = emission.liveness.skip(emission.liveness.ports_dead(none, ports), part.mask)
    leaving.append(Way(choice, "Default", none))
    return leaving


def _both(emission: Emission, scope: Scope, fork: Fork, way: Way) -> list[Way]:
    if fork.mask & ~emission.plan.lowered.mask or fork.mask & emission.plain:
        return [parallel(emission, scope, fork.parts, [way])]
    return write_fused(emission, scope, Fused(fork), [way])


def _walk(tree: Tree) -> list[Tree]:
    if isinstance(tree, Leaf):
        return [tree]
    parts = (tree.part,) if isinstance(tree, Nested | Fused) else tree.parts
    return [tree, *(below for part in parts for below in _walk(part))]
