"""Deletes state machines that nothing needs any more: Postgres says which (`collect_machines`, ADR 66), AWS is told.

A row of `leaving_machines` stands for each version, or whole machine, until AWS has deleted it: who dies leaves it to
the next. AWS refills what may be deleted by one a second, for the whole account, so a run asks for few, of each tenant
as soon as of another, and ends with the first refusal to go so fast.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from stepweave.aws import AwsError
from stepweave_data.link import Connection, Link
from stepweave_data.telemetry import Metric, count, logger

LOOKED_AT: Final = 500
"""Machines of one run that may be needed no more."""
MOST: Final = 40
"""Deletions on AWS of one run: 40 a minute of the 60 that are refilled (quotas: 50 at once, then one a second)."""
SECONDS: Final = 15.0
"""For one run; none begins after it."""
KEPT_VERSIONS: Final = 10
"""Of each workflow, the newest ones, whose machines stay: going back to one of them makes nothing."""
KEPT_DRAFTS: Final = 20
"""Of each workflow, machines of drafts and of parts that were run within a day; then none."""
PAUSES: Final = (60, 300, 1_800, 7_200, 21_600)
"""Seconds before AWS is asked again for one that it did not delete; from the last on always so."""

_COLLECT: Final = "SELECT collect_machines(%s, %s, %s)"
_CLAIM: Final = "SELECT arn, tenant_id::text, tries, unrouted FROM claim_leaving_machines(%s)"
_GONE: Final = "UPDATE leaving_machines SET gone_at = now(), last_error = NULL WHERE arn = %s"
_STAYS: Final = """
UPDATE leaving_machines SET tries = tries + 1, last_error = %s, leave_after = now() + make_interval(secs => %s)
WHERE arn = %s
"""
_LATER: Final = "UPDATE leaving_machines SET leave_after = now() WHERE arn = %s"
_IN_USE: Final = "ConflictException"


@dataclass(frozen=True)
class Collecting:
    """Collects state machines. What it calls raises AwsError."""

    link: Link
    delete_machine: Callable[[str], None]
    delete_version: Callable[[str], None]
    delete_alias: Callable[[str], None]

    def sweep(self) -> int:
        """Find what nothing needs, delete on AWS what is due, and return how many are gone there.

        Raises:
            psycopg.Error: the rest is left to the next run.
        """
        ends, gone, is_hurried = time.monotonic() + SECONDS, 0, False
        self.link.call(_COLLECT, (LOOKED_AT, KEPT_VERSIONS, KEPT_DRAFTS))
        for arn, tenant_id, tries, unrouted in self.link.rows(_CLAIM, (MOST,)):
            if is_hurried or time.monotonic() > ends:
                self._write(tenant_id, _LATER, arn)
                continue
            try:
                self._delete(arn, unrouted=unrouted)
            except AwsError as error:
                is_hurried = error.retryable
                self._not_gone(tenant_id, arn, tries, error)
            else:
                self._write(tenant_id, _GONE, arn)
                gone += 1
        return gone

    def _delete(self, arn: str, *, unrouted: bool) -> None:
        machine, _, number = arn.rpartition(":")
        if not number.isdigit():
            self.delete_machine(arn)
            return
        try:
            self.delete_version(arn)
        except AwsError as error:
            if error.code != _IN_USE or not unrouted:
                raise
            self.delete_alias(f"{machine}:live")
            self.delete_version(arn)

    def _not_gone(self, tenant_id: str, arn: str, tries: int, error: AwsError) -> None:
        logger().warning("a state machine could not be deleted", tenant_id=tenant_id, arn=arn, error=str(error))
        count(Metric.UNAVAILABLE)
        self._write(tenant_id, _STAYS, str(error)[:500], PAUSES[min(tries, len(PAUSES) - 1)], arn)

    def _write(self, tenant_id: str, statement: str, *values: str | int) -> None:
        def work(connection: Connection) -> None:
            connection.execute(statement.encode(), values)

        self.link.tenant(tenant_id, work)
