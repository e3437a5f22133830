"""What is going on in a workspace: what runs, what failed, what comes next."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from api.repositories.rows import rows_of
from api.services import history, schedules
from api.services.tokens import Principal
from stepweave.model.environments import PRODUCTION
from stepweave_data.models import Execution

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
    with rows_of(principal.tenant_id) as rows:
        workflows = rows.overview.workflows()
        running_count = rows.overview.executions(_OPEN)
        approvals = rows.overview.open_approvals()
        yesterday = now - timedelta(days=1)
        failed_count = rows.overview.executions(_FAILED, yesterday)
        failures = [Failures(*found) for found in rows.overview.by_workflow(_FAILED, yesterday, MOST_FAILURES)]
        days = _days(since.date(), rows.overview.by_day(since))
    # A trial that fires each minute would leave no room for what matters: the list of schedules has it.
    known = [one for one in schedules.list_schedules(principal) if one.schedule.environment == PRODUCTION]
    coming = [Fire(one.next[0], one) for one in known if one.next]
    running = history.list_executions(principal, history.Filter(statuses=_OPEN), None, MOST_RUNNING).rows
    return Home(workflows, running, running_count, failures, failed_count, coming[:MOST_FIRES], approvals, days)


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
