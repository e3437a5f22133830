"""A loop: its body for each batch of items, or again and again with what came back."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from stepweave.model.items import Item, NodeOutput
from stepweave.model.workflow import Node
from stepweave.runtime.errors import LoopLimit
from stepweave.runtime.interpreter.kind import Kind, Region
from stepweave.runtime.interpreter.values import Inputs, NodeFailed, Outputs, batch_of, items_of, with_error

LOOP: Final = "loop"
"""The kind, and the output port that leads to the body."""
DONE: Final = "done"
DEFAULT_ROUNDS: Final = 100


async def run(region: Region, node: Node, inputs: Inputs, done: Outputs) -> NodeOutput:
    """Return what a loop gives: over batches, or repeating. Raises NodeFailed."""
    items = items_of(inputs.get("main", []))
    if node.params.get("mode") == "repeat":
        return await _repeat(region, node, items, done)
    if node.params.get("mode") == "each_until":
        return await _each_until(region, node, items, done)
    return await _each(region, node, items, done)


async def _each(region: Region, node: Node, items: list[Item], done: Outputs) -> NodeOutput:
    if not region.goes_round(node):
        return {DONE: batch_of(items)} if items and not region.is_led_back(node) else {}
    batches = await region.batches(node, items, done)
    at_once = asyncio.Semaphore(int(node.params.get("concurrency", 1)))

    async def one(number: int, batch: list[Item]) -> tuple[list[Item], list[Item]]:
        """Return what a round brings back, and the error items of one that failed where the loop goes on."""
        async with at_once:
            try:
                back = await region.round(node, number, batch, done)
            except NodeFailed as failure:
                if region.failure_port(node) is None:
                    raise
                return [], with_error(batch, failure)
            return (back if region.is_led_back(node) else batch), []

    async with asyncio.TaskGroup() as together:
        rounds = [together.create_task(one(number, batch)) for number, batch in enumerate(batches)]
    port = region.failure_port(node)
    if port is None and not region.is_led_back(node):
        return {DONE: batch_of(items)}
    given: NodeOutput = {}
    back = [item for found in rounds for item in found.result()[0]]
    failed = [item for found in rounds for item in found.result()[1]]
    if port == DONE:
        back = [item for found in rounds for items in found.result() for item in items]
    elif port is not None and failed:
        given[port] = batch_of(failed)
    return {DONE: batch_of(back), **given} if back else given


@dataclass
class _Turns:
    """The rounds of a loop that decides after each whether there is another."""

    region: Region
    node: Node
    done: Outputs
    all_rounds: bool
    most: int = 0
    """After so many rounds it fails, unless it has what it waits for; 0 for never."""
    back: list[Item] = field(default_factory=list)
    """What came back: in all rounds, or in the last."""
    failed: list[Item] = field(default_factory=list)
    """Error items that have a port of their own, or a place before what the last round brought back."""

    async def round(self, number: int, items: list[Item]) -> tuple[list[Item], bool, bool]:
        """Return what a round brought back, whether that is what the loop waits for, and whether the round failed."""
        port, back, over = self.region.failure_port(self.node), [], False
        broken: list[Item] = []
        stands_for = items
        try:
            stands_for = back = await self._back(number, items)
            over = bool(back) and await self.region.is_over(self.node, number, back, self.done)
            if back and not over and number + 1 == self.most:
                raise _too_often(self.most, back)
        except NodeFailed as failure:
            if port is None:
                raise
            back, broken = [], with_error(stands_for, failure)
        if port == DONE and self.all_rounds:
            back = back or broken
        else:
            self.failed += broken
        self.back = [*self.back, *back] if self.all_rounds else back
        return back, over, bool(broken)

    async def _back(self, number: int, items: list[Item]) -> list[Item]:
        back = await self.region.round(self.node, number, items, self.done)
        return back[:1] if self.node.settings.execute_once else back

    def ended(self) -> NodeOutput:
        """Return what the loop gives."""
        port = self.region.failure_port(self.node)
        back = [*self.failed, *self.back] if port == DONE else self.back
        given: NodeOutput = {DONE: batch_of(back)} if back else {}
        return {**given, port: batch_of(self.failed)} if self.failed and port not in (None, DONE) else given


def _too_often(most: int, back: list[Item]) -> NodeFailed:
    limit = LoopLimit(
        f"The loop went round {most} times and what it waits for did not come.",
        "Allow more rounds, or let it go on with what came back.",
    )
    return NodeFailed(limit.to_json(), back)


async def _each_until(region: Region, node: Node, items: list[Item], done: Outputs) -> NodeOutput:
    batches, most = await region.batches(node, items, done), int(node.params.get("maxRounds", DEFAULT_ROUNDS))
    if len(batches) > most:
        limit = LoopLimit(
            f"{len(batches)} batches need as many rounds, and {most} are allowed.",
            "Allow more rounds, or use larger batches.",
        )
        raise NodeFailed(limit.to_json(), items)
    turns = _Turns(region, node, done, all_rounds=not node.params.get("onlyLast"))
    for number, batch in enumerate(batches):
        _, over, _ = await turns.round(number, batch)
        if over:
            break
    return turns.ended()


async def _repeat(region: Region, node: Node, items: list[Item], done: Outputs) -> NodeOutput:
    most = int(node.params.get("maxRounds", DEFAULT_ROUNDS))
    fails = node.params.get("until") and node.params.get("onLimit") == "fail"
    turns = _Turns(region, node, done, bool(node.params.get("gather")), most if fails else 0)
    for number in range(most):
        items, over, failed = await turns.round(number, items)
        if not items or over or failed:
            break
    return turns.ended()


KIND = Kind(LOOP, LOOP, "back", run)
