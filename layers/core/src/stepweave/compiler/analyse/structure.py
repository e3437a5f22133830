"""Decompose a graph into sequences and parallel branches, waiting no more than Step Functions forces us to.

Step Functions has structured Parallel states only, and not every acyclic graph is series-parallel: in the N shape
(a->c, a->d, b->d) no nesting lets c start after a alone and d after both. `decompose` splits exactly where it can:
independent parts become branches; a set of nodes that all precede all the rest becomes a step of a sequence. What
remains gets one extra wait (a barrier), and both its sides are decomposed further.

Barriers go between levels (a node's level is the longest way to it), at the level that adds the fewest waits. So every
order that the result imposes is also imposed by running level by level: the result is never slower than that, for any
step times, and with equal step times it is as fast as the graph itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from stepweave.compiler.masks import bits

MAX_NESTING = 24
"""Parallel states inside each other before the rest runs level by level. Keeps the definition's JSON shallow."""


@dataclass(frozen=True)
class Leaf:
    """One node."""

    node: int

    @cached_property
    def mask(self) -> int:
        """The nodes in it."""
        return 1 << self.node


@dataclass(frozen=True)
class Series:
    """Parts one after another."""

    parts: tuple["Tree", ...]

    @cached_property
    def mask(self) -> int:
        """The nodes in it."""
        return _union(self.parts)


@dataclass(frozen=True)
class Fork:
    """Parts at the same time; two or more."""

    parts: tuple["Tree", ...]

    @cached_property
    def mask(self) -> int:
        """The nodes in it."""
        return _union(self.parts)


@dataclass(frozen=True)
class Nested:
    """A part that runs as a state machine of its own."""

    part: "Tree"

    @property
    def mask(self) -> int:
        """The nodes in it."""
        return self.part.mask


@dataclass(frozen=True)
class Fused:
    """A part all of whose nodes the machine itself can do, at once."""

    part: "Tree"

    @property
    def mask(self) -> int:
        """The nodes in it."""
        return self.part.mask


Tree = Leaf | Series | Fork | Nested | Fused


def _union(parts: Sequence["Tree"]) -> int:
    mask = 0
    for part in parts:
        mask |= part.mask
    return mask


def decompose(preds: Sequence[int], nodes: int) -> Tree | None:
    """Return the nodes of the mask `nodes` as a tree, or None where there are none.

    Args:
        preds: per node, mask of the nodes right before it; every bit is lower than the node's own number.
        nodes: which nodes to take; edges from outside are ignored.
    """
    return _Decomposition(preds, nodes).tree(nodes, 0) if nodes else None


class _Decomposition:
    def __init__(self, preds: Sequence[int], nodes: int) -> None:
        self.near = [0] * len(preds)
        self.ancestors = [0] * len(preds)
        self.level = [0] * len(preds)
        for node in bits(nodes):
            level = above = 0
            for pred in bits(preds[node] & nodes):
                above |= self.ancestors[pred] | 1 << pred
                level = max(level, self.level[pred] + 1)
                self.near[pred] |= 1 << node
                self.near[node] |= 1 << pred
            self.ancestors[node] = above
            self.level[node] = level

    def tree(self, nodes: int, nesting: int) -> Tree:
        if nodes & (nodes - 1) == 0:
            return Leaf(nodes.bit_length() - 1)
        if nesting >= MAX_NESTING:
            return self._level_by_level(nodes)
        groups = self._components(nodes)
        if len(groups) > 1:
            return Fork(tuple(self.tree(group, nesting + 1) for group in groups))
        parts: list[Tree] = []
        for group in self._series(nodes):
            part = self.tree(group, nesting)
            parts.extend(part.parts if isinstance(part, Series) else (part,))
        return Series(tuple(parts))

    def _components(self, nodes: int) -> list[int]:
        groups = []
        while nodes:
            group = frontier = nodes & -nodes
            while frontier:
                reached = 0
                for node in bits(frontier):
                    reached |= self.near[node]
                frontier = reached & nodes & ~group
                group |= frontier
            groups.append(group)
            nodes &= ~group
        return groups

    def _series(self, nodes: int) -> list[int]:
        """Return groups that run one after another: exact where there is an exact cut, else split by a barrier."""
        order = sorted(bits(nodes), key=lambda node: (self.ancestors[node] & nodes).bit_count())
        precede_all = [nodes] * len(order)
        common = nodes
        for place in range(len(order) - 1, 0, -1):
            common &= self.ancestors[order[place]]
            precede_all[place] = common
        groups = []
        group = done = 0
        for place, node in enumerate(order):
            if place and done & ~precede_all[place] == 0:
                groups.append(group)
                group = 0
            group |= 1 << node
            done |= 1 << node
        groups.append(group)
        return groups if len(groups) > 1 else self._barrier(nodes)

    def _levels(self, nodes: int) -> list[int]:
        levels: dict[int, int] = {}
        for node in bits(nodes):
            levels[self.level[node]] = levels.get(self.level[node], 0) | 1 << node
        return [levels[level] for level in sorted(levels)]

    def _barrier(self, nodes: int) -> list[int]:
        """Split between the two levels where that adds the fewest waits between nodes that need none."""
        levels = self._levels(nodes)
        size = nodes.bit_count()
        before = 0
        kept = 0
        best: tuple[int, int] | None = None
        gains = self._gains(nodes)
        for level in levels[:-1]:
            before |= level
            kept += sum(gains[node] for node in bits(level))
            first = before.bit_count()
            added = first * (size - first) - kept
            if best is None or added < best[0]:
                best = (added, before)
        if best is None:
            raise AssertionError("nodes of one level are not connected, so they are no series")
        return [best[1], nodes & ~best[1]]

    def _gains(self, nodes: int) -> dict[int, int]:
        """Return per node descendants less ancestors: a prefix's sum counts the ordered pairs across its end."""
        gains = dict.fromkeys(bits(nodes), 0)
        for node in gains:
            above = self.ancestors[node] & nodes
            gains[node] -= above.bit_count()
            for ancestor in bits(above):
                gains[ancestor] += 1
        return gains

    def _level_by_level(self, nodes: int) -> Tree:
        parts: list[Tree] = []
        for level in self._levels(nodes):
            leaves = tuple(Leaf(node) for node in bits(level))
            parts.append(leaves[0] if len(leaves) == 1 else Fork(leaves))
        return parts[0] if len(parts) == 1 else Series(tuple(parts))


def branches(tree: Tree | None) -> tuple[Tree, ...]:
    """Return the parts of a tree that do not depend on each other."""
    if tree is None:
        return ()
    return tree.parts if isinstance(tree, Fork) else (tree,)


def width(tree: Tree | None) -> int:
    """Return how many steps may run at the same time."""
    if tree is None:
        return 0
    if isinstance(tree, Leaf):
        return 1
    if isinstance(tree, Nested | Fused):
        return width(tree.part)
    widths = [width(part) for part in tree.parts]
    return sum(widths) if isinstance(tree, Fork) else max(widths)
