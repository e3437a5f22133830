"""Workflows and their drafts. A deleted workflow stays as a row, for its executions, and is found no more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.orm import Session

from stepweave_data.models import Execution, Workflow
from stepweave_data.repositories.pages import Place


@dataclass(frozen=True, slots=True)
class LastRun:
    """The latest execution of a workflow."""

    id: UUID
    status: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A workflow in a list: without its document, which may be large. `node_types` has one entry per node."""

    id: UUID
    name: str
    revision: int
    published_version: int | None
    enabled: bool
    created_at: datetime
    updated_at: datetime
    node_types: list[str]
    last_execution: LastRun | None = None


_TYPES = func.coalesce(func.jsonb_path_query_array(Workflow.document, "$.nodes[*].type"), func.jsonb_build_array())
_COLUMNS = (
    Workflow.id,
    Workflow.name,
    Workflow.revision,
    Workflow.published_version,
    Workflow.enabled,
    Workflow.created_at,
    Workflow.updated_at,
)


def page(session: Session, *, search: str, before: Place | None, limit: int) -> list[Listed]:
    """Return at most `limit` workflows whose name holds `search`, the latest changed first, behind `before`."""
    query = select(*_COLUMNS, _TYPES.label("node_types")).where(Workflow.deleted_at.is_(None))
    if search:
        query = query.where(Workflow.name.icontains(search, autoescape=True))
    if before is not None:
        query = query.where(tuple_(Workflow.updated_at, Workflow.id) < before)
    rows = session.execute(query.order_by(Workflow.updated_at.desc(), Workflow.id.desc()).limit(limit)).all()
    latest = _latest(session, [row.id for row in rows])
    return [Listed(**row._asdict(), last_execution=latest.get(row.id)) for row in rows]


def _latest(session: Session, ids: Sequence[UUID]) -> dict[UUID, LastRun]:
    """Return the latest execution of each workflow that has one: one look into the index each."""
    ids_table = func.unnest(list(ids)).table_valued("id").alias("wanted")
    last = (
        select(Execution.id, Execution.status, Execution.started_at, Execution.ended_at)
        .where(Execution.workflow_id == ids_table.c.id)
        .order_by(Execution.started_at.desc(), Execution.id.desc())
        .limit(1)
        .lateral("last")
    )
    query = select(ids_table.c.id.label("workflow_id"), *last.c).select_from(
        ids_table.join(last, last.c.id.isnot(None))
    )
    return {row[0]: LastRun(*row[1:]) for row in session.execute(query)} if ids else {}


def find(session: Session, workflow_id: UUID) -> Workflow | None:
    """Return a workflow that is not deleted."""
    workflow = session.get(Workflow, workflow_id)
    return workflow if workflow is not None and workflow.deleted_at is None else None


def locked(session: Session, workflow_id: UUID) -> Workflow | None:
    """Return a workflow as `find` does, as it is now, and keep others from changing it until the transaction ends."""
    # Not FOR UPDATE: rows that refer to the workflow (executions, compiled machines) can be added meanwhile.
    workflow = session.get(Workflow, workflow_id, with_for_update={"key_share": True}, populate_existing=True)
    return workflow if workflow is not None and workflow.deleted_at is None else None


def add(session: Session, *, tenant_id: UUID, name: str, document: dict[str, Any], created_by: UUID) -> Workflow:
    """Store a new draft as revision 1."""
    workflow = Workflow(tenant_id=tenant_id, name=name, document=document, created_by=created_by)
    session.add(workflow)
    session.flush()
    session.refresh(workflow)
    return workflow


def save(session: Session, workflow_id: UUID, *, name: str, document: dict[str, Any], revision: int) -> Workflow | None:
    """Store a draft that was made from `revision` as the next one; None where another one is there already."""
    statement = (
        update(Workflow)
        .where(Workflow.id == workflow_id, Workflow.revision == revision, Workflow.deleted_at.is_(None))
        .values(document=document, name=name, revision=revision + 1, updated_at=func.now())
        .returning(Workflow)
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).one_or_none()


def delete(session: Session, workflow: Workflow) -> None:
    """Mark a workflow deleted."""
    workflow.published_version = None
    workflow.deleted_at = func.now()
