"""Workflows: drafts with optimistic concurrency. A stale save is refused, never lost and never overwriting."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from api import codes
from api.permissions import Permission
from api.refusals import Refused
from api.repositories.rows import Rows, rows_of
from api.services import projects
from api.services.compiling import read_document
from api.services.tokens import Principal
from stepweave.model.sizes import size_text
from stepweave_data.models import Folder, Registration, User, Webhook, Workflow, WorkflowVersion

MOST_DOCUMENT_BYTES: Final = 2 * 1024**2
"""Twice what a definition may have (1 MB, Step Functions quotas): larger ones could never be published."""

MOST_PINNED_BYTES: Final = 256 * 1024
"""Of one node. A draft is sent whole with each save; what is larger belongs into a run whose data is taken."""

MOST_VERSIONS: Final = 200
"""Versions that a list shows."""


def create_workflow(
    principal: Principal,
    document: dict[str, Any],
    folder_id: uuid.UUID | None = None,
    project_id: uuid.UUID | None = None,
) -> Workflow:
    """Store a new draft, in a folder where given, and in its project or the one that is given.

    Raises:
        Refused: `not_found`, `not_allowed`, `project_needed`, `too_large`, `pinned_too_large`, `newer_schema`,
            `invalid_document`.
    """
    name = checked(document)
    with rows_of(principal.tenant_id) as rows:
        project = place(rows, principal, folder_id, project_id)
        return create_in(rows, principal, Draft(name, document), folder_id, project)


def place(rows: Rows, principal: Principal, folder_id: uuid.UUID | None, project_id: uuid.UUID | None) -> uuid.UUID:
    """Return the project in which a workflow is to be made: its folder's, or the one that is given.

    Raises:
        Refused: `not_found`, `not_allowed`, `project_needed`.
    """
    folder = rows.get(Folder, folder_id) if folder_id is not None else None
    if folder_id is not None and (folder is None or project_id not in (None, folder.project_id)):
        raise codes.not_found("folder")
    wanted = folder.project_id if folder is not None else project_id
    return projects.place(rows, principal, wanted, Permission.WORKFLOWS_WRITE)


@dataclass(frozen=True)
class Draft:
    """A document that can be stored, and the name that `checked` gave."""

    name: str
    document: dict[str, Any]


def create_in(
    rows: Rows, principal: Principal, draft: Draft, folder_id: uuid.UUID | None, project_id: uuid.UUID
) -> Workflow:
    """Store a new draft within a transaction, in a place that `place` gave."""
    workflow = Workflow(
        tenant_id=principal.tenant_id, name=draft.name, document=draft.document, created_by=principal.user_id
    )
    workflow.project_id = project_id
    workflow.folder_id = folder_id
    rows.add(workflow)
    rows.note(principal.user_id, "workflow.created", workflow.id)
    return workflow


def duplicate_workflow(principal: Principal, workflow_id: uuid.UUID) -> Workflow:
    """Store the draft of a workflow as another one, in its folder and with its tags. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        found = find(rows, workflow_id)
        tags = rows.workflows.tag_ids(workflow_id)
        folder = rows.get(Folder, found.folder_id) if found.folder_id is not None else None
    name = _copy_name(found.name)
    copy = create_workflow(
        principal, {**found.document, "name": name}, folder.id if folder is not None else None, found.project_id
    )
    with rows_of(principal.tenant_id) as rows:
        rows.workflows.add_tags(principal.tenant_id, copy.id, tags)
    return copy


