"""Executions and their history, as the API reads it. The recorder writes it (`stepweave_data.history`)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.orm import Session

from stepweave.model.events import Event
from stepweave_data.history.store import read_event
from stepweave_data.models import Execution, ExecutionEvent, NodeRun, Workflow
from stepweave_data.repositories.pages import Place
from stepweave_data.repositories.versions import find as find_version


@dataclass(frozen=True, slots=True)
class Filter:
    """Which executions; None means any."""

    workflow_id: UUID | None = None
    status: str | None = None
    trigger: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """An execution in a list: without its document and its answer, which may be large."""

    id: UUID
    workflow_id: UUID
    workflow_name: str
    workflow_version: int | None
    mode: str
    trigger: str
    status: str
    started_at: datetime
    ended_at: datetime | None
    error: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Detail:
    """An execution, its node runs in the order they started, and the document that ran."""

    execution: Execution
    workflow_name: str
    node_runs: list[NodeRun]
    document: dict[str, Any]


_LISTED = (
    Execution.id,
    Execution.workflow_id,
    Workflow.name,
    Execution.workflow_version,
    Execution.mode,
    Execution.trigger,
    Execution.status,
    Execution.started_at,
    Execution.ended_at,
    Execution.error,
)


def page(session: Session, wanted: Filter, *, before: Place | None, limit: int) -> list[Listed]:
    """Return at most `limit` executions, the latest started first, behind `before`."""
    query = select(*_LISTED).join(Workflow, Workflow.id == Execution.workflow_id)
    if wanted.workflow_id is not None:
        query = query.where(Execution.workflow_id == wanted.workflow_id)
    if wanted.status is not None:
        query = query.where(Execution.status == wanted.status)
    if wanted.trigger is not None:
        query = query.where(Execution.trigger == wanted.trigger)
    if before is not None:
        query = query.where(tuple_(Execution.started_at, Execution.id) < before)
    query = query.order_by(Execution.started_at.desc(), Execution.id.desc()).limit(limit)
    return [Listed(*row) for row in session.execute(query)]


def find(session: Session, execution_id: UUID) -> Execution | None:
    """Return an execution."""
    return session.get(Execution, execution_id)


def detail(session: Session, execution_id: UUID) -> Detail | None:
    """Return an execution with all that belongs to it."""
    execution = find(session, execution_id)
    if execution is None:
        return None
    workflow = session.get_one(Workflow, execution.workflow_id)
    query = select(NodeRun).where(NodeRun.execution_id == execution_id).order_by(NodeRun.started_at, NodeRun.node_id)
    document = execution.document
    if document is None:
        version = find_version(session, execution.workflow_id, execution.workflow_version)
        document = workflow.document if version is None else version.document
    return Detail(execution, workflow.name, list(session.scalars(query)), document)


def node_run(session: Session, execution_id: UUID, node_id: str) -> NodeRun | None:
    """Return the latest attempt of a node."""
    return session.get(NodeRun, (execution_id, node_id))


def events(session: Session, execution_id: UUID, *, after: int, limit: int) -> list[Event]:
    """Return events behind a number, in order."""
    query = select(ExecutionEvent).where(ExecutionEvent.execution_id == execution_id, ExecutionEvent.seq > after)
    return [_event(row) for row in session.scalars(query.order_by(ExecutionEvent.seq).limit(limit))]


def logs(
    session: Session, execution_id: UUID, *, node_id: str | None, level: str | None, after: int, limit: int
) -> list[Event]:
    """Return log lines behind a number, in order, of one node and level where given."""
    query = select(ExecutionEvent).where(
        ExecutionEvent.execution_id == execution_id, ExecutionEvent.type == "node.log", ExecutionEvent.seq > after
    )
    if node_id is not None:
        query = query.where(ExecutionEvent.node_id == node_id)
    if level is not None:
        query = query.where(ExecutionEvent.data["level"].astext == level)
    return [_event(row) for row in session.scalars(query.order_by(ExecutionEvent.seq).limit(limit))]


def add(session: Session, execution: Execution) -> None:
    """Store an execution that is about to start."""
    session.add(execution)


def end_queued(session: Session, execution_id: UUID, status: str, error: dict[str, Any] | None) -> bool:
    """End an execution that nobody has begun, and say whether it was so."""
    statement = (
        update(Execution)
        .where(Execution.id == execution_id, Execution.status == "queued", Execution.last_seq == 0)
        .values(status=status, ended_at=func.now(), error=error)
        .returning(Execution.id)
    )
    return session.execute(statement).one_or_none() is not None


def _event(row: ExecutionEvent) -> Event:
    return read_event(row.seq, row.id, row.type, row.node_id, row.at, row.data)
