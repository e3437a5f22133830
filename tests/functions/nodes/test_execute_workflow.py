"""Execute workflow: what the starter is asked, what the node gives and waits for, and how refusals reach people."""

import time
from functools import partial
from typing import Any

import pytest

from functions.nodes.flow.execute_workflow.options import inputs_by
from functions.nodes.flow.execute_workflow.run import execute
from functions.nodes.flow.execute_workflow.spec import SPEC
from stepweave.aws import AwsError
from stepweave.runtime import Asked
from stepweave.runtime.calling import (
    NestedTooDeep,
    StarterUnavailable,
    WorkflowCallRefused,
    WorkflowNotCallable,
    WorkflowNotFound,
)
from stepweave.runtime.credentials import Vault
from stepweave.runtime.errors import ExpressionFailed, NodeError, ParameterInvalid
from stepweave.runtime.options import Option
from stepweave.spec.called import Input
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


def asked_for(params: Any) -> Asked:
    node: Any = {"id": "", "name": "", "type": "execute_workflow", "version": 1}
    return Asked(TENANT, "", node, params, {}, Vault(lambda *_: {}), time.monotonic() + 5)


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


def test_a_node_that_waits_for_an_execution_per_item_says_what_its_items_are_made_of() -> None:
    starter = Starter()
    stage = bench(starter)
    given: Any = [{**one, "origin": {"before": ["main", n]}} for n, one in enumerate(GIVEN)]
    params = {"workflowId": OTHER, "send": "each"}
    assert stage(params, given, taskToken="secret") == {"output": {}}
    (call,) = starter.calls
    assert (call["each"], call["batch"]) == (True, {"count": 2, "items": GIVEN})
    assert call["wait"].pop("expiresAt")
    assert call["wait"] == {
        "token": "secret",
        "inlineLimit": 32 * 1024,
        "origins": [{"before": ["main", 0]}, {"before": ["main", 1]}],
    }
    waiting = stage.outside.of("node.waiting")[0]["waiting"]
    assert (waiting["executions"], waiting["executionIds"], waiting["executionId"]) == (2, ["x0", "x1"], "x0")


@pytest.mark.parametrize(("on_error", "port"), [("continue", "main"), ("branch", "error")])
def test_where_it_goes_on_the_wait_has_the_input_items_and_the_port_of_failures(on_error: str, port: str) -> None:
    starter = Starter()
    rows = [{"name": "id", "value": "{{ $json.n }}"}]
    settings = {"onError": on_error}
    for params in ({}, {"inputs": "fields", "values": rows}):
        bench(starter)({"workflowId": OTHER, "send": "each", **params}, GIVEN, taskToken="t", settings=settings)
        wait = starter.calls[-1]["wait"]
        assert (wait["goesOn"], wait["failurePort"], wait["input"]) == (True, port, {"count": 2, "items": GIVEN})
    assert [item["json"] for item in starter.calls[-1]["batch"]["items"]] == [{"id": 1}, {"id": 2}]


def test_only_the_first_executions_that_are_waited_for_are_named() -> None:
    stage = bench(Starter())
    stage({"workflowId": OTHER, "send": "each"}, items(*({"n": n} for n in range(200))), taskToken="t")
    waiting = stage.outside.of("node.waiting")[0]["waiting"]
    assert (waiting["executions"], len(waiting["executionIds"])) == (200, 10)


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


