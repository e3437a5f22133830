"""How executions end that nobody waits for: the status function hears of it, the sweeper finds it out."""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.system.status.ending import ends_of
from functions.system.sweeper.sweeping import EXPRESS_AGE, STANDARD_AGE, UNKNOWN_AGE, Sweeper
from stepweave.aws import AwsError
from stepweave.model.events import Event
from stepweave_data.history.store import History
from stepweave_data.link import Link
from tests.fakes.steps import Outside
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.messages import FAILED, STARTED, SUCCEEDED, batch, context_of, node, rows, started

ARN = "arn:aws:states:us-east-1:000000000000:execution:m:e"


def change(tenant: Tenant, status: str, **detail: Any) -> dict[str, Any]:
    return {"status": status, "input": json.dumps({"context": context_of(tenant), "trigger": {}}), **detail}


@pytest.mark.parametrize(
    ("status", "detail", "expected"),
    [
        ("SUCCEEDED", {"output": '{"response": null, "last": null}'}, {"type": "execution.succeeded"}),
        ("SUCCEEDED", {"output": None, "outputDetails": {"included": False}}, {"type": "execution.succeeded"}),
        (
            "SUCCEEDED",
            {"output": '{"response": {"statusCode": 200, "headers": {}, "body": 1}, "last": null}'},
            {"type": "execution.succeeded", "response": {"statusCode": 200, "headers": {}, "body": 1}},
        ),
        (
            "FAILED",
            {
                "error": "HttpServerError",
                "cause": '{"errorMessage": "502", "errorType": "HttpServerError", "stackTrace": []}',
            },
            {"type": "execution.failed", "error": {"type": "HttpServerError", "message": "502", "retryable": False}},
        ),
        (
            "FAILED",
            {"error": "Stopped", "cause": "plain words"},
            {"type": "execution.failed", "error": {"type": "Stopped", "message": "plain words", "retryable": False}},
        ),
        ("ABORTED", {}, {"type": "execution.cancelled"}),
    ],
)
def test_a_status_change_becomes_the_end_of_its_execution(
    tenants: tuple[Tenant, Tenant], status: str, detail: dict[str, Any], expected: dict[str, Any]
) -> None:
    found = ends_of(change(tenants[0], status, **detail))
    assert found is not None
    context, (end,) = found
    assert end["id"] == f"{context['executionId']}-ended"
    assert {key: value for key, value in end.items() if key not in ("id", "at")} == expected


def test_a_time_out_names_itself(tenants: tuple[Tenant, Tenant]) -> None:
    found = ends_of(change(tenants[0], "TIMED_OUT"))
    assert found is not None
    (end,) = found[1]
    assert end["type"] == "execution.timed_out"
    assert end["error"]["message"]


def test_an_end_tells_of_nodes_that_ran_without_a_function(tenants: tuple[Tenant, Tenant]) -> None:
    output = {"response": None, "last": None, "native": [{"id": "pass", "output": {"main": {"count": 0, "items": []}}}]}
    found = ends_of(change(tenants[0], "SUCCEEDED", output=json.dumps(output)))
    assert found is not None
    context, (told, end) = found
    assert (told["id"], told["type"]) == (f"{context['executionId']}-pass-native-", "node.succeeded")
    assert (told["nodeId"], told["native"], told["output"]) == ("pass", True, {"main": {"count": 0, "items": []}})
    assert end["type"] == "execution.succeeded"


def test_an_end_tells_which_node_stopped_it_without_a_function(tenants: tuple[Tenant, Tenant]) -> None:
    cause = json.dumps({"errorType": "StoppedByWorkflow", "errorMessage": "No customer.", "nodeId": "stop"})
    found = ends_of(change(tenants[0], "FAILED", error="StoppedByWorkflow", cause=cause))
    assert found is not None
    failed, end = found[1]
    error = {"type": "StoppedByWorkflow", "message": "No customer.", "retryable": False}
    assert (failed["type"], failed["nodeId"], failed["error"]) == ("node.failed", "stop", error)
    assert (end["type"], end["error"]) == ("execution.failed", error)


@pytest.mark.parametrize(
    "detail",
    [
        {"status": "SUCCEEDED", "input": '{"someone": "else"}'},
        {"status": "SUCCEEDED", "input": None, "inputDetails": {"included": False}},
        {"status": "FAILED", "input": "[]"},
        {"status": "FAILED", "input": "{"},
        {"status": "FAILED"},
    ],
)
def test_what_is_not_ours_is_left_alone(detail: dict[str, Any]) -> None:
    assert ends_of(detail) is None


def test_a_start_is_no_end(tenants: tuple[Tenant, Tenant]) -> None:
    assert ends_of(change(tenants[0], "RUNNING")) is None


