"""A node that waits for its turn: no second step and no waiting where its turn is now."""

from typing import Any

import pytest

from stepweave.compiler import CompileOptions
from stepweave.model.step import STEP_DEFAULTS
from tests.asl.machine import Machine
from tests.core.compiler.graphs import compiled_of, execution_input
from tests.core.compiler.test_failures import workflow


def batch(*numbers: int) -> dict[str, Any]:
    return {"count": len(numbers), "items": [{"json": {"n": n}} for n in numbers]}


class Functions:
    """`a` answers its first phase as it is told to; the others note what they get."""

    def __init__(self, first: dict[str, Any]) -> None:
        self.first = first
        self.phases: list[str] = []
        self.seen: dict[str, list[int]] = {}

    def __call__(self, function: str, payload: dict[str, Any]) -> Any:
        whole: Any = {**STEP_DEFAULTS, **payload}
        if whole["node"]["id"] == "a":
            self.phases.append(whole["phase"])
            return self.first if whole["phase"] == "wait" else {"output": {"main": batch(1, 2, 3)}}
        given = [item["json"]["n"] for one in whole["inputs"]["main"] for item in one["items"]]
        self.seen[whole["node"]["id"]] = given
        return {"output": {"main": batch(*given)}}


def run(first: dict[str, Any]) -> tuple[Functions, Machine]:
    document = workflow("turn", "stop")
    edge = {"id": "rejected", "source": "a", "sourcePort": "rejected", "target": "er", "targetPort": "main"}
    functions = Functions(first)
    machine = Machine(
        compiled_of({**document, "edges": [*document["edges"], edge]}, CompileOptions("p")).definition, functions
    )
    machine.run(execution_input("t0"))
    return functions, machine


@pytest.mark.parametrize(
    ("output", "seen"),
    [
        ({"main": batch(1, 2)}, {"ok": [1, 2]}),
        ({"main": batch(1), "rejected": batch(2)}, {"ok": [1], "er": [2]}),
        ({"rejected": batch(1, 2)}, {"er": [1, 2]}),
        ({}, {}),
    ],
)
def test_what_has_its_turn_goes_on_after_one_step(output: dict[str, Any], seen: dict[str, list[int]]) -> None:
    functions, machine = run({"output": output})
    assert (functions.phases, functions.seen) == (["wait"], seen)
    assert not [name for name in machine.visited if "waiting" in name or "going on" in name]


def test_what_has_none_waits_and_goes_on_in_a_second_step() -> None:
    functions, machine = run({"output": {}, "wait": {"until": "2020-01-01T00:00:00.000Z"}})
    assert (functions.phases, functions.seen) == (["wait", "resume"], {"ok": [1, 2, 3]})
    assert [name for name in machine.visited if name.startswith("A")] == [
        "A",
        "A - its turn",
        "A - waiting",
        "A - going on",
    ]
