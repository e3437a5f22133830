"""Deletes workspaces whose time is over: what starts executions, what AWS has, then every row. In steps that can be
repeated: a sweeper that dies leaves the rest to the next.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from stepweave.aws import AwsError
from stepweave_data.link import Link
from stepweave_data.telemetry import Metric, count, logger

MOST: Final = 5
"""Workspaces of one run."""
SECONDS: Final = 15.0
"""For one run; none begins after it."""
ROWS: Final = 2_000
"""Of each table in one transaction."""
PATIENCE: Final = timedelta(days=3)
"""For providers that do not forget a trigger; then the workspace goes without."""

_DUE: Final = "SELECT id, since FROM due_tenants(%s)"
_MACHINES: Final = """
SELECT state_machine_arn FROM compiled_machines
UNION SELECT regexp_replace(unnest(parts), ':[0-9]+$', '') FROM compiled_machines
UNION SELECT regexp_replace(arn, ':[0-9]+$', '') FROM leaving_machines
"""
_SCHEDULES: Final = "SELECT unnest(names) FROM schedules UNION SELECT unnest(names) FROM registrations"


@dataclass(frozen=True)
class Erasing:
    """Deletes workspaces. What it calls raises AwsError."""

    link: Link
    delete_machine: Callable[[str], None]
    delete_schedule: Callable[[str], None]
    delete_objects: Callable[[str], int]
    """Deletes some objects below a prefix and says how many."""

    def sweep(self) -> int:
        """Delete workspaces that are due, and return how many are gone.

        Raises:
            psycopg.Error: the rest is left to the next run.
        """
        ends, gone = time.monotonic() + SECONDS, 0
        for id, since in self.link.rows(_DUE, (MOST,)):
            if time.monotonic() > ends:
                break
            try:
                gone += self._erased(str(id), since, ends)
            except AwsError as error:
                logger().warning("a workspace could not be deleted yet", tenant_id=str(id), error=error.code)
                count(Metric.UNAVAILABLE)
        return gone

    def _erased(self, tenant_id: str, since: timedelta, ends: float) -> bool:
        waiting = self.link.call("SELECT erase_begin(%s)", (tenant_id,))
        if waiting and waiting[0] and since < PATIENCE:
            return False  # the sweeper asks providers first; what they need to know stands in rows
        for (name,) in self._rows(tenant_id, _SCHEDULES):
            self.delete_schedule(name)
        for (arn,) in self._rows(tenant_id, _MACHINES):
            self.delete_machine(arn)
        while self.delete_objects(f"{tenant_id}/"):
            if time.monotonic() > ends:
                return False
        while time.monotonic() < ends:
            row = self.link.call("SELECT erase_rows(%s, %s)", (tenant_id, ROWS))
            if not (row and row[0]):
                logger().info("a workspace was deleted", tenant_id=tenant_id)
                return True
        return False

    def _rows(self, tenant_id: str, query: str) -> list[tuple[Any, ...]]:
        return self.link.tenant(tenant_id, lambda it: it.execute(query.encode()).fetchall())