class Stage:
    """Executions that were told of, and what Step Functions says of them."""

    def __init__(self, databases: Databases, tenant: Tenant) -> None:
        self.tenant, self.outside = tenant, Outside()
        self.history, self.link = History(databases.app), Link(databases.app)
        self.answer: dict[str, Any] | AwsError = {"status": "RUNNING"}
        self.started_at = datetime.now(UTC)
        rows(databases, "UPDATE executions SET status = 'succeeded' WHERE status IN ('queued', 'running') RETURNING id")

    def close(self) -> None:
        self.history.close()
        self.link.close()

    def begin(self, machine: str, *events: Event, arn: str | None = ARN) -> str:
        context = context_of(self.tenant, startedAt=self.started_at.isoformat())
        trigger: dict[str, Any] = {"machineType": machine, **({"executionArn": arn} if arn else {})}
        self.history.record(str(self.tenant.id), [batch(context, started(context, **trigger), *events)])
        return context["executionId"]

    def describe(self, arn: str) -> dict[str, Any]:
        if isinstance(self.answer, AwsError):
            raise self.answer
        return self.answer

    def sweep(self, age: timedelta) -> dict[str, tuple[str, str | None]]:
        """Sweep when executions have `age`; return the end of each that was told: type and error."""
        self.outside.bodies.clear()
        told = Sweeper(self.link, self.describe, self.outside.send).sweep(self.started_at + age)
        ends = {}
        for body in self.outside.bodies:
            content = json.loads(body)
            (end,) = content["events"]
            ends[content["context"]["executionId"]] = (end["type"], end.get("error", {}).get("type"))
        assert len(ends) == told
        return ends


@pytest.fixture
def stage(databases: Databases, tenants: tuple[Tenant, Tenant]) -> Iterator[Stage]:
    made = Stage(databases, tenants[0])
    yield made
    made.close()


LATER = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("answer", "end"),
    [
        ({"status": "SUCCEEDED", "output": "{}"}, ("execution.succeeded", None)),
        ({"status": "FAILED", "error": "EmailRefused", "cause": "550"}, ("execution.failed", "EmailRefused")),
        ({"status": "ABORTED"}, ("execution.cancelled", None)),
        ({"status": "TIMED_OUT"}, ("execution.timed_out", "NodeTimeout")),
        (AwsError("ExecutionDoesNotExist", "gone"), ("execution.failed", "NeverStarted")),
    ],
)
def test_a_standard_execution_ends_as_step_functions_says(
    stage: Stage, answer: dict[str, Any] | AwsError, end: tuple[str, str | None]
) -> None:
    id = stage.begin("standard")
    stage.answer = answer
    assert stage.sweep(STANDARD_AGE - LATER) == {}
    assert stage.sweep(STANDARD_AGE + LATER) == {id: end}


@pytest.mark.parametrize("answer", [{"status": "RUNNING"}, AwsError("ThrottlingException", "slow", retryable=True)])
def test_one_that_runs_or_cannot_be_asked_about_stays_open(stage: Stage, answer: dict[str, Any] | AwsError) -> None:
    stage.begin("standard")
    stage.answer = answer
    assert stage.sweep(timedelta(days=2)) == {}


def test_one_that_may_have_its_start_still_in_the_queue_is_given_time(stage: Stage) -> None:
    id = stage.begin("standard", arn=None)
    assert stage.sweep(UNKNOWN_AGE - LATER) == {}
    assert stage.sweep(UNKNOWN_AGE + LATER) == {id: ("execution.failed", "NeverStarted")}


def test_express_executions_end_as_their_steps_say(stage: Stage) -> None:
    error = {"type": "HttpServerError", "message": "502", "retryable": False}
    failed = stage.begin("express", node(SUCCEEDED, "a"), node(FAILED, "b", error=error))
    hung = stage.begin("express", node(SUCCEEDED, "a"), node(STARTED, "b"))
    early, late = ("2026-11-23T12:00:01.000Z", "2026-11-23T12:00:02.000Z")
    went_on: list[Event] = [{**node(FAILED, "a", error=error), "at": early}, {**node(SUCCEEDED, "b"), "at": late}]
    silent = stage.begin("express", *went_on)
    bare = stage.begin("express")
    assert stage.sweep(EXPRESS_AGE - LATER) == {}
    assert stage.sweep(EXPRESS_AGE + LATER) == {
        failed: ("execution.failed", "HttpServerError"),
        hung: ("execution.timed_out", "NeverReported"),
        silent: ("execution.failed", "NeverReported"),
        bare: ("execution.failed", "NeverStarted"),
    }


def test_what_the_sweeper_tells_ends_the_execution_once(stage: Stage, databases: Databases) -> None:
    id = stage.begin("express", node(STARTED, "b"))
    stage.sweep(EXPRESS_AGE + LATER)
    stage.history.record(str(stage.tenant.id), [json.loads(stage.outside.bodies[0])])
    assert stage.sweep(EXPRESS_AGE + LATER) == {}
    assert rows(databases, "SELECT status FROM executions WHERE id = %s", uuid.UUID(id)) == [("timed_out",)]
    assert rows(databases, "SELECT status FROM node_runs WHERE execution_id = %s", uuid.UUID(id)) == [("failed",)]
