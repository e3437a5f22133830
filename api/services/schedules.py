"""Published schedules: when they fire next, when they fired last."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from api.repositories.rows import rows_of
from api.services.tokens import Principal
from stepweave.spec.cron import ScheduleInvalid
from stepweave.spec.schedules import next_fires
from stepweave_data.models import Execution, Schedule, Workflow

NEXT: Final = 5
"""Fires that are told of each schedule in the list."""
NEXT_SHOWN: Final = 10
"""Fires that the editor shows."""
MOST_FIRES: Final = 200
"""Of one schedule within a calendar's range; one that fires every minute would fill it."""


@dataclass(frozen=True)
class Listed:
    """A schedule with its workflow, and the execution it started last."""

    schedule: Schedule
    workflow: Workflow
    is_on: bool
    """Whether the workflow is switched on in the schedule's environment."""
    environment: str
    """The environment's name."""
    node_name: str
    last: Execution | None
    next: list[datetime]


@dataclass(frozen=True)
class Fires:
    """When a schedule fires within a range; `more` than are told."""

    schedule_id: uuid.UUID
    at: list[datetime]
    more: bool


def list_schedules(principal: Principal) -> list[Listed]:
    """Return all schedules of a tenant, in every environment, those that fire soonest first; paused ones last."""
    now = datetime.now(UTC)
    with rows_of(principal.tenant_id) as rows:
        known = rows.schedules.all()
        executions = rows.executions.some([one.last for one in known if one.last is not None])
    found = [
        Listed(
            one.clock,
            one.workflow,
            one.is_on,
            one.environment,
            node_name(one.document, one.clock.node_id),
            executions.get(one.last) if one.last is not None else None,
            list(_fires(one.clock, now, NEXT)) if one.clock.enabled and one.is_on else [],
        )
        for one in known
    ]
    return sorted(found, key=lambda one: (one.next[0] if one.next else now + timedelta(days=36_500), one.workflow.name))


def fires_between(principal: Principal, start: datetime, end: datetime) -> list[Fires]:
    """Return when each schedule that is on fires within a range."""
    now = datetime.now(UTC)
    with rows_of(principal.tenant_id) as rows:
        known = rows.schedules.on()
    return [fires for schedule in known if (fires := _within(schedule, max(start, now), end)).at]


def _within(schedule: Schedule, start: datetime, end: datetime) -> Fires:
    at = [one for one in _fires(schedule, start, MOST_FIRES + 1) if one < end]
    return Fires(schedule.id, at[:MOST_FIRES], len(at) > MOST_FIRES)


def _fires(schedule: Schedule, after: datetime, count: int) -> Iterator[datetime]:
    try:
        yield from next_fires(schedule.expression, schedule.time_zone, after, count)
    except ScheduleInvalid:
        return  # published when such lines were still taken: publishing again says what is wrong


def node_name(document: dict[str, object] | None, node_id: str) -> str:
    """Return a node's name in a document, or its id where it is not there."""
    nodes = (document or {}).get("nodes")
    for node in nodes if isinstance(nodes, list) else []:
        if node.get("id") == node_id:
            return str(node.get("name", node_id))
    return node_id
