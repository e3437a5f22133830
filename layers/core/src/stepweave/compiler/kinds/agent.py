"""An agent: a turn of its model, a Map over the tools that it calls, and the next turn, until it calls none.

A turn is the agent's function. It gives either `calls`, each with the arguments as an item, or what the agent ends
with. A call runs the states of its tool, behind a Choice where there are several. What ends one, its last nodes'
items or an error, goes into the next turn. A call that needs a person's approval waits for it first, with a token; a
refusal fails that state, and so reaches the model as any other error does.
"""

from typing import Any, Final

from stepweave.compiler.analyse.liveness import Facts
from stepweave.compiler.analyse.tools import Tool, tools_of
from stepweave.compiler.control import Control
from stepweave.compiler.emit.catching import catch
from stepweave.compiler.emit.emission import Emission
from stepweave.compiler.emit.scope import INPUT, Scope, State, Way, lead
from stepweave.compiler.emit.steps import WAIT_FOR_TOKEN, result_of
from stepweave.compiler.kind import Kind
from stepweave.compiler.literals import expression, literal, path, quoted
from stepweave.compiler.literals import inner as bare
from stepweave.compiler.masks import bits
from stepweave.compiler.optimise.limits import STATE_BYTES
from stepweave.model.step import ASK_TO_GO_ON
from stepweave.model.workflow import Node

AGENT: Final = "agent"
TOOLS: Final = "tools"
"""The output port that leads to the tools."""
DONE: Final = "main"
DEFAULT_TURNS: Final = 10
"""The most turns of an agent that does not say how many."""
MOST_CALLS: Final = 16
"""Tools that a turn may call at once. More are told to the model as refused."""
WEEK: Final = 604_800
"""Seconds for which an agent waits to be let go on beyond its limits."""
_ITERATION: Final = f"{INPUT}.iteration"
_VALUE: Final = "$states.context.Map.Item.Value"
_ERROR: Final = "$states.errorOutput"
_CAN_CATCH: Final = ("Task", "Parallel", "Map")
_CRASHES: Final = {"ErrorEquals": ["Lambda.Unknown", "Runtime.ExitError"], "MaxAttempts": 2}
"""A turn that was cut off is done again: what the model has answered by then is kept, and not asked for twice."""
_MOST_CAUSE: Final = 8_000
"""Characters of an error that go to the next turn; all of a turn's results meet in one state."""


