"""One workflow that is shared with a person, or with all who are in another project."""

import uuid
from dataclasses import dataclass
from typing import Final

from api import codes
from api.permissions import PROJECT_ROLES, Permission
from api.refusals import Refused
from api.repositories.rows import Duplicate, Rows, rows_of
from api.services import projects, workflows
from api.services.members import Given
from api.services.tokens import Principal
from stepweave_data.auditing import seeing
from stepweave_data.models import Project, Role, User, Workflow, WorkflowShare

ROLES: Final = {name: may for name, may in PROJECT_ROLES.items() if name != "manager"}
"""What one workflow can be shared as: who manages, manages a project."""


@dataclass(frozen=True)
class Shown:
    """With whom, and as what. `name` is the person's or the project's."""

    id: uuid.UUID
    user_id: uuid.UUID | None
    project_id: uuid.UUID | None
    name: str
    email: str | None
    role: str
    role_id: uuid.UUID | None
    role_name: str | None


def listed(principal: Principal, workflow_id: uuid.UUID) -> list[Shown]:
    """Return with whom a workflow is shared besides its project. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        workflows.find(rows, workflow_id)
        return [_shown(*row) for row in rows.projects.shares(workflow_id)]


def share(
    principal: Principal, workflow_id: uuid.UUID, user_id: uuid.UUID | None, project_id: uuid.UUID | None, given: Given
) -> list[Shown]:
    """Share a workflow with a person or a project, or say what they may do from now on.

    Raises:
        Refused: `not_found` (the workflow, the member, the project, the role), `above_you`, `not_allowed`, `too_many`.
    """
    try:
        # The project that it is shared with need only be seen; `_mine` asks for what is needed in the workflow's own.
        with seeing(principal.reach(Permission.WORKFLOWS_READ)), rows_of(principal.tenant_id) as rows:
            workflow = _mine(rows, principal, workflow_id)
            role = projects.role_to_give(rows, principal, workflow.project_id, given, ROLES)
            if user_id is not None and rows.people.standing(user_id) is None:
                raise codes.not_found("member")
            if project_id is not None:
                projects.find(rows, project_id)
            former = rows.projects.share_with(workflow_id, user_id, project_id)
            if former is None and rows.projects.shared_with(user_id, project_id) >= projects.MOST_SHARES:
                words = f"{projects.MOST_SHARES} workflows are shared with them already: let them into the project."
                raise Refused(codes.TOO_MANY, words)
            row = former or WorkflowShare(tenant_id=principal.tenant_id, workflow_id=workflow_id)
            row.user_id, row.project_id = user_id, project_id
            row.role, row.role_id = given.role, role.id if role else None
            rows.projects.put_share(row)
            after = {"role": role.name if role else given.role}
            whom = str(user_id or project_id)
            rows.note(principal.user_id, "workflow.shared", workflow_id, before={}, after=after, whom=whom)
            return [_shown(*one) for one in rows.projects.shares(workflow_id)]
    except Duplicate:
        raise Refused(codes.NAME_TAKEN, "Somebody else shared it with them right now: look at it again.") from None


def unshare(principal: Principal, workflow_id: uuid.UUID, share_id: uuid.UUID) -> None:
    """Take a share back. Raises Refused: `not_found`, `not_allowed`."""
    with rows_of(principal.tenant_id) as rows:
        _mine(rows, principal, workflow_id)
        row = rows.get(WorkflowShare, share_id)
        if row is None or row.workflow_id != workflow_id:
            raise codes.not_found("share")
        whom = str(row.user_id or row.project_id)
        rows.note(principal.user_id, "workflow.unshared", workflow_id, before={"role": row.role}, after={}, whom=whom)
        rows.projects.drop_share(row)


def _mine(rows: Rows, principal: Principal, workflow_id: uuid.UUID) -> Workflow:
    workflow = workflows.find(rows, workflow_id)
    if Permission.PROJECTS_MANAGE not in projects.permissions_in(principal, workflow.project_id):
        raise Refused(codes.NOT_ALLOWED, "Only who manages its project shares a workflow.")
    return workflow


def _shown(share: WorkflowShare, user: User | None, project: Project | None, role: Role | None) -> Shown:
    name = user.name if user else project.name if project else ""
    return Shown(
        share.id,
        share.user_id,
        share.project_id,
        name,
        user.email if user else None,
        share.role,
        share.role_id,
        role.name if role else None,
    )
