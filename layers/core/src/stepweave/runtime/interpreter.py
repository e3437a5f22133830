"""What a graph means (DESIGN section 6), as code: the reference that every compiled machine must agree with.

Pure and in-process: it knows nothing of AWS, items' contents or expressions. What a node does is given to it; how nodes
follow each other, when they run again, and what a loop does with its items, is here.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from stepweave.model.items import Batch, Item, NodeOutput
from stepweave.model.lineage import descended, merged, placed
from stepweave.model.workflow import Edge, Node, OnError, Workflow
from stepweave.runtime.errors import LoopLimit
from stepweave.spec.catalogue import Catalogue, CatalogueEntry

ERROR_PORT = "error"
LOOP, BACK, DONE = "loop", "back", "done"
Inputs = Mapping[str, list[Batch]]
"""Input port -> the batches of its live edges, in edge order."""
Outputs = Mapping[str, NodeOutput | None]
"""Node id -> its live ports; None for a node that did not run."""


@dataclass(frozen=True)
class Run:
    """One attempt at a node: its round ("" outside loops), which attempt, and the outputs of what came before it."""

    iteration: str
    attempt: int
    outputs: Outputs


RunNode = Callable[[Node, Inputs, Run], Awaitable[NodeOutput]]
"""What a node does: inputs to live output ports. Raises NodeFailed."""
Until = Callable[[Node, list[Item], Run], Awaitable[bool]]
"""Whether a loop that repeats has what it waits for, by the items that came back."""


class NodeFailed(Exception):
    """A node failed. `error` is what an error item holds; its `type` says whether a retry can help.

    `node` is the failed node, once that is known to end the execution. `items` are those that error items stand for,
    where they are not the node's input.
    """

    def __init__(self, error: Mapping[str, Any], items: list[Item] | None = None) -> None:
        super().__init__(str(error))
        self.error = dict(error)
        self.items = items
        self.node: Node | None = None


async def _never(node: Node, items: list[Item], run: Run) -> bool:
    return False


@dataclass(frozen=True)
class Interpreter:
    """Runs one workflow.

    Attributes:
        workflow: without errors of structure.
        catalogue: its node types.
        run_node: what nodes do. Loops are not asked for.
        until: when loops that repeat have what they wait for.
        fired: nodes that nothing leads to any more, and whose output is given from the start.
        pinned: nodes that do not run but, when their turn comes, have the output that is given.
        last: the node after which the run ends: only it and what leads to it run.
        noted: nodes whose items take along their places in its output, because some expression reads it item by item.
        sleep: waits between attempts, in seconds.
    """

    workflow: Workflow
    catalogue: Catalogue
    run_node: RunNode
    until: Until = _never
    fired: frozenset[str] = frozenset()
    pinned: frozenset[str] = frozenset()
    last: str | None = None
    noted: frozenset[str] = frozenset()
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    runs: dict[tuple[str, str], NodeOutput | None] = field(default_factory=dict)
    """Node id and round -> output, of every node whose turn came."""

    async def run(self, trigger_id: str, output: NodeOutput, seed: Outputs | None = None) -> Outputs:
        """Run from a trigger and return the output of each node outside loops; None for one that did not run.

        Args:
            trigger_id: the trigger that fires.
            output: its items.
            seed: the outputs of the fired and the pinned nodes.

        Raises:
            NodeFailed: a node failed whose errors stop the execution.
        """
        start = {**(seed or {}), trigger_id: output}
        inside = {node_id for body in self.bodies.values() for node_id in body}
        try:
            return await _Region(self, start, self.kept - inside, {}, "").run()
        except BaseExceptionGroup as group:
            raise _first_failure(group) from None

    @cached_property
    def kept(self) -> set[str]:
        """The nodes that take part: all of them, or those that lead to the last."""
        return self._leading_to(self.last) if self.last else {node.id for node in self.workflow.nodes}

    def edges_to(self, node_id: str, *, back: bool = False) -> list[Edge]:
        """Return the edges into a node: those that lead back to a loop, or all others; none into a fired node."""
        if node_id in self.fired:
            return []
        is_loop = self.entry(self.nodes[node_id]).type == LOOP
        return [
            edge
            for edge in self.workflow.edges
            if edge.target == node_id and (is_loop and edge.target_port == BACK) is back
        ]

    def noting(self, edge: Edge, batch: Batch, iteration: str) -> Batch:
        """Return a batch that takes an edge, its items with their places in it where they take these along."""
        if edge.source not in self.noted:
            return batch
        return _batch(placed(batch["items"], edge.source, edge.source_port, iteration))

    def round_of(self, loop: Node) -> set[str]:
        """Return the nodes that run in each round of a loop: those in loops within it have rounds of their own."""
        body = self.bodies.get(loop.id, set())
        return (body & self.kept) - {inner for other in body & self.bodies.keys() for inner in self.bodies[other]}

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

    def _body(self, loop: Node) -> set[str]:
        if self.entry(loop).type != LOOP or loop.settings.disabled:
            return set()
        body: set[str] = set()
        waiting = [loop]
        while waiting:
            node = waiting.pop()
            for edge in self.workflow.edges:
                own_port = node.id != loop.id or edge.source_port == LOOP
                if edge.source != node.id or not own_port or not self._carries(edge) or edge.target in body:
                    continue
                target = self.nodes[edge.target]
                if self.entry(target).type != LOOP or edge.target_port != BACK:
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


@dataclass(frozen=True)
class _Region:
    """The nodes outside all loops, or those of one round of a loop."""

    meaning: Interpreter
    start: Outputs
    nodes: set[str]
    outer: Outputs
    iteration: str

    async def run(self) -> Outputs:
        """Run each node once when its edges are resolved, those that do not depend on each other at the same time."""
        runs: dict[str, asyncio.Task[NodeOutput | None]] = {}
        # Of what is done a node sees what comes before it.
        done: dict[str, NodeOutput | None] = {node_id: self.start.get(node_id) for node_id in self.meaning.given}
        done.update(self.outer)

        async def outcome(node: Node) -> NodeOutput | None:
            if node.id in self.meaning.fired:
                result = self.start.get(node.id)
            elif self.meaning.entry(node).trigger:
                result = None if node.settings.disabled else self.start.get(node.id)
            else:
                inputs: dict[str, list[Batch]] = {}
                for edge in self.meaning.edges_to(node.id):
                    source = await runs[edge.source] if edge.source in runs else self.outer.get(edge.source)
                    if source is not None and edge.source_port in source:
                        batch = self.meaning.noting(edge, source[edge.source_port], self.iteration)
                        inputs.setdefault(edge.target_port, []).append(batch)
                # Every edge is resolved here. A node whose edges are all dead is skipped; all others run once.
                known = {before: done[before] for before in self.meaning.before[node.id] if before in done}
                result = await self._run(node, inputs, known) if inputs else None
            # What refers to a disabled node by name finds that it did not run, though items pass through it.
            done[node.id] = None if node.settings.disabled else result
            self.meaning.runs[node.id, self.iteration] = result
            return result

        async with asyncio.TaskGroup() as together:
            for node in self.meaning.workflow.nodes:
                if node.id in self.nodes:
                    runs[node.id] = together.create_task(outcome(node))
        return {node_id: run.result() for node_id, run in runs.items()}

    async def _run(self, node: Node, inputs: Inputs, done: Outputs) -> NodeOutput | None:
        entry = self.meaning.entry(node)
        ports = entry.ports(node.params)
        if node.settings.disabled:
            return _passed_through(entry, ports[0].name if ports else None, inputs)
        if node.id in self.meaning.pinned:
            return self.start.get(node.id)
        if node.settings.execute_once:
            inputs = {port: [_first(batches)] for port, batches in inputs.items()}
        try:
            result = await (self._loop if entry.type == LOOP else self._attempts)(node, inputs, done)
        except NodeFailed as failure:
            port = _failure_port(node, entry)
            if port is None:
                failure.node = failure.node or node
                raise
            items = _of_all_ports(entry, inputs) if failure.items is None else failure.items
            return {port: _batch(_with_error(items or [{"json": {}}], failure))}
        if not result and node.settings.always_output and ports:
            return {ports[0].name: _batch(descended(_items([_one({})]), merged(_every(inputs)) or None))}
        return result

    async def _attempts(self, node: Node, inputs: Inputs, done: Outputs) -> NodeOutput:
        policy, attempt = node.settings.retry, 1
        while True:
            try:
                return await self.meaning.run_node(node, inputs, Run(self.iteration, attempt, done))
            except NodeFailed as failure:
                retryable = failure.error.get("type") in self.meaning.entry(node).retryable
                if policy is None or attempt > policy.max_attempts or not retryable:
                    raise
                longest = min(policy.max_delay_seconds, policy.interval_seconds * policy.backoff_rate ** (attempt - 1))
                await self.meaning.sleep(random.uniform(0, longest))  # noqa: S311 - jitter
                attempt += 1

    async def _loop(self, node: Node, inputs: Inputs, done: Outputs) -> NodeOutput:
        items = _items(inputs.get("main", []))
        if node.params.get("mode") == "repeat":
            return await self._repeat(node, items, done)
        size, at_once = int(node.params.get("batchSize", 1)), asyncio.Semaphore(int(node.params.get("concurrency", 1)))
        batches = [items[start : start + size] for start in range(0, len(items), size)]

        async def one(number: int, batch: list[Item]) -> tuple[list[Item], list[Item]]:
            """Return what a round brings back, and the error items of one that failed where the loop goes on."""
            async with at_once:
                try:
                    back = await self._round(node, number, batch, done)
                except NodeFailed as failure:
                    if _failure_port(node, self.meaning.entry(node)) is None:
                        raise
                    return [], _with_error(batch, failure)
                return (back if self.meaning.edges_to(node.id, back=True) else batch), []

        async with asyncio.TaskGroup() as together:
            rounds = [together.create_task(one(number, batch)) for number, batch in enumerate(batches)]
        port = _failure_port(node, self.meaning.entry(node))
        if port is None and not self.meaning.edges_to(node.id, back=True):
            return {DONE: _batch(items)}
        given: NodeOutput = {}
        back = [item for found in rounds for item in found.result()[0]]
        failed = [item for found in rounds for item in found.result()[1]]
        if port == DONE:
            back = [item for found in rounds for items in found.result() for item in items]
        elif port is not None and failed:
            given[port] = _batch(failed)
        return {DONE: _batch(back), **given} if back else given

    async def _repeat(self, node: Node, items: list[Item], done: Outputs) -> NodeOutput:
        most = int(node.params.get("maxRounds", 100))
        for number in range(most):
            try:
                items = await self._round(node, number, items, done)
            except NodeFailed as failure:
                failure.items = items
                raise
            if node.settings.execute_once:
                items = items[:1]
            if not items:
                return {}
            if await self.meaning.until(node, items, Run(self.iteration, 1, done)):
                return {DONE: _batch(items)}
        if node.params.get("until") and node.params.get("onLimit") == "fail":
            limit = LoopLimit(
                f"The loop went round {most} times and what it waits for did not come.",
                "Allow more rounds, or let it go on with what came back.",
            )
            raise NodeFailed(limit.to_json(), items)
        return {DONE: _batch(items)}

    async def _round(self, loop: Node, number: int, items: list[Item], done: Outputs) -> list[Item]:
        """Run a loop's body and return what comes back, in edge order."""
        iteration = f"{self.iteration}.{number}" if self.iteration else str(number)
        outer = {**done, loop.id: {LOOP: _batch(items)}}
        inside = _Region(self.meaning, self.start, self.meaning.round_of(loop), outer, iteration)
        try:
            outputs = await inside.run()
        except BaseExceptionGroup as group:
            raise _first_failure(group) from None
        back: list[Batch] = []
        for edge in self.meaning.edges_to(loop.id, back=True):
            source = outputs.get(edge.source)
            if source is not None and edge.source_port in source:
                back.append(source[edge.source_port])
        return _items(back)


