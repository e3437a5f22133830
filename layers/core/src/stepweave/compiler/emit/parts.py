"""Writes the plain forms of the tree: one node, and parts one after another."""

from collections.abc import Sequence

from stepweave.compiler.analyse.structure import Fused, Leaf, Series, Tree
from stepweave.compiler.emit.emission import Emission
from stepweave.compiler.emit.failures import resolved
from stepweave.compiler.emit.scope import Scope, Way, met


def write_leaf(emission: Emission, scope: Scope, leaf: Leaf, ways: list[Way]) -> list[Way]:
    """Write one node behind `ways`, and what makes its error items where it goes on after errors."""
    running, passing = emission.entering(scope, leaf.mask, ways)
    if running:
        facts = met(running)
        leaving = emission.node(scope, leaf.node, facts, running)
        passing += resolved(emission, scope, leaf.node, facts, leaving)
    return passing


def write_series(emission: Emission, scope: Scope, series: Series, ways: list[Way]) -> list[Way]:
    """Write parts one after another. A way on which nothing of what is left runs is not asked again at each part."""
    parts = _unfused(series) if series.mask & emission.plain else series.parts
    rest = [emission.liveness.ports_of(0)]
    for part in reversed(parts):
        rest.append(rest[-1].union(emission.liveness.ports_of(part.mask)))
    done: list[Way] = []
    for part in parts:
        going: list[Way] = []
        left = rest.pop()
        for way in ways:
            if left.are_dead(way.facts):
                way.facts = left.skipped(way.facts)
                done.append(way)
            else:
                going.append(way)
        ways = emission.tree(scope, part, going)
    return [*done, *ways]


def _unfused(series: Series) -> Sequence[Tree]:
    """Return the parts of a series whose nodes are being written with their functions, one by one."""
    parts = [part.part if isinstance(part, Fused) else part for part in series.parts]
    return [one for part in parts for one in (part.parts if isinstance(part, Series) else (part,))]
