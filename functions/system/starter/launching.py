"""Launches a start request: `{"context", "target": {machineArn, machineType, nodeId}, "items"}`."""

from typing import Any, Final

from stepweave.runtime.starting import Starter, Target

EXPRESS_SECONDS: Final = 305.0
"""Express executions end after five minutes (Step Functions quotas)."""


def launch(request: dict[str, Any], starter: Starter) -> dict[str, Any]:
    """Start a Standard execution, or run an Express one to its end. Returns `{"executionId"}`.

    Raises:
        AwsError, NodeError: nothing runs; the failure is in the history where that could be told.
    """
    context, target = request["context"], request["target"]
    machine = Target(target["machineArn"], target["machineType"], target["nodeId"])
    if machine.machine_type == "EXPRESS":
        starter.run(context, machine, request["items"], EXPRESS_SECONDS)
    else:
        starter.start(context, machine, request["items"])
    return {"executionId": context["executionId"]}