def write(emission: Emission, scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
    """Write the agent behind `ways`; return the ways out of it."""
    graph = emission.graph
    name, variable = graph.nodes[node].name, "$" + scope.variable(node)
    tools = tools_of(graph, node, emission.plan.bodies[node])
    told = {"tools": literal([tool.told for tool in tools]), "most": emission.plan.rounds[node]}
    ask = emission.task(scope, node, facts, phase="enter", begins=True, more={"loop": told})
    ask["Retry"] = [*ask["Retry"], _CRASHES]
    inside, *failed = emission.step(scope, node, facts, ways, ask, always_kept=True)
    if not tools:
        inside.facts = emission.liveness.node_ran(facts, node)
        return [inside, *failed]
    again: State = {"Condition": expression(f"$exists({variable}.talk)")}
    choice: State = {"Type": "Choice", "Choices": [again]}
    asked = scope.add(f"{name} - any calls", choice)
    inside.leads_to(asked)
    called = _calls(emission, scope, node, facts, tools)
    again["Next"] = scope.add(f"{name} - tools", called)
    failed += catch(graph, scope, node, facts, called)
    results = scope.names.variable(f"{name} results")
    called["Assign"] = {results: expression("$states.result")}
    loop: dict[str, Any] = {**told, **{key: expression(f"{variable}.{key}") for key in ("round", "talk")}}
    loop["results"] = expression(f"${results}")
    turn = emission.task(scope, node, facts, phase="turn", more={"loop": loop})
    turn["Retry"] = [*turn["Retry"], _CRASHES]
    after, *broken = emission.step(
        scope, node, facts, [Way(called, "Next", facts)], turn, name=f"{name} - next turn", always_kept=True
    )
    after.leads_to(asked)
    return [Way(choice, "Default", emission.liveness.node_ran(facts, node)), *failed, *broken]


def _calls(emission: Emission, scope: Scope, node: int, facts: Facts, tools: list[Tool]) -> State:
    """Return the Map over the calls of a turn, all but its `Next`, `Assign` and `Catch`."""
    around, variable = scope.iteration, "$" + scope.variable(node)
    number = f"$string({variable}.round)"
    scope.iteration = f'{around} & "." & {number}' if around else number
    inner = Scope(emission.graph.bodies[node], scope.names, scope.node_names, scope, loop=node, iteration=_ITERATION)
    known = emission.liveness.in_round(facts, node)
    asks = emission.graph.nodes[node].params.get("onLimit") == "ask"
    if len(tools) == 1 and not asks:
        _tool(emission, inner, node, tools[0], Way(inner.start, "StartAt", known))
    else:
        choice: State = {"Type": "Choice", "Choices": []}
        inner.start["StartAt"] = inner.add(f"{emission.graph.nodes[node].name} - which tool", choice)
        if asks:
            wanted: State = {"Condition": expression(f"{INPUT}.call.tool = {quoted(ASK_TO_GO_ON)}")}
            choice["Choices"].append(wanted)
            _limit(emission, inner, node, Way(wanted, "Next", known))
        for tool in tools[:-1]:
            rule: State = {"Condition": expression(f"{INPUT}.call.tool = {quoted(tool.told['node'])}")}
            choice["Choices"].append(rule)
            _tool(emission, inner, node, tool, Way(rule, "Next", known))
        _tool(emission, inner, node, tools[-1], Way(choice, "Default", known))
    inner.initialise()
    given = {"output": {TOOLS: expression(f"{_VALUE}.input")}, "rounds": expression(f"$count({variable}.calls)")}
    call = {"id": expression(f"{_VALUE}.id"), "tool": expression(f"{_VALUE}.tool")}
    state: State = {
        "Type": "Map",
        "Items": expression(f"[{variable}.calls]"),
        "MaxConcurrency": MOST_CALLS,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "INLINE"},
            "StartAt": inner.start["StartAt"],
            "States": inner.states,
        },
        "ItemSelector": {**inner.input(facts), "loop": given, "call": call},
        "Output": scope.passed_on,
    }
    scope.iteration = around
    return state


def _tool(emission: Emission, inner: Scope, node: int, tool: Tool, way: Way) -> None:
    """Write the states of a call of a tool behind a way: what ends it ends the round of the Map."""
    name = emission.graph.nodes[tool.node].name
    failed = ""
    if tool.settings.approval:
        failed = _failed(inner, name)
        way = _approval(emission, inner, node, tool, way, failed)
    before = set(inner.states)
    ways = emission.tree(inner, tool.part, [way])
    others = []
    for one in ways:
        if one.can_end and one.holder["Type"] == "Task":
            one.holder |= {"End": True, "Output": _result(emission, inner, node, tool, one)}
        else:
            others.append(one)
    if others:
        end: State = {"Type": "Pass", "Output": _result(emission, inner, node, tool, None), "End": True}
        lead(others, inner.add(f"{name} - done", end))
    if tool.settings.on_error == "tell":
        new = [inner.states[state] for state in inner.states if state not in before]
        _tell_failures(emission, inner, tool, new, failed or _failed(inner, name))


