"""Workflows: drafts with optimistic concurrency. A stale save is refused, never lost and never overwriting."""

import json
import uuid
from typing import Any, Final

from sqlalchemy import and_, func, select, update
from sqlalchemy.orm import Session, defer

from api import codes
from api.refusals import Refused
from api.services.compiling import read_document
from api.services.tokens import Principal
from stepweave_data.database import tenant_session
from stepweave_data.models import Audit, Folder, User, Workflow, WorkflowTag, WorkflowVersion

MOST_DOCUMENT_BYTES: Final = 2 * 1024**2
"""Twice what a definition may have (1 MB, Step Functions quotas): larger ones could never be published."""

MOST_PINNED_BYTES: Final = 256 * 1024
"""Of one node. A draft is sent whole with each save; what is larger belongs into a run whose data is taken."""

MOST_VERSIONS: Final = 200
"""Versions that a list shows."""


def create_workflow(principal: Principal, document: dict[str, Any], folder_id: uuid.UUID | None = None) -> Workflow:
    """Store a new draft, in a folder where given.

    Raises:
        Refused: `not_found`, `too_large`, `pinned_too_large`, `newer_schema`, `invalid_document`.
    """
    name = _checked(document)
    with tenant_session(principal.tenant_id) as session:
        if folder_id is not None and session.get(Folder, folder_id) is None:
            raise codes.not_found("folder")
        workflow = Workflow(tenant_id=principal.tenant_id, name=name, document=document, created_by=principal.user_id)
        workflow.folder_id = folder_id
        session.add(workflow)
        session.flush()
        session.refresh(workflow)
        audit(session, principal, "workflow.created", workflow.id)
    return workflow


def duplicate_workflow(principal: Principal, workflow_id: uuid.UUID) -> Workflow:
    """Store the draft of a workflow as another one, in its folder and with its tags. Raises Refused (`not_found`)."""
    with tenant_session(principal.tenant_id) as session:
        found = find(session, workflow_id)
        tags = list(session.scalars(select(WorkflowTag.tag_id).where(WorkflowTag.workflow_id == workflow_id)))
    name = _copy_name(found.name)
    copy = create_workflow(principal, {**found.document, "name": name}, found.folder_id)
    with tenant_session(principal.tenant_id) as session:
        session.add_all(WorkflowTag(tenant_id=principal.tenant_id, workflow_id=copy.id, tag_id=tag) for tag in tags)
    return copy


def get_workflow(principal: Principal, workflow_id: uuid.UUID) -> Workflow:
    """Return a workflow. Raises Refused (`not_found`)."""
    with tenant_session(principal.tenant_id) as session:
        return find(session, workflow_id)


def find(session: Session, workflow_id: uuid.UUID) -> Workflow:
    """Return a workflow in a session. Raises Refused (`not_found`)."""
    workflow = session.get(Workflow, workflow_id)
    if workflow is None or workflow.deleted_at is not None:
        raise codes.not_found("workflow")
    return workflow


def save_workflow(principal: Principal, workflow_id: uuid.UUID, document: dict[str, Any], revision: int) -> Workflow:
    """Save a draft that was made from `revision`.

    Raises:
        Refused: `stale_revision` with the current revision and document when somebody saved in between; else as
            `create_workflow`.
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
            raise Refused(
                codes.STALE_REVISION,
                "Somebody saved this workflow since you opened it. Load theirs, or save yours over it.",
                revision=current.revision,
                document=current.document,
            )
    return saved


def list_versions(principal: Principal, workflow_id: uuid.UUID) -> list[tuple[WorkflowVersion, str | None]]:
    """Return a workflow's versions without documents, the latest first, each with who made it.

    Raises:
        Refused: `not_found`.
    """
    query = (
        select(WorkflowVersion, User.name)
        .join(User, User.id == WorkflowVersion.created_by, isouter=True)
        .options(defer(WorkflowVersion.document))
        .where(WorkflowVersion.workflow_id == workflow_id)
        .order_by(WorkflowVersion.number.desc())
        .limit(MOST_VERSIONS)
    )
    with tenant_session(principal.tenant_id) as session:
        find(session, workflow_id)
        return [(row[0], row[1]) for row in session.execute(query)]


def get_version(principal: Principal, workflow_id: uuid.UUID, number: int) -> tuple[WorkflowVersion, str | None]:
    """Return a version with its document, and who made it. Raises Refused (`not_found`)."""
    with tenant_session(principal.tenant_id) as session:
        find(session, workflow_id)
        version = find_version(session, workflow_id, number)
        author = session.get(User, version.created_by) if version.created_by else None
        return version, author.name if author else None


def find_version(session: Session, workflow_id: uuid.UUID, number: int) -> WorkflowVersion:
    """Return a version in a session. Raises Refused (`not_found`)."""
    wanted = select(WorkflowVersion).where(WorkflowVersion.workflow_id == workflow_id, WorkflowVersion.number == number)
    version = session.scalar(wanted)
    if version is None:
        raise codes.not_found("version")
    return version


def delete_workflow(session: Session, principal: Principal, workflow_id: uuid.UUID) -> None:
    """Mark a workflow deleted; its history stays. Raises Refused (`not_found`)."""
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


def _copy_name(name: str) -> str:
    """Return what a copy is called; a name has at most 200 characters."""
    return f"{name[:190]} (copy)"


def _checked(document: dict[str, Any]) -> str:
    size = len(json.dumps(document))
    if size > MOST_DOCUMENT_BYTES:
        raise Refused(codes.TOO_LARGE, f"The workflow has {size} bytes; at most {MOST_DOCUMENT_BYTES} are stored.")
    parsed = read_document(document)
    for index, node in enumerate(parsed.nodes):
        pinned = (document["nodes"][index].get("pinned") if node.pinned else None) or {}
        size = len(json.dumps(pinned))
        if size > MOST_PINNED_BYTES:
            detail = f"{node.name!r} has {size // 1024} KB of pinned data; a node takes {MOST_PINNED_BYTES // 1024} KB."
            message = "Pin fewer items, or leave fields out."
            errors = [{"field": f"nodes.{index}.pinned", "message": message, "nodeId": node.id}]
            raise Refused(codes.PINNED_TOO_LARGE, f"{detail} {message}", errors)
    return parsed.name
