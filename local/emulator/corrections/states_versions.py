"""Step Functions: state machines, versions and aliases that go, and how many there may be."""

import json
import re
from collections.abc import Callable
from typing import Any

from ministack.services import stepfunctions

from local.emulator.registry import correction
from local.emulator.running import Json
from local.emulator.states.answers import Response, accepted, refusal

VERSIONS = 1000
PAGE = 100
MACHINE = re.compile(r"arn:[a-z-]+:states:[a-z0-9-]+:\d{12}:stateMachine:[^:\s/]+(:[^:\s]+|/[^:\s]+)?")
NAMED = {
    "DescribeStateMachine": "stateMachineArn",
    "DeleteStateMachine": "stateMachineArn",
    "UpdateStateMachine": "stateMachineArn",
    "ListStateMachineVersions": "stateMachineArn",
    "ListStateMachineAliases": "stateMachineArn",
    "PublishStateMachineVersion": "stateMachineArn",
    "DeleteStateMachineVersion": "stateMachineVersionArn",
    "DescribeStateMachineAlias": "stateMachineAliasArn",
    "UpdateStateMachineAlias": "stateMachineAliasArn",
    "DeleteStateMachineAlias": "stateMachineAliasArn",
}
"""Operations that name one machine, version or alias, and the field that does."""


