"""A schedule that fires: which workflow, and whether it may run now."""

import uuid
from datetime import UTC, datetime
from typing import Any

from stepweave.runtime.starting import execution_id_of
from stepweave_data.database import tenant_session
from stepweave_data.models import Schedule, Workflow


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
    due = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "target": schedule.target,
        "trigger": "schedule",
        "nodeId": schedule.node_id,
        "items": [{"json": {"scheduledAt": due, "timeZone": schedule.time_zone}}],
        "mode": "live",
        "executionId": execution_id_of(str(schedule.id), at.isoformat()),
    }
