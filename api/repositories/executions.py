"""Rows of `executions` and `execution_events`. Lists of executions: `execution_list`."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, text, tuple_, update
from sqlalchemy.orm import Session

from stepweave_data.hooks.cancelling import END
from stepweave_data.models import Execution, ExecutionEvent, ExecutionTurn, Workflow


class Executions:
    """Executions, and the events of one."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, execution_id: uuid.UUID) -> Execution | None:
        """Return one, or None."""
        return self._session.get(Execution, execution_id)

    def some(self, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Execution]:
        """Return those of some ids that there are."""
        return {one.id: one for one in self._session.scalars(select(Execution).where(Execution.id.in_(ids)))}

    def waits_for(self, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
        """Return the reasons why those of some executions wait whose turn has not come."""
        query = select(ExecutionTurn.execution_id, ExecutionTurn.reason).where(
            ExecutionTurn.execution_id.in_(ids), ExecutionTurn.taken_at.is_(None)
        )
        return {row[0]: row[1] for row in self._session.execute(query)}

    def called_by(self, execution_id: uuid.UUID, limit: int) -> list[tuple[Execution, str]]:
        """Return what an execution's nodes called, the latest first, each with its workflow's name."""
        query = (
            select(Execution, Workflow.name)
            .join(Workflow, Workflow.id == Execution.workflow_id)
            .where(Execution.parent_execution_id == execution_id)
            .order_by(Execution.started_at.desc(), Execution.id)
            .limit(limit)
        )
        return [(row[0], row[1]) for row in self._session.execute(query)]

    def fail_queued(self, execution_id: uuid.UUID, error: dict[str, Any]) -> None:
        """End an execution that did not start; one whose history has begun is left to its history."""
        self._session.execute(
            update(Execution)
            .where(Execution.id == execution_id, Execution.status == "queued", Execution.last_seq == 0)
            .values(status="failed", ended_at=func.now(), error=error)
        )

    def end_cancelled(self, execution_id: uuid.UUID) -> None:
        """End an execution that has not ended, with its turn, its waits and its open node runs: one statement."""
        self._session.execute(text(END), {"id": execution_id})

    def events(self, execution_id: uuid.UUID, after: int, limit: int) -> Sequence[ExecutionEvent]:
        """Return events behind a number, in order."""
        query = select(ExecutionEvent).where(ExecutionEvent.execution_id == execution_id, ExecutionEvent.seq > after)
        return self._session.scalars(query.order_by(ExecutionEvent.seq).limit(limit)).all()

    def logs(
        self, execution_id: uuid.UUID, node_id: str | None, level: str | None, after: int, limit: int
    ) -> Sequence[ExecutionEvent]:
        """Return log lines behind a number, of one node and level where given, in order."""
        query = select(ExecutionEvent).where(
            ExecutionEvent.execution_id == execution_id, ExecutionEvent.type == "node.log", ExecutionEvent.seq > after
        )
        if node_id is not None:
            query = query.where(ExecutionEvent.node_id == node_id)
        if level is not None:
            query = query.where(ExecutionEvent.data["level"].astext == level)
        return self._session.scalars(query.order_by(ExecutionEvent.seq).limit(limit)).all()

    def event_data(self, execution_id: uuid.UUID, event_id: str) -> dict[str, Any] | None:
        """Return what an event told, or None."""
        return self._session.scalar(
            select(ExecutionEvent.data).where(
                ExecutionEvent.execution_id == execution_id, ExecutionEvent.id == event_id
            )
        )

    def sources(self, execution_id: uuid.UUID, event_ids: Sequence[str]) -> dict[str, dict[str, str]]:
        """Return where outputs are from that events tell of, by node."""
        query = select(ExecutionEvent.node_id, ExecutionEvent.data["source"]).where(
            ExecutionEvent.execution_id == execution_id, ExecutionEvent.id.in_(event_ids)
        )
        return {str(row[0]): row[1] for row in self._session.execute(query)}

    def waiting(
        self, execution_id: uuid.UUID, runs: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], dict[str, Any]]:
        """Return what runs wait for, by node and iteration, as they told it."""
        if not runs:
            return {}
        iteration = func.coalesce(ExecutionEvent.data["iteration"].astext, "")
        query = (
            select(ExecutionEvent.node_id, iteration, ExecutionEvent.data["waiting"])
            .where(ExecutionEvent.execution_id == execution_id, ExecutionEvent.type == "node.waiting")
            .where(tuple_(ExecutionEvent.node_id, iteration).in_(runs))
            .order_by(ExecutionEvent.seq)
        )
        return {(str(row[0]), row[1]): row[2] for row in self._session.execute(query)}
