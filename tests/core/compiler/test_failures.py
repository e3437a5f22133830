"""What follows a node's failure where the execution goes on: error items with the input's fields, in any case."""

from typing import Any

import pytest

from stepweave.compiler import CompileOptions
from stepweave.model.step import STEP_DEFAULTS
from stepweave.runtime.running import run_step
from tests.asl.machine import Machine, TaskFailed
from tests.core.compiler.graphs import SPEC_OF, compiled_of, execution_input
from tests.fakes.steps import Outside

INPUT = [{"from": "t0", "n": number} for number in range(3)]


def workflow(type: str, on_error: str, **params: Any) -> dict[str, Any]:
    """t0 -> a, whose ports lead to `ok` and `er`."""
    settings = {"onError": on_error}
    nodes = [
        {"id": "t0", "type": "start", "name": "T0", "params": {}},
        {"id": "a", "type": type, "name": "A", "params": params, "settings": settings},
        {"id": "ok", "type": "step", "name": "OK", "params": {}},
        {"id": "er", "type": "step", "name": "ER", "params": {}},
    ]
    edges = [("t0", "main", "a"), ("a", "main", "ok"), *([("a", "error", "er")] if on_error == "branch" else [])]
    return {
        "schema": 1,
        "name": "W",
        "nodes": nodes,
        "edges": [
            {"id": f"e{number}", "source": source, "sourcePort": port, "target": target, "targetPort": "main"}
            for number, (source, port, target) in enumerate(edges)
        ],
    }


class Functions:
    """`a` fails as it is told to; what makes its error items works `again` or not."""

    def __init__(self, error: str, cause: str = "", *, again: bool = True) -> None:
        self.failure = TaskFailed(error, cause)
        self.again = again
        self.seen: dict[str, list[dict[str, Any]]] = {}
        self.phases: list[str] = []

    def __call__(self, function: str, payload: dict[str, Any]) -> Any:
        whole: Any = {**STEP_DEFAULTS, **payload}
        node = whole["node"]
        if node["id"] == "a":
            self.phases.append(whole["phase"])
            if whole["phase"] != "failed" or not self.again:
                raise self.failure
            return run_step(SPEC_OF[node["type"]], never, whole, Outside().services, seconds=30)
        self.seen[node["id"]] = [item["json"] for batch in whole["inputs"]["main"] for item in batch["items"]]
        return {"output": {"main": {"count": 1, "items": [{"json": {}}]}}}


def never(step: Any) -> Any:
    raise AssertionError("a node's behaviour makes no error items")


def run(document: dict[str, Any], functions: Functions) -> Machine:
    machine = Machine(compiled_of(document, CompileOptions("p")).definition, functions)
    machine.run(execution_input("t0"))
    return machine


@pytest.mark.parametrize("type", ["step", "asks", "wait", "turn"])
@pytest.mark.parametrize(("on_error", "target"), [("continue", "ok"), ("branch", "er")])
def test_a_failed_state_gives_an_error_item_for_each_input_item(type: str, on_error: str, target: str) -> None:
    functions = Functions("Refused", "it is refused")
    params = {"mode": "until", "until": "soon"} if type == "wait" else {}
    machine = run(workflow(type, on_error, **params), functions)
    assert functions.seen == {
        target: [{**one, "error": {"type": "Refused", "message": "it is refused", "retryable": False}} for one in INPUT]
    }
    assert not any("waiting" in name for name in machine.visited)


@pytest.mark.parametrize(
    ("error", "cause", "type"),
    [
        ("States.Timeout", "", "NodeTimeout"),
        ("Lambda.Unknown", "OOM", "NodeCrashed"),
        ("ChildFailed", "{}", "ChildFailed"),
    ],
)
def test_where_even_that_fails_the_machine_makes_the_error_items_itself(error: str, cause: str, type: str) -> None:
    functions = Functions(error, cause, again=False)
    run(workflow("asks", "branch"), functions)
    assert functions.phases == ["", "failed"]
    assert [{**one, "error": one["error"]["type"]} for one in functions.seen["er"]] == [
        {**one, "error": type} for one in INPUT
    ]
    assert not any("{" in one["error"]["message"] for one in functions.seen["er"])
    assert [one["error"]["retryable"] for one in functions.seen["er"]] == [False] * 3


def test_without_going_on_a_failure_ends_the_execution() -> None:
    functions = Functions("Refused", "it is refused")
    with pytest.raises(TaskFailed, match="it is refused"):
        run(workflow("asks", "stop"), functions)
