"""An agent: a turn of its model, a Map over the tools that it calls, and the next turn, until it calls none.

A turn is the agent's function. It gives either `calls`, each with the arguments as an item, or what the agent ends
with. Of an answer the Map has no items, which fails it; its catcher leads on. So no state is spent on the question
whether there are calls. A call runs the states of its tool; tools of one node share a Task (`emit.sharing`). What ends
a call, its last nodes' items or an error, goes into the next turn. A call that needs a person's approval waits for it
first, with a token; a refusal fails that state, and so reaches the model as any other error does.
"""

from collections.abc import Callable
from typing import Any, Final

from stepweave.compiler.analyse.liveness import Facts
from stepweave.compiler.analyse.tools import Tool, tools_of
from stepweave.compiler.control import Control
from stepweave.compiler.emit.calls import TOOLS, call_result, failed_end, failure_catcher, tell_failures
from stepweave.compiler.emit.catching import catch
from stepweave.compiler.emit.emission import Emission
from stepweave.compiler.emit.scope import INPUT, Scope, State, Way, lead
from stepweave.compiler.emit.sharing import CALLED, Shared, alike, unless
from stepweave.compiler.emit.steps import result_of
from stepweave.compiler.kind import Kind
from stepweave.compiler.literals import expression, literal, quoted
from stepweave.compiler.optimise.limits import STATE_BYTES
from stepweave.model.step import ASK_TO_GO_ON
from stepweave.model.workflow import Node

AGENT: Final = "agent"
DONE: Final = "main"
DEFAULT_TURNS: Final = 10
"""The most turns of an agent that does not say how many."""
MOST_CALLS: Final = 16
"""Tools that a turn may call at once. More are told to the model as refused."""
WEEK: Final = 604_800
"""Seconds for which an agent waits to be let go on beyond its limits."""
_ITERATION: Final = f"{INPUT}.iteration"
_VALUE: Final = "$states.context.Map.Item.Value"
_CRASHES: Final = {"ErrorEquals": ["Lambda.Unknown", "Runtime.ExitError"], "MaxAttempts": 2}
"""A turn that was cut off is done again: what the model has answered by then is kept, and not asked for twice."""


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
    called = _calls(emission, scope, node, facts, tools)
    mapped = scope.add(f"{name} - tools", called)
    inside.leads_to(mapped)
    answered = unless(f"$exists({variable}.talk)", scope.passed_on)
    called["Catch"] = [answered]
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
    after.leads_to(mapped)
    return [Way(answered, "Next", emission.liveness.node_ran(facts, node)), *failed, *broken]


def _calls(emission: Emission, scope: Scope, node: int, facts: Facts, tools: list[Tool]) -> State:
    """Return the Map over the calls of a turn, all but its `Next`, `Assign` and `Catch`."""
    around, variable = scope.iteration, "$" + scope.variable(node)
    number = f"$string({variable}.round)"
    scope.iteration = f'{around} & "." & {number}' if around else number
    inner = Scope(emission.graph.bodies[node], scope.names, scope.node_names, scope, loop=node, iteration=_ITERATION)
    known = emission.liveness.in_round(facts, node)
    _begin(emission, inner, node, known, tools)
    inner.initialise()
    given = {"output": {TOOLS: expression(f"{_VALUE}.input")}, "rounds": expression(f"$count({variable}.calls)")}
    call = {"id": expression(f"{_VALUE}.id"), "tool": expression(f"{_VALUE}.tool")}
    state: State = {
        "Type": "Map",
        "Items": expression(f"$exists({variable}.talk) ? [{variable}.calls]"),
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


def _begin(emission: Emission, inner: Scope, node: int, known: Facts, tools: list[Tool]) -> None:
    """Write what begins a call: the Task of those that share one, and a Choice of the others where they are several."""
    asks = emission.graph.nodes[node].params.get("onLimit") == "ask"
    together = alike(emission, inner, known, tools, lambda tool, way: call_result(emission, inner, node, tool, way))
    others = [tool for tool in tools if tool not in together.tools]
    if len(together.tools) < 2 and not (together.tools and (others or asks)):
        together, others = Shared(), tools
    start = Way(inner.start, "StartAt", known)
    if together.tools:
        start = _share(emission, inner, node, together, start, has_others=bool(others or asks))
    ways: list[tuple[str, Callable[[Way], None]]] = []
    if asks:
        ways.append((ASK_TO_GO_ON, lambda way: _limit(emission, inner, node, way)))
    for one in others:
        ways.append((one.told["node"], lambda way, one=one: _tool(emission, inner, node, one, way)))  # type: ignore[misc]
    if not ways:
        return
    *chosen, (_, last) = ways
    if chosen:
        choice: State = {"Type": "Choice", "Choices": []}
        start.leads_to(inner.add(f"{emission.graph.nodes[node].name} - which tool", choice))
        for called, write_it in chosen:
            rule: State = {"Condition": expression(f"{CALLED} = {quoted(called)}")}
            choice["Choices"].append(rule)
            write_it(Way(rule, "Next", known))
        start = Way(choice, "Default", known)
    last(start)


def _share(emission: Emission, inner: Scope, node: int, together: Shared, way: Way, *, has_others: bool) -> Way:
    """Write the Task of the tools that share one; return the way on to the others."""
    name = emission.graph.nodes[node].name
    state = together.state(open_ended=has_others)
    way.leads_to(inner.add(f"{name} - a tool", state))
    others: State = unless(together.condition, expression(INPUT))
    if has_others:
        state["Catch"] = [others]
    if together.tools[0].settings.on_error == "tell":
        state.setdefault("Catch", []).append(failure_catcher(state, failed_end(inner, f"{name} - a tool")))
    return Way(others, "Next", way.facts)


def _tool(emission: Emission, inner: Scope, node: int, tool: Tool, way: Way) -> None:
    """Write the states of a call of a tool behind a way: what ends it ends the round of the Map."""
    name = emission.graph.nodes[tool.node].name
    failed = ""
    if tool.settings.approval:
        failed = failed_end(inner, name)
        way = _approval(emission, inner, node, tool, way, failed)
    before = set(inner.states)
    ways = emission.tree(inner, tool.part, [way])
    others = []
    for one in ways:
        if one.can_end and one.holder["Type"] == "Task":
            one.holder |= {"End": True, "Output": call_result(emission, inner, node, tool, one)}
        else:
            others.append(one)
    if others:
        end: State = {"Type": "Pass", "Output": call_result(emission, inner, node, tool, None), "End": True}
        lead(others, inner.add(f"{name} - done", end))
    if tool.settings.on_error == "tell":
        new = [inner.states[state] for state in inner.states if state not in before]
        tell_failures(emission, inner, tool, new, failed or failed_end(inner, name))


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
    asking["Catch"] = [_asked(asking, failed_end(inner, f"{name} - limit"))]
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
    caught = failure_catcher(asking, failed)
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
