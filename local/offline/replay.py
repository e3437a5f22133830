"""`stepweave replay`: an execution once more, offline, with the recorded answers of everything that did not change.

A node whose parameters, settings and edges are those that ran, and whose input is what it was, answers as it did: what
reads the clock or draws lots must not look like a difference. All others really run. What reaches out to a server
cannot: it answers as recorded where it was not changed itself, and that is said.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from local.offline.changes import Ports, changed, pairs, same
from local.offline.running import Outcome, Partly, Running, batches_of
from local.offline.steps import CannotRun
from stepweave.compiler.analyse.references import read_by
from stepweave.model.events import ExecutionContext
from stepweave.model.items import Item, NodeOutput
from stepweave.model.lineage import descended, merged
from stepweave.model.workflow import Node, Workflow
from stepweave.runtime.interpreter import Calls, Inputs, NodeFailed, Run, Turn
from stepweave.spec.catalogue import Catalogue

Place = tuple[str, str]
"""A node's id, and the round it is in."""

ELSEWHERE: Final = frozenset(("StoreUnavailable", "CredentialMissing", "DataMissing", "VariablesUnavailable"))
"""Errors of nodes that need what is not on this machine: stores, credentials, files."""
_QUIET: Final = 100
"""Turns of the event loop without a step, after which nothing more comes of what goes on beside a failure."""


@dataclass(frozen=True)
class Recorded:
    """What a node run was: `output` is None where it gave none, because it failed, or was not over."""

    status: str
    output: Ports | None
    error: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Recording:
    """An execution.

    Attributes:
        context: as its nodes saw it.
        status: how it ended.
        error: why, where it failed.
        document: what ran.
        trigger_id: what started it.
        runs: what its nodes did.
        given: the nodes that did not run, as their output was given: pinned, or an earlier execution's.
        fired: those of them to which nothing led any more.
    """

    context: ExecutionContext
    status: str
    error: Mapping[str, Any] | None
    document: Workflow
    trigger_id: str
    runs: Mapping[Place, Recorded]
    given: frozenset[str] = frozenset()
    fired: frozenset[str] = frozenset()


class NotOver(CannotRun):
    """A node had not ended when the execution did."""

    def __init__(self, node: str) -> None:
        super().__init__(node, "had not ended when the execution did, and so has no recorded answer")


@dataclass
class Replayed:
    """What came of it.

    Attributes:
        outcome: what the nodes gave.
        changed: the nodes that are not as they were.
        ran: those that really ran.
        assumed: those that answered as recorded though what goes into them differs.
        outside: those that cannot run here at all.
        unsteady: those that, with the same input, give something else than they did.
    """

    outcome: Outcome = field(default_factory=Outcome)
    changed: frozenset[str] = frozenset()
    ran: set[str] = field(default_factory=set)
    assumed: set[str] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)
    unsteady: set[str] = field(default_factory=set)


def replay(recording: Recording, workflow: Workflow, catalogue: Catalogue, *, probing: bool = False) -> Replayed:
    """Run a workflow that compiles on what was recorded of an execution.

    Args:
        recording: the execution.
        workflow: what runs now: what ran then, or what it has become.
        catalogue: its node types.
        probing: whether nodes run that need not, to find out which can.
    """
    return asyncio.run(_Replaying(recording, workflow, catalogue, probing).replay())


