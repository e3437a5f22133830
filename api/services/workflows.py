"""Workflows: drafts with optimistic concurrency. A stale save is refused, never lost and never overwriting."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from api.errors import Problem, not_found
from api.services.compiling import read_document
from api.services.tokens import Principal
from stepweave_data.database import tenant_session
from stepweave_data.models import Audit, Execution, Workflow

MOST_DOCUMENT_BYTES: Final = 2 * 1024**2
"""Twice what a definition may have (1 MB, Step Functions quotas): larger ones could never be published."""

MOST_PINNED_BYTES: Final = 256 * 1024
"""Of one node. A draft is sent whole with each save; what is larger belongs into a run whose data is taken."""


@dataclass(frozen=True)
class Summary:
    """A workflow in a list, with its latest execution."""

    workflow: Workflow
    last_execution: Execution | None


def list_workflows(
    principal: Principal, search: str, before: tuple[datetime, uuid.UUID] | None, limit: int
) -> list[Summary]:
    """Return a page of workflows, the latest changed first, at most `limit`, behind the row `before`."""
    query = select(Workflow).where(Workflow.deleted_at.is_(None))
    if search:
        query = query.where(Workflow.name.icontains(search, autoescape=True))
    if before is not None:
        query = query.where(tuple_(Workflow.updated_at, Workflow.id) < before)
    query = query.order_by(Workflow.updated_at.desc(), Workflow.id.desc()).limit(limit)
    with tenant_session(principal.tenant_id) as session:
        found = list(session.scalars(query))
        latest = _latest_executions(session, [workflow.id for workflow in found])
    return [Summary(workflow, latest.get(workflow.id)) for workflow in found]


def _latest_executions(session: Session, ids: list[uuid.UUID]) -> dict[uuid.UUID, Execution]:
    query = (
        select(Execution)
        .where(Execution.workflow_id.in_(ids))
        .ext(distinct_on(Execution.workflow_id))
        .order_by(Execution.workflow_id, Execution.started_at.desc(), Execution.id.desc())
    )
    return {execution.workflow_id: execution for execution in session.scalars(query)}


def create_workflow(principal: Principal, document: dict[str, Any]) -> Workflow:
    """Store a new draft. Raises Problem (422, 413)."""
    name = _checked(document)
    with tenant_session(principal.tenant_id) as session:
        workflow = Workflow(tenant_id=principal.tenant_id, name=name, document=document, created_by=principal.user_id)
        session.add(workflow)
        session.flush()
        session.refresh(workflow)
        audit(session, principal, "workflow.created", workflow.id)
    return workflow


def get_workflow(principal: Principal, workflow_id: uuid.UUID) -> Workflow:
    """Return a workflow. Raises Problem (404)."""
    with tenant_session(principal.tenant_id) as session:
        return find(session, workflow_id)


def find(session: Session, workflow_id: uuid.UUID) -> Workflow:
    """Return a workflow in a session. Raises Problem (404)."""
    workflow = session.get(Workflow, workflow_id)
    if workflow is None or workflow.deleted_at is not None:
        raise not_found("workflow")
    return workflow


def save_workflow(principal: Principal, workflow_id: uuid.UUID, document: dict[str, Any], revision: int) -> Workflow:
    """Save a draft that was made from `revision`.

    Raises:
        Problem: 409 `stale_revision` with the current revision and document when somebody saved in between; 422, 413.
    """
    name = _checked(document)
    with tenant_session(principal.tenant_id) as session:
        find(session, workflow_id)
        saved = session.scalars(
            update(Workflow)
            .where(and_(Workflow.id == workflow_id, Workflow.revision == revision))
            .values(document=document, name=name, revision=revision + 1, updated_at=func.now())
            .returning(Workflow)
            .execution_options(populate_existing=True)
        ).one_or_none()
        if saved is None:
            current = session.get_one(Workflow, workflow_id, populate_existing=True)
            raise Problem(
                409,
                "stale_revision",
                "Somebody saved this workflow since you opened it. Load theirs, or save yours over it.",
                revision=current.revision,
                document=current.document,
            )
    return saved


def delete_workflow(session: Session, principal: Principal, workflow_id: uuid.UUID) -> None:
    """Mark a workflow deleted; its history stays. Raises Problem (404)."""
    workflow = find(session, workflow_id)
    workflow.deleted_at = func.now()
    audit(session, principal, "workflow.deleted", workflow_id)


def audit(session: Session, principal: Principal, action: str, subject: uuid.UUID, **details: Any) -> None:
    """Write down who did what."""
    session.add(
        Audit(
            tenant_id=principal.tenant_id,
            user_id=principal.user_id,
            action=action,
            subject=str(subject),
            details=details,
        )
    )


def _checked(document: dict[str, Any]) -> str:
    size = len(json.dumps(document))
    if size > MOST_DOCUMENT_BYTES:
        raise Problem(413, "too_large", f"The workflow has {size} bytes; at most {MOST_DOCUMENT_BYTES} are stored.")
    parsed = read_document(document)
    for index, node in enumerate(parsed.nodes):
        pinned = (document["nodes"][index].get("pinned") if node.pinned else None) or {}
        size = len(json.dumps(pinned))
        if size > MOST_PINNED_BYTES:
            detail = f"{node.name!r} has {size // 1024} KB of pinned data; a node takes {MOST_PINNED_BYTES // 1024} KB."
            message = "Pin fewer items, or leave fields out."
            errors = [{"field": f"nodes.{index}.pinned", "message": message, "nodeId": node.id}]
            raise Problem(422, "pinned_too_large", f"{detail} {message}", errors)
    return parsed.name
