"""Credentials: written, never read back."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import CredentialsDep, requires
from api.params import CredentialId, WithProjectId
from api.permissions import Permission
from api.refusing import refuses
from api.repositories.credentials import Lent
from api.schemas.credentials import (
    CredentialChange,
    CredentialDetailResponse,
    CredentialRequest,
    CredentialResponse,
    CredentialShareResponse,
    CredentialSharesResponse,
    CredentialsResponse,
    CredentialUse,
    CredentialUseApi,
    CredentialUseNode,
    CredentialUsesResponse,
)
from api.services import credential_shares, credential_uses
from api.services.credentials import goes_anywhere
from api.services.tokens import Principal
from stepweave_data.models import Credential

router = APIRouter(tags=["credentials"], route_class=JsonRoute)

Reader = Annotated[Principal, Depends(requires(Permission.CREDENTIALS_READ))]
Manager = Annotated[Principal, Depends(requires(Permission.PROJECTS_MANAGE))]
Writer = Annotated[Principal, Depends(requires(Permission.CREDENTIALS_WRITE))]


@router.get("/credentials", operation_id="listCredentials")
def list_credentials(
    principal: Reader,
    credentials: CredentialsDep,
    any_host: Annotated[
        bool | None, Query(alias="anyHost", description="Whether they may be sent to any host.")
    ] = None,
    expiring_within: Annotated[
        int | None,
        Query(alias="expiringWithin", ge=0, le=3650, description="Days in which they end; 0: those that have ended."),
    ] = None,
) -> CredentialsResponse:
    """List credentials by name, without their secrets, and those that other projects share with the caller's.

    `anyHost` gives those only that may, or may not, go anywhere; `expiringWithin` those that end by then, or ended.
    """
    mine, sharing, lent = credentials.list(principal)
    shown = [_shown(credential, sharing.get(credential.id)) for credential in mine] + [_lent(one) for one in lent]
    by = None if expiring_within is None else datetime.now(UTC) + timedelta(days=expiring_within)
    items = [one for one in shown if any_host in (None, one.any_host) and (by is None or _ends_by(one, by))]
    return CredentialsResponse(items=sorted(items, key=lambda one: one.name))


@router.post(
    "/credentials",
    status_code=201,
    operation_id="createCredential",
    openapi_extra=refuses(
        codes.NOT_FOUND, codes.PROJECT_NEEDED, codes.NAME_TAKEN, codes.AWS_UNAVAILABLE, codes.AWS_REFUSED
    ),
)
def create_credential(body: CredentialRequest, principal: Writer, credentials: CredentialsDep) -> CredentialResponse:
    """Encrypt and store a credential."""
    return _shown(credentials.create(principal, body.name, body.type, body.data, body.project_id, body.expires_at))


@router.get(
    "/credentials/{credential_id}",
    operation_id="getCredential",
    openapi_extra=refuses(codes.NOT_FOUND, codes.AWS_UNAVAILABLE, codes.AWS_REFUSED),
)
def get_credential(
    credential_id: CredentialId, principal: Writer, credentials: CredentialsDep
) -> CredentialDetailResponse:
    """Return a credential for changing it: the fields that are no secrets, and which secrets are set."""
    opened = credentials.open(principal, credential_id)
    shown = _shown(opened.credential, opened.shared_with).model_dump()
    return CredentialDetailResponse(**shown, data=opened.data, secrets=opened.secrets, readable=opened.readable)


@router.put(
    "/credentials/{credential_id}",
    operation_id="updateCredential",
    openapi_extra=refuses(
        codes.NOT_FOUND,
        codes.NAME_TAKEN,
        codes.SECRETS_NEEDED,
        codes.CREDENTIAL_CHANGED,
        codes.AWS_UNAVAILABLE,
        codes.AWS_REFUSED,
    ),
)
def update_credential(
    credential_id: CredentialId, body: CredentialChange, principal: Writer, credentials: CredentialsDep
) -> CredentialResponse:
    """Rename a credential, and change the fields of its data that are given; the others stay.

    A change that lets its secrets go to another server must give them again, and ends its connection at a provider.
    """
    columns = {"expires_at": body.expires_at} if "expires_at" in body.model_fields_set else {}
    return _shown(credentials.update(principal, credential_id, body.name, body.data, **columns))


@router.delete(
    "/credentials/{credential_id}",
    status_code=204,
    operation_id="deleteCredential",
    openapi_extra=refuses(codes.NOT_FOUND, codes.CREDENTIAL_IN_USE),
)
def delete_credential(
    credential_id: CredentialId,
    principal: Writer,
    force: Annotated[bool, Query(description="Delete it although workflows use it.")] = False,
) -> Response:
    """Delete a credential that no draft and no published version uses; with `force` any: its nodes fail then."""
    credential_uses.delete(principal, credential_id, force=force)
    return Response(status_code=204)


@router.get(
    "/credentials/{credential_id}/uses",
    operation_id="listCredentialUses",
    openapi_extra=refuses(codes.NOT_FOUND),
)
def list_credential_uses(credential_id: CredentialId, principal: Reader) -> CredentialUsesResponse:
    """Tell who uses a credential: workflows, their versions and nodes, agents' tools among them, and APIs."""
    uses = credential_uses.of(principal, credential_id)
    return CredentialUsesResponse(
        workflows=[
            CredentialUse(
                workflow_id=use.workflow_id,
                workflow_name=use.workflow_name,
                enabled=use.enabled,
                draft=use.in_draft,
                live=use.is_live,
                versions=use.versions,
                nodes=[_node(node) for node in use.nodes],
            )
            for use in uses.workflows
        ],
        total=uses.total,
        apis=[CredentialUseApi(id=id, name=name) for id, name in uses.apis],
        hidden=uses.hidden,
        credentials=[CredentialUseApi(id=id, name=name) for id, name in uses.credentials],
    )


