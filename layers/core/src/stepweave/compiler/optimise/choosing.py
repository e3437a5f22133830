"""Which nodes of a graph are lowered, and who tells of their runs.

A node without a function cannot tell that it ran. The first steps with functions that its items lead to tell it for
it (`StepPayload.native`): which they are is known here. Where there may be none, the execution's end tells
(`ExecutionOutput.native`); in a round of a loop, which has no such end, the node keeps its function.

A lowered node never costs a transition more than its function would, as long as its guard holds: on Standard, where
transitions are most of the price, a node after which its branch ends keeps its function, because a Choice cannot end
one. (A node that is emitted twice may end a branch in one of its places and not in the other: there it costs one more.)
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from operator import or_
from typing import Final, NamedTuple

from stepweave.compiler.analyse.graph import Graph
from stepweave.compiler.analyse.lineage import Lineage
from stepweave.compiler.analyse.structure import Fork, Fused, Leaf, Nested, Series, Tree
from stepweave.compiler.edges import ERROR_PORT
from stepweave.compiler.masks import bits
from stepweave.compiler.native.items import Inputs, Source, note_of
from stepweave.compiler.native.lowering import LONGEST, Lowering, Lowerings, Program, lowering_of, program_of
from stepweave.compiler.optimise.fusing import Parts, parts_of
from stepweave.compiler.result import MachineType
from stepweave.model.workflow import OnError

MOST_TOLD: Final = 5
"""Nodes that one step tells of: their outputs are in its payload."""
MOST_LAST: Final = 6
"""Nodes that the end of an execution tells of: their outputs are in one state."""
_TWO: Final = 2
_ATTEMPTS: Final = 3
"""Times that parts are looked for which run together, before none do."""
_AROUND: Final = 260
"""Bytes of a lowered node's states and of telling of it, its guard and result left out."""


@dataclass(frozen=True)
class Lowered:
    """The lowered nodes of a graph.

    Attributes:
        programs: how each is lowered.
        told: per step that tells of some, those.
        last: mask of those that the end of the execution tells of.
        fused: the parts that run together.
        reasons: node -> why it needs its function.
    """

    programs: Mapping[int, Program] = field(default_factory=dict)
    told: Mapping[int, Sequence[int]] = field(default_factory=dict)
    last: int = 0
    reasons: Mapping[int, str] = field(default_factory=dict)
    fused: Parts = field(default_factory=dict)

    @cached_property
    def mask(self) -> int:
        """The lowered nodes."""
        return sum(1 << node for node in self.programs)


NOTHING: Final = Lowered()
_OTHER_TYPE: Final = "Nodes of its type need their function."
_MORE: Final = "Its parameters or settings are more than literals, plain paths, formulas and comparisons."


class _Possible(NamedTuple):
    """How a node can be lowered."""

    program: Program
    lowering: Lowering


_Tellers = tuple[frozenset[int], bool]
"""The steps that tell of what leads to a node, and whether one of them surely does when the node runs."""


def choose(
    graph: Graph,
    trees: Iterable[Tree | None],
    refs: Sequence[Mapping[str, int | None]],
    kind: MachineType,
    spare: int,
    lineage: Lineage,
    lowerings: Lowerings,
) -> Lowered:
    """Return which nodes are lowered.

    Args:
        graph: the nodes.
        trees: their order, outside loops and in each loop's body.
        refs: what expressions read.
        kind: of the machine.
        spare: the bytes by which the definition may grow.
        lineage: where items take along where they come from.
        lowerings: how nodes are lowered, by name.
    """
    trees = list(trees)
    ending = _ending(trees) if kind == "STANDARD" else 0
    caught = reduce(
        or_, (body for node, body in graph.bodies.items() if graph.kinds[node].catches or graph.kinds[node].picks), 0
    )
    known = {node: lowering_of(graph.entries[node], lowerings) for node in bits(graph.steps & ~caught)}
    possible = {
        node: _Possible(made, lowering)
        for node, lowering in known.items()
        if lowering and (made := program_of(graph.nodes[node], graph.entries[node], lowerings)) is not None
    }
    if spare <= 0:
        return _Choosing(graph, ending, refs, spare, possible, lineage).lowered()
    apart = graph.fired | sum(1 << node for node in graph.around)
    nodes = sum(1 << node for node, one in possible.items() if not one.lowering.ends) & ~apart
    # A Choice that asks whether a node runs asks for its guard, too: there the state that ends the branch is paid for.
    ending &= ~sum({1 << node for tree in trees if tree is not None for node in _in_doubt(graph, tree, nodes)})
    for _ in range(_ATTEMPTS):
        parts = parts_of(graph, trees, nodes)
        spared = sum(set(parts.values()))
        found = _Choosing(graph, ending & ~spared, refs, spare, possible, lineage).lowered()
        if not spared & ~found.mask:
            return replace(found, fused=parts)
        # Some node of a part needs its function after all: the parts are made again without it.
        nodes &= ~(spared & ~found.mask)
    return _Choosing(graph, ending, refs, spare, possible, lineage).lowered()


