"""Which nodes' outputs are read item by item (`$('A').item`), and on which edges items take their places in them along.

Lineage costs nothing where nobody reads it: only what a reader needs is carried (`stepweave.model.lineage`). Whoever is
given the items of a node that is read so notes each one's place in that node's output; from there it travels with the
items and whatever is made of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stepweave.compiler.analyse.graph import Graph
from stepweave.compiler.analyse.references import read_by
from stepweave.compiler.masks import bits


@dataclass(frozen=True)
class Lineage:
    """What is carried.

    Attributes:
        paired: per node the names of the nodes that it may read item by item.
        takers: node that is read so -> mask of the nodes that note their items' places in its output.
    """

    paired: Sequence[frozenset[str]] = ()
    takers: Mapping[int, int] = field(default_factory=dict)

    def names(self, node: int) -> frozenset[str]:
        """Return the names of the nodes that a node may read item by item."""
        return self.paired[node] if self.paired else frozenset()

    def is_noted(self, source: int, node: int) -> bool:
        """Return whether a node notes the places in the output of `source` of the items that it is given."""
        return bool(self.takers.get(source, 0) >> node & 1)

    @property
    def any(self) -> bool:
        """Whether items may carry lineage at all."""
        return bool(self.takers)


def plan(graph: Graph, refs: Sequence[Mapping[str, int | None]]) -> Lineage:
    """Return what is carried.

    Args:
        graph: the nodes.
        refs: per node, name -> node of the outputs its expressions may read.
    """
    paired = [_paired(graph, node, names) for node, names in enumerate(refs)]
    takers: dict[int, int] = {}
    for reader, names in enumerate(paired):
        leading = graph.ancestors[reader] | 1 << reader
        for name in names:
            source = refs[reader].get(name)
            if source is not None:
                following = sum(1 << node for node in bits(leading) if graph.in_ports[node] & graph.out_ports[source])
                takers[source] = takers.get(source, 0) | following
    return Lineage(tuple(paired), {source: mask for source, mask in takers.items() if mask})


def _paired(graph: Graph, node: int, refs: Mapping[str, int | None]) -> frozenset[str]:
    """Return the names of the nodes that a node may read item by item."""
    if not refs:
        return frozenset()
    read = read_by(graph.nodes[node], graph.entries[node])
    return frozenset(refs) if read.dynamic else read.paired & refs.keys()
