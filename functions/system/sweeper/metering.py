"""Tells whoever bills of what tenants used: rows of `metering_events`, then events on EventBridge, at least once.

Each event has an id that stays the same however often it is told, the amount of the month so far, and what was added
since the event before (docs/guides/plans.md). Postgres writes down what was used; here it is only told.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from stepweave.aws import AwsError
from stepweave_data.link import Link
from stepweave_data.telemetry import Metric, count, logger

SOURCE: Final = "stepweave.metering"
TYPE: Final = "Usage"
MOST: Final = 500
"""Events told in one run."""
AT_ONCE: Final = 10
_METER: Final = "SELECT meter(%s)"
_UNSENT: Final = """
SELECT id::text, tenant_id::text, to_char(month, 'YYYY-MM'), kind, amount, added, plan, at FROM unsent_metering(%s)
"""
_SENT: Final = "SELECT metering_sent(%s::uuid[])"
Put = Callable[[str, str, Sequence[tuple[datetime, Mapping[str, Any]]]], list[bool]]
"""As `stepweave.aws.control.buses.put_events`."""


@dataclass(frozen=True)
class Metering:
    """Meters and tells."""

    link: Link
    put: Put

    def sweep(self) -> int:
        """Write down what was used, tell what nobody was told yet, and return how many events were told.

        Raises:
            psycopg.Error: the rest is left to the next run; what was told may be told again.
        """
        self.link.call(_METER, (MOST,))
        unsent, told = self.link.rows(_UNSENT, (MOST,)), 0
        for start in range(0, len(unsent), AT_ONCE):
            rows = unsent[start : start + AT_ONCE]
            try:
                taken = self.put(SOURCE, TYPE, [(row[7], _detail(*row[:7])) for row in rows])
            except AwsError as error:
                logger().warning("what was used could not be told", error=str(error))
                count(Metric.UNAVAILABLE)
                break
            ids = [row[0] for row, fine in zip(rows, taken, strict=True) if fine]
            self.link.call(_SENT, (ids,))
            told += len(ids)
        return told


def _detail(id: str, tenant_id: str, month: str, kind: str, amount: int, added: int, plan: str) -> dict[str, Any]:
    return {
        "id": id,
        "tenantId": tenant_id,
        "month": month,
        "kind": kind,
        "amount": amount,
        "added": added,
        "plan": plan,
    }
