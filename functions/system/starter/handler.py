"""Lambda handler of the starter, invoked by EventBridge Scheduler, by the API and by the webhook."""

import json
from functools import cache
from typing import Any

from functions.system.starter.launching import launch
from functions.system.starter.once import Once
from functions.system.starter.schedules import scheduled
from stepweave.runtime.starting import Launch
from stepweave_data.link import Link


def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Start what a schedule or another function asks for. Returns `{"executionId"}`, or `{"skipped": reason}`."""
    request = scheduled(event, link()) if "scheduleId" in event else event
    result = request if "skipped" in request else launch(request, Once(link()), Launch.shared())
    if "skipped" in result:
        print(json.dumps({"level": "INFO", "message": "not started", **event_names(event), **result}))  # noqa: T201
    return result


def event_names(event: dict[str, Any]) -> dict[str, Any]:
    """Return what of an event may go to a log."""
    return {name: event[name] for name in ("tenantId", "scheduleId", "scheduledTime", "executionId") if name in event}


@cache
def link() -> Link:
    """Return this worker's connection."""
    return Link()
