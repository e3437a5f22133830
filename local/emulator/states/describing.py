"""Telling of executions: to whoever asks, and to EventBridge."""

import contextlib
import json

from ministack.services import eventbridge, stepfunctions

from local.emulator.states.answers import Response, accepted, epoch, milliseconds, refusal
from local.emulator.states.scopes import Json

STATUS_PAYLOAD_LIMIT = 248 * 1024


def describe(data: Json) -> Response:
    """DescribeExecution."""
    arn = data.get("executionArn", "")
    record = stepfunctions._executions.get(arn)
    if record is None:
        return refusal("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'", 400)
    shown = ("executionArn", "stateMachineArn", "stateMachineVersionArn", "stateMachineAliasArn", "name", "status")
    more = ("input", "inputDetails", "output", "error", "cause", "mapRunArn", "redriveCount")
    answer = {name: record[name] for name in (*shown, *more) if record.get(name) is not None}
    for name in ("startDate", "stopDate", "redriveDate"):
        if record.get(name):
            answer[name] = epoch(record[name])
    if record.get("output") is not None:
        answer["outputDetails"] = {"included": True}
    answer["redriveStatus"] = "REDRIVABLE" if "redrive" in record else "NOT_REDRIVABLE"
    if "redrive" not in record:
        answer["redriveStatusReason"] = f"Execution is {record['status']} and cannot be redriven"
    return accepted(answer)


def describe_machine(data: Json) -> Response:
    """DescribeStateMachineForExecution: the definition the execution runs, not the newest."""
    arn = data.get("executionArn", "")
    record = stepfunctions._executions.get(arn)
    machine = stepfunctions._state_machines.get(record["stateMachineArn"]) if record else None
    if record is None or machine is None:
        return refusal("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'", 400)
    return accepted(
        {
            "stateMachineArn": machine["stateMachineArn"],
            "name": machine["name"],
            "definition": record.get("definition") or machine["definition"],
            "roleArn": record.get("roleArn") or machine["roleArn"],
            "updateDate": epoch(machine.get("creationDate")),
            "encryptionConfiguration": record.get("encryptionConfiguration"),
        }
    )


def tell(record: Json) -> None:
    """Tell EventBridge of the status; Standard executions only, best effort."""
    if record.get("express"):
        return
    with contextlib.suppress(Exception):
        entry = {
            "Source": "aws.states",
            "DetailType": "Step Functions Execution Status Change",
            "Detail": json.dumps(status_detail(record)),
            "Resources": [record["executionArn"]],
        }
        eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)


def status_detail(record: Json) -> Json:
    """The detail of a status event."""
    succeeded = record["status"] == "SUCCEEDED"
    whole_input = len(record["input"]) <= STATUS_PAYLOAD_LIMIT
    output = record["output"] if succeeded else None
    whole_output = output is not None and len(output) <= STATUS_PAYLOAD_LIMIT
    return {
        "executionArn": record["executionArn"],
        "stateMachineArn": record["stateMachineArn"],
        "name": record["name"],
        "status": record["status"],
        "startDate": milliseconds(record["startDate"]),
        "stopDate": milliseconds(record["stopDate"]),
        "input": record["input"] if whole_input else None,
        "inputDetails": {"included": whole_input},
        "output": output if whole_output else None,
        "outputDetails": {"included": whole_output} if succeeded else None,
        "stateMachineVersionArn": record["stateMachineVersionArn"],
        "stateMachineAliasArn": record["stateMachineAliasArn"],
        "redriveCount": record["redriveCount"],
        "redriveDate": milliseconds(record["redriveDate"]),
        "redriveStatus": "REDRIVABLE" if "redrive" in record else "NOT_REDRIVABLE",
        "redriveStatusReason": None
        if "redrive" in record
        else f"Execution is {record['status']} and cannot be redriven",
        "error": record.get("error"),
        "cause": record.get("cause"),
    }
