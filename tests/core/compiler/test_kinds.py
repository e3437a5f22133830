"""New kinds of control nodes, each written here and nowhere else: a body that runs twice, an agent. And the stop.

The new ones are registered for the test alone, compiled with the committed passes, and the machines run.
"""

import json
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.nodes.catalogue import catalogue
from local.settings import ROOT
from stepweave.compiler import Compiled, CompileOptions, compile_workflow
from stepweave.compiler.analyse.liveness import Facts
from stepweave.compiler.analyse.structure import Fork
from stepweave.compiler.control import Control
from stepweave.compiler.emit.emission import Emission
from stepweave.compiler.emit.scope import Scope, State, Way, lead
from stepweave.compiler.emit.steps import result_of
from stepweave.compiler.kind import Kind
from stepweave.compiler.kinds import CONTROLS
from stepweave.compiler.literals import expression, quoted
from stepweave.compiler.lowerings import LOWERINGS
from stepweave.model.items import Batch
from stepweave.runtime.interpreter import NodeFailed
from stepweave.spec.catalogue import Catalogue, CatalogueEntry
from stepweave.spec.fields import NodeParams
from stepweave.spec.node import Category, NodeSpec, Port
from tests.asl.machine import Machine, TaskFailed
from tests.core.compiler.graphs import DEBUGGER, execution_input, run_compiled, run_interpreted, workflows
from tests.core.compiler.test_compile import node, workflow
from tests.fakes.catalogue import SPECS


