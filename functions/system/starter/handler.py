"""Lambda handler of the starter, invoked by EventBridge Scheduler and by the API."""

from typing import Any

from functions.system.starter.launching import launch
from functions.system.starter.schedules import scheduled


def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Start what a schedule or the API asks for. Returns `{"executionId"}`, or `{"skipped"}` with the reason."""
    request = scheduled(event) if "scheduleId" in event else event
    return request if "skipped" in request else launch(request)
