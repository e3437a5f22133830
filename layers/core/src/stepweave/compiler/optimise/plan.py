"""What `emit` needs to know beside the graph: who reads whose result, how large results may be, what the answer is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stepweave.compiler.analyse.graph import Graph
from stepweave.compiler.analyse.lineage import Lineage
from stepweave.compiler.analyse.structure import Tree
from stepweave.compiler.optimise.choosing import NOTHING, Lowered
from stepweave.compiler.result import MachineType
from stepweave.model.diagnostics import Diagnostic


@dataclass(frozen=True)
class Plan:
    """A graph ready to be emitted.

    Attributes:
        graph: nodes and ports.
        tree: the order of its steps, parts that run at once marked; None where there are none.
        refs: per node, name -> node of the outputs its expressions may read; None for a node that never runs.
        answers: mask of the response nodes.
        last: mask of the nodes whose output can be the last one; 0 where nobody asks for it.
        inline_limits: per node, the most bytes its result may have before its batches go to S3.
        rooms: per node, the most bytes its result may have at all, for what meets in one state to fit.
        lowered: the nodes that run without a function where their guards hold.
        bodies: per loop, the order of the steps in its body; None where it is empty.
        rounds: per loop over batches, the most rounds that run within the machine's own history; per node that picks
            parts of its body, the most runs of parts.
        returning: node whose result each round of a loop over batches returns -> that loop.
        kind: which kind of machine it is for.
        events: the most events of an execution's history, those of nested machines left out.
        lineage: where items take along where they come from.
        timeout_seconds: of the whole execution; None where the workflow sets none.
        diagnostics: errors of what does not fit.
    """

    graph: Graph
    tree: Tree | None
    refs: list[dict[str, int | None]]
    answers: int
    last: int
    inline_limits: list[int]
    bodies: Mapping[int, Tree | None] = field(default_factory=dict)
    rounds: Mapping[int, int] = field(default_factory=dict)
    returning: Mapping[int, int] = field(default_factory=dict)
    kind: MachineType = "STANDARD"
    events: int = 0
    rooms: list[int] = field(default_factory=list)
    lowered: Lowered = NOTHING
    lineage: Lineage = field(default_factory=Lineage)
    timeout_seconds: int | None = None
    diagnostics: tuple[Diagnostic, ...] = ()

    def readers(self) -> list[int]:
        """Return per node the mask of the nodes that read its result."""
        return readers(self.graph, self.refs, self.lowered)


def readers(graph: Graph, refs: list[dict[str, int | None]], lowered: Lowered = NOTHING) -> list[int]:
    """Return per node the mask of those that read its result: that it leads to, that refer to it, or tell of it."""
    result = list(graph.succs)
    for loop, ports in graph.back.items():
        for port in ports:
            result[graph.ports[port][0]] |= 1 << loop
    for node, names in enumerate(refs):
        for source in names.values():
            if source is not None:
                result[source] |= 1 << node
    for step, nodes in lowered.told.items():
        for node in nodes:
            result[node] |= 1 << step
    return result
