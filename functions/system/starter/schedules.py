"""A schedule that fires: which workflow, and whether it may run now."""

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from stepweave.runtime.starting import execution_id_of
from stepweave.spec.schedules import due_on
from stepweave_data.link import Link
from stepweave_data.telemetry import about

_FIRING: Final = """
SELECT s.node_id, s.expression, s.time_zone, s.target, s.enabled AND w.enabled,
       w.published_version IS NOT NULL AND w.deleted_at IS NULL,
       EXISTS (SELECT 1 FROM execution_turns t WHERE t.workflow_id = w.id AND t.execution_id <> %s::uuid
               AND t.taken_at IS NULL AND t.request ->> 'nodeId' = s.node_id)
FROM schedules s JOIN workflows w ON w.id = s.workflow_id
WHERE s.id = %s::uuid
"""


class FiringInvalid(Exception):
    """What EventBridge Scheduler sent is no firing of ours."""


def scheduled(event: dict[str, Any], link: Link) -> dict[str, Any]:
    """Return the start request of a firing, or `{"skipped": reason}`.

    Scheduler fires at least once: the execution's id follows from schedule and time, so a second firing starts nothing.
    It fires on too many days for a line of which both day fields must fit: what the line does not mean is skipped.

    Args:
        event: `tenantId`, `scheduleId`, `scheduledTime` (ISO 8601).
        link: Postgres.

    Raises:
        FiringInvalid: one of these is missing or malformed.
        psycopg.Error: Postgres could not say.
    """
    tenant_id, schedule_id, due = _read(event)
    execution_id = execution_id_of(schedule_id, due.isoformat())
    about(tenant_id=tenant_id, execution_id=execution_id, schedule_id=schedule_id)
    values = (execution_id, schedule_id)
    row = link.tenant(tenant_id, lambda it: it.execute(_FIRING, values, prepare=True).fetchone())
    if row is None:
        return {"skipped": "the schedule is gone"}
    node_id, line, zone, target, enabled, published, waits = row
    if not published:
        return {"skipped": "the workflow is not published"}
    if not enabled:
        return {"skipped": "the schedule or its workflow is paused"}
    if waits:
        return {"skipped": "an earlier firing of the schedule still waits for its turn"}
    if not due_on(line, zone, due):
        return {"skipped": f"{line!r} does not fire on that day"}
    at = due.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "target": target,
        "trigger": "schedule",
        "nodeId": node_id,
        "items": [{"json": {"scheduledAt": at, "timeZone": zone}}],
        "mode": "live",
        "executionId": execution_id,
    }


def _read(event: dict[str, Any]) -> tuple[str, str, datetime]:
    try:
        due = datetime.fromisoformat(event["scheduledTime"].replace("Z", "+00:00"))
        return str(UUID(event["tenantId"])), str(UUID(event["scheduleId"])), due.astimezone(UTC)
    except (KeyError, ValueError, AttributeError, TypeError) as error:
        words = "a firing has tenantId and scheduleId (UUIDs) and scheduledTime (ISO 8601)"
        raise FiringInvalid(f"{words}; this one does not: {error!r}") from error