class _Replaying(Running):
    def __init__(self, recording: Recording, workflow: Workflow, catalogue: Catalogue, probing: bool) -> None:
        bare = [node.model_copy(update={"pinned": None}) for node in workflow.nodes]
        self.pins = {node.id: node.pinned for node in workflow.nodes if node.pinned is not None}
        there = {node.id for node in workflow.nodes}
        fired = recording.fired & there
        given = {one: _answer_of(recording, one) for one in fired}
        partly = Partly(fired=fired, seed={one: batches_of(output) for one, output in given.items()})
        super().__init__(workflow.model_copy(update={"nodes": bare}), catalogue, partly, self._turn)
        self.recording = recording
        self.found = Replayed(changed=frozenset(changed(recording.document, workflow)))
        self.differs: set[str] = set()
        self.taken = 0
        # Only where some expression reads items of other nodes one by one must recorded items know where they are from.
        self.probing = probing or any(pairs(node) for node in workflow.nodes)

    async def replay(self) -> Replayed:
        started = _answer_of(self.recording, self.recording.trigger_id)
        self.found.outcome = await self.run(self.recording.trigger_id, next(iter(started.values()), []))
        return self.found

    async def _node(self, node: Node, inputs: Inputs, run: Run) -> NodeOutput:
        self.taken += 1
        recorded = self.recording.runs.get((node.id, run.iteration))
        if node.id in self.recording.given and recorded is not None:
            return self._as_recorded(recorded, inputs)
        if not self._is_touched(node.id):
            if recorded is None:
                return {}  # it did not run then: the execution was over, or was to end before it
            tried = await self._tried(node, inputs, run, recorded) if self.probing else None
            if recorded.output is None:
                await self._quiet()
                raise self._end_of(node, recorded)
            return self._as_recorded(recorded, inputs, tried)
        try:
            output = await super()._node(node, inputs, run)
        except (CannotRun, NodeFailed) as failure:
            if not _is_elsewhere(failure):
                self._note(node, recorded, None)
                await self._quiet()
                raise
            return await self._answered(node, recorded, inputs, failure)
        self._note(node, recorded, output)
        return output

    async def _turn(self, node: Node, turn: Turn, run: Run) -> Calls:
        """An agent answers as a whole: there is no model here, and its tools are not called."""
        recorded = self.recording.runs.get((node.id, run.iteration))
        inputs: Inputs = {"main": [{"count": len(turn.items), "items": turn.items}]}
        failure = CannotRun(node.name, "asks a model, and there is none offline")
        self.found.outside.add(node.id)
        if self._is_touched(node.id):
            return Calls([], await self._answered(node, recorded, inputs, failure))
        if recorded is None or recorded.output is None:
            await self._quiet()
            raise failure if recorded is None else self._end_of(node, recorded)
        return Calls([], self._as_recorded(recorded, inputs))

    async def _answered(self, node: Node, recorded: Recorded | None, inputs: Inputs, failure: Exception) -> NodeOutput:
        """Return what a node gives that cannot run here: what it gave, or what is pinned in its file. Or fail."""
        self.found.outside.add(node.id)
        if node.id in self.pins:
            output = batches_of(self.pins[node.id] or {})
            self._note(node, recorded, output)
            return output
        if node.id in self.found.changed or recorded is None:
            await self._quiet()
            raise failure
        self.found.assumed.add(node.id)
        if recorded.output is None:
            await self._quiet()
            raise self._end_of(node, recorded)
        return self._as_recorded(recorded, inputs)

    async def _tried(self, node: Node, inputs: Inputs, run: Run, recorded: Recorded) -> NodeOutput | None:
        """Return what a node gives that need not run; None where it cannot. Notes what that says of it."""
        try:
            output = await super()._node(node, inputs, run)
        except (CannotRun, NodeFailed) as failure:
            if _is_elsewhere(failure):
                self.found.outside.add(node.id)
            elif recorded.output is not None:
                self.found.unsteady.add(node.id)
            return None
        if recorded.output is None or not same(recorded.output, _items(output)):
            self.found.unsteady.add(node.id)
        return output

    def _note(self, node: Node, recorded: Recorded | None, output: NodeOutput | None) -> None:
        self.found.ran.add(node.id)
        before = recorded.output if recorded is not None else None
        if before is None or output is None or not same(before, _items(output)):
            self.differs.add(node.id)

    def _as_recorded(self, recorded: Recorded, inputs: Inputs, tried: NodeOutput | None = None) -> NodeOutput:
        """Return a recorded output, its items with the lineage that they have if the node made them as it does now."""
        given = [item for batches in inputs.values() for batch in batches for item in batch["items"]]
        output: NodeOutput = {}
        for port, items in (recorded.output or {}).items():
            if not items:
                continue
            like = tried[port]["items"] if tried and port in tried else given
            if len(like) == len(items):
                made: list[Item] = [
                    {**item, "origin": one["origin"]} if "origin" in one else item
                    for item, one in zip(items, like, strict=True)
                ]
            else:
                made = descended(items, merged(given) or None)
            output[port] = {"count": len(made), "items": made}
        return output

    def _end_of(self, node: Node, recorded: Recorded) -> Exception:
        if recorded.status == "failed" and recorded.error is not None:
            return NodeFailed({name: value for name, value in recorded.error.items() if name != "node"})
        return NotOver(node.name)

    async def _quiet(self) -> None:
        """Let what goes on beside get as far as it can before a failure ends it."""
        still = 0
        while still < _QUIET:
            before = self.taken
            await asyncio.sleep(0)
            still = still + 1 if self.taken == before else 0

    def _is_touched(self, node_id: str, seen: frozenset[str] = frozenset()) -> bool:
        """Whether a node is not as it was, or what goes into it may not be."""
        if node_id in self.found.changed:
            return True
        return any(
            source in self.differs
            or (source in self._handing_on and source not in seen and self._is_touched(source, seen | {node_id}))
            for source in self._sources[node_id]
        )

    @cached_property
    def _sources(self) -> dict[str, set[str]]:
        """Per node what leads to it, and what it reads by name."""
        found = {node.id: {edge.source for edge in self.workflow.edges if edge.target == node.id} for node in self._all}
        for node in self._all:
            read = read_by(node, self._entry(node))
            found[node.id] |= {self.ids[name] for name in read.names if name in self.ids}
            if read.dynamic:
                found[node.id] |= set(self.ids.values()) - {node.id}
        return found

    @cached_property
    def _handing_on(self) -> set[str]:
        """The nodes that give what goes into them: disabled ones, and those that run others."""
        return {node.id for node in self._all if node.settings.disabled or self._entry(node).kind(node.params) in _OWN}

    @property
    def _all(self) -> list[Node]:
        return self.workflow.nodes

    @property
    def _context(self) -> ExecutionContext:
        return self.recording.context


_OWN: Final = frozenset(("loop", "try"))
"""The kinds of nodes that run others and are no step of their own."""


def _items(output: NodeOutput) -> Ports:
    return {port: batch["items"] for port, batch in output.items()}


def _answer_of(recording: Recording, node_id: str) -> Ports:
    found = recording.runs.get((node_id, ""))
    return (found.output if found is not None else None) or {}


def _is_elsewhere(failure: Exception) -> bool:
    return isinstance(failure, CannotRun) or (isinstance(failure, NodeFailed) and failure.error["type"] in ELSEWHERE)
