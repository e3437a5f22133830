"""Counts for the home page."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Date, cast, func, select
from sqlalchemy.orm import Session

from stepweave_data.models import Execution, Wait, Workflow


class Overview:
    """A workspace at a glance."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def workflows(self) -> int:
        """Return how many workflows there are."""
        query = select(func.count()).select_from(Workflow).where(Workflow.deleted_at.is_(None))
        return self._session.scalar(query) or 0

    def executions(self, statuses: Sequence[str], since: datetime | None = None) -> int:
        """Return how many executions are in one of `statuses`, of those that began since a moment where given."""
        query = select(func.count()).select_from(Execution).where(Execution.status.in_(statuses))
        return self._session.scalar(query if since is None else query.where(Execution.started_at >= since)) or 0

    def open_approvals(self) -> int:
        """Return how many approvals wait."""
        query = select(func.count()).select_from(Wait).where(Wait.kind == "approval", Wait.state == "open")
        return self._session.scalar(query) or 0

    def by_workflow(
        self, statuses: Sequence[str], since: datetime, limit: int
    ) -> list[tuple[uuid.UUID, str, int, Execution]]:
        """Return the workflows with executions in one of `statuses` since a moment, the latest first.

        Returns:
            Of each its id, its name, how many such executions it has, and the last of them.
        """
        of_interest = Execution.status.in_(statuses) & (Execution.started_at >= since)
        rows = self._session.execute(
            select(Execution.workflow_id, Workflow.name, func.count(), func.max(Execution.started_at))
            .join(Workflow, Workflow.id == Execution.workflow_id)
            .where(of_interest)
            .group_by(Execution.workflow_id, Workflow.name)
            .order_by(func.max(Execution.started_at).desc())
            .limit(limit)
        ).all()
        return [(id, name, count, self._at(id, statuses, last)) for id, name, count, last in rows]

    def by_day(self, since: datetime) -> list[tuple[date, str, int]]:
        """Return how many executions began on each day (UTC) since a moment, by state."""
        day = cast(func.timezone("UTC", Execution.started_at), Date)
        query = (
            select(day, Execution.status, func.count())
            .where(Execution.started_at >= since)
            .group_by(day, Execution.status)
        )
        return [(row[0], row[1], row[2]) for row in self._session.execute(query)]

    def _at(self, workflow_id: uuid.UUID, statuses: Sequence[str], started_at: datetime) -> Execution:
        query = select(Execution).where(
            Execution.workflow_id == workflow_id, Execution.started_at == started_at, Execution.status.in_(statuses)
        )
        return self._session.scalars(query.limit(1)).one()
