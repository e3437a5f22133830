"""Schedules that make up for what they missed: the starter is told of each that has times behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from stepweave.aws import AwsError
from stepweave.spec.cron import ScheduleInvalid
from stepweave.spec.schedules import next_fires
from stepweave_data.link import Link
from stepweave_data.telemetry import Metric, count, logger

GRACE: Final = timedelta(seconds=90)
"""For EventBridge Scheduler and the starter to deal with a time that is due; its precision is a minute."""
MOST: Final = 500
"""Schedules looked at in one run; those looked at longest ago come first."""
_BEHIND: Final = "SELECT id, tenant_id, expression, time_zone, settled_at FROM catching_up(%s, %s)"
_SETTLED: Final = "UPDATE schedules SET settled_at = greatest(settled_at, %s) WHERE id = %s"


@dataclass(frozen=True)
class CatchingUp:
    """Finds what was missed. `hand_over` gives the starter a request and does not wait; it raises AwsError."""

    link: Link
    hand_over: Callable[[dict[str, Any]], None]

    def sweep(self, now: datetime | None = None) -> int:
        """Hand over schedules with missed times, and return how many. Raises psycopg.Error."""
        before = (now or datetime.now(UTC)) - GRACE
        found = 0
        for id, tenant_id, lines, zone, settled in self.link.rows(_BEHIND, (before, MOST)):
            try:
                due = next(iter(next_fires(lines, zone, settled, 1)), None)
            except ScheduleInvalid:
                due = None  # published when such lines were still taken
            if due is None or due > before:
                self._settle(str(tenant_id), id, before)
                continue
            at = due.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            try:
                self.hand_over({"tenantId": str(tenant_id), "scheduleId": str(id), "scheduledTime": at, "late": True})
                found += 1
            except AwsError as error:
                logger().warning("a schedule could not make up for what it missed", error=error.code)
                count(Metric.UNAVAILABLE)
        return found

    def _settle(self, tenant_id: str, id: UUID, before: datetime) -> None:
        """Note that nothing was missed up to a moment: others come first the next time."""
        self.link.tenant(tenant_id, lambda it: it.execute(_SETTLED.encode(), (before, id)))