@router.get(
    "/credentials/{credential_id}/shares",
    operation_id="listCredentialShares",
    openapi_extra=refuses(codes.NOT_FOUND),
)
def list_credential_shares(credential_id: CredentialId, principal: Reader) -> CredentialSharesResponse:
    """List the projects whose workflows use a credential besides its own, and how many of them do."""
    return CredentialSharesResponse(
        items=[
            CredentialShareResponse(
                project_id=one.project_id,
                project_name=one.name,
                workflows=one.workflows,
                live=one.live,
                created_at=one.created_at,
            )
            for one in credential_shares.listed(principal, credential_id)
        ]
    )


@router.put(
    "/credentials/{credential_id}/shares/{with_project_id}",
    status_code=204,
    operation_id="shareCredential",
    openapi_extra=refuses(codes.NOT_FOUND, codes.NOT_SHAREABLE, codes.TOO_MANY),
)
def share_credential(credential_id: CredentialId, with_project_id: WithProjectId, principal: Manager) -> Response:
    """Let the workflows of another project use a credential. Who is in that project neither sees nor changes it."""
    credential_shares.share(principal, credential_id, with_project_id)
    return Response(status_code=204)


@router.delete(
    "/credentials/{credential_id}/shares/{with_project_id}",
    status_code=204,
    operation_id="unshareCredential",
    openapi_extra=refuses(codes.NOT_FOUND, codes.NOT_SHAREABLE, codes.CREDENTIAL_IN_USE),
)
def unshare_credential(
    credential_id: CredentialId,
    with_project_id: WithProjectId,
    principal: Manager,
    force: Annotated[bool, Query(description="Take it back although workflows of that project use it.")] = False,
) -> Response:
    """Take a share back that no workflow uses; with `force` any: from then on the project's runs are refused it."""
    credential_shares.unshare(principal, credential_id, with_project_id, force=force)
    return Response(status_code=204)


def _node(told: dict[str, Any]) -> CredentialUseNode:
    """Return a node as it is told of: a draft may be anything."""
    return CredentialUseNode(**{name: str(told.get(name) or "") for name in ("id", "name", "type")}, tool=told["tool"])


def _shown(credential: Credential, shared_with: Sequence[uuid.UUID] | None = None) -> CredentialResponse:
    made = ("any_host", "mine", "shared_with")
    told = {name: getattr(credential, name) for name in CredentialResponse.model_fields if name not in made}
    return CredentialResponse(
        **told, any_host=goes_anywhere(credential), mine=True, shared_with=list(shared_with or ())
    )


def _lent(lent: Lent) -> CredentialResponse:
    """Return what is shown to whom it is shared with: what it is called, and nothing of where it leads."""
    return CredentialResponse(**lent._asdict(), hint="", any_host=False, mine=False)


def _ends_by(credential: CredentialResponse, moment: datetime) -> bool:
    return any(end is not None and end <= moment for end in (credential.expires_at, credential.ends_at))
