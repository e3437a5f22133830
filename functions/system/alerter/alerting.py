"""One run of the alerter: what the rules of each tenant find, then what waits to be said."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import psycopg

from stepweave_data.alerting.delivering import Delivering
from stepweave_data.alerting.keeping import evaluate
from stepweave_data.link import Link
from stepweave_data.telemetry import Metric, count, logger

MOST: Final = 10_000
"""Tenants of one run."""
SECONDS: Final = 40.0
"""For one run; the function ends after a minute, and a message may take eight seconds more."""
EACH: Final = 10.0
"""For what one tenant has to say while others wait."""
OLD: Final = 5_000
"""Rows past their time that go in one run, of each table."""


@dataclass(frozen=True)
class Alerting:
    """Evaluates rules, and has said what they find."""

    link: Link
    delivering: Delivering

    def sweep(self, now: datetime | None = None) -> int:
        """Look, say, and delete what is past its time; return how many messages were said.

        Raises:
            psycopg.Error: the rest is left to the next run.
        """
        ends, said = time.monotonic() + SECONDS, 0
        tenants = [str(row[0]) for row in self.link.rows("SELECT id FROM alerting_tenants(%s)", (MOST,))]
        for tenant_id in tenants:
            self._evaluate(tenant_id, now or datetime.now(UTC))
        for tenant_id in tenants:
            said += self.delivering.deliver(tenant_id, min(ends, time.monotonic() + EACH), now)
        self.link.call("SELECT sweep_alerts(%s)", (OLD,))
        return said

    def _evaluate(self, tenant_id: str, now: datetime) -> None:
        try:
            self.link.tenant(tenant_id, lambda connection: evaluate(connection, tenant_id, now))
        except psycopg.errors.DataError as error:  # what one tenant wrote must not keep others from theirs
            logger().error("the rules of a tenant cannot be looked at", tenant_id=tenant_id, error=str(error))
            count(Metric.FAILED)
