"""Runs of a part of a workflow: which nodes do not run, and where their output is from.

Pure: documents and recorded outputs in, what to compile and what to give out. `running` fetches and starts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from api import codes
from api.refusals import Refused
from api.services.compiling import catalogue
from stepweave.compiler import CompileOptions, in_rounds
from stepweave.model.items import NodeOutput
from stepweave.model.lineage import without
from stepweave.model.workflow import Node, Workflow
from stepweave.runtime.starting import Given

Recorded = Mapping[str, NodeOutput | None]
"""Node id -> its output in an earlier execution; None where it did not succeed. Nodes without a run are missing."""


@dataclass(frozen=True)
class Part:
    """What of a workflow a run is asked for.

    Attributes:
        pinned: whether nodes with pinned data give that instead of running.
        from_execution_id: where outputs are from.
        start_node_id: it and what follows it run; everything else gives its recorded output.
        until_node_id: it and what leads to it run.
        only_node_id: it alone runs.
    """

    pinned: bool = True
    from_execution_id: str | None = None
    start_node_id: str | None = None
    until_node_id: str | None = None
    only_node_id: str | None = None

    @property
    def node_ids(self) -> list[str]:
        """The nodes it names."""
        return [one for one in (self.start_node_id, self.until_node_id, self.only_node_id) if one is not None]


@dataclass(frozen=True)
class Seeded:
    """What to compile, and what the execution is given at its start."""

    fired: frozenset[str] = frozenset()
    pinned: frozenset[str] = frozenset()
    until: str | None = None
    given: dict[str, Given] = field(default_factory=dict)

    @property
    def partial(self) -> bool:
        """Whether anything differs from a run of the whole."""
        return bool(self.fired or self.pinned or self.until)

    def options(self, prefix: str) -> CompileOptions:
        """Return what the compiler is told."""
        return CompileOptions(prefix, fired=self.fired, pinned=self.pinned, until=self.until)


def seeded(document: Workflow, part: Part, recorded: Recorded) -> Seeded:
    """Return what a run of a part is.

    Args:
        document: what runs.
        part: which part of it.
        recorded: the outputs of `part.from_execution_id`; empty without one.

    Raises:
        Refused: `unknown_node`, `cannot_start_here`, `no_data`, `ambiguous_part`.
    """
    nodes = {node.id: node for node in document.nodes}
    _check(part, nodes, in_rounds(document, catalogue()))
    pins = _pins(nodes.values()) if part.pinned else {}
    if part.start_node_id is not None:
        running = _downstream(document, part.start_node_id)
        return _from_recorded(document, running, pins, part, recorded, until=None)
    if part.only_node_id is not None:
        _check_sources(document, nodes, part.only_node_id, pins, recorded)
        return _from_recorded(document, {part.only_node_id}, pins, part, recorded, until=part.only_node_id)
    return Seeded(pinned=frozenset(pins), until=part.until_node_id, given=pins)


def _check(part: Part, nodes: Mapping[str, Node], inner: set[str]) -> None:
    if len(part.node_ids) > 1:
        raise Refused(codes.AMBIGUOUS_PART, "Ask for one of startNodeId, untilNodeId and onlyNodeId.")
    for node_id in part.node_ids:
        if node_id not in nodes:
            raise Refused(codes.UNKNOWN_NODE, f"There is no node {node_id!r} in what is to run.")
        if nodes[node_id].settings.disabled or _is_trigger(nodes[node_id]):
            raise Refused(codes.CANNOT_START_HERE, f"{nodes[node_id].name!r} is a trigger or disabled.")
        if node_id != part.until_node_id and node_id in inner:
            detail = f"{nodes[node_id].name!r} runs in the rounds of a loop; start at the loop."
            raise Refused(codes.CANNOT_START_HERE, detail)
    if part.start_node_id is not None and part.from_execution_id is None:
        raise Refused(codes.NO_DATA, "Running from a node needs fromExecutionId, the execution whose data is taken.")


def _is_trigger(node: Node) -> bool:
    entry = catalogue().get(node.type, node.version)
    return entry is not None and entry.trigger is not None


def _pins(nodes: Iterable[Node]) -> dict[str, Given]:
    """Return the outputs of nodes with pinned data; a port without items is dead."""
    return {
        node.id: {
            "output": {
                port: {"count": len(items), "items": without(items)} for port, items in node.pinned.items() if items
            },
            "source": {"kind": "pinned"},
        }
        for node in nodes
        if node.pinned is not None and not node.settings.disabled and not _is_trigger(node)
    }


def _from_recorded(
    document: Workflow,
    running: set[str],
    pins: Mapping[str, Given],
    part: Part,
    recorded: Recorded,
    until: str | None,
) -> Seeded:
    """Return a run of `running` in which all other nodes give what they gave before."""
    source = {"kind": "execution", "executionId": part.from_execution_id or ""}
    inner = in_rounds(document, catalogue())
    wanted = {node.id for node in document.nodes} if until is None else _upstream(document, until)
    given: dict[str, Given] = {}
    for node in document.nodes:
        if node.id not in wanted - running - inner or node.settings.disabled or _is_trigger(node):
            continue
        output = recorded.get(node.id)
        given[node.id] = pins.get(node.id) or {"output": output, "source": source}
    kept = frozenset(id for id in pins if id in running and id != part.start_node_id and id != part.only_node_id)
    return Seeded(frozenset(given), kept, until, {**given, **{id: pins[id] for id in kept}})


def _downstream(document: Workflow, start: str) -> set[str]:
    return _reached(start, [(edge.source, edge.target) for edge in document.edges])


def _upstream(document: Workflow, end: str) -> set[str]:
    return _reached(end, [(edge.target, edge.source) for edge in document.edges])


def _reached(start: str, edges: list[tuple[str, str]]) -> set[str]:
    found = {start}
    waiting = [start]
    while waiting:
        node_id = waiting.pop()
        targets = {target for source, target in edges if source == node_id} - found
        found |= targets
        waiting += targets
    return found


def _check_sources(
    document: Workflow, nodes: Mapping[str, Node], node_id: str, pins: Mapping[str, Given], recorded: Recorded
) -> None:
    """Refuse to run a node alone of whose input nothing is known."""
    sources = {edge.source for edge in document.edges if edge.target == node_id}
    known = {source for source in sources if _is_trigger(nodes[source]) or source in pins or recorded.get(source)}
    if sources and not known:
        names = ", ".join(repr(nodes[source].name) for source in sorted(sources))
        raise Refused(
            codes.NO_DATA, f"There is no data of {names}: run the workflow once, or pin data on what leads here."
        )
