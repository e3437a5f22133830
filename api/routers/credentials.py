"""Credentials: written, never read back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

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
)
from api.services.tokens import Principal
from stepweave_data.models import Credential

router = APIRouter(tags=["credentials"], route_class=JsonRoute)

Reader = Annotated[Principal, Depends(requires(Permission.CREDENTIALS_READ))]
Writer = Annotated[Principal, Depends(requires(Permission.CREDENTIALS_WRITE))]


@router.get("/credentials", operation_id="listCredentials")
def list_credentials(principal: Reader, credentials: CredentialsDep) -> CredentialsResponse:
    """List credentials by name, without their secrets."""
    return CredentialsResponse(items=[_shown(credential) for credential in credentials.list(principal)])


@router.post(
    "/credentials",
    status_code=201,
    operation_id="createCredential",
    openapi_extra=refuses(codes.NAME_TAKEN, codes.AWS_UNAVAILABLE, codes.AWS_REFUSED),
)
def create_credential(body: CredentialRequest, principal: Writer, credentials: CredentialsDep) -> CredentialResponse:
    """Encrypt and store a credential."""
    return _shown(credentials.create(principal, body.name, body.type, body.data))


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
    openapi_extra=refuses(codes.NOT_FOUND),
)
def delete_credential(credential_id: CredentialId, principal: Writer, credentials: CredentialsDep) -> Response:
    """Delete a credential. Nodes that use it fail until they are given another."""
    credentials.delete(principal, credential_id)
    return Response(status_code=204)


def _shown(credential: Credential) -> CredentialResponse:
    return CredentialResponse.model_validate(credential, from_attributes=True)
