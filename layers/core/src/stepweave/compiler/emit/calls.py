"""What ends a call of an agent's tool: the items of its last nodes, or the error that is told to the next turn."""

from typing import Any, Final

from stepweave.compiler.analyse.tools import Tool
from stepweave.compiler.emit.emission import Emission
from stepweave.compiler.emit.scope import INPUT, Scope, State, Way
from stepweave.compiler.emit.steps import WAIT_FOR_TOKEN, result_of
from stepweave.compiler.literals import expression, path
from stepweave.compiler.literals import inner as bare
from stepweave.compiler.masks import bits

TOOLS: Final = "tools"
"""The output port of an agent that leads to its tools."""
_ERROR: Final = "$states.errorOutput"
_CAN_CATCH: Final = ("Task", "Parallel", "Map")
_MOST_CAUSE: Final = 8_000
"""Characters of an error that go to the next turn; all of a turn's results meet in one state."""


def failed_end(inner: Scope, name: str) -> str:
    """Add the state in which a call ends that failed; return its name."""
    return inner.add(f"{name} - failed", {"Type": "Pass", "End": True})


def tell_failures(emission: Emission, inner: Scope, tool: Tool, states: list[State], failed: str) -> None:
    """Let what fails in a call, and is not caught there already, be told to the next turn."""
    waiting = [emission.graph.nodes[one].id for one in bits(tool.part.mask) if emission.graph.kinds[one].lasts]
    for state in states:
        catchers = state.setdefault("Catch", []) if state["Type"] in _CAN_CATCH else None
        if catchers is not None and not any("States.ALL" in one["ErrorEquals"] for one in catchers):
            catchers.append(failure_catcher(state, failed, waiting))


def failure_catcher(state: State, failed: str, waiting: list[str] | None = None) -> State:
    """Return the catcher of a state of a call, which gives the error to the state `failed`.

    Args:
        state: whose it is.
        failed: where it leads.
        waiting: ids of nodes that may be waiting beside it, and wait for nobody any more.
    """
    error: dict[str, Any] = {
        "error": expression(f"{_ERROR}.Error"),
        "cause": expression(f'$exists({_ERROR}.Cause) ? $substring({_ERROR}.Cause, 0, {_MOST_CAUSE}) : ""'),
    }
    if state.get("Resource") == WAIT_FOR_TOKEN:
        error["waits"] = True
    if waiting:
        error["cutOff"] = waiting
    told = {"id": expression(f"{INPUT}.call.id"), "error": error}
    return {"ErrorEquals": ["States.ALL"], "Output": told, "Next": failed}


def call_result(emission: Emission, inner: Scope, node: int, tool: Tool, way: Way | None) -> dict[str, Any]:
    """Return what a call gives: the batches of its last nodes, and what was decided where a person was asked."""
    graph = emission.graph
    inside = graph.closed(tool.part.mask)
    # A state's Output does not see what its own Assign sets, so what it sets is said again.
    setting = way.holder.get("Assign", {}) if way is not None else {}
    found = []
    for port in graph.back[node]:
        source, name = graph.ports[port]
        if not inside >> source & 1 or (way is not None and way.facts.dead >> port & 1):
            continue
        if way is not None and way.task == source:
            found.append(path(result_of(way.holder), "output", name))
            continue
        if isinstance(given := setting.get(inner.variable(source)), str):
            found.append(path(f"({bare(given)})", "output", name))
            continue
        if way is None or not way.facts.ran >> source & 1:
            inner.may_be_unassigned(source)
        found.append(path(inner.source(source), "output", name))
    result: dict[str, Any] = {
        "id": expression(f"{INPUT}.call.id"),
        "batches": expression(f"[{', '.join(found)}]") if found else [],
    }
    if tool.settings.approval:
        result["decision"] = expression(f"{INPUT}.decision")
        result["input"] = expression(f"{INPUT}.loop.output.{TOOLS}")
    return result
