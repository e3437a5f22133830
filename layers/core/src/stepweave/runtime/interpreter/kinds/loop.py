"""A loop: its body for each batch of items, or again and again with what came back."""

import asyncio
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
    at_once, batches = asyncio.Semaphore(int(node.params.get("concurrency", 1))), _batches(node, items)

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


def _batches(node: Node, items: list[Item]) -> list[list[Item]]:
    size = int(node.params.get("batchSize", 1))
    return [items[start : start + size] for start in range(0, len(items), size)]


async def _round(region: Region, node: Node, number: int, items: list[Item], done: Outputs) -> list[Item]:
    """Return what a round of a loop brings back that decides after each; a failure is one of the round's items."""
    try:
        back = await region.round(node, number, items, done)
    except NodeFailed as failure:
        failure.items = items
        raise
    return back[:1] if node.settings.execute_once else back


def _ended(items: list[Item]) -> NodeOutput:
    return {DONE: batch_of(items)} if items else {}


async def _each_until(region: Region, node: Node, items: list[Item], done: Outputs) -> NodeOutput:
    batches, most = _batches(node, items), int(node.params.get("maxRounds", DEFAULT_ROUNDS))
    if len(batches) > most:
        limit = LoopLimit(
            f"{len(batches)} batches need as many rounds, and {most} are allowed.",
            "Allow more rounds, or use larger batches.",
        )
        raise NodeFailed(limit.to_json(), items)
    given: list[Item] = []
    for number, batch in enumerate(batches):
        back = await _round(region, node, number, batch, done)
        given = back if node.params.get("onlyLast") else [*given, *back]
        if back and await region.is_over(node, number, back, done):
            break
    return _ended(given)


async def _repeat(region: Region, node: Node, items: list[Item], done: Outputs) -> NodeOutput:
    most = int(node.params.get("maxRounds", DEFAULT_ROUNDS))
    given: list[Item] = []
    for number in range(most):
        items = await _round(region, node, number, items, done)
        given = [*given, *items] if node.params.get("gather") else items
        if not items or await region.is_over(node, number, items, done):
            return _ended(given)
    if node.params.get("until") and node.params.get("onLimit") == "fail":
        limit = LoopLimit(
            f"The loop went round {most} times and what it waits for did not come.",
            "Allow more rounds, or let it go on with what came back.",
        )
        raise NodeFailed(limit.to_json(), items)
    return _ended(given)


KIND = Kind(LOOP, LOOP, "back", run)
