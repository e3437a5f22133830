"""Published schedules. A row keeps its id while its node is published, so EventBridge's schedules keep their names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from stepweave_data.models import Schedule, Workflow


@dataclass(frozen=True, slots=True)
class NewSchedule:
    """A schedule to register. `count` is how many EventBridge schedules it takes: one or two."""

    node_id: str
    expression: str
    time_zone: str
    count: int
    target: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Clock:
    """What EventBridge has, or is to have, for one row."""

    id: UUID
    expression: str
    time_zone: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replaced:
    """A workflow's schedules before and after."""

    before: tuple[Clock, ...]
    after: tuple[Clock, ...]

    @property
    def unused(self) -> list[str]:
        """Names of EventBridge schedules that nothing refers to afterwards."""
        return sorted({name for clock in self.before for name in clock.names} - self._used)

    @property
    def new(self) -> list[str]:
        """Names of EventBridge schedules that were not there before."""
        return sorted(self._used - {name for clock in self.before for name in clock.names})

    @property
    def _used(self) -> set[str]:
        return {name for clock in self.after for name in clock.names}


def replace(session: Session, workflow: Workflow, wanted: Sequence[NewSchedule]) -> Replaced:
    """Register `wanted` in place of the workflow's former schedules."""
    former = session.scalars(select(Schedule).where(Schedule.workflow_id == workflow.id)).all()
    before = tuple(_clock(row) for row in former)
    rows = {row.node_id: row for row in former}
    after = []
    for schedule in wanted:
        row = rows.pop(schedule.node_id, None)
        if row is None:
            row = Schedule(
                id=uuid4(),
                tenant_id=workflow.tenant_id,
                workflow_id=workflow.id,
                node_id=schedule.node_id,
                enabled=True,
            )
            session.add(row)
        row.expression, row.time_zone, row.target = schedule.expression, schedule.time_zone, schedule.target
        row.names = [str(row.id), f"{row.id}-or"][: schedule.count]
        after.append(_clock(row))
    for row in rows.values():
        session.delete(row)
    session.flush()
    return Replaced(before, tuple(after))


def _clock(row: Schedule) -> Clock:
    return Clock(row.id, row.expression, row.time_zone, tuple(row.names))
