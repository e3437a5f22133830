"""Workflows and credentials that go from one project into another, and what stays together."""

import uuid

from api import codes
from api.permissions import Permission
from api.refusals import Refused
from api.repositories.rows import Duplicate, rows_of
from api.services import credentials, projects, workflows
from api.services.belonging import check_credentials, check_shared
from api.services.tokens import Principal
from stepweave_data.models import Credential, CredentialShare, Workflow


def move_workflow(principal: Principal, workflow_id: uuid.UUID, project_id: uuid.UUID) -> Workflow:
    """Move a workflow, with its versions and executions, out of all folders.

    Raises:
        Refused: `not_found`, `not_allowed`; `credential_elsewhere` where its draft or its live version uses
            credentials that stay behind.
    """
    with rows_of(principal.tenant_id) as rows:
        workflow = workflows.find(rows, workflow_id)
        may_leave(principal, workflow.project_id, Permission.WORKFLOWS_WRITE)
        to = projects.place(rows, principal, project_id, Permission.WORKFLOWS_WRITE)
        check_credentials(rows, workflow.document, to)
        check_shared(principal, workflow.document, to)
        if workflow.published_version is not None:
            live = workflows.find_version(rows, workflow_id, workflow.published_version)
            check_credentials(rows, live.document, to)
            check_shared(principal, live.document, to)
        rows.projects.put(workflow, to)
        rows.note(principal.user_id, "workflow.moved", workflow_id)
        return workflow


def move_credential(principal: Principal, credential_id: uuid.UUID, project_id: uuid.UUID) -> Credential:
    """Move a credential.

    Raises:
        Refused: `not_found`, `not_allowed`, `name_taken`; `credential_in_use` where workflows of its project use it.
    """
    try:
        with rows_of(principal.tenant_id) as rows:
            credential = credentials.found(rows, credential_id)
            to = projects.place(rows, principal, project_id, Permission.CREDENTIALS_WRITE)
            users = (
                rows.projects.workflows_with(credential_id, credential.project_id)
                if to != credential.project_id
                else ()
            )
            if users:
                names = ", ".join(repr(name) for _, name in users[:5])
                words = f"Workflows of its project use this credential: {names}. Give them another one first."
                errors = [{"field": "workflows", "message": name, "workflowId": str(id)} for id, name in users]
                raise Refused(codes.CREDENTIAL_IN_USE, words, errors)
            shared = rows.get(CredentialShare, (credential_id, to))
            if shared is not None:  # what is in a project needs no share with it
                rows.delete(shared)
            rows.projects.put(credential, to)
            rows.note(principal.user_id, "credential.moved", credential_id)
            return credential
    except Duplicate:
        words = "The other project has a credential of this name already: rename one of the two."
        raise Refused(codes.NAME_TAKEN, words) from None


def may_leave(principal: Principal, project_id: uuid.UUID, permission: Permission) -> None:
    """Refuse to take away what one may work with, but not its project. Raises Refused (`not_allowed`)."""
    if permission not in projects.permissions_in(principal, project_id):
        raise Refused(codes.NOT_ALLOWED, f"Only who has {permission.value} in its project may do this.")