def _in_doubt(graph: Graph, tree: Tree, nodes: int) -> set[int]:
    """Return the nodes, last in their parts, before which a Choice asks whether they run.

    Args:
        graph: the nodes.
        tree: their order.
        nodes: mask of those that may be lowered.
    """
    if isinstance(tree, Leaf):
        return set()
    if isinstance(tree, Nested | Fused):
        return _in_doubt(graph, tree.part, nodes)
    found = {node for part in tree.parts for node in _in_doubt(graph, part, nodes)}
    ends = tree.parts[-1:] if isinstance(tree, Series) else tree.parts
    leaves = {part.node for part in ends if isinstance(part, Leaf) and _may_not_run(graph, part.node)}
    if isinstance(tree, Series):
        # What the only port leads to by which the series is entered runs whenever the series does.
        entered = 0
        for node in bits(tree.parts[0].mask):
            entered |= graph.in_ports[node]
        leaves -= {node for node in leaves if entered.bit_count() == 1 and entered & graph.in_ports[node]}
    if isinstance(tree, Fork) and (len(leaves) < len(tree.parts) or len(leaves) > _TWO or tree.mask & ~nodes):
        return found  # where several run, and not all together, they are branches of a Parallel state
    return found | leaves


def _may_not_run(graph: Graph, node: int) -> bool:
    ports = [graph.ports[port] for port in bits(graph.in_ports[node])]
    always = any(graph.always[source] & graph.in_ports[node] for source, _ in ports)
    return not always and all(name != ERROR_PORT for _, name in ports)


def _ending(trees: Iterable[Tree | None]) -> int:
    """Return the nodes after which a branch, a round or the machine ends."""
    return sum({1 << node for tree in trees if tree is not None for node in _ends(tree)})


def _ends(tree: Tree) -> set[int]:
    """Return the nodes after which any part that ends on its own does."""
    return _last(tree) | _inside(tree)


def _last(tree: Tree) -> set[int]:
    if isinstance(tree, Leaf):
        return {tree.node}
    return _last(tree.parts[-1]) if isinstance(tree, Series) else set()


def _inside(tree: Tree) -> set[int]:
    if isinstance(tree, Leaf):
        return set()
    if isinstance(tree, Nested | Fused):
        return _ends(tree.part)
    inner = _ends if isinstance(tree, Fork) else _inside
    return {node for part in tree.parts for node in inner(part)}


