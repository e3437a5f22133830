"""An agent: turns of its model, and between them the tools that it calls, at the same time, until it calls none."""

import asyncio
from typing import Final

from stepweave.model.items import NodeOutput
from stepweave.model.workflow import Node
from stepweave.runtime.interpreter.kind import Kind, Region
from stepweave.runtime.interpreter.values import Called, Inputs, NodeFailed, Outputs, Result, Turn, items_of

TOOLS: Final = "tools"
"""The output port that leads to the tools."""


async def run(region: Region, node: Node, inputs: Inputs, done: Outputs) -> NodeOutput:
    """Return what an agent ends with. Raises NodeFailed."""
    turn = Turn(0, items_of(inputs.get("main", [])), [])
    while True:
        given = await region.turn(node, turn, done)
        if given.output is not None:
            return given.output

        async def called(place: int, call: Called, number: int = turn.number) -> Result:
            try:
                return Result(await region.part(node, call.first, f"{number}.{place}", call.items, done))
            except NodeFailed as failure:
                if _stops(region, node, call.first):
                    raise
                return Result([], failure.error)

        async with asyncio.TaskGroup() as together:
            results = [together.create_task(called(place, call)) for place, call in enumerate(given.calls)]
        turn = Turn(turn.number + 1, turn.items, [one.result() for one in results])


def _stops(region: Region, node: Node, first: str) -> bool:
    """Return whether the failure of a call is the agent's, rather than told to its model."""
    tool = region.node(first).settings.tool
    return tool is not None and tool.on_error == "stop"


KIND = Kind("agent", TOOLS, "", run)
