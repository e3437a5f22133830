"""Whole machines of real flow nodes: with lowering and without it, the history and the outputs are the same."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.nodes.flow.loop.run import run as run_loop
from functions.nodes.flow.loop.spec import SPEC as LOOP
from functions.nodes.triggers.manual_trigger.spec import SPEC as START
from stepweave.compiler import Compiled, CompileOptions, compile_workflow
from stepweave.model.events import Event
from stepweave.model.items import Item
from stepweave.model.step import STEP_DEFAULTS
from stepweave.runtime.ending import end_events, read_end
from stepweave.runtime.errors import NodeError
from stepweave.runtime.running import run_step
from stepweave.runtime.step import Step
from stepweave.spec.catalogue import Catalogue, CatalogueEntry
from stepweave.spec.fields import NodeParams
from stepweave.spec.node import Category, Emits, NodeSpec, Port
from tests.asl.machine import Machine, TaskFailed
from tests.core.compiler.native.running import NODES
from tests.fakes.steps import TENANT, Outside, context, items

pytestmark = pytest.mark.no_cover  # many cases of what other tests cover: traced, they take twice as long


class Nothing(NodeParams):
    """No parameters."""


def _step(step: Step[Nothing]) -> dict[str, list[Item]]:
    return {"main": [{"json": {**one["json"], "seen": one["json"].get("seen", 0) + 1}} for one in step.items()]}


STEP = NodeSpec(
    type="step",
    name="Step",
    category=Category.DATA,
    icon="box",
    summary="",
    docs="",
    params=Nothing,
    outputs=(Port("main", emits=Emits.ALWAYS),),
)
BEHAVIOURS: dict[str, tuple[NodeSpec, Any]] = {**NODES, "step": (STEP, _step), "loop": (LOOP, run_loop)}
CATALOGUE = Catalogue(CatalogueEntry.of(spec) for spec in (START, *(spec for spec, _ in BEHAVIOURS.values())))

AMOUNTS = items({"amount": 5, "name": "a"}, {"amount": 50, "name": "b", "x": {"y": 1}}, {"amount": "7"}, {"name": None})


@dataclass
class Ran:
    """What a machine did."""

    events: list[Event] = field(default_factory=list)
    transitions: int = 0
    invoked: Counter[str] = field(default_factory=Counter)
    status: str = ""

    def outputs(self) -> dict[tuple[str, str], Any]:
        """Node and round -> items by port, of each node that succeeded; each told once."""
        told = {one["id"]: one for one in self.events if one["type"] == "node.succeeded"}
        found = {}
        for one in told.values():
            run = (one["nodeId"], one.get("iteration", ""))
            assert run not in found, f"{run} is told twice"
            found[run] = {port: self._items(batch) for port, batch in one["output"].items()}
        return found

    def _items(self, batch: Any) -> Any:
        return self.claims.fetch(batch, TENANT)

    @property
    def claims(self) -> Any:
        return self.outside.claims

    outside: Outside = field(default_factory=Outside)


def ran(document: Mapping[str, Any], given: list[Item], optimise: int, *, stored: bool = False) -> Ran:
    """Compile, run, and tell the end as the control plane does."""
    compiled = compile_workflow(document, CATALOGUE, CompileOptions("p", optimise))
    assert isinstance(compiled, Compiled), compiled.diagnostics
    result = Ran()

    def invoke(function: str, payload: Any) -> Any:
        node = payload["node"]
        result.invoked[node["id"]] += 1
        spec, run = BEHAVIOURS[node["type"]]
        try:
            return run_step(spec, run, {**STEP_DEFAULTS, **payload}, result.outside.services, seconds=60)  # type: ignore[typeddict-item]
        except NodeError as error:
            raise TaskFailed(type(error).__name__, json.dumps({"errorMessage": error.message})) from None

    batch: Any = {"count": len(given), "items": given}
    if stored:
        batch = result.claims.store(f"{TENANT}/trigger.json", given)
    machine = Machine(compiled.definition, invoke, {one.placeholder: one.definition for one in compiled.machines})
    try:
        output = machine.run({"context": context(), "trigger": {"nodeId": "start", "output": {"main": batch}}})
        end = read_end({"status": "SUCCEEDED", "output": json.dumps(output)})
    except TaskFailed as failure:
        end = read_end({"status": "FAILED", "error": failure.error, "cause": failure.cause})
    result.status = end.status
    result.transitions = machine.transitions
    result.events = [*result.outside.events, *end_events(context()["executionId"], end)]
    return result


def agree(document: Mapping[str, Any], given: list[Item], *, stored: bool = False) -> tuple[Ran, Ran]:
    """Run without and with lowering, and compare what history has."""
    without, lowered = (ran(document, given, optimise, stored=stored) for optimise in (0, 1))
    assert lowered.status == without.status
    if without.status == "succeeded":
        assert lowered.outputs() == without.outputs()
    return without, lowered


def graph(*nodes: tuple[str, str, dict[str, Any]] | tuple[str, str], edges: list[str], **more: Any) -> dict[str, Any]:
    """Return a document: nodes as (id, type, params), edges as `a -> b`, `a.port -> b.port`."""
    made = [{"id": "start", "type": "manual_trigger", "version": 1, "name": "START", "params": {}}]
    for id, type, *params in nodes:
        made.append({"id": id, "type": type, "version": 1, "name": id.upper(), "params": params[0] if params else {}})
    lines = []
    for number, edge in enumerate(edges):
        (source, port), (target, target_port) = (f"{end}.main".split(".")[:2] for end in edge.split(" -> "))
        lines.append(
            {"id": f"e{number}", "source": source, "sourcePort": port, "target": target, "targetPort": target_port}
        )
    return {"schema": 1, "name": "W", "nodes": made, "edges": lines, **more}


SET = {"assignments": [{"name": "a.b", "value": "x"}]}
COPY = {"assignments": [{"name": "copy", "value": "{{ $json.amount }}"}], "keepOtherFields": False}
OVER = {"conditions": [{"left": "{{ $json.amount }}", "type": "number", "operator": "greater", "right": 10}]}
NUMBERS = items({"amount": 5}, {"amount": 50})


def test_a_lowered_node_needs_no_function_and_no_transition_more() -> None:
    document = graph(("set", "set_fields", SET), ("last", "step"), edges=["start -> set", "set -> last"])
    without, lowered = agree(document, NUMBERS)
    assert without.invoked == {"set": 1, "last": 1}
    assert lowered.invoked == {"last": 1}
    assert lowered.transitions == without.transitions
    told = [(one["type"], one["nodeId"]) for one in lowered.events if "nodeId" in one]
    assert told == [("node.succeeded", "set"), ("node.started", "last"), ("node.succeeded", "last")]
    assert lowered.events[0]["native"] is True


def test_items_by_reference_take_the_function() -> None:
    document = graph(("set", "set_fields", SET), ("last", "step"), edges=["start -> set", "set -> last"])
    assert agree(document, NUMBERS, stored=True)[1].invoked == {"set": 1, "last": 1}


def test_both_ways_of_a_lowered_if_tell_of_it() -> None:
    document = graph(
        ("if", "if", OVER),
        ("yes", "step"),
        ("no", "step"),
        edges=["start -> if", "if.true -> yes", "if.false -> no"],
    )
    for some in (NUMBERS, NUMBERS[:1], NUMBERS[1:]):
        without, lowered = agree(document, some)
        assert "if" not in lowered.invoked
        assert lowered.transitions <= without.transitions


def test_both_ways_of_an_if_may_end_without_functions() -> None:
    document = graph(
        ("if", "if", OVER),
        ("yes", "set_fields", SET),
        ("no", "set_fields", COPY),
        edges=["start -> if", "if.true -> yes", "if.false -> no"],
    )
    for some in (NUMBERS, NUMBERS[:1], NUMBERS[1:]):
        without, lowered = agree(document, some)
        assert not lowered.invoked
        assert lowered.transitions <= without.transitions


def test_where_no_step_follows_the_end_tells() -> None:
    document = graph(("if", "if", OVER), ("yes", "step"), edges=["start -> if", "if.true -> yes"])
    _, lowered = agree(document, NUMBERS[:1])
    assert not lowered.invoked
    assert [one["type"] for one in lowered.events] == ["node.succeeded", "execution.succeeded"]


def test_a_stop_fails_the_execution_and_says_where() -> None:
    document = graph(
        ("step", "step"),
        ("split", "step"),
        ("stop", "stop_and_error", {"message": "No."}),
        edges=["start -> step", "step -> split", "step -> stop"],
    )
    without, lowered = agree(document, NUMBERS)
    assert lowered.status == "failed"
    assert without.invoked["stop"] == 1
    assert lowered.invoked["stop"] == 0
    failed, ended = lowered.events[-2:]
    assert (failed["type"], failed["nodeId"], failed["error"]["message"]) == ("node.failed", "stop", "No.")
    assert ended["error"] == {"type": "StoppedByWorkflow", "message": "No.", "retryable": False}


@pytest.mark.parametrize("mode", ["each", "repeat"])
def test_in_a_loop_a_step_of_the_same_round_tells(mode: str) -> None:
    document = graph(
        ("loop", "loop", {"mode": mode, "batchSize": 1} if mode == "each" else {"mode": mode, "maxRounds": 3}),
        ("set", "set_fields", SET),
        ("body", "step"),
        ("back", "set_fields", COPY),
        ("after", "step"),
        edges=[
            "start -> loop",
            "loop.loop -> set",
            "set -> body",
            "body -> back",
            "back -> loop.back",
            "loop.done -> after",
        ],
    )
    without, lowered = agree(document, NUMBERS)
    assert lowered.invoked["set"] == 0
    assert lowered.invoked["back"] == without.invoked["back"] > 1
    assert {iteration for node, iteration in lowered.outputs() if node == "set"} >= {"0", "1"}


def test_a_long_chain_keeps_a_function_now_and_then_that_tells() -> None:
    count = 14
    nodes: list[Any] = [(f"n{number}", "set_fields", SET) for number in range(count)]
    edges = ["start -> n0", *(f"n{number} -> n{number + 1}" for number in range(count - 1))]
    without, lowered = agree(graph(*nodes, edges=edges), NUMBERS)
    assert len(without.invoked) == count
    assert 0 < len(lowered.invoked) <= 4
    assert lowered.transitions < without.transitions


def test_what_is_lowered_side_by_side_runs_in_one_state() -> None:
    document = graph(
        ("a", "set_fields", SET),
        ("b", "set_fields", COPY),
        ("c", "limit", {"count": 1}),
        ("last", "step"),
        edges=["start -> a", "start -> b", "a -> c", "b -> last", "c -> last"],
    )
    without, lowered = agree(document, NUMBERS)
    assert lowered.invoked == {"last": 1}
    assert (without.transitions, lowered.transitions) == (6, 3)
    by_reference = agree(document, NUMBERS, stored=True)[1]
    assert by_reference.invoked == without.invoked
    assert by_reference.transitions == without.transitions + 1


TYPES: dict[str, tuple[list[dict[str, Any]], list[str]]] = {
    "step": ([{}], ["main"]),
    "no_op": ([{}], ["main"]),
    "set_fields": ([SET, COPY, {"assignments": []}], ["main"]),
    "if": ([OVER], ["true", "false"]),
    "filter": ([{"conditions": [{"left": "{{ $json.name }}", "operator": "exists"}]}], ["main", "rejected"]),
    "switch": (
        [
            {
                "rules": [
                    {"output": "big", **OVER},
                    {"output": "b", "conditions": [{"left": "{{ $json.name }}", "right": "b"}]},
                ]
            }
        ],
        ["big", "b", "fallback"],
    ),
    "limit": ([{"count": 2}, {"count": 1, "keep": "last"}], ["main"]),
    "merge": ([{}, {"mode": "choose"}, {"mode": "choose", "choose": "second"}], ["main"]),
}


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    nodes: list[Any] = []
    edges: list[str] = []
    ports = ["start"]
    for number in range(draw(st.integers(1, 12))):
        type = draw(st.sampled_from(sorted(TYPES)))
        variants, outputs = TYPES[type]
        params = dict(draw(st.sampled_from(variants)))
        if type == "set_fields" and nodes and draw(st.integers(0, 4)) == 0:
            name = draw(st.sampled_from([one[0] for one in nodes])).upper()
            params = {"assignments": [{"name": "ref", "value": f"{{{{ $('{name}').all().length }}}}"}]}
            edges.append(f"{draw(st.sampled_from(_ports(nodes, name.lower())))} -> n{number}")
        for _ in range(draw(st.integers(1, 2))):
            target = draw(st.sampled_from([".first", ".second"])) if type == "merge" else ""
            edges.append(f"{draw(st.sampled_from(ports))} -> n{number}{target}")
        nodes.append((f"n{number}", type, params))
        ports += [f"n{number}.{port}" for port in outputs]
    mode = draw(st.sampled_from(["standard", "express"]))
    return graph(*nodes, edges=edges, settings={"mode": mode, "timeoutSeconds": 290})


def _ports(nodes: list[Any], id: str) -> list[str]:
    return [f"{id}.{port}" for one, type, _ in nodes if one == id for port in TYPES[type][1]]


@settings(max_examples=150)
@given(documents(), st.lists(st.sampled_from(AMOUNTS), min_size=1, max_size=3), st.booleans())
def test_any_graph_of_flow_nodes_has_the_same_history(
    document: dict[str, Any], given: list[Item], stored: bool
) -> None:
    without, lowered = agree(document, given, stored=stored)
    if without.status == "succeeded":
        assert sum(lowered.invoked.values()) <= sum(without.invoked.values())
    clean = all(isinstance(one["json"].get("amount", 0), int) for one in given) and not stored
    if clean and document["settings"]["mode"] == "standard" and without.status == "succeeded":
        assert lowered.transitions <= without.transitions + _emitted_twice(document) + _branches(document)


def _emitted_twice(document: dict[str, Any]) -> int:
    """Return how many nodes stand twice in the machine: one of the two places may end a branch, which costs a state."""
    compiled = compile_workflow(document, CATALOGUE, CompileOptions())
    assert isinstance(compiled, Compiled)
    tasks = Counter(node for name, node in compiled.states.items() if " - " not in name)
    return sum(count > 1 for count in tasks.values())


def _branches(document: dict[str, Any]) -> int:
    """Return how many branches the machine has: one that ends with a node behind a Choice costs a state for its end."""
    compiled = compile_workflow(document, CATALOGUE, CompileOptions())
    assert isinstance(compiled, Compiled)
    return _branches_in(compiled.definition["States"])


def _branches_in(states: dict[str, Any]) -> int:
    branches = [branch for state in states.values() for branch in state.get("Branches", ())]
    return len(branches) + sum(_branches_in(branch["States"]) for branch in branches)


def test_a_node_that_stands_twice_costs_one_transition_more_at_most() -> None:
    named = {"conditions": [{"left": "{{ $json.name }}", "operator": "exists"}]}
    document = graph(
        ("n0", "if", OVER),
        *((f"n{number}", "filter", named) for number in range(1, 6)),
        edges=[
            *(f"start -> n{number}" for number in (0, 1, 3)),
            "n0.true -> n2",
            *(f"n0.false -> n{number}" for number in (4, 5)),
            "n2 -> n5",
        ],
        settings={"mode": "standard", "timeoutSeconds": 290},
    )
    without, lowered = agree(document, items({"amount": 5, "name": "a"}))
    assert without.transitions <= lowered.transitions <= without.transitions + 1


def test_what_runs_whenever_its_branch_does_ends_it_with_its_function() -> None:
    named = {"conditions": [{"left": "{{ $json.name }}", "operator": "exists"}]}
    document = graph(
        ("n0", "if", OVER),
        *((f"n{number}", "filter", named) for number in range(1, 5)),
        edges=[
            "start -> n0",
            *(f"n0.false -> n{number}" for number in (1, 2)),
            "n1 -> n2",
            *(f"n0.true -> n{number}" for number in (3, 4)),
        ],
        settings={"mode": "standard", "timeoutSeconds": 290},
    )
    without, lowered = agree(document, items({"amount": 5, "name": "a"}))
    assert lowered.transitions <= without.transitions
