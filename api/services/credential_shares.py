"""Credentials that other projects of the tenant use (ADR 64): their workflows open them, and nobody there sees or
changes them."""

import uuid
from typing import Any, Final

from api import codes
from api.permissions import Permission
from api.refusals import Refused
from api.repositories.credentials import Shared
from api.repositories.rows import Rows, rows_of
from api.services import projects
from api.services.credentials import found
from api.services.tokens import Principal
from stepweave.spec.secret_references import STORES
from stepweave_data.auditing import seeing
from stepweave_data.models import Credential, CredentialShare

MOST: Final = 200


def listed(principal: Principal, credential_id: uuid.UUID) -> list[Shared]:
    """Return with which projects a credential is shared, and how much they use it. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        found(rows, credential_id)
        return rows.credentials.shares(credential_id)


def share(principal: Principal, credential_id: uuid.UUID, project_id: uuid.UUID) -> None:
    """Let another project's workflows use a credential.

    Raises:
        Refused: `not_found` (the credential, the project), `not_allowed`, `not_shareable`, `too_many`.
    """
    # The project that it is shared with need only be seen; `_mine` asks for what is needed in the credential's own.
    with seeing(principal.reach(Permission.WORKFLOWS_READ)), rows_of(principal.tenant_id) as rows:
        credential = _mine(rows, principal, credential_id)
        projects.find(rows, project_id)
        if project_id == credential.project_id:
            raise Refused(codes.NOT_SHAREABLE, "It is in this project already.")
        shares = rows.credentials.shares(credential_id)
        if any(one.project_id == project_id for one in shares):
            return
        if len(shares) >= MOST:
            raise Refused(
                codes.TOO_MANY, f"It is shared with {MOST} projects already: move it to the one of all members."
            )
        row = CredentialShare(tenant_id=principal.tenant_id, credential_id=credential_id, project_id=project_id)
        rows.add(row)
        rows.note(
            principal.user_id, "credential.shared", credential_id, before={}, after={"projectId": str(project_id)}
        )


def unshare(principal: Principal, credential_id: uuid.UUID, project_id: uuid.UUID, *, force: bool) -> None:
    """Take a share back; with `force` though workflows of that project use it: their next runs are refused.

    Raises:
        Refused: `not_found`, `not_allowed`; `credential_in_use`, which names those that the caller sees.
    """
    with seeing(principal.reach(Permission.WORKFLOWS_READ)), rows_of(principal.tenant_id) as rows:
        _mine(rows, principal, credential_id)
        share = next((one for one in rows.credentials.shares(credential_id) if one.project_id == project_id), None)
        row = rows.get(CredentialShare, (credential_id, project_id))
        if share is None or row is None:
            raise codes.not_found("share")
        if share.workflows and not force:
            raise _in_use(rows, credential_id, share)
        before: dict[str, Any] = {"projectId": str(project_id), "workflows": share.workflows}
        rows.note(principal.user_id, "credential.unshared", credential_id, before=before, after={})
        rows.delete(row)


def _in_use(rows: Rows, credential_id: uuid.UUID, share: Shared) -> Refused:
    named = rows.projects.workflows_with(credential_id, share.project_id)
    more = share.workflows - len(named)
    errors = [{"field": "workflows", "message": name, "workflowId": str(id)} for id, name in named]
    if more > 0:
        errors.append({"field": "workflows", "message": f"{more} more" if named else f"{more} that you do not see"})
    many = "workflow of that project uses" if share.workflows == 1 else "workflows of that project use"
    words = f"{share.workflows} {many} it, {share.live} published: their next runs would be refused."
    return Refused(codes.CREDENTIAL_IN_USE, f"{words} Take it back with force=true all the same.", errors)


def _mine(rows: Rows, principal: Principal, credential_id: uuid.UUID) -> Credential:
    credential = found(rows, credential_id)
    if Permission.PROJECTS_MANAGE not in projects.permissions_in(principal, credential.project_id):
        raise Refused(codes.NOT_ALLOWED, "Only who manages its project shares a credential.")
    if credential.type in STORES:
        raise Refused(codes.NOT_SHAREABLE, "A store is read by the credentials that refer to it: share one of those.")
    return credential
