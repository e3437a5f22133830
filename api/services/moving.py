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
        Refused: `not_found`, `not_allowed`; `credential_elsewhere` where its draft or a live version uses
            credentials that stay behind.
    """
    with rows_of(principal.tenant_id) as rows:
        workflow = workflows.find(rows, workflow_id)
        may_leave(principal, workflow.project_id, Permission.WORKFLOWS_WRITE)
        to = projects.place(rows, principal, project_id, Permission.WORKFLOWS_WRITE)
        check_credentials(rows, workflow.document, to)
        check_shared(principal, workflow.document, to)
        for document in rows.versions.live_anywhere(workflow_id):
            check_credentials(rows, document, to)
            check_shared(principal, document, to)
        rows.projects.put(workflow, to)
        rows.note(principal.user_id, "workflow.moved", workflow_id)
        return workflow


def move_credential(principal: Principal, credential_id: uuid.UUID, project_id: uuid.UUID) -> Credential:
    """Move a credential.

    Raises:
        Refused: `not_found`, `not_allowed`, `name_taken`; `credential_in_use` where workflows of its project use it, or
            a credential of its project stands for it in an environment, or the other way round.
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
            apart = rows.environments.apart(credential_id) if to != credential.project_id else ()
            if apart:
                told = ", ".join(f"{name!r} in {environment!r}" for name, environment in apart[:5])
                words = f"One stands for the other, which are of one project: {told}. Change that there first."
                raise Refused(codes.CREDENTIAL_IN_USE, words, [{"field": "projectId", "message": words}])
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
