"""Finds executions that are open for longer than their reports take, asks what became of them, and tells their end."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from stepweave.aws import AwsError
from stepweave.model.events import ErrorInfo, Event, ExecutionContext
from stepweave.runtime.ending import End, end_event, read_end
from stepweave.runtime.events import Outbox, Send
from stepweave_data.database import open_session, tenant_session
from stepweave_data.models import Execution, Workflow

Describe = Callable[[str], dict[str, Any]]
STANDARD_AGE: Final = timedelta(seconds=60)
EXPRESS_AGE: Final = timedelta(seconds=330)
"""Express executions end after five minutes; then half a minute for their reports."""
MOST: Final = 100
"""Executions looked at in one run: DescribeExecution refills at 15 a second (quotas)."""


def sweep(describe: Describe, send: Send, now: datetime | None = None) -> int:
    """End what has ended unreported. Returns how many executions were told to have ended."""
    moment = now or datetime.now(UTC)
    with open_session() as session:
        rows = session.execute(
            text("SELECT id, tenant_id, machine_type, execution_arn, started_at FROM open_executions(:before, :most)"),
            {"before": moment - STANDARD_AGE, "most": MOST},
        ).all()
    told = 0
    for id, tenant_id, machine_type, arn, started_at in rows:
        if machine_type == "express":
            end = _express_end(str(id)) if started_at < moment - EXPRESS_AGE else None
        else:
            end = _standard_end(str(id), arn, describe)
        if end is not None:
            outbox = Outbox(_context(tenant_id, id), send)
            outbox.add(end)
            outbox.close()
            told += 1
    return told


def _express_end(execution_id: str) -> Event:
    error: ErrorInfo = {
        "type": "NeverReported",
        "message": "The execution's end was never reported; it took longer than it may.",
    }
    return end_event(execution_id, End("timed_out", error=error))


def _standard_end(execution_id: str, arn: str | None, describe: Describe) -> Event | None:
    try:
        found = describe(arn) if arn else {"status": "UNKNOWN"}
    except AwsError as error:
        if error.code != "ExecutionDoesNotExist":
            return None
        found = {"status": "UNKNOWN"}
    match found["status"]:
        case "RUNNING" | "PENDING_REDRIVE":
            return None
        case "UNKNOWN":
            never: ErrorInfo = {"type": "NeverStarted", "message": "Step Functions does not know the execution."}
            return end_event(execution_id, End("failed", error=never))
        case _:
            return end_event(execution_id, read_end(found))


def _context(tenant_id: UUID, execution_id: UUID) -> ExecutionContext:
    with tenant_session(tenant_id) as session:
        found = session.get_one(Execution, execution_id)
        workflow = session.get_one(Workflow, found.workflow_id)
    return {
        "tenantId": str(tenant_id),
        "executionId": str(execution_id),
        "workflowId": str(workflow.id),
        "workflowName": workflow.name,
        "workflowVersion": found.workflow_version,
        "trigger": found.trigger,  # type: ignore[typeddict-item]  # the table's check constrains it
        "mode": found.mode,  # type: ignore[typeddict-item]  # likewise
        "startedAt": found.started_at.isoformat(),
        "timeZone": "UTC",
    }
