"""Lowered nodes that run together: one Choice for a part of the machine all of whose nodes are lowered.

Where all guards hold, all results are assigned at once: neither the states between the nodes nor a Parallel state are
entered. Where one does not hold, the part runs with its functions, in parallel as ever.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from stepweave.compiler.analyse.graph import Graph
from stepweave.compiler.analyse.liveness import Liveness
from stepweave.compiler.analyse.structure import Fork, Fused, Leaf, Nested, Series, Tree
from stepweave.compiler.masks import bits

MOST_FUSED: Final = 5
"""Nodes in one part: a result stands in the expressions of all that follow from it."""

Parts = Mapping[int, int]
"""Mask of the first step of a part -> mask of the part."""


def parts_of(graph: Graph, trees: Iterable[Tree | None], nodes: int) -> dict[int, int]:
    """Return the parts, of two nodes or more, that can be run together.

    Args:
        graph: the nodes.
        trees: their order, outside loops and in each loop's body.
        nodes: mask of those that may be in such a part.
    """
    found: dict[int, int] = {}
    if nodes:
        looking = _Looking(graph, nodes, Liveness(graph).start().live, found)
        for tree in trees:
            if tree is not None:
                looking.look(tree)
    return found


class _Looking:
    def __init__(self, graph: Graph, nodes: int, certain: int, found: dict[int, int]) -> None:
        self.graph = graph
        self.nodes = nodes
        self.certain = certain
        self.found = found

    def look(self, tree: Tree) -> None:
        """Add the parts within a tree, the largest first."""
        if isinstance(tree, Leaf):
            return
        if isinstance(tree, Nested | Fused):
            self.look(tree.part)
        elif self._can_be_one(tree.mask):
            self.found[tree.mask] = tree.mask
        elif isinstance(tree, Fork):
            for part in tree.parts:
                self.look(part)
        else:
            self._series(tree.parts)

    def _series(self, parts: Sequence[Tree]) -> None:
        """Cut a series from its end, so that what ends it is not left alone."""
        last = len(parts)
        while last > 0:
            first, mask = last - 1, parts[last - 1].mask
            while first > 0 and self._can_be_one(mask | parts[first - 1].mask):
                first -= 1
                mask |= parts[first].mask
            if first == last - 1:
                self.look(parts[first])
            else:
                self.found[parts[first].mask] = mask
            last = first

    def _can_be_one(self, mask: int) -> bool:
        """Return whether the nodes are few, may all be lowered, and all run where any does."""
        if mask & ~self.nodes or mask & (mask - 1) == 0 or mask.bit_count() > MOST_FUSED:
            return False
        graph, live, inside, entered = self.graph, self.certain, 0, 0
        for node in bits(mask):
            inside |= graph.out_ports[node]
        for node in bits(mask):
            if not graph.in_ports[node] & live:
                # In doubt: all that are must be entered through the same one port.
                if graph.in_ports[node] & inside or entered & ~graph.in_ports[node]:
                    return False
                entered |= graph.in_ports[node]
            live |= graph.always[node]
        certain = any(graph.in_ports[node] & self.certain for node in bits(mask))
        return entered == 0 or (entered & (entered - 1) == 0 and not certain)


def fuse(tree: Tree | None, parts: Parts) -> Tree | None:
    """Return a tree in which the parts whose nodes run together are marked as such."""
    return None if tree is None else _fuse(tree, parts)


def _fuse(tree: Tree, parts: Parts) -> Tree:
    if not parts or isinstance(tree, Fused):
        return tree
    first = tree.parts[0].mask if isinstance(tree, Series) else tree.mask
    if tree.mask in (parts.get(tree.mask), parts.get(first)):
        return Fused(tree)
    if isinstance(tree, Leaf):
        return tree
    if isinstance(tree, Nested):
        return Nested(_fuse(tree.part, parts))
    inner = _grouped(tree, parts) if isinstance(tree, Series) else tree.parts
    made = tuple(_fuse(part, parts) for part in inner)
    return tree if made == tree.parts else replace(tree, parts=made)


def _grouped(tree: Series, parts: Parts) -> Sequence[Tree]:
    """Return the parts of a series, with those that run together as one."""
    found: list[Tree] = []
    index = 0
    while index < len(tree.parts):
        mask = parts.get(tree.parts[index].mask, 0)
        run = [part for part in tree.parts[index : index + MOST_FUSED] if part.mask & mask]
        if len(run) > 1:
            found.append(Series(tuple(run)))
            index += len(run)
        else:
            found.append(tree.parts[index])
            index += 1
    return found
