"""The control plane's boto3 adapters: each call can be repeated, and raises AwsError only.

moto stands in for AWS. It cannot move an alias (UpdateStateMachineAlias), an update gets no version of its own, and it
cannot be asked to refuse: for those Step Functions is botocore's Stubber, which checks each call and answer by the
service's own model.
"""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import ANY, Stubber

from stepweave.aws import AwsError
from stepweave.aws.control import erasing, state_machines
from stepweave.aws.control.schedules import EventBridgeSchedules
from stepweave.aws.control.state_machines import Published, StepFunctions
from tests.fixtures.moto_server import Boto

ROLE = "arn:aws:iam::123456789012:role/machines"
PASS = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'
MACHINE = "arn:aws:states:eu-central-1:123456789012:stateMachine:m"
EXECUTION = "arn:aws:states:eu-central-1:123456789012:execution:m:e"


@pytest.fixture
def stubs(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Stubber]]:
    made: dict[str, Stubber] = {}
    clients: dict[str, Any] = {}
    for name in ("stepfunctions",):
        clients[name] = boto3.client(
            name,
            region_name="eu-central-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        made[name] = Stubber(clients[name])
        made[name].activate()
    for module in (state_machines, erasing):
        monkeypatch.setattr(module, "client", clients.__getitem__)
    yield made
    for stub in made.values():
        stub.assert_no_pending_responses()
        stub.client.close()


def test_a_machine_is_made_and_published_at_once(on_moto: Boto) -> None:
    made = StepFunctions(ROLE).publish("m1", "express", PASS, "h1")
    assert made.version_arn == f"{made.state_machine_arn}:1"
    found = on_moto("stepfunctions").describe_state_machine(stateMachineArn=made.state_machine_arn)
    assert (found["type"], found["definition"], found["roleArn"]) == ("EXPRESS", PASS, ROLE)


@pytest.mark.parametrize("late", [False, True], ids=["is there", "made meanwhile"])
def test_a_machine_that_is_there_gets_a_new_version(stubs: dict[str, Stubber], late: bool) -> None:
    stub = stubs["stepfunctions"]
    if late:
        stub.add_client_error("update_state_machine", "StateMachineDoesNotExist")
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


@pytest.mark.parametrize("code", ["", "ResourceNotFound"], ids=["there", "gone"])
def test_versions_aliases_and_machines_are_deleted(stubs: dict[str, Stubber], code: str) -> None:
    stub = stubs["stepfunctions"]
    stub.add_response("delete_state_machine_version", {}, {"stateMachineVersionArn": f"{MACHINE}:2"})
    if code:
        stub.add_client_error("delete_state_machine_alias", code)
    else:
        stub.add_response("delete_state_machine_alias", {}, {"stateMachineAliasArn": f"{MACHINE}:live"})
    stub.add_response("delete_state_machine", {}, {"stateMachineArn": MACHINE})
    erasing.delete_version(f"{MACHINE}:2")
    erasing.delete_alias(f"{MACHINE}:live")
    erasing.delete_machine(MACHINE)
    stub.add_client_error("delete_state_machine_version", "ConflictException", "an alias leads to it", 409)
    with pytest.raises(AwsError, match="an alias leads to it") as caught:
        erasing.delete_version(f"{MACHINE}:2")
    assert (caught.value.code, caught.value.retryable) == ("ConflictException", False)


def test_stopping_and_asking_whether_it_answers(stubs: dict[str, Stubber]) -> None:
    stub = stubs["stepfunctions"]
    stub.add_response(
        "stop_execution", {"stopDate": 0}, {"executionArn": EXECUTION, "error": "Cancelled", "cause": ANY}
    )
    stub.add_response("list_state_machines", {"stateMachines": []}, {"maxResults": 1})
    StepFunctions(ROLE).stop(EXECUTION)
    StepFunctions(ROLE).check()


def test_a_schedule_is_made_or_changed_with_its_due_time_and_removed(on_moto: Boto) -> None:
    scheduler = on_moto("scheduler")
    scheduler.create_schedule_group(Name="g")
    group = EventBridgeSchedules("g", ROLE, "arn:aws:lambda:eu-central-1:123456789012:function:starter")
    group.put("s", "rate(5 minutes)", "Europe/Berlin", {"scheduleId": "s"})
    group.put("s", "rate(6 minutes)", "UTC", {"scheduleId": "s"}, enabled=False)
    found = scheduler.get_schedule(GroupName="g", Name="s")
    about = (found["ScheduleExpression"], found["ScheduleExpressionTimezone"], found["State"])
    assert about == ("rate(6 minutes)", "UTC", "DISABLED")
    given = {"scheduleId": "s", "scheduledTime": "<aws.scheduler.scheduled-time>"}
    assert json.loads(found["Target"]["Input"]) == given
    assert (found["Target"]["Arn"], found["Target"]["RoleArn"]) == (group.starter_arn, ROLE)
    for _ in range(2):
        group.delete("s")
    assert scheduler.list_schedules(GroupName="g")["Schedules"] == []


@pytest.mark.parametrize(
    ("code", "status", "retryable"),
    [("ThrottlingException", 400, True), ("InvalidDefinition", 400, False), ("X", 503, True)],
)
def test_refusals_are_aws_errors(stubs: dict[str, Stubber], code: str, status: int, retryable: bool) -> None:
    stubs["stepfunctions"].add_client_error("update_state_machine", code, "the service's words", status)
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
