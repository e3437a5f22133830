"""Rows of `workflows`, one by one. Lists of them: `workflow_list`."""

import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from stepweave_data.models import Tenant, Workflow, WorkflowTag


class Workflows:
    """Workflows that are not deleted."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, workflow_id: uuid.UUID, *, locked: bool = False) -> Workflow | None:
        """Return one, or None; with `locked`, as it is now, and nobody else changes it until the transaction ends."""
        workflow = self._session.get(Workflow, workflow_id, with_for_update=locked or None, populate_existing=locked)
        return None if workflow is None or workflow.deleted_at is not None else workflow

    def save(self, workflow_id: uuid.UUID, document: dict[str, Any], name: str, revision: int) -> Workflow | None:
        """Write a draft that was made from `revision`; return the row, or None where another revision is there."""
        return self._session.scalars(
            update(Workflow)
            .where(and_(Workflow.id == workflow_id, Workflow.revision == revision))
            .values(document=document, name=name, revision=revision + 1, updated_at=func.now())
            .returning(Workflow)
            .execution_options(populate_existing=True)
        ).one_or_none()

    def now(self, workflow_id: uuid.UUID) -> Workflow:
        """Return the row as it is at this moment, whatever was read before."""
        return self._session.get_one(Workflow, workflow_id, populate_existing=True)

    def mark_deleted(self, workflow: Workflow) -> None:
        """Mark one deleted; its history stays."""
        workflow.deleted_at = func.now()

    def tag_ids(self, workflow_id: uuid.UUID) -> list[uuid.UUID]:
        """Return the tags of one."""
        return list(self._session.scalars(select(WorkflowTag.tag_id).where(WorkflowTag.workflow_id == workflow_id)))

    def add_tags(self, tenant_id: uuid.UUID, workflow_id: uuid.UUID, tag_ids: Collection[uuid.UUID]) -> None:
        """Mark one with tags; those it has already are fine."""
        rows = [{"tenant_id": tenant_id, "workflow_id": workflow_id, "tag_id": tag} for tag in set(tag_ids)]
        if rows:
            self._session.execute(insert(WorkflowTag).values(rows).on_conflict_do_nothing())

    def remove_tags(self, workflow_id: uuid.UUID, tag_ids: Collection[uuid.UUID]) -> None:
        """Take tags off one."""
        gone = WorkflowTag.tag_id.in_(tag_ids)
        self._session.execute(delete(WorkflowTag).where(WorkflowTag.workflow_id == workflow_id, gone))

    def slug(self, tenant_id: uuid.UUID) -> str:
        """Return the tenant's slug, the first part of its webhooks' paths."""
        return self._session.get_one(Tenant, tenant_id).slug
