"""A schedule that fires: which workflow, and whether it may run now."""

import uuid
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from stepweave.runtime.starting import new_context
from stepweave_data.database import tenant_session
from stepweave_data.models import Schedule, Workflow

NAMESPACE: Final = uuid.UUID("6f1c1f0e-6b5c-4f0e-9a57-5c3c1a1f7c11")
"""Of execution ids made from a schedule and its time; any constant would do."""


def scheduled(event: dict[str, Any]) -> dict[str, Any]:
    """Return the start request of a firing, or `{"skipped": reason}`.

    Scheduler fires at least once: the execution's id follows from schedule and time, so a second firing starts nothing.

    Args:
        event: `tenantId`, `scheduleId`, `scheduledTime` (ISO 8601).
    """
    at = datetime.fromisoformat(event["scheduledTime"].replace("Z", "+00:00"))
    with tenant_session(event["tenantId"]) as session:
        schedule = session.get(Schedule, uuid.UUID(event["scheduleId"]))
        workflow = session.get(Workflow, schedule.workflow_id) if schedule else None
    if schedule is None or workflow is None or workflow.deleted_at is not None:
        return {"skipped": "the schedule is gone"}
    if not (schedule.enabled and workflow.enabled):
        return {"skipped": "the schedule or its workflow is paused"}
    target = schedule.target
    context = new_context(
        tenant_id=event["tenantId"],
        execution_id=str(uuid.uuid5(NAMESPACE, f"{schedule.id}/{at.isoformat()}")),
        workflow_id=str(workflow.id),
        workflow_name=workflow.name,
        version=target["version"],
        trigger="schedule",
        mode="live",
        time_zone=schedule.time_zone,
    )
    here = at.astimezone(ZoneInfo(schedule.time_zone))
    item = {
        "json": {"scheduledTime": event["scheduledTime"], "localTime": here.isoformat(), "timeZone": schedule.time_zone}
    }
    machine = {name: target[name] for name in ("machineArn", "machineType")}
    return {"context": context, "target": {**machine, "nodeId": schedule.node_id}, "items": [item]}
