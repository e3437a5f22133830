"""Steps that make error items of a failure, and steps that leave that to the machine."""

import json
from typing import Any

import pytest

from functions.nodes.flow.wait.run import run as run_wait
from functions.nodes.flow.wait.spec import SPEC as WAIT
from stepweave.model.items import BinaryRef, Item
from stepweave.runtime import Step
from stepweave.runtime.ending import failed_node, read_error
from stepweave.runtime.errors import NodeCrashed, NodeError, ParameterInvalid, in_words
from stepweave.runtime.http_errors import HttpClientError, HttpServerError
from tests.core.compiler.posting import SPEC, Params
from tests.fakes.catalogue import SPECS
from tests.fakes.steps import TENANT, Bench, items

ASKS = next(spec for spec in SPECS if spec.type == "asks")
FAILURE = {"error": "ChildFailed", "port": "error"}
CAUSE = {
    "errorType": "ChildFailed",
    "errorMessage": "The workflow 'kid' failed: no stock",
    "remedy": "Open it.",
    "details": {"executionId": "x"},
}


def never(step: Step[Params]) -> dict[str, list[Item]]:
    raise AssertionError("a node's behaviour makes no error items")


def test_error_items_keep_fields_and_files_and_say_what_failed_in_words() -> None:
    bench = Bench(SPEC, never)
    file: BinaryRef = {"bucket": "data", "key": f"{TENANT}/f", "size": 1, "sha256": "0", "mimeType": "text/plain"}
    given: list[Item] = [{"json": {"id": 2}, "binary": {"file": file}}, {"json": {"id": 3}}]
    failure = {**FAILURE, "cause": json.dumps(CAUSE)}
    result = bench({}, given, phase="failed", failure=failure, settings={"onError": "branch"})
    error = {
        "type": "ChildFailed",
        "message": "The workflow 'kid' failed: no stock",
        "retryable": False,
        "remedy": "Open it.",
        "details": {"executionId": "x"},
    }
    assert result["output"] == {
        "error": {
            "count": 2,
            "items": [
                {"json": {"id": 2, "error": error}, "binary": {"file": file}},
                {"json": {"id": 3, "error": error}},
            ],
        }
    }
    assert [event["type"] for event in bench.outside.events] == ["node.log", "node.succeeded"]


def test_what_waits_too_long_is_told_as_such() -> None:
    failure = {"error": "States.Timeout", "cause": "", "port": "main", "waits": True}
    found = Bench(ASKS, never).json({}, items({"id": 1}), phase="failed", failure=failure)
    assert found[0]["error"]["message"] == "What the node waits for did not come within the time it may wait."


@pytest.mark.parametrize("on_error", ["continue", "branch"])
@pytest.mark.parametrize(
    ("params", "more"),
    [
        ({"mode": "until", "until": "soon"}, {"phase": "wait"}),
        ({"mode": "callback", "limitSeconds": "many"}, {"taskToken": "t"}),
    ],
)
def test_a_state_that_must_be_answered_fails_and_is_told_of_later(
    params: dict[str, Any], more: dict[str, Any], on_error: str
) -> None:
    bench = Bench(WAIT, run_wait)
    with pytest.raises((ParameterInvalid, NodeCrashed)):
        bench(params, items({"id": 1}), settings={"onError": on_error}, **more)
    assert [event["type"] for event in bench.outside.events] == ["node.started"]


def test_a_node_that_does_not_wait_though_its_state_does_is_a_failure() -> None:
    def forgets(step: Step[Params]) -> dict[str, list[Item]]:
        return {"main": step.items()}

    with pytest.raises(NodeCrashed, match="did not wait for an answer"):
        Bench(ASKS, forgets)({}, items({"id": 1}), taskToken="t")


def test_errors_reach_the_end_of_an_execution_with_remedy_and_details() -> None:
    error = HttpClientError("404 from x", "Look at the URL.", details={"status": 404}, item=2)
    cause = json.dumps({"errorType": "HttpClientError", "errorMessage": in_words(error), "stackTrace": []})
    assert read_error("HttpClientError", cause) == {
        "type": "HttpClientError",
        "message": "404 from x",
        "retryable": False,
        "remedy": "Look at the URL.",
        "item": 2,
        "details": {"status": 404},
    }


def test_a_failure_names_the_node_that_failed_where_that_is_another_one() -> None:
    error = HttpClientError("404 from x")
    for id, named in (("other", {"id": "other", "name": "Other"}), ("n1", None)):
        words = in_words(error, {"id": id, "name": "Other", "type": "http_request", "version": 1})
        cause = json.dumps({"errorType": "HttpClientError", "errorMessage": words})
        failure = {"error": "HttpClientError", "cause": cause, "port": "error"}
        bench = Bench(SPEC, never)
        result = bench({}, items({"id": 1}), phase="failed", failure=failure, settings={"onError": "branch"})
        assert result["output"]["error"]["items"][0]["json"]["error"].get("node") == named
    nested = {"ExecutionArn": "arn", "Status": "FAILED", "Error": "HttpClientError", "Cause": cause}
    assert failed_node(json.dumps(nested)) == {"id": "n1", "name": "Other"}
    assert failed_node("Task timed out") is None


@pytest.mark.parametrize(("error", "retryable"), [(HttpServerError("503"), True), (HttpClientError("404"), False)])
def test_an_error_says_whether_the_step_may_succeed_later_whoever_makes_the_item(
    error: NodeError, retryable: bool
) -> None:
    name = type(error).__name__
    cause = json.dumps({"errorType": name, "errorMessage": in_words(error)})
    nested = json.dumps({"ExecutionArn": "arn", "Status": "FAILED", "Error": name, "Cause": cause})
    for told in (error.to_json(), read_error(name, cause), read_error("States.TaskFailed", nested)):
        assert told["retryable"] is retryable


def test_what_is_too_long_for_a_cause_loses_its_details() -> None:
    long = in_words(HttpClientError("404" * 10_000, details={"body": "x" * 40_000}))
    assert len(long) < 30_000
    assert json.loads(long)["message"].startswith("404404")


def test_the_end_of_a_nested_machine_is_told_as_what_failed_in_it() -> None:
    cause = {"ExecutionArn": "arn", "Status": "FAILED", "Error": "ChildFailed", "Cause": json.dumps(CAUSE)}
    assert read_error("States.TaskFailed", json.dumps(cause))["message"] == "The workflow 'kid' failed: no stock"
