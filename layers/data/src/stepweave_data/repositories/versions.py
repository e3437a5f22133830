"""Published versions of workflows, and the compiled machines they run on. Neither is ever changed."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from stepweave_data.models import CompiledMachine, Workflow, WorkflowVersion


def latest(session: Session, workflow_id: UUID, limit: int) -> list[WorkflowVersion]:
    """Return the versions of a workflow, the latest first."""
    query = select(WorkflowVersion).where(WorkflowVersion.workflow_id == workflow_id)
    return list(session.scalars(query.order_by(WorkflowVersion.number.desc()).limit(limit)))


def find(session: Session, workflow_id: UUID, number: int | None) -> WorkflowVersion | None:
    """Return a version by its number; None for None."""
    query = select(WorkflowVersion).where(WorkflowVersion.workflow_id == workflow_id, WorkflowVersion.number == number)
    return session.scalars(query).one_or_none()


def add(
    session: Session, workflow: Workflow, *, document: dict[str, Any], compiled_hash: str, note: str, created_by: UUID
) -> WorkflowVersion:
    """Store the next version of a workflow, whose row must be locked, and make it the published one."""
    query = select(func.max(WorkflowVersion.number)).where(WorkflowVersion.workflow_id == workflow.id)
    number = (session.scalar(query) or 0) + 1
    version = WorkflowVersion(
        tenant_id=workflow.tenant_id,
        workflow_id=workflow.id,
        number=number,
        document=document,
        compiled_hash=compiled_hash,
        note=note,
        created_by=created_by,
    )
    session.add(version)
    workflow.published_version = number
    session.flush()
    session.refresh(version)
    return version


def machine(session: Session, workflow_id: UUID, compiled_hash: str) -> CompiledMachine | None:
    """Return what a workflow's compiled hash was published as."""
    return session.get(CompiledMachine, (workflow_id, compiled_hash))


def add_machine(session: Session, values: dict[str, Any]) -> CompiledMachine:
    """Remember what a compiled hash was published as; who was first stays. `values` are the columns."""
    session.execute(insert(CompiledMachine).values(**values).on_conflict_do_nothing())
    return session.get_one(CompiledMachine, (values["workflow_id"], values["compiled_hash"]))
