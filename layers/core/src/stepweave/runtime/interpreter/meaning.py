"""Runs a graph as it is drawn."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from stepweave.model.items import Batch, Item, NodeOutput
from stepweave.model.lineage import descended, merged, placed
from stepweave.model.workflow import Edge, Node, Workflow
from stepweave.runtime.interpreter.drawn import Drawn
from stepweave.runtime.interpreter.kind import Kind
from stepweave.runtime.interpreter.kinds import KINDS
from stepweave.runtime.interpreter.values import (
    Calls,
    Inputs,
    NodeFailed,
    Outputs,
    Run,
    RunNode,
    Split,
    TakeTurn,
    Turn,
    Until,
    batch_of,
    failure_port,
    items_of,
    with_error,
)
from stepweave.spec.catalogue import Catalogue, CatalogueEntry


async def _as_written(node: Node, items: list[Item], run: Run) -> list[list[Item]]:
    size = int(node.params.get("batchSize", 1))
    return [items[start : start + size] for start in range(0, len(items), size)]


async def _no_turns(node: Node, turn: Turn, run: Run) -> Calls:
    raise LookupError(f"{node.id} is an agent, and nobody says what its turns give")


async def _never(node: Node, items: list[Item], number: int, run: Run) -> bool:
    return False


@dataclass(frozen=True)
class Interpreter:
    """Runs one workflow.

    Attributes:
        workflow: without errors of structure.
        catalogue: its node types.
        run_node: what nodes do. Loops and the like are not asked for.
        until: when loops that repeat have what they wait for.
        split: what batches a loop makes of its items.
        turn: what an agent's turns give.
        kinds: what kinds of control nodes mean.
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
    split: Split = _as_written
    turn: TakeTurn = _no_turns
    kinds: Mapping[str, Kind] = field(default_factory=lambda: KINDS)
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
        inside = {node_id for body in self.drawn.bodies.values() for node_id in body}
        try:
            return await Running(self, start, self.drawn.kept - inside, {}, "").run()
        except BaseExceptionGroup as group:
            raise _first_failure(group) from None

    @cached_property
    def drawn(self) -> Drawn:
        """The workflow as it is drawn."""
        return Drawn(self.workflow, self.catalogue, self.kinds, self.fired, self.last)

    def noting(self, edge: Edge, batch: Batch, iteration: str) -> Batch:
        """Return a batch that takes an edge, its items with their places in it where they take these along."""
        if edge.source not in self.noted:
            return batch
        return batch_of(placed(batch["items"], edge.source, edge.source_port, iteration))


