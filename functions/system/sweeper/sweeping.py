"""Finds executions that are open for longer than their reports take, asks what became of them, and tells their end."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from stepweave.aws import AwsError
from stepweave.aws.passes import signed
from stepweave.model.events import ErrorInfo, ExecutionContext
from stepweave.runtime.ending import End, end_events, read_end
from stepweave.runtime.events import Outbox, Send
from stepweave_data.link import Link, Row
from stepweave_data.telemetry import Metric, count, logger

Describe = Callable[[str], dict[str, Any]]
STANDARD_AGE: Final = timedelta(seconds=60)
EXPRESS_AGE: Final = timedelta(seconds=330)
"""Express executions end after five minutes; then half a minute for their reports."""
UNKNOWN_AGE: Final = timedelta(minutes=15)
"""A Standard execution without an ARN may have its first events still in the queue, after a pause of Postgres."""
MOST: Final = 100
"""Executions looked at in one run: DescribeExecution refills at 15 a second (quotas)."""
SECONDS: Final = 40.0
"""For one run; the function ends after a minute."""

_OPEN: Final = "SELECT id, tenant_id, machine_type, execution_arn, started_at FROM open_executions(%s, %s)"
_WAITING: Final = "SELECT tenant_id, workflow_id FROM waiting_turns()"
_CONTEXT: Final = """
SELECT x.workflow_id, w.name, x.workflow_version, x.trigger, x.mode, x.started_at
FROM executions x JOIN workflows w ON w.id = x.workflow_id WHERE x.id = %s AND x.status IN ('queued', 'running')
"""
_RUNS: Final = """
SELECT status, error FROM node_runs WHERE execution_id = %s
ORDER BY status IN ('running', 'retrying', 'waiting') DESC, ended_at DESC, status = 'failed' DESC LIMIT 1
"""


@dataclass(frozen=True)
class Open:
    """An execution that nobody has reported the end of."""

    id: str
    tenant_id: str
    machine_type: str
    execution_arn: str | None
    started_at: datetime


@dataclass(frozen=True)
class Sweeper:
    """Ends what has ended unreported. `describe` asks Step Functions, `send` tells."""

    link: Link
    describe: Describe
    send: Send
    hand_over: Callable[[dict[str, Any]], None] = lambda _: None
    """Gives the starter a request and does not wait. Raises AwsError."""

    def sweep(self, now: datetime | None = None) -> int:
        """Look at open executions and return how many were told to have ended.

        Raises:
            psycopg.Error, EventDeliveryError: the rest is left to the next run.
        """
        self._give_turns()
        moment, limit = now or datetime.now(UTC), time.monotonic() + SECONDS
        told = 0
        for row in self.link.rows(_OPEN, (moment - STANDARD_AGE, MOST)):
            if time.monotonic() > limit:
                break
            told += self._look(Open(str(row[0]), str(row[1]), *row[2:]), moment)
        return told

    def _give_turns(self) -> None:
        """Have turns given where executions wait for theirs: a minute is over, or the end that should have is lost."""
        for tenant_id, workflow_id in self.link.rows(_WAITING):
            try:
                whose = {"tenantId": str(tenant_id)} | ({"workflowId": str(workflow_id)} if workflow_id else {})
                self.hand_over({"next": whose})
            except AwsError as error:
                logger().warning(
                    "turns could not be given",
                    tenant_id=str(tenant_id),
                    workflow_id=str(workflow_id),
                    error=str(error),
                )
                count(Metric.UNAVAILABLE)

    def _look(self, found: Open, now: datetime) -> bool:
        age = now - found.started_at
        if found.machine_type == "express":
            end = self._express_end(found) if age > EXPRESS_AGE else None
        elif found.execution_arn is None:
            end = _never("NeverStarted", "The execution was never started.") if age > UNKNOWN_AGE else None
        else:
            end = self._standard_end(found, found.execution_arn)
        context = self._context(found) if end is not None else None
        if end is None or context is None:
            return False
        outbox = Outbox(context, self.send)
        outbox.add(*end_events(found.id, end))
        outbox.close()
        return True

    def _standard_end(self, found: Open, arn: str) -> End | None:
        try:
            answer = self.describe(arn)
        except AwsError as error:
            if error.code == "ExecutionDoesNotExist":
                return _never("NeverStarted", "Step Functions does not know the execution.")
            logger().warning(
                "an execution could not be described",
                tenant_id=found.tenant_id,
                execution_id=found.id,
                error=str(error),
            )
            count(Metric.UNAVAILABLE)
            return None
        return None if answer["status"] in ("RUNNING", "PENDING_REDRIVE") else read_end(answer)

    def _express_end(self, found: Open) -> End:
        """Read an Express execution's end from its steps: Step Functions cannot be asked about it."""
        row = self._row(found, _RUNS)
        if row is None:
            return _never("NeverStarted", "The execution was never started.")
        status, error = row
        if status in ("running", "retrying", "waiting"):
            words = "A step did not end, and the execution's time was up."
            return End("timed_out", error={"type": "NeverReported", "message": words, "retryable": False})
        if status == "failed" and error:
            return End("failed", error=error)
        return _never("NeverReported", "The steps that ran succeeded, but how the execution ended was never reported.")

    def _context(self, found: Open) -> ExecutionContext | None:
        row = self._row(found, _CONTEXT)
        if row is None:
            return None  # it has ended meanwhile
        workflow_id, name, version, trigger, mode, started_at = row
        context: ExecutionContext = {
            "tenantId": found.tenant_id,
            "executionId": found.id,
            "workflowId": str(workflow_id),
            "workflowName": name,
            "workflowVersion": version,
            "trigger": trigger,
            "mode": mode,
            "startedAt": started_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "timeZone": "UTC",
        }
        return signed(context)

    def _row(self, found: Open, query: str) -> Row | None:
        return self.link.tenant(
            found.tenant_id, lambda it: it.execute(query.encode(), (found.id,), prepare=True).fetchone()
        )


def _never(type: str, message: str) -> End:
    error: ErrorInfo = {"type": type, "message": message, "retryable": False}
    return End("failed", error=error)