class _Choosing:
    """From the last node to the first: what follows a node decides who tells of it."""

    def __init__(
        self,
        graph: Graph,
        ending: int,
        refs: Sequence[Mapping[str, int | None]],
        spare: int,
        possible: Mapping[int, _Possible],
        lineage: Lineage,
    ) -> None:
        self.graph = graph
        self.ending = ending
        self.spare = spare
        self.lineage = lineage
        self.possible = possible
        self.named = {source for names in refs for source in names.values() if source is not None}
        self.targets: list[list[int]] = [[] for _ in graph.ports]
        for node, ports in enumerate(graph.in_ports):
            for port in bits(ports):
                self.targets[port].append(node)
        self.tellers: dict[int, _Tellers] = {}
        self.programs: dict[int, Program] = {}
        self.told: dict[int, list[int]] = {}
        self.last: list[int] = []
        self.reasons: dict[int, str] = {}

    def lowered(self) -> Lowered:
        for node in reversed(range(len(self.graph.nodes))):
            if self.graph.pinned >> node & 1:
                self.reasons[node] = "It does not run: its output is given."
                self.tellers[node] = (frozenset(), False)
            elif not self.graph.steps >> node & 1 or not self._lower(node):
                self.tellers[node] = (frozenset((node,)), True)
        told = {step: tuple(sorted(nodes)) for step, nodes in self.told.items()}
        return Lowered(self.programs, told, sum(1 << node for node in self.last), self.reasons)

    def _lower(self, node: int) -> bool:
        """Lower a node if that can be; return whether it is."""
        if node in self.graph.around:
            self.reasons[node] = "Something stands around it in this run, whose answer its function takes."
            return False
        if node not in self.possible:
            self.reasons[node] = _MORE if self.graph.entries[node].lowering else _OTHER_TYPE
            return False
        program, lowering = self.possible[node]
        tellers, surely = self._after(node, lowering)
        reason = self._reason(node, tellers, surely)
        if reason:
            self.reasons[node] = reason
            return False
        self.programs[node] = program
        if lowering.ends:
            self.tellers[node] = (frozenset(), False)
            return True
        for step in tellers:
            self.told.setdefault(step, []).append(node)
        if not surely:
            self.last.append(node)
        self.tellers[node] = (tellers, surely)
        return True

    def _reason(self, node: int, tellers: frozenset[int], surely: bool) -> str:
        """Return why a node cannot be lowered, or an empty text."""
        graph, (program, lowering) = self.graph, self.possible[node]
        inner = graph.inner >> node & 1
        if lowering.ends:
            if inner or any(before in self.possible for before in bits(graph.preds[node])):
                return "It tells of what came before it."
            return ""
        if self.ending >> node & 1:
            return "Its branch ends with it: one more state would cost more than its function."
        if node in self.named and len(graph.entries[node].ports(graph.nodes[node].params)) > 1:
            return "An expression reads its output, whose order the function decides."
        if inner and not surely:
            return "In a round of a loop nothing with a function surely follows that could tell of it."
        if any(len(self.told.get(step, ())) >= MOST_TOLD for step in tellers):
            return "A step after it tells of as many nodes as it can."
        if not surely and len(self.last) >= MOST_LAST:
            return "The end of the execution tells of as many nodes as it can."
        ports = {name: [self._source(port, node) for port in sources] for name, sources in graph.inputs[node].items()}
        native = program(Inputs(ports, 0, self.lineage.any))
        size = len(native.guard) + len(native.result)
        if size > LONGEST:
            return f"As an expression it would have {size} characters."
        if size + _AROUND > self.spare:
            return "The state machine has no room for it."
        self.spare -= size + _AROUND
        return ""

    def _source(self, port: int, node: int) -> Source:
        """Return a port as the input of a node, as long as it may be written."""
        is_noted = self.lineage.is_noted(self.graph.ports[port][0], node)
        source, name = self.graph.nodes[self.graph.ports[port][0]], self.graph.ports[port][1]
        of = note_of(source.id, name, "$states.input.iteration") if is_noted else ""
        return Source("$n_long_enough_a_name.output.main", 0, of)

    def _after(self, node: int, lowering: Lowering) -> _Tellers:
        """Return the first steps that a node's items lead to, and whether they lead to one on each of its ways."""
        graph, document, entry = self.graph, self.graph.nodes[node], self.graph.entries[node]
        found: frozenset[int] = frozenset()
        covered = {}
        for port in bits(graph.out_ports[node]):
            after = [self.tellers[target] for target in self.targets[port]]
            found = found.union(*(steps for steps, _ in after))
            covered[graph.ports[port][1]] = any(surely for _, surely in after)
        names = [port.name for port in entry.ports_in_use(document.params)]
        if document.settings.on_error is OnError.BRANCH:
            names.append(ERROR_PORT)
        if lowering.may_be_empty(document.params):
            return found, False
        return found, bool(names) and all(covered.get(name, False) for name in names)
