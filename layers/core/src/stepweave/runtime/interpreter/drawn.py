"""A workflow as it is drawn: what leads to what, whose bodies nodes are in, and what comes before them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from stepweave.model.workflow import Edge, Node, Workflow
from stepweave.runtime.interpreter.kind import Kind
from stepweave.runtime.interpreter.values import failure_port
from stepweave.spec.catalogue import Catalogue, CatalogueEntry


@dataclass(frozen=True)
class Drawn:
    """A workflow without errors of structure; the attributes are those of `Interpreter`."""

    workflow: Workflow
    catalogue: Catalogue
    kinds: Mapping[str, Kind]
    fired: frozenset[str]
    last: str | None

    @cached_property
    def kept(self) -> set[str]:
        """The nodes that take part: all of them, or those that lead to the last."""
        return self._leading_to(self.last) if self.last else {node.id for node in self.workflow.nodes}

    def edges_to(self, node_id: str, *, back: bool = False) -> list[Edge]:
        """Return the edges into a node: those that lead back to a loop, or all others; none into a fired node."""
        if node_id in self.fired:
            return []
        kind = self.kind(self.nodes[node_id])
        return [
            edge
            for edge in self.workflow.edges
            if edge.target == node_id and (kind is not None and edge.target_port == kind.back) is back
        ]

    def round_of(self, loop: Node) -> set[str]:
        """Return the nodes that run in each round of a loop: those in loops within it have rounds of their own."""
        body = self.bodies.get(loop.id, set())
        return (body & self.kept) - {inner for other in body & self.bodies.keys() for inner in self.bodies[other]}

    def parts(self, node: Node) -> list[str]:
        """Return the ids of the nodes that begin the parts of a node's body.

        A disabled node begins none: what it hands on to does.
        """
        kind, found = self.kind(node), list[str]()
        waiting = [(node.id, kind.body)] if kind is not None else []
        while waiting:
            source, port = waiting.pop(0)
            for edge in self.workflow.edges:
                if (edge.source, edge.source_port) != (source, port) or not self._carries(edge):
                    continue
                target = self.nodes[edge.target]
                if not target.settings.disabled:
                    found.append(target.id)
                elif outputs := self.entry(target).ports(target.params):
                    waiting.append((target.id, outputs[0].name))
        return [one.id for one in self.workflow.nodes if one.id in found and one.id in self.kept]

    def part_of(self, node: Node, first: str) -> set[str]:
        """Return the nodes of the part of a node's body that `first` begins; those in rounds within it left out.

        Disabled nodes that hand on to `first` are in it.
        """
        inside = self.round_of(node)
        behind = {first}
        while True:
            more = {edge.target for edge in self.workflow.edges if edge.source in behind and edge.target in inside}
            more |= {
                edge.source
                for edge in self.workflow.edges
                if edge.target in behind and edge.source in inside and self.nodes[edge.source].settings.disabled
            }
            if more <= behind:
                return behind & inside
            behind |= more

    def last_of(self, node: Node) -> list[tuple[str, str]]:
        """Return the nodes of a node's body that lead to nothing, with the ports that their items take as a rule."""
        found: list[tuple[str, str]] = []
        for one in self.workflow.nodes:
            if one.id not in self.round_of(node) or one.settings.disabled or self._leads_on(one):
                continue
            entry, kind = self.entry(one), self.kind(one)
            declared = [port.name for port in entry.ports(one.params)]
            own = declared if entry.outputs_from and kind is None else declared[:1]
            failing = failure_port(one, entry)
            if failing is not None and failing not in own:
                own = [*own, failing]
            found += [(one.id, port) for port in own]
        return found

    def _leads_on(self, node: Node) -> bool:
        """Return whether an edge leads from a node, not to its own body, to one that runs: over disabled ones, too."""
        kind = self.kind(node)
        waiting, seen = [node.id], set[str]()
        while waiting:
            source = waiting.pop()
            for edge in self.workflow.edges:
                own = source == node.id and kind is not None and edge.source_port == kind.body
                if edge.source != source or own or not self._carries(edge):
                    continue
                if not self.nodes[edge.target].settings.disabled:
                    return True
                if edge.target not in seen:
                    seen.add(edge.target)
                    waiting.append(edge.target)
        return False

    def goes_round(self, loop: Node) -> bool:
        """Return whether anything runs in a loop's rounds, or leads straight back to it; disabled nodes do not run."""
        inside = any(not self.nodes[one].settings.disabled for one in self.round_of(loop))
        return inside or any(self._carries(edge) for edge in self.edges_to(loop.id, back=True))

    @cached_property
    def bodies(self) -> dict[str, set[str]]:
        """Per loop all that its port `loop` leads to, the bodies of loops in it included."""
        return {node.id: body for node in self.workflow.nodes if (body := self._body(node))}

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """The nodes by id."""
        return {node.id: node for node in self.workflow.nodes}

    def entry(self, node: Node) -> CatalogueEntry:
        """Return a node's type. Raises LookupError for one the catalogue does not have."""
        entry = self.catalogue.get(node.type, node.version)
        if entry is None:
            raise LookupError(f"there is no node type {node.type!r} version {node.version}")
        return entry

    def kind(self, node: Node) -> Kind | None:
        """Return a node's kind, where nodes of it run others."""
        return self.kinds.get(self.entry(node).kind(node.params))

    def _body(self, loop: Node) -> set[str]:
        kind = self.kind(loop)
        if kind is None or loop.settings.disabled:
            return set()
        body: set[str] = set()
        waiting = [loop]
        while waiting:
            node = waiting.pop()
            for edge in self.workflow.edges:
                own_port = node.id != loop.id or edge.source_port == kind.body
                if edge.source != node.id or not own_port or not self._carries(edge) or edge.target in body:
                    continue
                target = self.nodes[edge.target]
                inner = self.kind(target)
                if inner is None or edge.target_port != inner.back:
                    body.add(target.id)
                    waiting.append(target)
        return body

    def _carries(self, edge: Edge) -> bool:
        """Whether items may take an edge: a disabled node hands on from its first input to its first output only."""
        source, target = self.nodes[edge.source], self.nodes[edge.target]
        outputs, inputs = self.entry(source).ports(source.params), self.entry(target).inputs
        out = not source.settings.disabled or (bool(outputs) and outputs[0].name == edge.source_port)
        return out and (not target.settings.disabled or inputs[0].name == edge.target_port)

    @cached_property
    def before(self) -> dict[str, set[str]]:
        """Per node, those that surely have run or been skipped when its turn comes, and those that are given."""
        return {node.id: (self._leading_to(node.id, (False,)) | self.given) - {node.id} for node in self.workflow.nodes}

    @cached_property
    def given(self) -> set[str]:
        """The nodes whose output is known from the start wherever any is given: the fired ones and the triggers."""
        triggers = {node.id for node in self.workflow.nodes if self.entry(node).trigger and not node.settings.disabled}
        return triggers | self.fired if self.fired else set()

    def _leading_to(self, last: str, back: tuple[bool, ...] = (False, True)) -> set[str]:
        kept: set[str] = set()
        waiting = [last]
        while waiting:
            node_id = waiting.pop()
            if node_id not in kept:
                kept.add(node_id)
                edges = [edge for which in back for edge in self.edges_to(node_id, back=which)]
                waiting += [edge.source for edge in edges if self._carries(edge)]
        return kept