@dataclass(frozen=True)
class Running:
    """The nodes outside all loops, or those of one round of a loop (`kind.Region`)."""

    meaning: "Interpreter"
    start: Outputs
    nodes: set[str]
    outer: Outputs
    iteration: str

    async def run(self) -> Outputs:
        """Run each node once when its edges are resolved, those that do not depend on each other at the same time."""
        runs: dict[str, asyncio.Task[NodeOutput | None]] = {}
        # Of what is done a node sees what comes before it.
        done: dict[str, NodeOutput | None] = {node_id: self.start.get(node_id) for node_id in self.meaning.drawn.given}
        done.update(self.outer)

        async def outcome(node: Node) -> NodeOutput | None:
            if node.id in self.meaning.fired:
                result = self.start.get(node.id)
            elif self.meaning.drawn.entry(node).trigger:
                result = None if node.settings.disabled else self.start.get(node.id)
            else:
                inputs: dict[str, list[Batch]] = {}
                for edge in self.meaning.drawn.edges_to(node.id):
                    source = await runs[edge.source] if edge.source in runs else self.outer.get(edge.source)
                    if source is not None and edge.source_port in source:
                        batch = self.meaning.noting(edge, source[edge.source_port], self.iteration)
                        inputs.setdefault(edge.target_port, []).append(batch)
                # Every edge is resolved here. A node whose edges are all dead is skipped; all others run once.
                known = {before: done[before] for before in self.meaning.drawn.before[node.id] if before in done}
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
        entry = self.meaning.drawn.entry(node)
        ports = entry.ports(node.params)
        if node.settings.disabled:
            return _passed_through(entry, ports[0].name if ports else None, inputs)
        if node.id in self.meaning.pinned:
            return self.start.get(node.id)
        if node.settings.execute_once:
            inputs = {port: [_first(batches)] for port, batches in inputs.items()}
        try:
            result = await self._once(node, inputs, done)
        except NodeFailed as failure:
            port = failure_port(node, entry)
            if port is None:
                failure.node = failure.node or node
                failure.items = None  # who goes on after it gives items of its own
                raise
            items = _of_all_ports(entry, inputs) if failure.items is None else failure.items
            return {port: batch_of(with_error(items or [{"json": {}}], failure))}
        if not result and node.settings.always_output and ports:
            return {ports[0].name: batch_of(descended(items_of([_one({})]), merged(_every(inputs)) or None))}
        return result

    async def _once(self, node: Node, inputs: Inputs, done: Outputs) -> NodeOutput:
        """Run a node that runs others in its own way, any other with its retries."""
        kind = self.meaning.drawn.kind(node)
        return await (self._attempts(node, inputs, done) if kind is None else kind.run(self, node, inputs, done))

    async def _attempts(self, node: Node, inputs: Inputs, done: Outputs) -> NodeOutput:
        policy, attempt = node.settings.retry, 1
        while True:
            try:
                return await self.meaning.run_node(node, inputs, Run(self.iteration, attempt, done))
            except NodeFailed as failure:
                retryable = failure.error.get("type") in self.meaning.drawn.entry(node).retryable
                if policy is None or attempt > policy.max_attempts or not retryable:
                    raise
                longest = min(policy.max_delay_seconds, policy.interval_seconds * policy.backoff_rate ** (attempt - 1))
                await self.meaning.sleep(random.uniform(0, longest))  # noqa: S311 - jitter
                attempt += 1

    async def round(self, node: Node, number: int, items: list[Item], done: Outputs) -> list[Item]:
        """Run a node's body and return what comes back, in edge order. Raises NodeFailed."""
        return await self._body(node, items, done, f"{self.iteration}.{number}" if self.iteration else str(number))

    async def once(self, node: Node, items: list[Item], done: Outputs) -> list[Item]:
        """Run a node's body as `round` does, outside all rounds but those that the node is in. Raises NodeFailed."""
        return await self._body(node, items, done, self.iteration)

    async def _body(self, node: Node, items: list[Item], done: Outputs, iteration: str) -> list[Item]:
        outputs = await self._inside(node, self.meaning.drawn.round_of(node), items, done, iteration)
        back: list[Batch] = []
        for edge in self.meaning.drawn.edges_to(node.id, back=True):
            source = outputs.get(edge.source)
            if source is not None and edge.source_port in source:
                back.append(source[edge.source_port])
        return items_of(back)

    async def _inside(self, node: Node, nodes: set[str], items: list[Item], done: Outputs, iteration: str) -> Outputs:
        """Run nodes of a node's body and return their outputs. Raises NodeFailed."""
        kind = self.meaning.drawn.kind(node)
        if kind is None:
            raise LookupError(f"{node.id} has no body")
        outer = {**done, node.id: {kind.body: batch_of(items)}}
        try:
            return await Running(self.meaning, self.start, nodes, outer, iteration).run()
        except BaseExceptionGroup as group:
            raise _first_failure(group) from None

    async def turn(self, node: Node, turn: Turn, done: Outputs) -> Calls:
        """Return what an agent's turn gives: what it calls, or what it ends with. Raises NodeFailed."""
        return await self.meaning.turn(node, turn, Run(self.iteration, 1, done))

    async def part(self, node: Node, first: str, place: str, items: list[Item], done: Outputs) -> list[Item]:
        """Run a part of a node's body (`kind.Region.part`) and return what its last nodes give. Raises NodeFailed."""
        nodes = self.meaning.drawn.part_of(node, first)
        iteration = f"{self.iteration}.{place}" if self.iteration else place
        outputs = await self._inside(node, nodes, items, done, iteration)
        given: list[Batch] = []
        for one, port in self.meaning.drawn.last_of(node):
            output = outputs.get(one) if one in nodes else None
            if output is not None and port in output:
                given.append(output[port])
        return items_of(given)

    def node(self, node_id: str) -> Node:
        """Return a node of the workflow."""
        return self.meaning.drawn.nodes[node_id]

    def parts(self, node: Node) -> list[str]:
        """Return the ids of the nodes that begin the parts of a node's body, disabled ones left out."""
        return self.meaning.drawn.parts(node)

    async def is_over(self, node: Node, number: int, items: list[Item], done: Outputs) -> bool:
        """Return whether a node has what it waits for, by the items that came back from the round of that number."""
        return await self.meaning.until(node, items, number, Run(self.iteration, 1, done))

    async def batches(self, node: Node, items: list[Item], done: Outputs) -> list[list[Item]]:
        """Return a node's items in batches of the size that it asks for. Raises NodeFailed where that is none."""
        return await self.meaning.split(node, items, Run(self.iteration, 1, done))

    def goes_round(self, node: Node) -> bool:
        """Return whether anything runs in a node's rounds, or leads straight back to it."""
        return self.meaning.drawn.goes_round(node)

    def is_led_back(self, node: Node) -> bool:
        """Return whether an edge leads back to a node."""
        return bool(self.meaning.drawn.edges_to(node.id, back=True))

    def failure_port(self, node: Node) -> str | None:
        """Return the port that error items take; None where a failure ends the execution, or the round."""
        return failure_port(node, self.meaning.drawn.entry(node))


def _first_failure(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the first failure of several at the same time."""
    first = group.exceptions[0]
    return _first_failure(first) if isinstance(first, BaseExceptionGroup) else first


def _of_all_ports(entry: CatalogueEntry, inputs: Inputs) -> list[Item]:
    return [item for port in entry.inputs for item in items_of(inputs.get(port.name, []))]


def _passed_through(entry: CatalogueEntry, to: str | None, inputs: Inputs) -> NodeOutput | None:
    """A disabled node hands the items of its first input on to its first output."""
    if not entry.inputs or to is None or entry.inputs[0].name not in inputs:
        return None
    return {to: batch_of(items_of(inputs[entry.inputs[0].name]))}


def _every(inputs: Inputs) -> list[Item]:
    return [item for batches in inputs.values() for item in items_of(batches)]


def _first(batches: list[Batch]) -> Batch:
    return batch_of(items_of(batches)[:1])


def _one(json: dict[str, Any]) -> Batch:
    return batch_of([{"json": json}])
