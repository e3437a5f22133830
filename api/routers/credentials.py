"""Credentials: written, never read back."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import CredentialsDep, requires
from api.params import CredentialId
from api.permissions import Permission
from api.refusing import refuses
from api.schemas.credentials import (
    CredentialChange,
    CredentialDetailResponse,
    CredentialRequest,
    CredentialResponse,
    CredentialsResponse,
    CredentialUse,
    CredentialUseApi,
    CredentialUseNode,
    CredentialUsesResponse,
)
from api.services import credential_uses
from api.services.credentials import goes_anywhere
from api.services.tokens import Principal
from stepweave_data.models import Credential

router = APIRouter(tags=["credentials"], route_class=JsonRoute)

Reader = Annotated[Principal, Depends(requires(Permission.CREDENTIALS_READ))]
Writer = Annotated[Principal, Depends(requires(Permission.CREDENTIALS_WRITE))]


@router.get("/credentials", operation_id="listCredentials")
def list_credentials(
    principal: Reader,
    credentials: CredentialsDep,
    any_host: Annotated[
        bool | None, Query(alias="anyHost", description="Whether they may be sent to any host.")
    ] = None,
) -> CredentialsResponse:
    """List credentials by name, without their secrets; with `anyHost` those only that may, or may not, go anywhere."""
    shown = (_shown(credential) for credential in credentials.list(principal))
    return CredentialsResponse(items=[one for one in shown if any_host in (None, one.any_host)])


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
    return _shown(credentials.create(principal, body.name, body.type, body.data, body.project_id))


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
    shown = _shown(opened.credential).model_dump()
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
    return _shown(credentials.update(principal, credential_id, body.name, body.data))


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
    )


def _node(told: dict[str, Any]) -> CredentialUseNode:
    """Return a node as it is told of: a draft may be anything."""
    return CredentialUseNode(**{name: str(told.get(name) or "") for name in ("id", "name", "type")}, tool=told["tool"])


def _shown(credential: Credential) -> CredentialResponse:
    told = {name: getattr(credential, name) for name in CredentialResponse.model_fields if name != "any_host"}
    return CredentialResponse(**told, any_host=goes_anywhere(credential))
