"""Execute workflow: what the starter is asked, what the node gives and waits for, and how refusals reach people."""

from functools import partial
from typing import Any

import pytest

from functions.nodes.flow.execute_workflow.run import execute
from functions.nodes.flow.execute_workflow.spec import SPEC
from stepweave.aws import AwsError
from stepweave.runtime.calling import (
    NestedTooDeep,
    StarterUnavailable,
    WorkflowCallRefused,
    WorkflowNotCallable,
    WorkflowNotFound,
)
from stepweave.runtime.errors import NodeError
from tests.fakes.steps import TENANT, Bench, context, items

OTHER = "9a6f6f8e-0f62-4a52-8f0e-8e0d3f4c0009"
GIVEN = items({"n": 1}, {"n": 2})


class Starter:
    """Answers with as many executions as a call starts, or with `answer`."""

    def __init__(self, answer: Any = None) -> None:
        self.calls: list[Any] = []
        self.answer = answer

    def __call__(self, call: Any, seconds: float) -> Any:
        self.calls.append(call)
        if isinstance(self.answer, Exception):
            raise self.answer
        ids = [f"x{number}" for number in range(call["batch"]["count"] if call["each"] else 1)]
        return self.answer or {"workflowName": "Price", "executionIds": ids}


def bench(starter: Starter) -> Bench:
    return Bench(SPEC, partial(execute, ask=starter))


def test_a_node_that_waits_hands_its_token_to_the_starter_alone() -> None:
    starter = Starter()
    stage = bench(starter)
    assert stage({"workflowId": OTHER}, GIVEN, taskToken="secret", iteration="3", attempt=2) == {"output": {}}
    (call,) = starter.calls
    expires = call["wait"].pop("expiresAt")
    assert call == {
        "context": context(),
        "nodeId": "n1",
        "iteration": "3",
        "attempt": 2,
        "workflowId": OTHER,
        "batch": {"count": 2, "items": GIVEN},
        "each": False,
        "wait": {"token": "secret", "inlineLimit": 32 * 1024},
    }
    waiting = stage.outside.of("node.waiting")[0]["waiting"]
    details = {"executionId": "x0", "workflowId": OTHER, "workflowName": "Price", "expiresAt": expires}
    assert waiting == {"kind": "workflow", **details}
    assert "secret" not in "".join(stage.outside.bodies)
    assert stage.outside.of("node.succeeded") == []


def test_a_node_that_does_not_wait_gives_its_items_with_the_executions_they_started() -> None:
    together = bench(Starter()).json({"workflowId": OTHER, "wait": False}, GIVEN)
    assert together == [{"n": 1, "execution": {"id": "x0"}}, {"n": 2, "execution": {"id": "x0"}}]
    each = bench(Starter()).json({"workflowId": OTHER, "wait": False, "send": "each"}, GIVEN)
    assert each == [{"n": 1, "execution": {"id": "x0"}}, {"n": 2, "execution": {"id": "x1"}}]


def test_stored_items_are_sent_by_their_reference_and_several_batches_as_one() -> None:
    starter = Starter()
    stage = bench(starter)
    large = stage.outside.claims.store(f"{TENANT}/x/a/1-main.json", items({"text": "x" * 50_000}))
    stage({"workflowId": OTHER, "wait": False}, {"main": [large]})
    stage({"workflowId": OTHER, "wait": False}, {"main": [large, {"count": 1, "items": GIVEN[:1]}]})
    stage({"workflowId": OTHER, "wait": False}, {"main": [large]}, settings={"executeOnce": True})
    first, second, third = (call["batch"] for call in starter.calls)
    assert first == third == large
    assert second["ref"]["key"].startswith(f"{TENANT}/")
    assert [len(item["json"]) for item in stage.outside.claims.fetch(second, TENANT)] == [1, 1]


def test_too_many_items_start_nothing() -> None:
    starter = Starter()
    with pytest.raises(WorkflowCallRefused, match=r"201 items .* at most 200"):
        bench(starter)({"workflowId": OTHER, "wait": False, "send": "each"}, items(*({"n": n} for n in range(201))))
    assert starter.calls == []


@pytest.mark.parametrize("error", [WorkflowNotFound, WorkflowNotCallable, WorkflowCallRefused, NestedTooDeep])
def test_a_refusal_is_an_error_of_its_own_type(error: type[NodeError]) -> None:
    refused = {"refused": {"type": error.__name__, "message": "No.", "remedy": "Do so."}}
    with pytest.raises(error) as raised:
        bench(Starter(refused))({"workflowId": OTHER}, GIVEN, taskToken="t")
    assert (raised.value.message, raised.value.remedy) == ("No.", "Do so.")


def test_a_starter_that_does_not_answer_is_asked_again_and_its_words_stay_away() -> None:
    stage = bench(Starter(AwsError("FunctionError", "OperationalError: user=secret")))
    with pytest.raises(StarterUnavailable) as raised:
        stage({"workflowId": OTHER}, GIVEN, taskToken="t", settings={"maxAttempts": 2})
    assert raised.value.retryable
    assert "secret" not in raised.value.message
    assert [event["type"] for event in stage.outside.events] == ["node.started", "node.retrying"]
