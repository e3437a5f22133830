"""What is going on in a workspace: what runs, what failed, what comes next."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import Date, cast, func, select

from api.services import history, schedules
from api.services.tokens import Principal
from stepweave_data.database import tenant_session
from stepweave_data.models import Execution, Wait, Workflow

DAYS: Final = 14
MOST_RUNNING: Final = 8
MOST_FAILURES: Final = 8
MOST_FIRES: Final = 8
_OPEN: Final = ("queued", "running")
_FAILED: Final = ("failed", "timed_out")


@dataclass(frozen=True)
class Failures:
    """The failures of a workflow within a day: how many, and the last one."""

    workflow_id: uuid.UUID
    workflow_name: str
    count: int
    last: Execution


@dataclass(frozen=True)
class Day:
    """The executions that began on a day (UTC)."""

    day: date
    succeeded: int
    failed: int
    other: int


@dataclass(frozen=True)
class Fire:
    """A schedule's next fire."""

    at: datetime
    listed: schedules.Listed


@dataclass(frozen=True)
class Home:
    """A workspace at a glance."""

    workflows: int
    running: list[tuple[Execution, str]]
    running_count: int
    failures: list[Failures]
    """Of the workflows that failed last."""
    failed_count: int
    """Failures within a day, of all workflows."""
    fires: list[Fire]
    approvals: int
    days: list[Day]


def home(principal: Principal) -> Home:
    """Return what is going on."""
    now = datetime.now(UTC)
    since = datetime.combine(now.date() - timedelta(days=DAYS - 1), datetime.min.time(), UTC)
    with tenant_session(principal.tenant_id) as session:
        workflows = session.scalar(select(func.count()).select_from(Workflow).where(Workflow.deleted_at.is_(None)))
        running_count = session.scalar(select(func.count()).select_from(Execution).where(Execution.status.in_(_OPEN)))
        approvals = session.scalar(
            select(func.count()).select_from(Wait).where(Wait.kind == "approval", Wait.state == "open")
        )
        failed_within_a_day = Execution.status.in_(_FAILED) & (Execution.started_at >= now - timedelta(days=1))
        failed_count = session.scalar(select(func.count()).select_from(Execution).where(failed_within_a_day))
        failed = session.execute(
            select(Execution.workflow_id, Workflow.name, func.count(), func.max(Execution.started_at))
            .join(Workflow, Workflow.id == Execution.workflow_id)
            .where(failed_within_a_day)
            .group_by(Execution.workflow_id, Workflow.name)
            .order_by(func.max(Execution.started_at).desc())
            .limit(MOST_FAILURES)
        ).all()
        failures = [
            Failures(
                workflow_id,
                name,
                count,
                session.scalars(
                    select(Execution)
                    .where(
                        Execution.workflow_id == workflow_id,
                        Execution.started_at == last,
                        Execution.status.in_(_FAILED),
                    )
                    .limit(1)
                ).one(),
            )
            for workflow_id, name, count, last in failed
        ]
        day = cast(func.timezone("UTC", Execution.started_at), Date)
        rows = session.execute(
            select(day, Execution.status, func.count())
            .where(Execution.started_at >= since)
            .group_by(day, Execution.status)
        ).all()
    coming = [Fire(one.next[0], one) for one in schedules.list_schedules(principal) if one.next]
    return Home(
        workflows or 0,
        history.list_executions(principal, history.Filter(statuses=_OPEN), None, MOST_RUNNING).rows,
        running_count or 0,
        failures,
        failed_count or 0,
        coming[:MOST_FIRES],
        approvals or 0,
        _days(since.date(), [(row[0], row[1], row[2]) for row in rows]),
    )


def _days(first: date, rows: list[tuple[date, str, int]]) -> list[Day]:
    counts: dict[date, dict[str, int]] = {}
    for day, status, count in rows:
        kind = "succeeded" if status == "succeeded" else "failed" if status in _FAILED else "other"
        found = counts.setdefault(day, {"succeeded": 0, "failed": 0, "other": 0})
        found[kind] += count
    return [
        Day(day, **counts.get(day, {"succeeded": 0, "failed": 0, "other": 0}))
        for day in (first + timedelta(days=number) for number in range(DAYS))
    ]
