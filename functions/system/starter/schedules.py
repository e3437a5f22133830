"""A schedule that fires: which workflow, whether it may run now, and what was missed before."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import Any, Final
from uuid import UUID

from stepweave.runtime.starting import execution_id_of
from stepweave.spec.cron import ScheduleInvalid
from stepweave.spec.schedules import due_on, fires, zone_of
from stepweave_data import lanes
from stepweave_data.link import Connection, Link
from stepweave_data.telemetry import about

LATE: Final = timedelta(minutes=15)
"""Scheduler gives up ten minutes after a due time: what is older was missed."""
MOST_COUNTED: Final = 1000
"""Missed times that are counted at once."""
MOST_WAITING: Final = 100
"""Firings of a schedule with `overlap: queue` that may wait; more are skipped."""

_FIRING: Final = """
SELECT s.workflow_id::text, s.node_id, s.expression, s.time_zone, s.target, s.enabled AND coalesce(l.enabled, false),
       l.version IS NOT NULL, s.overlap, s.catch_up, s.settled_at,
       -- Only of its own kind: Postgres cannot look into JSON that holds NUL, which a webhook's may.
       (SELECT count(*) FROM execution_turns t JOIN executions x ON x.id = t.execution_id
        WHERE t.workflow_id = w.id AND t.execution_id <> %s::uuid AND t.taken_at IS NULL
        AND CASE WHEN x.trigger = 'schedule' THEN t.request ->> 'nodeId' END = s.node_id)
FROM schedules s JOIN workflows w ON w.id = s.workflow_id
LEFT JOIN workflow_live l ON l.workflow_id = s.workflow_id AND l.environment = s.environment
WHERE s.id = %s::uuid FOR UPDATE OF s
"""
_SETTLE: Final = """
UPDATE schedules SET settled_at = greatest(settled_at, %s), missed = missed + %s, skipped = skipped + %s,
       last_skip = coalesce(%s, last_skip), last_skipped_at = CASE WHEN %s THEN now() ELSE last_skipped_at END
WHERE id = %s::uuid
"""
_SKIPPED: Final = """
UPDATE schedules SET skipped = skipped + 1, last_skip = %s, last_skipped_at = now() WHERE id = %s::uuid
"""


class FiringInvalid(Exception):
    """What EventBridge Scheduler sent is no firing of ours."""


@dataclass(frozen=True)
class _Row:
    """A published schedule as it stands."""

    workflow_id: str
    node_id: str
    lines: str
    zone: str
    target: dict[str, Any]
    enabled: bool
    published: bool
    overlap: str
    catch_up: str
    settled_at: datetime
    waiting: int

    def between(self, start: datetime, end: datetime) -> list[datetime]:
        """Return the due times after one moment and before another, at most `MOST_COUNTED`."""
        try:
            found = fires(self.lines, zone_of(self.zone), start)
        except ScheduleInvalid:
            return []
        return list(islice(takewhile(lambda at: at < end, found), MOST_COUNTED))


def scheduled(event: dict[str, Any], link: Link, now: datetime | None = None) -> dict[str, Any]:
    """Return the start request of a firing, or `{"skipped": reason}`.

    Scheduler fires at least once: the execution's id follows from schedule and time, so a second firing starts nothing,
    nor does a second line that names the same time. Scheduler fires on too many days for what it cannot say: what the
    line does not mean is skipped.

    Args:
        event: `tenantId`, `scheduleId`, `scheduledTime` (ISO 8601); `line`, which one of several fires; `late` from the
            sweeper, for what was missed.
        link: Postgres.
        now: the moment, for tests.

    Raises:
        FiringInvalid: one of these is missing or malformed.
        psycopg.Error: Postgres could not say.
    """
    tenant_id, schedule_id, due = _read(event)
    moment = now or datetime.now(UTC)
    about(tenant_id=tenant_id, execution_id=execution_id_of(schedule_id, due.isoformat()), schedule_id=schedule_id)
    return link.tenant(tenant_id, lambda it: _serve(it, event, schedule_id, due, moment))


def skipped(event: dict[str, Any], reason: str, link: Link) -> None:
    """Write down why a firing started nothing. Raises psycopg.Error."""
    tenant_id, schedule_id, _ = _read(event)
    link.tenant(tenant_id, lambda it: it.execute(_SKIPPED.encode(), (reason, schedule_id)))


def _serve(
    connection: Connection, event: dict[str, Any], schedule_id: str, due: datetime, now: datetime
) -> dict[str, Any]:
    execution_id = execution_id_of(schedule_id, due.isoformat())
    found = connection.execute(_FIRING.encode(), (execution_id, schedule_id)).fetchone()
    if found is None:
        return {"skipped": "the schedule is gone"}
    row = _Row(*found)
    if not row.published:
        return {"skipped": "the workflow is not published"}
    if not row.enabled:
        return {"skipped": "the schedule or its workflow is paused"}
    line = event.get("line") or ""
    if not due_on(row.lines, row.zone, due, line):
        return {"skipped": f"{line or row.lines!r} does not fire on that day"}
    once = row.catch_up == "once"
    late = bool(event.get("late")) or now - due > LATE
    missed = row.between(row.settled_at, min(due, now - LATE))
    if late and once:
        missed = row.between(row.settled_at, now)
    if event.get("late") and not (once and missed):
        return {"skipped": "it was made up for"}
    if late and once and missed:
        due = missed.pop()
        execution_id = execution_id_of(schedule_id, due.isoformat())
    request = _request(row, due, execution_id, len(missed) if once else 0)
    reason = _in_the_way(connection, row, request)
    values = (due, len(missed), int(bool(reason)), reason or None, bool(reason), schedule_id)
    connection.execute(_SETTLE.encode(), values)
    return {"skipped": reason} if reason else request


def _request(row: _Row, due: datetime, execution_id: str, missed: int) -> dict[str, Any]:
    at = due.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    given: dict[str, Any] = {"scheduledAt": at, "timeZone": row.zone}
    if missed:
        given["missed"] = missed
    return {
        "target": row.target,
        "trigger": "schedule",
        "nodeId": row.node_id,
        "items": [{"json": given}],
        "mode": "live",
        "executionId": execution_id,
    }


def _in_the_way(connection: Connection, row: _Row, request: dict[str, Any]) -> str:
    """Return why a firing does not start now; "" where it may. What may is written down, for those that come after."""
    if row.overlap == "queue":
        request["lane"] = row.node_id
        return "" if row.waiting < MOST_WAITING else f"{MOST_WAITING} earlier firings wait for their turn"
    if row.waiting:
        return "an earlier firing of the schedule still waits for its turn"
    if row.overlap == "skip" and not lanes.enter(connection, request, row.node_id):
        return "an earlier firing of the schedule still runs"
    return ""


def _read(event: dict[str, Any]) -> tuple[str, str, datetime]:
    try:
        due = datetime.fromisoformat(event["scheduledTime"].replace("Z", "+00:00"))
        return str(UUID(event["tenantId"])), str(UUID(event["scheduleId"])), due.astimezone(UTC)
    except (KeyError, ValueError, AttributeError, TypeError) as error:
        words = "a firing has tenantId and scheduleId (UUIDs) and scheduledTime (ISO 8601)"
        raise FiringInvalid(f"{words}; this one does not: {error!r}") from error
