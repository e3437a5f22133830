"""The control plane's boto3 adapters: each call can be repeated, and raises AwsError only."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import ANY, Stubber

from stepweave.aws import AwsError
from stepweave.aws.control import schedules, secrets, state_machines
from stepweave.aws.control.schedules import EventBridgeSchedules
from stepweave.aws.control.state_machines import Published, StepFunctions

ROLE = "arn:aws:iam::123456789012:role/machines"
MACHINE = "arn:aws:states:eu-central-1:123456789012:stateMachine:m"
EXECUTION = "arn:aws:states:eu-central-1:123456789012:execution:m:e"


@pytest.fixture
def stubs(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Stubber]]:
    made: dict[str, Stubber] = {}
    clients: dict[str, Any] = {}
    for name in ("stepfunctions", "scheduler", "secretsmanager"):
        clients[name] = boto3.client(
            name,
            region_name="eu-central-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        made[name] = Stubber(clients[name])
        made[name].activate()
    for module in (schedules, secrets, state_machines):
        monkeypatch.setattr(module, "client", clients.__getitem__)
    yield made
    for stub in made.values():
        stub.assert_no_pending_responses()
        stub.client.close()


def test_a_machine_is_made_and_published_at_once(stubs: dict[str, Stubber]) -> None:
    expected = {
        "name": "m",
        "definition": "{}",
        "roleArn": ROLE,
        "type": "EXPRESS",
        "publish": True,
        "versionDescription": "h",
    }
    answer = {"stateMachineArn": MACHINE, "stateMachineVersionArn": f"{MACHINE}:1", "creationDate": 0}
    stubs["stepfunctions"].add_response("create_state_machine", answer, expected)
    assert StepFunctions(ROLE).publish("m", "express", "{}", "h") == Published(MACHINE, f"{MACHINE}:1")


def test_a_machine_that_is_there_gets_a_new_version(stubs: dict[str, Stubber]) -> None:
    stub = stubs["stepfunctions"]
    stub.add_client_error("create_state_machine", "StateMachineAlreadyExists")
    expected = {
        "stateMachineArn": MACHINE,
        "definition": "{}",
        "roleArn": ROLE,
        "publish": True,
        "versionDescription": "h",
    }
    answer = {"updateDate": 0, "stateMachineVersionArn": f"{MACHINE}:2"}
    stub.add_response("update_state_machine", answer, expected)
    assert StepFunctions(ROLE).publish("m", "standard", "{}", "h") == Published(MACHINE, f"{MACHINE}:2")


def test_live_moves_and_is_made_where_it_is_not_there(stubs: dict[str, Stubber]) -> None:
    stub, routing = stubs["stepfunctions"], [{"stateMachineVersionArn": f"{MACHINE}:2", "weight": 100}]
    moved = {"stateMachineAliasArn": f"{MACHINE}:live", "routingConfiguration": routing}
    stub.add_response("update_state_machine_alias", {"updateDate": 0}, moved)
    stub.add_client_error("update_state_machine_alias", "ResourceNotFound")
    made = {"name": "live", "routingConfiguration": routing}
    stub.add_response(
        "create_state_machine_alias", {"stateMachineAliasArn": f"{MACHINE}:live", "creationDate": 0}, made
    )
    for _ in range(2):
        assert StepFunctions(ROLE).point(MACHINE, f"{MACHINE}:2") == f"{MACHINE}:live"


def test_stopping_and_asking_whether_it_answers(stubs: dict[str, Stubber]) -> None:
    stub = stubs["stepfunctions"]
    stub.add_response(
        "stop_execution", {"stopDate": 0}, {"executionArn": EXECUTION, "error": "Cancelled", "cause": ANY}
    )
    stub.add_response("list_state_machines", {"stateMachines": []}, {"maxResults": 1})
    StepFunctions(ROLE).stop(EXECUTION)
    StepFunctions(ROLE).check()


def test_a_schedule_is_made_or_changed_with_its_due_time(stubs: dict[str, Stubber]) -> None:
    stub = stubs["scheduler"]
    about = {
        "Name": "s",
        "GroupName": "g",
        "ScheduleExpression": "rate(5 minutes)",
        "ScheduleExpressionTimezone": "Europe/Berlin",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "State": "ENABLED",
        "Target": {
            "Arn": "starter",
            "RoleArn": ROLE,
            "Input": json.dumps({"scheduleId": "s", "scheduledTime": "<aws.scheduler.scheduled-time>"}),
            "RetryPolicy": ANY,
        },
    }
    stub.add_client_error("create_schedule", "ConflictException", expected_params=about)
    stub.add_response("update_schedule", {"ScheduleArn": "arn:aws:scheduler:::schedule/g/s"}, about)
    group = EventBridgeSchedules("g", ROLE, "starter")
    group.put("s", "rate(5 minutes)", "Europe/Berlin", {"scheduleId": "s"})


def test_removing_a_schedule_that_is_gone_is_fine(stubs: dict[str, Stubber]) -> None:
    stub = stubs["scheduler"]
    stub.add_response("delete_schedule", {}, {"Name": "s", "GroupName": "g"})
    stub.add_client_error("delete_schedule", "ResourceNotFoundException")
    for _ in range(2):
        EventBridgeSchedules("g", ROLE, "starter").delete("s")


def test_a_secret_is_read(stubs: dict[str, Stubber]) -> None:
    answer = {"SecretString": "hush"}
    stubs["secretsmanager"].add_response("get_secret_value", answer, {"SecretId": "arn:secret:1234567890"})
    assert secrets.read_secret("arn:secret:1234567890") == "hush"


@pytest.mark.parametrize(
    ("code", "status", "retryable"),
    [("ThrottlingException", 400, True), ("InvalidDefinition", 400, False), ("X", 503, True)],
)
def test_refusals_are_aws_errors(stubs: dict[str, Stubber], code: str, status: int, retryable: bool) -> None:
    stubs["stepfunctions"].add_client_error("create_state_machine", code, "the service's words", status)
    with pytest.raises(AwsError, match="the service's words") as caught:
        StepFunctions(ROLE).publish("m", "standard", "{}", "h")
    assert (caught.value.code, caught.value.retryable) == (code, retryable)


def test_no_answer_is_an_aws_error_that_may_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(_: str) -> Any:
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1")

    monkeypatch.setattr(state_machines, "client", silent)
    with pytest.raises(AwsError) as caught:
        StepFunctions(ROLE).check()
    assert (caught.value.code, caught.value.retryable) == ("ConnectionFailed", True)