def write_twice(emission: Emission, scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
    """Write the node's first step and its body, the second and the body again, and the last."""
    name, body, around = emission.graph.nodes[node].name, emission.plan.bodies[node], scope.iteration
    assert body is not None
    for number, phase in enumerate(("first", "second")):
        scope.iteration = quoted(str(number))
        task = emission.task(scope, node, facts, phase=phase, begins=not number)
        inside, *_ = emission.step(scope, node, facts, ways, task, name=f"{name} - {phase}", always_kept=True)
        ways = emission.tree(scope, body, [Way(inside.holder, "Next", emission.liveness.in_round(facts, node))])
    scope.iteration = around
    return emission.step(scope, node, facts, ways, emission.task(scope, node, facts, phase="last"))


TWICE = Control(Kind("twice", body="again", repeats=lambda node: True, most_rounds=lambda node: 2), write_twice)


def write_caller(emission: Emission, scope: Scope, node: int, facts: Facts, ways: list[Way]) -> list[Way]:
    """Write a turn of the model, a Map over the tools that it calls, and the next turn, until it calls none."""
    name, variable = emission.graph.nodes[node].name, "$" + scope.variable(node)
    results = scope.names.variable(f"{name} results")
    ask = emission.task(scope, node, facts, phase="ask", begins=True)
    inside, *_ = emission.step(scope, node, facts, ways, ask, always_kept=True)
    again: State = {"Condition": expression(f"$exists({variable}.calls)")}
    choice: State = {"Type": "Choice", "Choices": [again]}
    asked = scope.add(f"{name} - any calls", choice)
    inside.leads_to(asked)
    state: State = {"Type": "Map", "Output": scope.passed_on, "Items": expression(f"[{variable}.calls]")}
    again["Next"] = scope.add(f"{name} - tools", state)
    scope.iteration = f"$string({variable}.turn)"
    called = _called(emission, Scope(emission.graph.bodies[node], scope.names, scope.node_names, scope), node, facts)
    state |= {"ItemProcessor": called[0], "ItemSelector": called[1], "Assign": {results: "{% $states.result %}"}}
    more = {"loop": {"results": expression(f"${results}")}}
    turn = emission.task(scope, node, facts, phase="turn", more=more)
    scope.iteration = ""
    after, *_ = emission.step(
        scope, node, facts, [Way(state, "Next", facts)], turn, name=f"{name} - turn", always_kept=True
    )
    after.leads_to(asked)
    return [Way(choice, "Default", emission.liveness.node_ran(facts, node))]


def _called(emission: Emission, inner: Scope, node: int, facts: Facts) -> tuple[State, State]:
    """Return the processor of a call, which chooses its tool, and what it is given."""
    body = emission.plan.bodies[node]
    assert body is not None
    inner.loop, inner.iteration = node, "$states.input.iteration"
    choice: State = {"Type": "Choice", "Choices": []}
    inner.start["StartAt"] = inner.add("Which tool", choice)
    known = emission.liveness.in_round(facts, node)
    none: State = {"Type": "Pass", "Output": {"error": "there is no such tool"}, "End": True}
    lead([Way(choice, "Default", facts)], inner.add("No such tool", none))
    for tool in body.parts if isinstance(body, Fork) else (body,):
        rule: State = {"Condition": expression(f"$states.input.loop.tool = {quoted(emission.first_name(tool.mask))}")}
        choice["Choices"].append(rule)
        for way in emission.tree(inner, tool, [Way(rule, "Next", known)]):
            way.holder |= {"End": True, "Output": expression(f"{result_of(way.holder)}.output.main.items.json")}
    processor = {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": inner.start["StartAt"], "States": inner.states}
    value = "$states.context.Map.Item.Value"
    given = {"tool": expression(f"{value}.tool"), "output": {"tools": expression(f"{value}.input")}}
    return processor, {**inner.input(facts), "loop": given}


CALLER = Control(
    Kind("caller", body="tools", lasts=True, repeats=lambda node: True, most_rounds=lambda node: 10), write_caller
)


class Nothing(NodeParams):
    """No parameters."""


def _spec(type: str, body: str) -> NodeSpec:
    ports = (Port("done"), Port(body))
    return NodeSpec(type, type, Category.FLOW, "box", "", "", Nothing, control=type, outputs=ports)


CATALOGUE = Catalogue(CatalogueEntry.of(spec) for spec in (*SPECS, _spec("twice", "again"), _spec("caller", "tools")))
KNOWN = CONTROLS.plus(TWICE, CALLER)


def compiled(document: dict[str, Any], **options: Any) -> Compiled:
    result = compile_workflow(document, CATALOGUE, CompileOptions("p", **options), KNOWN)
    assert isinstance(result, Compiled), result
    return result


def batch(*data: Any) -> Batch:
    return {"count": len(data), "items": [{"json": one} for one in data]}


def test_every_type_of_the_catalogue_names_a_kind_and_a_lowering_that_there_are() -> None:
    assert {entry.control for entry in catalogue()} <= CONTROLS.kinds.keys()
    assert {entry.lowering for entry in catalogue()} - {""} == LOWERINGS.keys()


def stopping(*documents: dict[str, Any], edges: tuple[str, ...], answers: dict[str, Any], fails: int = 0) -> list[Any]:
    """Return what runs, in order, where the debugger answers so at the stop before `b`, and so after its failure."""
    ran: list[Any] = []
    left = [fails]

    def run(function: str, payload: Any) -> Any:
        id, main = payload["node"]["id"], payload["inputs"]["main"]
        if function == DEBUGGER:
            after = "failure" in payload
            ran.append(("failed" if after else "stop", id, [one["json"] for one in main[0]["items"]]))
            return answers["failed" if after else id]
        ran.append((id, payload["attempt"], [item["json"] for one in main for item in one["items"]]))
        if id == "b" and left[0]:
            left[0] -= 1
            raise TaskFailed("Broke", "b broke")
        return {"output": {"main": batch({"by": id})}}

    machine = compiled(workflow([node("t", "start"), *documents], *edges), around={"b": "stop"}, optimise=0)
    Machine(machine.definition, run).run(execution_input("t"))
    return ran


CHAIN = (node("a"), node("b"), node("c"))
IN_LINE = ("t>a", "a>b", "b>c")
START, FIRST = ("a", 1, [{"from": "t", "n": n} for n in range(3)]), ("stop", "b", [{"by": "a"}])


def test_a_stop_of_the_debugger_waits_before_its_node_and_sees_what_comes_in() -> None:
    ran = stopping(*CHAIN, edges=IN_LINE, answers={"b": {"attempts": 0}})
    assert ran == [START, FIRST, ("b", 1, [{"by": "a"}]), ("c", 1, [{"by": "b"}])]
    document = workflow([node("t", "start"), *CHAIN], *IN_LINE)
    machine = compiled(document, around={"b": "stop"})
    assert machine.states["b - stop"] == "b"
    assert machine.type == "STANDARD"
    asked = machine.definition["States"]["b - stop"]["Arguments"]["Payload"]["inputs"]["main"]
    assert '{"of":["a","main"]}' in asked, "who asks is told where the items are from"
    assert compiled(document).states.keys() == {"a", "b", "c"}


def test_a_node_takes_the_items_that_the_debugger_gives_it() -> None:
    for items in ([], [batch({"n": 1})], [batch({"n": 1}), batch({"n": 2}, {"n": 3})]):
        ran = stopping(*CHAIN, edges=IN_LINE, answers={"b": {"attempts": 0, "inputs": {"main": items}}})
        assert ran[2] == ("b", 1, [item["json"] for one in items for item in one["items"]])


def test_a_node_that_the_debugger_passes_over_gives_what_it_says() -> None:
    skip = {"attempts": 0, "skip": {"output": {"main": batch({"by": "a"})}}}
    assert stopping(*CHAIN, edges=IN_LINE, answers={"b": skip}) == [START, FIRST, ("c", 1, [{"by": "a"}])]


def test_a_step_that_failed_is_tried_again_with_other_items_or_fails_as_it_would() -> None:
    again = {"attempts": 1, "inputs": {"main": [batch({"n": 7})]}}
    ran = stopping(*CHAIN, edges=IN_LINE, answers={"b": {"attempts": 0}, "failed": again}, fails=1)
    seen = [{"by": "a"}]
    assert ran == [START, FIRST, ("b", 1, seen), ("failed", "b", seen), ("b", 2, [{"n": 7}]), ("c", 1, [{"by": "b"}])]
    passed = {"attempts": 1, "skip": {"output": {"main": batch({"by": "a"})}}}
    ran = stopping(*CHAIN, edges=IN_LINE, answers={"b": {"attempts": 0}, "failed": passed}, fails=1)
    assert ran[4:] == [("c", 1, [{"by": "a"}])]
    with pytest.raises(TaskFailed, match="b broke"):
        stopping(
            *CHAIN, edges=IN_LINE, answers={"b": {"attempts": 0}, "failed": {"attempts": 1, "fails": True}}, fails=1
        )


def test_a_tool_is_called_with_the_arguments_that_the_debugger_gives_it() -> None:
    document = json.loads((ROOT / "tests" / "golden" / "173-agent-with-tools" / "workflow.json").read_text())

    options = CompileOptions("p", optimise=0, around=dict.fromkeys(("look", "pay"), "stop"))
    machine = compile_workflow(document, catalogue(), options).compiled
    assert machine is not None
    states = machine.definition["States"]["Agent - tools"]["ItemProcessor"]["States"]
    assert "n_look_stop" in states["Look - stop"]["Assign"]
    given = "$n_look_stop.`inputs`.main[0]"
    asked = states["Look"]["Arguments"]["Payload"]["tool"]
    assert asked == f"{{% $exists({given}) ? {given} : $states.input.loop.output.`tools` %}}"


def test_an_express_execution_cannot_stand_at_a_stop() -> None:
    document = workflow([node("t", "start"), node("a"), node("b")], "t>a", "a>b")
    document["settings"] = {"mode": "express"}
    refused = compile_workflow(document, CATALOGUE, CompileOptions("p", around={"b": "stop"}), KNOWN)
    assert [(found.code, found.node_id, found.field) for found in refused.diagnostics] == [
        ("express_cannot_wait", "b", "settings.mode")
    ]
    assert compiled(document).type == "EXPRESS"
    assert compiled(document, around={"b": "stop"}, pinned=frozenset({"b"})).type == "EXPRESS", "it does not run"


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(workflows(10), st.integers(0, 10**6), st.integers(0, 1), st.randoms(use_true_random=False))
def test_stops_change_nothing_of_what_a_graph_means(
    document: dict[str, Any], seed: int, optimise: int, drawn: Random
) -> None:
    nodes = [node["id"] for node in document["nodes"] if not node["settings"].get("disabled")]
    around = {id: "stop" for id in nodes if drawn.random() < 0.5}
    options = CompileOptions("p", optimise, around=around)
    try:
        meant = run_interpreted(document, seed, "t0", options, {})
    except NodeFailed:
        with pytest.raises(TaskFailed):
            run_compiled(document, seed, "t0", options, {}, KNOWN)
        return
    ran, _ = run_compiled(document, seed, "t0", options, {}, KNOWN)
    if not meant.broken:
        assert ran.outputs == meant.outputs
        assert ran.stopped == {id for id, _ in meant.ran} & around.keys()


def test_a_kind_with_a_body_runs_it_in_its_rounds() -> None:
    document = workflow(
        [node("t", "start"), node("w", "twice"), node("a"), node("b"), node("z")], "t>w", "w.again>a", "a>b", "w.done>z"
    )
    ran: list[tuple[str, str]] = []

    def run(function: str, payload: Any) -> Any:
        id, phase = payload["node"]["id"], payload.get("phase", "")
        ran.append((id + phase, payload.get("iteration", "")))
        return {"output": {"main" if id != "w" else "done" if phase == "last" else "again": batch({"n": len(ran)})}}

    Machine(compiled(document).definition, run).run(execution_input("t"))
    rounds = [(one, number) for number in "01" for one in (("wfirst", "wsecond")[int(number)], "a", "b")]
    assert ran == [*rounds, ("wlast", ""), ("z", "")]


def test_a_node_calls_parts_of_its_body_until_it_has_an_answer() -> None:
    document = workflow(
        [node("t", "start"), node("g", "caller"), node("add"), node("look"), node("up"), node("z")],
        *("t>g", "g.tools>add", "g.tools>look", "look>up", "g.done>z"),
    )
    turns = [
        {"output": {}, "turn": 0, "calls": [{"tool": name, "input": batch({"n": 1})} for name in ("add", "look")]},
        {"output": {}, "turn": 1, "calls": [{"tool": "add", "input": batch({"n": 2})}]},
        {"output": {"done": batch({"answer": 42})}},
    ]
    ran: list[tuple[str, str, Any]] = []

    def run(function: str, payload: Any) -> Any:
        id = payload["node"]["id"]
        given = payload["loop"]["results"] if "loop" in payload else payload["inputs"]["main"][0]["items"][0]["json"]
        ran.append((id, payload.get("iteration", ""), given))
        return turns.pop(0) if id == "g" else {"output": {"main": batch({"by": id})}}

    Machine(compiled(document).definition, run).run(execution_input("t"))
    assert ran == [
        ("g", "", {"from": "t", "n": 0}),
        ("add", "0.0", {"n": 1}),
        ("look", "0.1", {"n": 1}),
        ("up", "0.1", {"by": "look"}),
        ("g", "0", [{"by": "add"}, {"by": "up"}]),
        ("add", "1.0", {"n": 2}),
        ("g", "1", [{"by": "add"}]),
        ("z", "", {"answer": 42}),
    ]