def _limit(emission: Emission, inner: Scope, node: int, way: Way) -> None:
    """Write the state in which the agent waits until a person lets it go on beyond its limits."""
    name = emission.graph.nodes[node].name
    asking = _asking(emission, inner, node, way.facts, WEEK, {"limit": True, "approvers": "", "seconds": WEEK})
    asking |= {
        "Output": {
            "id": expression(f"{INPUT}.call.id"),
            "batches": [],
            "decision": expression(f"{result_of(asking)}.decision"),
        },
        "End": True,
    }
    asking["Catch"] = [_asked(asking, _failed(inner, f"{name} - limit"))]
    emission.add(inner, node, asking, f"{name} - may it go on", [way])


def _asking(emission: Emission, inner: Scope, node: int, facts: Facts, seconds: int, loop: dict[str, Any]) -> State:
    """Return a Task that asks a person, all but what follows it."""
    limit = f"$min([{emission.plan.inline_limits[node]}, $floor({STATE_BYTES} / {INPUT}.loop.rounds)])"
    more = {
        "inputs": {"main": expression(f"[{INPUT}.loop.output.{TOOLS}]")},
        "params": {},
        "refs": {},
        "native": [],
        "inlineLimit": expression(limit),
        "loop": loop,
    }
    return emission.task(inner, node, facts, phase="approve", waits=seconds, more=more)


def _asked(asking: State, failed: str) -> State:
    """Return the catcher of a state in which a person is asked."""
    caught = _catcher(asking, failed)
    caught["Output"]["error"]["asked"] = True
    return caught


def _approval(emission: Emission, inner: Scope, node: int, tool: Tool, way: Way, failed: str) -> Way:
    """Write the state in which a call waits until a person approves of it; return the way on, with the arguments."""
    document, settings = emission.graph.nodes[tool.node], tool.settings
    loop = {
        "tool": {"id": document.id, "name": literal(document.name), "called": tool.told["name"]},
        "approvers": literal(settings.approvers),
        "seconds": settings.approval_seconds,
    }
    asking = _asking(emission, inner, node, way.facts, settings.approval_seconds, loop)
    decided = f"{result_of(asking)}.output.approved"
    asking["Output"] = expression(
        f'$merge([{INPUT}, {{"loop": $merge([{INPUT}.loop, {{"output": {{"{TOOLS}": {decided}}}}}]), '
        f'"decision": {result_of(asking)}.decision}}])'
    )
    asking["Catch"] = [_asked(asking, failed)]
    emission.add(inner, node, asking, f"{document.name} - may it", [way])
    return Way(asking, "Next", way.facts)


def _failed(inner: Scope, name: str) -> str:
    """Add the state in which a call ends that failed; return its name."""
    return inner.add(f"{name} - failed", {"Type": "Pass", "End": True})


def _tell_failures(emission: Emission, inner: Scope, tool: Tool, states: list[State], failed: str) -> None:
    """Let what fails in a call, and is not caught there already, be told to the next turn."""
    waiting = [emission.graph.nodes[one].id for one in bits(tool.part.mask) if emission.graph.kinds[one].lasts]
    for state in states:
        catchers = state.setdefault("Catch", []) if state["Type"] in _CAN_CATCH else None
        if catchers is not None and not any("States.ALL" in one["ErrorEquals"] for one in catchers):
            catchers.append(_catcher(state, failed, waiting))


def _catcher(state: State, failed: str, waiting: list[str] | None = None) -> State:
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


def _result(emission: Emission, inner: Scope, node: int, tool: Tool, way: Way | None) -> dict[str, Any]:
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


def most_turns(node: Node) -> int:
    """Return the most turns of an agent."""
    turns = node.params.get("mostTurns")
    return turns if isinstance(turns, int) else DEFAULT_TURNS


def _most_calls(node: Node) -> int:
    return MOST_CALLS


def _always(node: Node) -> bool:
    return True


_AGENT: Final = Kind(
    AGENT,
    body=TOOLS,
    done=DONE,
    lasts=True,
    repeats=_always,
    most_rounds=most_turns,
    picks=True,
    most_parts=_most_calls,
)
CONTROL = Control(_AGENT, write)