def get_workflow(principal: Principal, workflow_id: uuid.UUID) -> Workflow:
    """Return a workflow. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        return find(rows, workflow_id)


def find(rows: Rows, workflow_id: uuid.UUID) -> Workflow:
    """Return a workflow within a transaction. Raises Refused (`not_found`)."""
    workflow = rows.workflows.find(workflow_id)
    if workflow is None:
        raise codes.not_found("workflow")
    return workflow


def save_workflow(principal: Principal, workflow_id: uuid.UUID, document: dict[str, Any], revision: int) -> Workflow:
    """Save a draft that was made from `revision`.

    Raises:
        Refused: `stale_revision` with the current revision and document when somebody saved in between; else as
            `create_workflow`.
    """
    name = checked(document)
    with rows_of(principal.tenant_id) as rows:
        find(rows, workflow_id)
        saved = rows.workflows.save(workflow_id, document, name, revision)
        if saved is None:
            current = rows.workflows.now(workflow_id)
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
    with rows_of(principal.tenant_id) as rows:
        find(rows, workflow_id)
        return rows.versions.list(workflow_id, MOST_VERSIONS)


def get_version(principal: Principal, workflow_id: uuid.UUID, number: int) -> tuple[WorkflowVersion, str | None]:
    """Return a version with its document, and who made it. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        find(rows, workflow_id)
        version = find_version(rows, workflow_id, number)
        author = rows.get(User, version.created_by) if version.created_by else None
        return version, author.name if author else None


def change_version(
    principal: Principal, workflow_id: uuid.UUID, number: int, name: str | None, note: str | None
) -> tuple[WorkflowVersion, str | None]:
    """Say something else of a version; None leaves what was said. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        find(rows, workflow_id)
        version = find_version(rows, workflow_id, number)
        before = {"name": version.name, "note": version.note}
        after = {"name": before["name"] if name is None else name, "note": before["note"] if note is None else note}
        if after != before:
            version.name, version.note = after["name"], after["note"]
            rows.note(
                principal.user_id, "version.described", workflow_id, before=before, after=after, version=version.number
            )
            rows.write()
    return get_version(principal, workflow_id, number)


def find_version(rows: Rows, workflow_id: uuid.UUID, number: int) -> WorkflowVersion:
    """Return a version within a transaction. Raises Refused (`not_found`)."""
    version = rows.versions.find(workflow_id, number)
    if version is None:
        raise codes.not_found("version")
    return version


@dataclass(frozen=True)
class Called:
    """Where a workflow is called: its published webhooks, its triggers at providers, and the tenant's slug."""

    webhooks: Sequence[Webhook]
    registrations: Sequence[Registration]
    slug: str


def called(principal: Principal, workflow_id: uuid.UUID) -> Called:
    """Return where a workflow is called. Of triggers also those that are to be taken away at their providers yet."""
    with rows_of(principal.tenant_id) as rows:
        slug = rows.workflows.slug(principal.tenant_id)
        return Called(rows.webhooks.of(workflow_id), rows.registrations.of(workflow_id), slug)


def delete_workflow(rows: Rows, principal: Principal, workflow_id: uuid.UUID) -> None:
    """Mark a workflow deleted; its history stays. Raises Refused (`not_found`)."""
    rows.workflows.mark_deleted(find(rows, workflow_id))
    rows.releases.end(workflow_id=workflow_id)
    rows.note(principal.user_id, "workflow.deleted", workflow_id)


def _copy_name(name: str) -> str:
    """Return what a copy is called; a name has at most 200 characters."""
    return f"{name[:190]} (copy)"


def checked(document: dict[str, Any]) -> str:
    """Return the name of a document that can be stored. Raises Refused as `create_workflow`."""
    size = len(json.dumps(document))
    if size > MOST_DOCUMENT_BYTES:
        words = f"The workflow has {size_text(size)}; at most {size_text(MOST_DOCUMENT_BYTES)} are stored."
        raise Refused(codes.TOO_LARGE, words)
    parsed = read_document(document)
    for index, node in enumerate(parsed.nodes):
        pinned = (document["nodes"][index].get("pinned") if node.pinned else None) or {}
        size = len(json.dumps(pinned))
        if size > MOST_PINNED_BYTES:
            detail = f"{node.name!r} has {size_text(size)} of pinned data; a node takes {size_text(MOST_PINNED_BYTES)}."
            message = "Pin fewer items, or leave fields out."
            errors = [{"field": f"nodes.{index}.pinned", "message": message, "nodeId": node.id}]
            raise Refused(codes.PINNED_TOO_LARGE, f"{detail} {message}", errors)
    return parsed.name
