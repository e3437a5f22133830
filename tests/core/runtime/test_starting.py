"""Starting executions: the history first, then the start; the same start twice is one."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from stepweave.aws import AwsError
from stepweave.runtime.starting import (
    End,
    Launch,
    Start,
    StartFailed,
    StillRunning,
    Target,
    answer_of,
    execution_id_of,
    finish,
    read_end,
    read_error,
    run,
    start,
)
from tests.fakes.steps import TENANT, Outside, context, items

MACHINE = "arn:aws:states:eu-central-1:123456789012:stateMachine:stepweave-local-w-standard:live"


@dataclass
class Machines:
    """Step Functions that remember what was started."""

    answer: dict[str, Any] = field(default_factory=dict)
    failure: AwsError | None = None
    started: list[tuple[str, str, Any]] = field(default_factory=list)

    def start(self, machine_arn: str, name: str, input: str) -> str:
        self.started.append((machine_arn, name, json.loads(input)))
        if self.failure:
            raise self.failure
        return f"arn:started:{name}"

    def start_sync(self, machine_arn: str, name: str, input: str, *, timeout: float) -> dict[str, Any]:
        self.start(machine_arn, name, input)
        return self.answer


@dataclass
class Scene:
    outside: Outside = field(default_factory=Outside)
    machines: Machines = field(default_factory=Machines)

    @property
    def launch(self) -> Launch:
        return Launch(self.outside.send, self.outside.claims, self.machines)


@pytest.fixture
def scene() -> Scene:
    return Scene()


STANDARD = Target(TENANT, "w", "Order triage", 3, MACHINE, "standard", "Europe/Berlin")
EXPRESS = Target(TENANT, "w", "Order triage", 3, MACHINE, "express")


def test_the_history_begins_in_one_message_and_the_machine_gets_the_items(scene: Scene) -> None:
    started = start(
        Start(target=STANDARD, trigger="webhook", node_id="hook", items=items({"a": 1})), launch=scene.launch
    )
    [(arn, name, given)] = scene.machines.started
    assert (arn, name) == (MACHINE, started.execution_id)
    assert given["context"] == started.context
    assert given["context"]["workflowVersion"] == 3
    assert given["context"]["timeZone"] == "Europe/Berlin"
    assert given["trigger"] == {"nodeId": "hook", "output": {"main": {"count": 1, "items": [{"json": {"a": 1}}]}}}
    assert len(scene.outside.bodies) == 1
    begun, node_started, node_done = scene.outside.events
    assert begun["type"] == "execution.started"
    assert begun["trigger"] == {
        "nodeId": "hook",
        "machineType": "standard",
        "executionArn": f"arn:aws:states:eu-central-1:123456789012:execution:stepweave-local-w-standard:{name}",
    }
    assert (node_started["type"], node_done["type"]) == ("node.started", "node.succeeded")
    assert node_done["output"] == given["trigger"]["output"]


def test_large_items_are_stored(scene: Scene) -> None:
    many = items(*({"text": "x" * 1000} for _ in range(100)))
    start(Start(target=STANDARD, trigger="webhook", node_id="hook", items=many), launch=scene.launch)
    batch = scene.machines.started[0][2]["trigger"]["output"]["main"]
    assert "items" not in batch
    assert scene.outside.claims.fetch(batch, TENANT) == many


def test_the_same_start_twice_is_one(scene: Scene) -> None:
    id = execution_id_of("schedule-1", "2026-11-23T09:00:00Z")
    assert id == execution_id_of("schedule-1", "2026-11-23T09:00:00Z")
    assert id != execution_id_of("schedule-1", "2026-11-23T09:01:00Z")
    for _ in range(2):
        started = start(
            Start(target=STANDARD, trigger="schedule", node_id="s", items=items({}), execution_id=id),
            launch=scene.launch,
        )
        scene.machines.failure = AwsError("ExecutionAlreadyExists", "there is one", status=400)
    assert started.execution_arn.endswith(f":execution:stepweave-local-w-standard:{id}")
    ids = [event["id"] for event in scene.outside.events]
    assert ids[:3] == ids[3:]


def test_a_start_that_fails_is_told_as_a_failed_execution(scene: Scene) -> None:
    scene.machines.failure = AwsError("StateMachineDoesNotExist", "no such machine", status=400)
    with pytest.raises(StartFailed) as caught:
        start(Start(target=STANDARD, trigger="manual", node_id="m", items=items({}), mode="draft"), launch=scene.launch)
    assert (caught.value.code, caught.value.retryable) == ("StateMachineDoesNotExist", False)
    ended = scene.outside.events[-1]
    assert ended["type"] == "execution.failed"
    assert "no such machine" in ended["error"]["message"]


def test_an_execution_starts_with_at_least_one_item(scene: Scene) -> None:
    with pytest.raises(ValueError, match="at least one item"):
        start(Start(target=STANDARD, trigger="manual", node_id="m", items=[]), launch=scene.launch)


def test_an_express_execution_gives_its_end(scene: Scene) -> None:
    output = {"response": {"statusCode": 200, "headers": {}, "body": 1}, "last": None}
    scene.machines.answer = {"status": "SUCCEEDED", "output": json.dumps(output), "executionArn": "arn:x"}
    started, end = run(Start(target=EXPRESS, trigger="webhook", node_id="hook", items=items({})), launch=scene.launch)
    assert (started.execution_arn, end.status, end.response) == ("arn:x", "succeeded", output["response"])
    finish(started.context, end, launch=scene.launch)
    told = scene.outside.events[-1]
    assert (told["type"], told["response"]) == ("execution.succeeded", output["response"])
    assert told["id"] == f"{started.execution_id}-ended"


def test_an_express_execution_that_cannot_start_is_told(scene: Scene) -> None:
    scene.machines.failure = AwsError("ThrottlingException", "slow down", retryable=True)
    with pytest.raises(StartFailed) as caught:
        run(Start(target=EXPRESS, trigger="webhook", node_id="hook", items=items({})), launch=scene.launch)
    assert caught.value.retryable
    assert scene.outside.events[-1]["type"] == "execution.failed"


def test_an_express_execution_that_outlasts_the_waiting_goes_on(scene: Scene) -> None:
    scene.machines.failure = AwsError("RequestTimeout", "no answer", retryable=True)
    with pytest.raises(StillRunning) as caught:
        run(
            Start(target=EXPRESS, trigger="webhook", node_id="hook", items=items({}), execution_id="e"),
            launch=scene.launch,
        )
    assert caught.value.execution_id == "e"
    assert "execution.failed" not in [event["type"] for event in scene.outside.events]


CAUSE = json.dumps({"errorMessage": "answered 500", "errorType": "HttpServerError", "stackTrace": ["x"]})


@pytest.mark.parametrize(
    ("error", "cause", "type", "words"),
    [
        ("HttpServerError", CAUSE, "HttpServerError", "answered 500"),
        ("States.Timeout", "", "NodeTimeout", "longer than its time-out"),
        ("Lambda.Unknown", "x", "NodeCrashed", "out of memory"),
        ("States.ExceedToleratedFailureThreshold", "x", "RoundFailed", "A round of a loop failed"),
        ("Lambda.ServiceException", "{}", "StepNotRun", "could not run a step"),
        ("States.DataLimitExceeded", "x", "DataTooLarge", "More data"),
        ("States.Runtime", "Something odd", "States.Runtime", "Something odd"),
        ("Custom", "", "Custom", "failed with Custom"),
    ],
)
def test_errors_of_the_platform_are_put_in_words(error: str, cause: str, type: str, words: str) -> None:
    told = read_error(error, cause)
    assert told["type"] == type
    assert words in told["message"]
    assert told["retryable"] is (type == "StepNotRun")


@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [
        ({"status": "FAILED", "error": "HttpServerError", "cause": CAUSE}, "failed", "HttpServerError"),
        ({"status": "FAILED"}, "failed", "ExecutionFailed"),
        ({"status": "TIMED_OUT"}, "timed_out", "NodeTimeout"),
        ({"status": "ABORTED"}, "cancelled", None),
        ({"status": "SUCCEEDED", "output": None}, "succeeded", None),
        ({"status": "SUCCEEDED", "output": "not json"}, "succeeded", None),
    ],
)
def test_ends_are_read(answer: dict[str, Any], status: str, error: str | None) -> None:
    end = read_end(answer)
    assert end.status == status
    assert (end.error["type"] if end.error else None) == error


def test_a_status_that_is_no_end_is_refused() -> None:
    with pytest.raises(KeyError):
        read_end({"status": "RUNNING"})


def test_failed_and_timed_out_ends_are_told(scene: Scene) -> None:
    for status in ("failed", "timed_out", "cancelled"):
        finish(context(), End(status), launch=scene.launch)
    assert [event["type"] for event in scene.outside.events] == [
        "execution.failed",
        "execution.timed_out",
        "execution.cancelled",
    ]


def test_the_last_nodes_items_answer_a_webhook(scene: Scene) -> None:
    def answer(last: Any, respond: str = "lastNode", response: Any = None) -> Any:
        end = End("succeeded", output={"response": response, "last": last})
        found = answer_of(end, respond, scene.outside.claims, TENANT)
        return found and found["body"]

    one, two = items({"a": 1}), items({"a": 1}, {"a": 2})
    assert answer({"main": {"count": 1, "items": one}}) == {"a": 1}
    assert answer({"main": {"count": 2, "items": two}}) == [{"a": 1}, {"a": 2}]
    assert answer({"main": scene.outside.claims.store(f"{TENANT}/k", two)}) == [{"a": 1}, {"a": 2}]
    assert answer(None) is None
    assert answer({"main": {"count": 1, "items": one}}, "respondNode") is None
    assert answer(None, "respondNode", {"statusCode": 201, "headers": {}, "body": "x"}) == "x"
    assert answer_of(End("failed"), "lastNode", scene.outside.claims, TENANT) is None
