"""Versions, aliases and whole machines that go, as AWS documents it."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.emulator.support import ROLE, Emulator, eventually, messages
from tests.local.emulator.test_states import callback

needs_it = pytest.mark.corrects("states_versions")


class Machine:
    """A machine with versions."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator, self.states = emulator, emulator.client("stepfunctions")
        self.name = f"v-{uuid.uuid4().hex[:8]}"
        self.arn = self.states.create_state_machine(
            name=self.name, definition=passing(0), roleArn=ROLE, publish=True, versionDescription="first"
        )["stateMachineArn"]

    def publish(self, number: int, description: str = "") -> str:
        arn: str = self.states.update_state_machine(
            stateMachineArn=self.arn, definition=passing(number), publish=True, versionDescription=description
        )["stateMachineVersionArn"]
        return arn.removeprefix(self.arn)

    def route(self, *versions: str) -> str:
        routes = [{"stateMachineVersionArn": f"{self.arn}{one}", "weight": 100 // len(versions)} for one in versions]
        arn: str = self.states.create_state_machine_alias(name="live", routingConfiguration=routes)[
            "stateMachineAliasArn"
        ]
        return arn

    def versions(self, **page: Any) -> list[str]:
        found = self.states.list_state_machine_versions(stateMachineArn=self.arn, **page)["stateMachineVersions"]
        return [one["stateMachineVersionArn"].removeprefix(self.arn) for one in found]

    def delete(self, version: str) -> None:
        answer = self.states.delete_state_machine_version(stateMachineVersionArn=f"{self.arn}{version}")
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


def passing(number: int, seconds: int = 0) -> str:
    states: dict[str, Any] = {"S": {"Type": "Pass", "Output": number, "End": True}}
    if seconds:
        states = {"W": {"Type": "Wait", "Seconds": seconds, "End": True}}
    return json.dumps({"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states})


def refused(call: Callable[..., Any], code: str, words: str = "", status: int = 400, **given: Any) -> None:
    with pytest.raises(ClientError) as caught:
        call(**given)
    answer = caught.value.response
    assert (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]) == (code, status)
    assert words in answer["Error"]["Message"]


@pytest.fixture
def machine(emulator: Emulator) -> Machine:
    return Machine(emulator)


def test_a_version_that_was_deleted_is_gone_and_its_number_does_not_come_again(machine: Machine) -> None:
    assert [machine.publish(1), machine.publish(2)] == [":2", ":3"]
    machine.delete(":3")
    machine.delete(":3")  # again: no error
    machine.delete(":99")
    assert machine.versions() == [":2", ":1"]
    start, arn = machine.states.start_execution, f"{machine.arn}:3"
    refused(start, "StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'", stateMachineArn=arn)
    refused(machine.states.describe_state_machine, "StateMachineDoesNotExist", stateMachineArn=arn)
    assert machine.publish(3) == ":4"


@needs_it
def test_a_version_that_an_alias_leads_to_stays_until_the_alias_moves_or_goes(machine: Machine) -> None:
    machine.publish(1)
    alias = machine.route(":1", ":2")
    for version in (":1", ":2"):
        refused(machine.delete, "ConflictException", "referencing this version: [live]", version=version)
    routing = [{"stateMachineVersionArn": f"{machine.arn}:2", "weight": 100}]
    machine.states.update_state_machine_alias(stateMachineAliasArn=alias, routingConfiguration=routing)
    machine.delete(":1")
    machine.states.delete_state_machine_alias(stateMachineAliasArn=alias)
    machine.delete(":2")
    assert machine.versions() == []
    refused(machine.states.start_execution, "StateMachineDoesNotExist", stateMachineArn=alias)
    refused(machine.states.describe_state_machine_alias, "ResourceNotFound", stateMachineAliasArn=alias)


def test_what_runs_on_a_version_goes_on_without_it(machine: Machine) -> None:
    definition = passing(0, seconds=1)
    made = machine.states.update_state_machine(stateMachineArn=machine.arn, definition=definition, publish=True)
    arn = made["stateMachineVersionArn"]
    execution = machine.states.start_execution(stateMachineArn=arn)["executionArn"]
    machine.states.delete_state_machine_version(stateMachineVersionArn=arn)
    assert machine.emulator.ended(execution)["status"] == "SUCCEEDED"
    found = machine.states.describe_state_machine_for_execution(executionArn=execution)
    assert found["definition"] == definition


@needs_it
def test_a_machine_goes_with_its_versions_and_aliases(machine: Machine) -> None:
    states = machine.states
    alias = machine.route(":1")
    for _ in range(2):  # again: no error
        states.delete_state_machine(stateMachineArn=machine.arn)
    for arn in (machine.arn, f"{machine.arn}:1", alias):
        refused(states.describe_state_machine, "StateMachineDoesNotExist", stateMachineArn=arn)
        refused(states.start_execution, "StateMachineDoesNotExist", stateMachineArn=arn)
    for call in (
        states.list_state_machine_versions, states.list_state_machine_aliases, states.publish_state_machine_version,
        states.update_state_machine,
    ):  # fmt: skip
        refused(call, "StateMachineDoesNotExist", stateMachineArn=machine.arn)
    listed = [one["stateMachineArn"] for page in states.get_paginator("list_state_machines").paginate()
              for one in page["stateMachines"]]  # fmt: skip
    assert machine.arn not in listed
    made = states.create_state_machine(name=machine.name, definition=passing(7), roleArn=ROLE)
    assert made["stateMachineArn"] == machine.arn
    assert machine.versions() == []
    assert states.list_state_machine_aliases(stateMachineArn=machine.arn)["stateMachineAliases"] == []


@needs_it
def test_what_runs_on_a_machine_ends_with_it(machine: Machine) -> None:
    url, _ = machine.emulator.queue()
    waits = {"QueryLanguage": "JSONata", "StartAt": "T", "States": {"T": callback(url)}}
    machine.states.update_state_machine(stateMachineArn=machine.arn, definition=json.dumps(waits))
    execution = machine.states.start_execution(stateMachineArn=machine.arn)["executionArn"]
    [token] = messages(machine.emulator, url)
    machine.states.delete_state_machine(stateMachineArn=machine.arn)
    refused(machine.states.describe_execution, "ExecutionDoesNotExist", executionArn=execution)

    def over() -> bool:
        try:
            machine.states.send_task_heartbeat(taskToken=token)
        except ClientError as error:
            return error.response["Error"]["Code"] == "TaskTimedOut"
        return False

    eventually(over, 10)


@needs_it
def test_a_revision_has_one_version(machine: Machine) -> None:
    states = machine.states
    assert [machine.publish(0, "again"), machine.publish(1), machine.publish(1), machine.publish(0)] == [
        ":1", ":2", ":2", ":3",
    ]  # fmt: skip
    revision = states.describe_state_machine(stateMachineArn=machine.arn)["revisionId"]
    states.update_state_machine(stateMachineArn=machine.arn, definition=passing(0))
    assert states.describe_state_machine(stateMachineArn=machine.arn)["revisionId"] == revision
    published = states.publish_state_machine_version(stateMachineArn=machine.arn, revisionId=revision)
    assert published["stateMachineVersionArn"] == f"{machine.arn}:3"
    machine.delete(":3")
    assert machine.publish(0) == ":4"
    assert states.describe_state_machine(stateMachineArn=machine.arn)["revisionId"] == revision
    call = states.publish_state_machine_version
    refused(call, "ConflictException", stateMachineArn=machine.arn, revisionId="another")


@needs_it
def test_versions_are_listed_the_newest_first_in_pages(machine: Machine) -> None:
    for number in range(1, 12):
        machine.publish(number)
    assert machine.versions() == [f":{number}" for number in range(12, 0, -1)]
    pages = machine.states.list_state_machine_versions
    first = pages(stateMachineArn=machine.arn, maxResults=5)
    machine.delete(":8")  # while it is listed: nothing comes twice, nothing is left out
    assert machine.versions(maxResults=5, nextToken=first["nextToken"]) == [":7", ":6", ":5", ":4", ":3"]
    last = pages(stateMachineArn=machine.arn, maxResults=5, nextToken="3")
    assert (len(last["stateMachineVersions"]), "nextToken" in last) == (2, False)
    refused(pages, "InvalidToken", stateMachineArn=machine.arn, nextToken="x")


@needs_it
def test_a_machine_has_a_thousand_versions(machine: Machine) -> None:
    for number in range(1, 1000):
        machine.publish(number)
    refused(machine.publish, "ServiceQuotaExceededException", "1000", 402, number=1000)
    assert machine.publish(999) == ":1000"  # a revision that has one
    found = machine.states.describe_state_machine(stateMachineArn=machine.arn)
    assert found["definition"] == passing(999)  # nothing was changed
    machine.delete(":1")
    assert machine.publish(1000) == ":1001"


@needs_it
@pytest.mark.parametrize("bad", ["nonsense", "arn:aws:states:us-east-1:000000000000:execution:m:e",
                                 "arn:aws:lambda:us-east-1:000000000000:function:f"])  # fmt: skip
def test_what_is_no_arn_is_told_so(machine: Machine, bad: str) -> None:
    states = machine.states
    for call in (
        states.describe_state_machine, states.delete_state_machine, states.list_state_machine_versions,
        states.list_state_machine_aliases, states.publish_state_machine_version,
    ):  # fmt: skip
        refused(call, "InvalidArn", f"Invalid Arn: '{bad}'", stateMachineArn=bad)
    refused(states.delete_state_machine_version, "InvalidArn", stateMachineVersionArn=bad)
    refused(states.delete_state_machine_alias, "InvalidArn", stateMachineAliasArn=bad)
    refused(states.describe_state_machine_alias, "InvalidArn", stateMachineAliasArn=bad)


@needs_it
def test_a_machines_own_arn_is_no_versions_and_words_need_a_version(machine: Machine) -> None:
    delete = machine.states.delete_state_machine_version
    refused(delete, "ValidationException", stateMachineVersionArn=machine.arn)
    update = machine.states.update_state_machine
    refused(update, "ValidationException", "publish", stateMachineArn=machine.arn, versionDescription="x")
    assert machine.versions() == [":1"]
