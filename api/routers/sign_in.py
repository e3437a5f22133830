"""Signing in by a workspace's identity provider (OpenID Connect), and setting one up."""

import uuid
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from api import codes
from api.bodies import JsonRoute
from api.deps import ArrivingDep, ConnectionsDep, RedisDep, SettingsDep, caller_of, requires
from api.permissions import Permission
from api.refusals import Refused
from api.refusing import refuses
from api.routers.auth import entered
from api.routers.factors import Confirmed
from api.schemas.sign_in import (
    FindSignInRequest,
    FoundSignInResponse,
    IdentityResponse,
    LinkResponse,
    MaybeSignInResponse,
    SignInRequest,
    SignInResponse,
)
from api.services import limits
from api.services.factors import managing as changing
from api.services.sign_in import linking
from api.services.sign_in.arriving import PATH, Arriving, Begun, Failed, Returned, cookie_of
from api.services.sign_in.connections import RECORD, Wanted, id_of, record_of
from api.services.sign_in.provider import ProviderError
from api.services.tokens import Principal
from api.settings import Settings
from stepweave_data.models import SignInConnection
from stepweave_data.redis_keys import CONNECTING_SECONDS

router = APIRouter(tags=["sign-in"], route_class=JsonRoute)

Anyone = Annotated[Principal, Depends(requires(Permission.SELF, while_held=True))]
Policies = Annotated[Principal, Depends(requires(Permission.POLICIES_WRITE))]
_KMS = (codes.AWS_UNAVAILABLE, codes.AWS_REFUSED)


@router.get("/tenant/sign-in", operation_id="getSignIn")
def get_sign_in(principal: Policies, connections: ConnectionsDep, arriving: ArrivingDep) -> MaybeSignInResponse:
    """Return the workspace's identity provider, without its secret."""
    found = connections.find(principal)
    shown = _shown(found, arriving) if found else None
    return MaybeSignInResponse(provider=shown, redirect_url=arriving.redirect_url(id_of(principal.tenant_id)))


@router.put(
    "/tenant/sign-in",
    operation_id="putSignIn",
    openapi_extra=refuses(
        codes.PROVIDER_FAILED, codes.SECRETS_NEEDED, codes.TOO_MANY_TRIES, codes.REDIS_UNAVAILABLE, *_KMS
    ),
)
def put_sign_in(
    body: SignInRequest, principal: Policies, redis: RedisDep, connections: ConnectionsDep, arriving: ArrivingDep
) -> SignInResponse:
    """Set the workspace's identity provider up, or change it. Another issuer or client ends all links."""
    limits.limit(redis, limits.CREDENTIAL, str(principal.user_id))
    wanted = Wanted(
        body.name,
        body.issuer,
        body.client_id,
        body.client_secret,
        sorted(set(body.domains)),
        body.default_role,
        body.makes_members,
        body.only_way,
    )
    return _shown(connections.put(principal, wanted), arriving)


@router.delete("/tenant/sign-in", status_code=204, operation_id="deleteSignIn", openapi_extra=refuses(codes.NOT_FOUND))
def delete_sign_in(principal: Policies, connections: ConnectionsDep) -> Response:
    """Remove the identity provider. The sessions that it vouched for end."""
    connections.delete(principal)
    return Response(status_code=204)


@router.post(
    "/tenant/sign-in/domains",
    operation_id="proveSignInDomains",
    openapi_extra=refuses(codes.NOT_FOUND, codes.TOO_MANY_TRIES, codes.REDIS_UNAVAILABLE),
)
def prove_domains(
    principal: Policies, redis: RedisDep, connections: ConnectionsDep, arriving: ArrivingDep
) -> SignInResponse:
    """Look for the workspace's TXT record at each domain. Addresses of those that have it lead to the provider."""
    limits.limit(redis, limits.CREDENTIAL, str(principal.user_id))
    return _shown(connections.prove(principal), arriving)


@router.post(
    "/auth/oidc/find",
    operation_id="findSignIn",
    openapi_extra=refuses(codes.NO_SIGN_IN, codes.TOO_MANY_TRIES, codes.REDIS_UNAVAILABLE),
)
def find_sign_in(body: FindSignInRequest, request: Request, redis: RedisDep) -> FoundSignInResponse:
    """Return where one signs in who names a workspace, or an address of a domain that a workspace has proven."""
    limits.limit(redis, limits.SIGN_IN, caller_of(request).address)
    slug, name = linking.find(body.workspace)
    return FoundSignInResponse(workspace=slug, name=name)


