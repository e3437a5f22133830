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


def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Start what a schedule or another function asks for. Returns `{"executionId"}`, or `{"skipped": reason}`.

    A node's `call` is answered with what was started, or with why nothing was (`Calls.serve`).
    """
    if "call" in event:
        return calls().serve(event["call"])
    request = _request(event)
    result = request if "skipped" in request else launch(request, Once(link()), Launch.shared())
    if "skipped" in result:
        print(json.dumps({"level": "INFO", "message": "not started", **event_names(event), **result}))  # noqa: T201
    return result


def _request(event: dict[str, Any]) -> dict[str, Any]:
    if "scheduleId" in event:
        return scheduled(event, link())
    return failed(event["failed"], link()) if "failed" in event else event


def event_names(event: dict[str, Any]) -> dict[str, Any]:
    """Return what of an event may go to a log."""
    told = {**event, **event.get("failed", {})}
    return {name: told[name] for name in ("tenantId", "scheduleId", "scheduledTime", "executionId") if name in told}


@cache
def link() -> Link:
    """Return this worker's connection."""
    return Link()


@cache
def calls() -> Calls:
    """Return what serves nodes' calls in this worker."""

    def hand_over(request: dict[str, Any]) -> None:
        Aws.shared().functions.start(os.environ["STEPWEAVE_STARTER_FUNCTION_ARN"], request)

    return Calls(link(), Launch.shared(), hand_over)
