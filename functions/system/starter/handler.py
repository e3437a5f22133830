"""Lambda handler of the starter, invoked by EventBridge Scheduler and by the API."""

import os
from functools import cache
from typing import Any

from functions.system.starter.launching import launch
from functions.system.starter.schedules import scheduled
from stepweave.aws import Aws
from stepweave.runtime.claims import Claims
from stepweave.runtime.events import queue_sender
from stepweave.runtime.starting import Starter


def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Start what a schedule or the API asks for. Returns `{"executionId"}`, or `{"skipped"}` with the reason."""
    request = scheduled(event) if "scheduleId" in event else event
    if "skipped" in request:
        return request
    return launch(request, starter())


@cache
def starter() -> Starter:
    """Return this worker's."""
    claims = Claims(lambda: Aws.shared().storage, os.environ["STEPWEAVE_DATA_BUCKET"])
    return Starter(lambda: Aws.shared().machines, queue_sender(), claims)