@correction
def states_versions() -> None:
    """Delete versions and machines, and count and list versions, as AWS does.

    AWS: a version that an alias leads to is not deleted (`ConflictException`), one that is gone is no error, and its
    number does not come again; a machine goes with its versions and aliases, ends what runs on it, and deleting it
    again is no error; a revision has one version, so publishing what has not changed gives the version there is; a
    machine has 1,000 (`ServiceQuotaExceededException`, 402); versions are listed the newest first, in pages; what is
    no ARN is `InvalidArn`, and a machine that is not there `StateMachineDoesNotExist`.

    Replaces `stepfunctions._delete_state_machine` (626), which refuses the second time, leaves versions and aliases
    to the next machine of that name and lets executions run; `_delete_state_machine_version` (5632), which takes any
    text; `_list_state_machine_versions` (5655), which cuts the list and tells of no next page, and lists those of a
    second in any order; what `_update_state_machine` (701) and `_publish_state_machine_version` (5569) do about
    revisions. Around `handle_request` stand the checks of ARNs.

    Delete when MiniStack passes tests/local/emulator/test_states_versions.py by itself.
    """
    stepfunctions._delete_state_machine = delete_machine
    stepfunctions._delete_state_machine_version = delete_version
    stepfunctions._list_state_machine_versions = list_versions
    stepfunctions._update_state_machine = updating(stepfunctions._update_state_machine)
    stepfunctions._publish_state_machine_version = publishing(stepfunctions._publish_state_machine_version)
    stepfunctions._create_state_machine = creating(stepfunctions._create_state_machine)
    original = stepfunctions.handle_request

    async def handle(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        field = NAMED.get(headers.get("x-amz-target", "").rpartition(".")[2])
        problem = wrong_arn(field, body) if field else None
        return problem or await original(method, path, headers, body, query)

    stepfunctions.handle_request = handle


def wrong_arn(field: str, body: bytes) -> Response | None:
    """The refusal of a request whose ARN is none, or names no machine. JSON that does not parse is MiniStack's."""
    try:
        arn = json.loads(body or b"{}").get(field)
    except (ValueError, AttributeError):
        return None
    if not isinstance(arn, str) or not arn:
        words = f"1 validation error detected: '{field}' failed to satisfy constraint: Member must not be null"
        return refusal("ValidationException", words)
    found = MACHINE.fullmatch(arn)
    if found is None:
        return refusal("InvalidArn", f"Invalid Arn: '{arn}'")
    if field != "stateMachineArn" and not found[1]:
        return refusal("ValidationException", f"The {field} is not that of a version or an alias: '{arn}'")
    return None


def delete_machine(data: Json) -> Response:
    """DeleteStateMachine. Executions end at once; on AWS with their next transition."""
    arn = data["stateMachineArn"]
    for store, field in (
        (stepfunctions._state_machine_versions, "stateMachineVersionArn"),
        (stepfunctions._state_machine_aliases, "stateMachineAliasArn"),
    ):
        for one in [one[field] for one in store.values() if one[field].rpartition(":")[0] == arn]:
            store.pop(one, None)
    for execution in [one for one in stepfunctions._executions.values() if one.get("stateMachineArn") == arn]:
        if execution["status"] == "RUNNING":
            stepfunctions._stop_execution({"executionArn": execution["executionArn"]})
        stepfunctions._executions.pop(execution["executionArn"], None)
    stepfunctions._tags.pop(arn, None)
    stepfunctions._state_machines.pop(arn, None)
    return accepted({})


def delete_version(data: Json) -> Response:
    """DeleteStateMachineVersion. What runs on it goes on."""
    arn = data["stateMachineVersionArn"]
    routed = [
        alias["name"]
        for alias in stepfunctions._state_machine_aliases.values()
        if any(route["stateMachineVersionArn"] == arn for route in alias["routingConfiguration"])
    ]
    if routed:
        words = (
            "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version"
        )
        return refusal("ConflictException", f"{words}: [{', '.join(sorted(routed))}]")
    stepfunctions._state_machine_versions.pop(arn, None)
    return accepted({})


def list_versions(data: Json) -> Response:
    """ListStateMachineVersions."""
    arn = data["stateMachineArn"]
    if arn not in stepfunctions._state_machines:
        return unknown(arn)
    token, most = data.get("nextToken"), data.get("maxResults") or PAGE
    if token is not None and not str(token).isdigit():
        return refusal("InvalidToken", f"Invalid Token: '{token}'")
    numbers = sorted((number_of(one) for one in versions_of(arn)), reverse=True)
    rest = [number for number in numbers if token is None or number < int(token)]
    page = [stepfunctions._state_machine_versions[f"{arn}:{number}"] for number in rest[:most]]
    answer: Json = {
        "stateMachineVersions": [
            {name: one[name] for name in ("stateMachineVersionArn", "creationDate")} for one in page
        ]
    }
    if len(rest) > most:
        answer["nextToken"] = str(rest[most - 1])
    return accepted(answer)


def updating(original: Callable[[Json], Any]) -> Callable[[Json], Any]:
    """UpdateStateMachine: what changes nothing is the revision there was, which has one version at most."""

    def update(data: Json) -> Any:
        machine = stepfunctions._state_machines.get(data["stateMachineArn"])
        if machine is None:
            return unknown(data["stateMachineArn"])
        if problem := wrong_note(data):
            return problem
        known = published(machine) if is_same(machine, data) else None
        if data.get("publish") and known is None and is_full(machine):
            return full(machine)
        former = machine["revisionId"]
        unchanged = is_same(machine, data)
        answer = original({**data, "publish": False} if known is not None else data)
        if unchanged and answer[0] == 200:
            machine["revisionId"] = former
            for one in versions_of(machine["stateMachineArn"]):
                if number_of(one) == machine["lastVersionNumber"] and data.get("publish") and known is None:
                    one["stateMachineRevisionId"] = former
        if known is None or answer[0] != 200 or not data.get("publish"):
            return answer
        told = json.loads(answer[2])
        return accepted({**told, "revisionId": former, "stateMachineVersionArn": known["stateMachineVersionArn"]})

    return update


def publishing(original: Callable[[Json], Any]) -> Callable[[Json], Any]:
    """PublishStateMachineVersion: a revision that has a version gets no second one."""

    def publish(data: Json) -> Any:
        machine = stepfunctions._state_machines.get(data["stateMachineArn"])
        if machine is None:
            return unknown(data["stateMachineArn"])
        known = published(machine)
        if known is not None and data.get("revisionId") in (None, machine["revisionId"]):
            return accepted({name: known[name] for name in ("stateMachineVersionArn", "creationDate")})
        return full(machine) if is_full(machine) else original(data)

    return publish


def creating(original: Callable[[Json], Any]) -> Callable[[Json], Any]:
    """CreateStateMachine: words about a version need one."""
    return lambda data: wrong_note(data) or original(data)


def wrong_note(data: Json) -> Response | None:
    """The refusal of words about a version where none is published."""
    if data.get("versionDescription") and not data.get("publish"):
        return refusal("ValidationException", "Version description can only be set when publish is true")
    return None


def is_same(machine: Json, data: Json) -> bool:
    """Whether an update changes nothing of a machine."""
    fields = ("definition", "roleArn", "loggingConfiguration", "encryptionConfiguration")
    return all(data.get(name) in (None, machine.get(name)) for name in fields)


def published(machine: Json) -> Json | None:
    """The version of a machine's revision, if it has one."""
    of = versions_of(machine["stateMachineArn"])
    return next((one for one in of if one["stateMachineRevisionId"] == machine["revisionId"]), None)


def versions_of(arn: str) -> list[Json]:
    """The versions of a machine."""
    return [one for one in stepfunctions._state_machine_versions.values() if one["stateMachineArn"] == arn]


def number_of(version: Json) -> int:
    """The number of a version."""
    return int(version["stateMachineVersionArn"].rpartition(":")[2])


def is_full(machine: Json) -> bool:
    """Whether a machine has all the versions that it may have."""
    return len(versions_of(machine["stateMachineArn"])) >= VERSIONS


def full(machine: Json) -> Response:
    """The refusal of one version too many."""
    words = f"The maximum number of versions ({VERSIONS}) of {machine['name']!r} is reached"
    return refusal("ServiceQuotaExceededException", words, 402)


def unknown(arn: str) -> Response:
    """The refusal of a machine that is not there."""
    return refusal("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")
