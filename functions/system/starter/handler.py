"""Lambda handler of the starter, invoked by Scheduler, API, webhook, recorder, itself and execute-workflow nodes."""

import json
import os
from functools import cache
from typing import Any

from functions.system.starter.calls import Calls
from functions.system.starter.failures import failed
from functions.system.starter.launching import launch
from functions.system.starter.once import Once
from functions.system.starter.schedules import scheduled
from stepweave.aws import Aws
from stepweave.runtime.starting import Launch
from stepweave_data.link import Link
from stepweave_data.turns import Turns


def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Start what a schedule or another function asks for. Returns `{"executionId"}`, or `{"skipped": reason}`.

    A node's `call` is answered with what was started, or with why nothing was (`Calls.serve`); `next` starts
    what waits for its turn, and `turn` is one such execution.
    """
    if "call" in event:
        return calls().serve(event["call"])
    if "next" in event:
        return {"executionIds": give_turns(**event["next"])}
    request = _request(event)
    result = request if "skipped" in request else launch(request, Once(link()), Launch.shared(), Turns(link()))
    if "skipped" in result:
        print(json.dumps({"level": "INFO", "message": "not started", **event_names(event), **result}))  # noqa: T201
    return result


def give_turns(tenantId: str, workflowId: str) -> list[str]:  # noqa: N803  # as the event names them
    """Start what waits for its turn and may run now; return the executions' ids."""
    begun = []
    for request in Turns(link()).next(tenantId, workflowId):
        id = request["executionId"]
        begun.append(id)
        if request["target"]["machine_type"] == "express":  # it lasts as long as whoever runs it
            hand_over({"turn": {"tenantId": tenantId, "executionId": id}})
        else:
            launch(request, Once(link()), Launch.shared())
    return begun


def hand_over(request: dict[str, Any]) -> None:
    """Have the starter launch a request, and do not wait. Raises AwsError."""
    Aws.shared().functions.start(os.environ["STEPWEAVE_STARTER_FUNCTION_ARN"], request)


def _request(event: dict[str, Any]) -> dict[str, Any]:
    if "turn" in event:
        return Turns(link()).request(event["turn"]["tenantId"], event["turn"]["executionId"])
    if "scheduleId" in event:
        return scheduled(event, link())
    return failed(event["failed"], link()) if "failed" in event else event


def event_names(event: dict[str, Any]) -> dict[str, Any]:
    """Return what of an event may go to a log."""
    told = {**event, **event.get("failed", {}), **event.get("turn", {})}
    return {name: told[name] for name in ("tenantId", "scheduleId", "scheduledTime", "executionId") if name in told}


@cache
def link() -> Link:
    """Return this worker's connection."""
    return Link()


@cache
def calls() -> Calls:
    """Return what serves nodes' calls in this worker."""
    return Calls(link(), Launch.shared(), hand_over, Turns(link()))
