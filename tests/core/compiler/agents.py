"""A toy agent for random graphs: what it calls is a function of seed, run, turn and results alone."""

import json
import zlib
from collections.abc import Callable, Mapping
from typing import Any, Final

from stepweave.model.items import Batch, Item
from stepweave.runtime.interpreter import Called, Calls, Turn
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec, Phase, Port

MOST_TURNS: Final = 3


class Turns(NodeParams):
    """How many turns it may take."""

    most_turns: int = ui(MOST_TURNS + 1, title="Turns", kind=Kind.NUMBER, expression=False)


AGENT_SPEC = NodeSpec(
    type="agent",
    name="agent",
    category=Category.AI,
    icon="bot",
    summary="",
    docs="",
    params=Turns,
    control="agent",
    phases=(Phase("enter", begins=True, read_on=True), Phase("turn", read_on=True)),
    outputs=(Port("main"), Port("tools")),
)


def turn_of(
    seed: int, run: tuple[str, str], number: int, tools: list[str], results: list[Any]
) -> tuple[list[tuple[str, Item]], list[Item] | None]:
    """Return the tools that a turn calls, each with its item, and what the agent ends with; None where it goes on.

    Args:
        seed: of the run.
        run: the node's id and its round.
        number: of the turn, from 0.
        tools: the nodes that begin them, in any order.
        results: per call of the turn before, the JSON of its items; None where it failed.
    """
    seen = json.dumps(results, sort_keys=True)
    drawn = zlib.crc32(f"{seed}/{run}/{number}/{seen}".encode())
    if number >= MOST_TURNS or not tools or drawn % 4 == 0:
        given = [{"json": {"by": run[0], "draw": drawn, "n": n}} for n in range(drawn // 4 % 3)]
        return [], [Item(json=item["json"]) for item in given]
    calls: list[tuple[str, Item]] = []
    for place in range(drawn // 4 % 4):
        tool = sorted(tools)[(drawn // 16 + place) % len(tools)]
        calls.append((tool, {"json": {"call": place, "draw": drawn, "n": place}}))
    return calls, None


def step_of(seed: int, payload: Mapping[str, Any], items: Callable[[list[Batch]], list[Item]]) -> dict[str, Any]:
    """Return what the agent's function answers a turn with, or a person the question whether a tool may be called."""
    if payload["phase"] == "approve":
        return {"output": {"approved": payload["inputs"]["main"][0]}, "decision": {"decidedBy": "ada@example.com"}}
    loop = payload["loop"]
    number = loop["round"] + 1 if "round" in loop else 0
    results = [
        None if "error" in one else [item["json"] for item in items(one["batches"])] for one in loop.get("results", ())
    ]
    run = (payload["node"]["id"], payload.get("iteration", ""))
    calls, output = turn_of(seed, run, number, [tool["node"] for tool in loop["tools"]], results)
    if output is None:
        kept = [{"id": str(at), "tool": tool, "input": _batch([item])} for at, (tool, item) in enumerate(calls)]
        return {"output": {}, "round": number, "talk": {"key": "k"}, "calls": kept}
    if not output and payload.get("settings", {}).get("alwaysOutput"):
        output = [{"json": {}}]
    return {"output": {"main": _batch(output)} if output else {}}


def calls_of(seed: int, run: tuple[str, str], turn: Turn, tools: list[str]) -> Calls:
    """Return what a turn means to the interpreter."""
    results = [None if one.error else [item["json"] for item in one.items] for one in turn.results]
    calls, output = turn_of(seed, run, turn.number, tools, results)
    given = [Called(tool, [item]) for tool, item in calls]
    return Calls(given, None if output is None else {"main": _batch(output)} if output else {})


def _batch(items: list[Item]) -> Batch:
    return {"count": len(items), "items": items}
