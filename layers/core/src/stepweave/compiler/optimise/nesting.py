"""Machines that are too large for one definition or one history: parts of them become machines of their own."""

from dataclasses import replace
from typing import Final

from stepweave.compiler.analyse.graph import Graph
from stepweave.compiler.analyse.structure import Fork, Fused, Leaf, Nested, Series, Tree


def split(tree: Tree, graph: Graph, most: int) -> Tree:
    """Return the tree with parts of it as nested machines, so that none has more than `most` nodes.

    From the leaves up, what a part still has in its own machine is counted; where it is too much, pieces are cut
    off: of a series runs that fill a machine, of a fork its largest branches.
    """
    if isinstance(tree, Leaf | Nested | Fused):
        return tree
    if graph.closed(tree.mask).bit_count() <= most:
        return tree
    parts = [split(part, graph, most) for part in tree.parts]
    weights = [weight(part, graph) for part in parts]
    if sum(weights) <= most:
        return replace(tree, parts=tuple(parts))
    if isinstance(tree, Fork):
        return Fork(_lightened(parts, graph, most))
    groups: list[list[Tree]] = []
    filled = most
    for part, heavy in zip(parts, weights, strict=True):
        if filled + heavy > most:
            groups.append([])
            filled = 0
        groups[-1].append(part)
        filled += heavy
    return Series(tuple(_apart(group[0] if len(group) == 1 else Series(tuple(group)), graph) for group in groups))


def _lightened(parts: list[Tree], graph: Graph, most: int) -> tuple[Tree, ...]:
    heaviest = sorted(range(len(parts)), key=lambda index: -weight(parts[index], graph))
    total = sum(weight(part, graph) for part in parts)
    for index in heaviest:
        if total <= most:
            break
        before = weight(parts[index], graph)
        parts[index] = _apart(parts[index], graph)
        total -= before - weight(parts[index], graph)
    return tuple(parts)


def weight(tree: Tree, graph: Graph) -> int:
    """Return how many nodes a part has in its own machine, those in loops included."""
    if isinstance(tree, Nested):
        return 1
    if isinstance(tree, Leaf | Fused):
        return graph.closed(tree.mask).bit_count()
    return sum(weight(part, graph) for part in tree.parts)


def _apart(part: Tree, graph: Graph) -> Tree:
    """Return a part as a nested machine."""
    return part if weight(part, graph) <= _TOO_SMALL else Nested(part)


_TOO_SMALL: Final = 3
"""So few nodes are cheaper where they are than as a machine of their own."""
