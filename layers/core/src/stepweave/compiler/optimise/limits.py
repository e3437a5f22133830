"""Keeps every payload, variable and state under 256 KiB: how large each node's result may stay inline."""

from collections.abc import Iterator, Sequence

from stepweave.compiler.analyse.graph import Graph
from stepweave.compiler.analyse.references import Refs
from stepweave.compiler.analyse.structure import Fork, Fused, Leaf, Nested, Tree
from stepweave.compiler.masks import bits
from stepweave.compiler.optimise.choosing import NOTHING, Lowered
from stepweave.compiler.optimise.plan import readers
from stepweave.model.diagnostics import Diagnostic
from stepweave.model.items import INLINE_LIMIT

STATE_BYTES = 200 * 1024
"""Of the 256 KiB that a state may have (Step Functions quotas); the rest is for parameters and what wraps them."""
REFERENCE_BYTES = 700
"""What a stored batch needs at least: bucket, key, digest, count and a short preview."""
DEFINITION_BYTES = 1024 * 1024
"""The largest definition (Step Functions quotas)."""


def rooms(
    graph: Graph, trees: Sequence[Tree | None], refs: Refs, kept: int, lowered: Lowered = NOTHING
) -> tuple[list[int], list[Diagnostic]]:
    """Return per node the bytes its result may have in a state, and errors where even references would not fit.

    Args:
        graph: the nodes.
        trees: their order, outside loops and in each loop's body.
        refs: what expressions read.
        kept: nodes whose result is read at the end of the execution.
        lowered: the nodes that others tell of.
    """
    reading = readers(graph, refs, lowered)
    meeting = [1] * len(graph.nodes)
    found: list[Diagnostic] = []
    for node in range(len(graph.nodes)):
        sources = graph.preds[node]
        for source in refs[node].values():
            sources |= 0 if source is None else 1 << source
        told = lowered.told.get(node, ())
        sources |= sum(1 << source for source in told)
        count = sum(len(ports) for ports in graph.inputs[node].values()) + len(refs[node]) + len(told)
        for source in bits(sources):
            meeting[source] = max(meeting[source], count)
        if count * REFERENCE_BYTES > STATE_BYTES:
            found.append(_too_many(graph, node, count))
    together = [exports(graph, part, reading, kept) for tree in trees for part in _joined(tree)]
    together += [read_inside(graph, loop, reading) for loop in graph.bodies]
    together += [graph.fired | graph.pinned]
    if lowered.last:
        together += [lowered.last | kept]
    for mask in together:
        for source in bits(mask):
            meeting[source] = max(meeting[source], mask.bit_count())
    return [STATE_BYTES // count for count in meeting], found


def inline_limits(rooms: Sequence[int]) -> list[int]:
    """Return per node the bytes above which its result's batches go to S3."""
    return [min(INLINE_LIMIT, room) for room in rooms]


def exports(graph: Graph, part: Tree, reading: list[int], kept: int) -> int:
    """Return the nodes of a part whose result somebody outside reads."""
    inside = graph.closed(part.mask)
    return sum(1 << node for node in bits(part.mask) if reading[node] & ~inside or kept >> node & 1)


def read_inside(graph: Graph, loop: int, reading: list[int]) -> int:
    """Return the nodes outside a loop's body whose result somebody in it reads."""
    body = graph.bodies[loop]
    outside = ((1 << len(graph.nodes)) - 1) & ~(body | 1 << loop)
    return sum(1 << node for node in bits(outside) if reading[node] & body)


def _joined(tree: Tree | None) -> Iterator[Tree]:
    """Yield the parts whose results come together in one state: those of Parallel states and of nested machines."""
    if tree is None or isinstance(tree, Leaf):
        return
    if isinstance(tree, Nested):
        yield tree
        yield from _joined(tree.part)
        return
    if isinstance(tree, Fused):
        yield from _joined(tree.part)
        return
    if isinstance(tree, Fork):
        yield tree
    for part in tree.parts:
        yield from _joined(part)


def _too_many(graph: Graph, node: int, count: int) -> Diagnostic:
    name = graph.nodes[node].name
    return Diagnostic(
        code="too_many_inputs",
        message=f"{count} results meet in {name!r}; Step Functions carries at most {STATE_BYTES // REFERENCE_BYTES}.",
        remedy="Join some of them in nodes before it.",
        node_id=graph.nodes[node].id,
    )