def test_fields_are_filled_in_for_each_item_and_sent_alone_with_its_files() -> None:
    starter = Starter()
    rows = [{"name": "id", "value": "{{ $json.n }}"}, {"name": "__proto__", "value": "7"}, {"name": "a.b", "value": ""}]
    params = {"workflowId": OTHER, "wait": False, "inputs": "fields", "values": rows}
    files: Any = {"file": {"key": f"{TENANT}/x/f", "bucket": "b", "size": 1, "contentType": "text/plain", "name": "f"}}
    given: Any = [GIVEN[0], {**GIVEN[1], "binary": files}]
    gives = bench(starter).json(params, given)
    (call,) = starter.calls
    sent = call["batch"]["items"]
    assert [item["json"] for item in sent] == [{"id": n, "__proto__": "7", "a.b": ""} for n in (1, 2)]
    assert [item.get("binary") for item in sent] == [None, files]
    assert call["convert"] is True
    assert gives == [{"n": 1, "execution": {"id": "x0"}}, {"n": 2, "execution": {"id": "x0"}}]
    bench(starter)({**params, "convert": False}, given)
    assert "convert" not in starter.calls[-1]


def test_an_expression_names_one_workflow_for_all_items() -> None:
    starter = Starter()
    named = items({"n": 1, "to": OTHER}, {"n": 2, "to": OTHER})
    bench(starter)({"workflowId": "{{ $json.to }}", "wait": False}, named)
    assert [call["workflowId"] for call in starter.calls] == [OTHER]
    for wrong, error in (
        (items({"to": OTHER}, {"to": "another"}), WorkflowCallRefused),
        (items({"to": OTHER}, {}), ParameterInvalid),
        (items({"to": ""}), ParameterInvalid),
        (items({"to": {"__proto__": 1}}), ParameterInvalid),
    ):
        with pytest.raises(error):
            bench(starter)({"workflowId": "{{ $json.to }}", "wait": False}, wrong)
    assert len(starter.calls) == 1


def test_a_value_that_fails_names_its_item_and_starts_nothing() -> None:
    starter = Starter()
    rows = [{"name": "id", "value": "{{ $json.n === 2 ? $json.x.y : 1 }}"}]
    with pytest.raises(ExpressionFailed) as raised:
        bench(starter)({"workflowId": OTHER, "wait": False, "inputs": "fields", "values": rows}, GIVEN)
    assert raised.value.item == 1
    assert starter.calls == []


def test_the_fields_to_fill_in_are_those_that_the_workflow_declares() -> None:
    one = Input("n", "number", description="How many")
    others = [Input("urgent", "boolean", default=False), Input("note", "any", required=False)]
    asked: list[Any] = []

    def ask(*about: Any) -> Any:
        asked.append(about)
        return {"workflowName": "Price", "inputs": [field.to_json() for field in (one, *others)]}

    found = list(inputs_by(asked_for({"workflowId": OTHER}), ask).options)
    assert asked[0][:2] == ({"tenantId": TENANT, "workflowId": ""}, OTHER)
    assert found == [
        Option("n", detail="number, required: How many", required=True),
        Option("urgent", detail="true or false, false by default"),
        Option("note", detail="anything, optional"),
    ]
    refused = {"refused": {"type": "WorkflowNotCallable", "message": "Not published.", "remedy": "Publish it."}}
    with pytest.raises(WorkflowNotCallable):
        inputs_by(asked_for({"workflowId": OTHER}), lambda *_: refused)


def test_a_refusal_names_field_and_item() -> None:
    details = {"field": "n", "item": 1}
    refused = {"refused": {"type": "WorkflowCallRefused", "message": "No.", "remedy": "Do so.", "details": details}}
    with pytest.raises(WorkflowCallRefused) as raised:
        bench(Starter(refused))({"workflowId": OTHER}, GIVEN, taskToken="t")
    assert (raised.value.details, raised.value.item) == (details, 1)


def test_too_many_items_start_nothing() -> None:
    starter = Starter()
    many = items(*({"n": n} for n in range(201)))
    with pytest.raises(WorkflowCallRefused, match=r"201 items .* at most 200"):
        bench(starter)({"workflowId": OTHER, "wait": False, "send": "each"}, many)
    with pytest.raises(WorkflowCallRefused, match=r"201 items .* at most 200"):
        bench(starter)({"workflowId": OTHER, "send": "each"}, many, taskToken="t")
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