@router.get("/auth/oidc/start", include_in_schema=False)
def start(
    request: Request,
    deployed: SettingsDep,
    redis: RedisDep,
    arriving: ArrivingDep,
    workspace: str = "",
    to: str = "/",
) -> Response:
    """Send somebody to their workspace's provider. A page for people: what fails leads back to the log-in page."""
    try:
        limits.limit(redis, limits.SIGN_IN, caller_of(request).address)
        begun = arriving.begin(workspace, to)
    except Refused as refused:
        return _back(refused.code.name)
    except ProviderError:
        return _back("provider")
    response = RedirectResponse(begun.url, status_code=303)
    _bind(begun, response, deployed)
    return response


@router.get("/auth/oidc/{connection_id}/callback", include_in_schema=False)
def callback(
    connection_id: uuid.UUID,
    request: Request,
    deployed: SettingsDep,
    arriving: ArrivingDep,
    state: str = "",
    code: str = "",
    error: str = "",
    iss: str = "",
) -> Response:
    """Take somebody back from a provider, with a session; what fails leads to the log-in page."""
    try:
        arrived = arriving.finish(Returned(connection_id, state, code, error, iss), request.cookies)
        response: Response = RedirectResponse(arrived.to, status_code=303)
        if arrived.principal is not None:
            entered(arrived.principal, request, response, deployed)
    except Failed as failed:
        response = _back(failed.reason)
    if state:
        response.delete_cookie(
            cookie_of(state), path=PATH, secure=deployed.secure_cookies, httponly=True, samesite="lax"
        )
    return response


@router.get("/me/identity", operation_id="getIdentity")
def get_identity(principal: Anyone) -> IdentityResponse:
    """Say whether your account is linked with the workspace's identity provider."""
    provider, linked = linking.identity(principal)
    return IdentityResponse(provider=provider, linked=linked)


@router.post(
    "/me/identity",
    operation_id="linkIdentity",
    openapi_extra=refuses(
        codes.SIGNED_IN_BY_PROVIDER,
        codes.NO_SIGN_IN,
        codes.PROVIDER_FAILED,
        codes.TOO_MANY_TRIES,
        codes.REDIS_UNAVAILABLE,
    ),
)
def link_identity(
    principal: Anyone, response: Response, deployed: SettingsDep, redis: RedisDep, arriving: ArrivingDep
) -> LinkResponse:
    """Begin to link your account with the workspace's provider: returns where you sign in there."""
    changing.must_be_in_person(principal)
    limits.limit(redis, limits.CREDENTIAL, str(principal.user_id))
    try:
        begun = arriving.begin(linking.slug_of(principal), "/settings", principal.user_id)
    except ProviderError as error:
        raise Refused(codes.PROVIDER_FAILED, str(error)) from None
    _bind(begun, response, deployed)
    return LinkResponse(authorize_url=begun.url)


@router.delete(
    "/me/identity",
    status_code=204,
    operation_id="unlinkIdentity",
    openapi_extra=refuses(
        codes.CONFIRMATION_NEEDED, codes.SIGNED_IN_BY_PROVIDER, codes.NOT_FOUND, codes.REDIS_UNAVAILABLE
    ),
)
def unlink_identity(principal: Confirmed) -> Response:
    """Take your account from the workspace's provider. The sessions that it vouched for end."""
    linking.unlink(principal)
    return Response(status_code=204)


def _bind(begun: Begun, response: Response, deployed: Settings) -> None:
    name, value = begun.cookie
    response.set_cookie(
        name,
        value,
        max_age=CONNECTING_SECONDS,
        path=PATH,
        httponly=True,
        secure=deployed.secure_cookies,
        samesite="lax",  # the provider leads back here from its own site
    )


def _back(reason: str) -> Response:
    return RedirectResponse(f"/login?{urlencode({'problem': reason})}", status_code=303)


def _shown(row: SignInConnection, arriving: Arriving) -> SignInResponse:
    return SignInResponse(
        name=row.name,
        issuer=row.issuer,
        client_id=row.client_id,
        domains=row.domains,
        proven=row.proven,
        default_role=row.default_role,
        makes_members=row.makes_members,
        only_way=row.only_way,
        redirect_url=arriving.redirect_url(row.id),
        record_name=RECORD,
        record=record_of(row.tenant_id),
    )
