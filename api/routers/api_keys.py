"""API keys and service accounts. A key cannot call what makes keys: that needs a person."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import requires
from api.params import ApiKeyId, ServiceAccountId
from api.permissions import Permission
from api.refusing import refuses
from api.schemas.api_keys import (
    ApiKeyMade,
    ApiKeyRequest,
    ApiKeyResponse,
    ApiKeysResponse,
    RotateRequest,
    ServiceAccountRequest,
    ServiceAccountResponse,
    ServiceAccountsResponse,
)
from api.services import api_keys
from api.services.tokens import Principal
from stepweave_data.models import ApiKey, Membership, User

router = APIRouter(tags=["keys"], route_class=JsonRoute)

Self = Annotated[Principal, Depends(requires(Permission.SELF))]
Reader = Annotated[Principal, Depends(requires(Permission.KEYS_READ))]
Writer = Annotated[Principal, Depends(requires(Permission.KEYS_WRITE))]


@router.get("/keys", operation_id="listApiKeys")
def list_keys(principal: Self) -> ApiKeysResponse:
    """List your API keys; all of the workspace with `keys.read`."""
    return ApiKeysResponse(items=[_key(key, owner) for key, owner in api_keys.listed(principal)])


@router.post(
    "/keys",
    status_code=201,
    operation_id="createApiKey",
    openapi_extra=refuses(codes.NOT_FOUND, codes.NOT_ALLOWED, codes.TOO_MANY),
)
def create_key(body: ApiKeyRequest, principal: Self) -> ApiKeyMade:
    """Make an API key of your own, or (with `keys.write`) of a service account. Its text is in this answer only."""
    wanted = api_keys.Wanted(body.name, body.permissions, body.expires_in_days, body.addresses, body.project_ids)
    return _made(principal, api_keys.create(principal, wanted, body.service_account_id))


@router.post(
    "/keys/{key_id}/rotate",
    status_code=201,
    operation_id="rotateApiKey",
    openapi_extra=refuses(codes.NOT_FOUND, codes.NOT_ALLOWED),
)
def rotate_key(key_id: ApiKeyId, body: RotateRequest, principal: Self) -> ApiKeyMade:
    """Make a key in place of another one, which goes on for some hours."""
    return _made(principal, api_keys.rotate(principal, key_id, body.overlap_hours))


@router.delete(
    "/keys/{key_id}",
    status_code=204,
    operation_id="revokeApiKey",
    openapi_extra=refuses(codes.NOT_FOUND, codes.NOT_ALLOWED),
)
def revoke_key(key_id: ApiKeyId, principal: Self) -> Response:
    """End a key at once: your own, or any with `keys.write`."""
    api_keys.revoke(principal, key_id)
    return Response(status_code=204)


@router.get("/service-accounts", operation_id="listServiceAccounts")
def list_services(principal: Reader) -> ServiceAccountsResponse:
    """List the service accounts."""
    found = api_keys.services(principal)
    return ServiceAccountsResponse(items=[_service(user, membership) for user, membership in found])


@router.post(
    "/service-accounts",
    status_code=201,
    operation_id="createServiceAccount",
    openapi_extra=refuses(codes.TOO_MANY),
)
def create_service(body: ServiceAccountRequest, principal: Writer) -> ServiceAccountResponse:
    """Make a service account: it stays when people leave."""
    return _service(*api_keys.create_service(principal, body.name, body.role))


@router.delete(
    "/service-accounts/{service_account_id}",
    status_code=204,
    operation_id="deleteServiceAccount",
    openapi_extra=refuses(codes.NOT_FOUND),
)
def delete_service(service_account_id: ServiceAccountId, principal: Writer) -> Response:
    """Delete a service account; its keys end at once."""
    api_keys.delete_service(principal, service_account_id)
    return Response(status_code=204)


def _made(principal: Principal, made: api_keys.Made) -> ApiKeyMade:
    owner = next(owner for key, owner in api_keys.listed(principal) if key.id == made.key.id)
    return ApiKeyMade(key=_key(made.key, owner), text=made.text)


def _key(key: ApiKey, owner: User) -> ApiKeyResponse:
    names = (
        "id", "name", "hint", "permissions", "addresses", "created_at", "expires_at", "last_used_at", "last_address",
        "project_ids",
    )  # fmt: skip
    held = {name: getattr(key, name) for name in names}
    return ApiKeyResponse(**held, owner_id=owner.id, owner=owner.name, owner_kind=owner.kind)


def _service(user: User, membership: Membership) -> ServiceAccountResponse:
    return ServiceAccountResponse(id=user.id, name=user.name, role=membership.role, created_at=user.created_at)
