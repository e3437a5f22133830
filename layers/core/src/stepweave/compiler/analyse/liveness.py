"""What is known at a point of the machine about which nodes ran and which ports have items.

`Facts` are statements about the whole execution that are true whenever that point is reached, so facts learnt in one
branch stay true after the branches have joined.
"""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from stepweave.compiler.analyse.graph import Graph
from stepweave.compiler.masks import bits


class Facts(NamedTuple):
    """Masks of nodes known to run or not (`ran`, `skipped`), of ports with items or without (`live`, `dead`)."""

    ran: int = 0
    skipped: int = 0
    live: int = 0
    dead: int = 0

    def meet(self, other: "Facts") -> "Facts":
        """Return what is true where either of two ways may have led."""
        return Facts(self.ran & other.ran, self.skipped & other.skipped, self.live & other.live, self.dead & other.dead)

    def join(self, other: "Facts") -> "Facts":
        """Return what is true where both hold."""
        return Facts(self.ran | other.ran, self.skipped | other.skipped, self.live | other.live, self.dead | other.dead)


class Status(Enum):
    """Whether a node runs, as far as facts tell."""

    LIVE = "live"
    DEAD = "dead"
    UNKNOWN = "unknown"


class Part(NamedTuple):
    """Some nodes, and the ports that lead into and out of them, as masks."""

    nodes: int
    into: int
    out: int

    def union(self, other: "Part") -> "Part":
        """Return the nodes of both."""
        return Part(self.nodes | other.nodes, self.into | other.into, self.out | other.out)

    def are_dead(self, facts: Facts) -> bool:
        """Return whether it is known that none of the nodes runs."""
        entering = self.into & ~self.out
        return entering & ~facts.dead == 0 and facts.ran & self.nodes == 0 and self.into & facts.live == 0

    def skipped(self, facts: Facts) -> Facts:
        """Add that none of the nodes runs."""
        return Facts(facts.ran, facts.skipped | self.nodes, facts.live, facts.dead | self.out)


@dataclass(frozen=True)
class Liveness:
    """Deductions over one graph's facts."""

    graph: Graph

    def start(self) -> Facts:
        """Return the facts at the start: what runs whichever trigger fired."""
        graph = self.graph
        certain = -1 if graph.triggers and not graph.other_triggers else 0
        for trigger in bits(graph.triggers):
            ran = 1 << trigger
            live = graph.always[trigger]
            for node in bits(graph.steps):
                if graph.in_ports[node] & live:
                    ran |= 1 << node
                    live |= graph.always[node]
            certain &= ran
        facts = Facts()
        for node in bits(certain & ((1 << len(graph.nodes)) - 1)):
            facts = self.node_ran(facts, node)
        return facts

    def in_round(self, facts: Facts, loop: int) -> Facts:
        """Return what is known at the start of a round: the loop runs, and its items enter the body."""
        body = self.graph.kinds[loop].body
        ports = sum(1 << port for port in bits(self.graph.out_ports[loop]) if self.graph.ports[port][1] == body)
        facts = self.node_ran(facts, loop)
        return facts._replace(live=facts.live | ports)

    def node_ran(self, facts: Facts, node: int) -> Facts:
        """Add that `node` runs."""
        return facts._replace(ran=facts.ran | 1 << node, live=facts.live | self.graph.always[node])

    def failed(self, facts: Facts, node: int, port: int | None) -> Facts:
        """Add that `node` ran and its failure became the items of `port` (None: of a port nobody reads)."""
        live = 0 if port is None else 1 << port
        dead = self.graph.out_ports[node] & ~live
        return Facts(facts.ran | 1 << node, facts.skipped, facts.live | live, facts.dead | dead)

    def skip(self, facts: Facts, nodes: int) -> Facts:
        """Add that none of `nodes` runs."""
        dead = facts.dead
        if nodes & (nodes - 1) == 0:  # by far the most frequent
            dead |= self.graph.out_ports[nodes.bit_length() - 1] if nodes else 0
        else:
            for node in bits(nodes):
                dead |= self.graph.out_ports[node]
        return Facts(facts.ran, facts.skipped | nodes, facts.live, dead)

    def ports_of(self, nodes: int) -> Part:
        """Return nodes with their ports."""
        into = out = 0
        for node in bits(nodes):
            into |= self.graph.in_ports[node]
            out |= self.graph.out_ports[node]
        return Part(nodes, into, out)

    def ports_dead(self, facts: Facts, ports: int) -> Facts:
        """Add that `ports` have no items."""
        return facts._replace(dead=facts.dead | ports)

    def one_live(self, facts: Facts, ports: int, nodes: int) -> Facts:
        """Add that one of `ports` has items and that they enter `nodes`."""
        if ports & (ports - 1) == 0:
            source = self.graph.ports[ports.bit_length() - 1][0]
            facts = self.node_ran(facts, source)._replace(live=facts.live | self.graph.always[source] | ports)
        if nodes & (nodes - 1) == 0:
            facts = self.node_ran(facts, nodes.bit_length() - 1)
        return facts

    def status(self, facts: Facts, node: int) -> Status:
        """Return whether `node` runs."""
        bit = 1 << node
        if facts.ran & bit or self.graph.in_ports[node] & facts.live:
            return Status.LIVE
        if facts.skipped & bit or self.graph.in_ports[node] & ~facts.dead == 0:
            return Status.DEAD
        return Status.UNKNOWN

    def entries(self, facts: Facts, nodes: int) -> tuple[int, int]:
        """Return the ports, not known dead, through which items enter `nodes`, and the nodes they enter."""
        ports = entered = 0
        inside = 0
        for node in bits(nodes):
            inside |= self.graph.out_ports[node]
        for node in bits(nodes):
            outside = self.graph.in_ports[node] & ~inside & ~facts.dead
            if outside:
                ports |= outside
                entered |= 1 << node
        return ports, entered