def _first_failure(group: BaseExceptionGroup[BaseException]) -> BaseException:
    first = group.exceptions[0]
    return _first_failure(first) if isinstance(first, BaseExceptionGroup) else first


def _failure_port(node: Node, entry: CatalogueEntry) -> str | None:
    """Return the port that error items of a node's failure take; None where it ends the execution, or the round."""
    if node.settings.on_error is OnError.BRANCH:
        return ERROR_PORT
    ports = entry.ports(node.params)
    return ports[0].name if node.settings.on_error is OnError.CONTINUE and ports else None


def _with_error(items: list[Item], failure: NodeFailed) -> list[Item]:
    return [{**item, "json": {**item["json"], "error": failure.error}} for item in items]


def _of_all_ports(entry: CatalogueEntry, inputs: Inputs) -> list[Item]:
    return [item for port in entry.inputs for item in _items(inputs.get(port.name, []))]


def _passed_through(entry: CatalogueEntry, to: str | None, inputs: Inputs) -> NodeOutput | None:
    """A disabled node hands the items of its first input on to its first output."""
    if not entry.inputs or to is None or entry.inputs[0].name not in inputs:
        return None
    return {to: _batch(_items(inputs[entry.inputs[0].name]))}


def _every(inputs: Inputs) -> list[Item]:
    return [item for batches in inputs.values() for item in _items(batches)]


def _items(batches: list[Batch]) -> list[Item]:
    return [item for batch in batches for item in batch["items"]]


def _batch(items: list[Item]) -> Batch:
    return {"count": len(items), "items": items}


def _first(batches: list[Batch]) -> Batch:
    return _batch(_items(batches)[:1])


def _one(json: dict[str, Any]) -> Batch:
    return _batch([{"json": json}])
