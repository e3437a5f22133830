"""Connecting credentials at their providers (OAuth2), and testing whether they work."""

from typing import Annotated

import redis
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from api import codes
from api.bodies import JsonRoute
from api.deps import ConnectingDep, ProbingDep, RedisDep, SettingsDep, requires
from api.pages import POLICY, connected_page
from api.params import CredentialId
from api.permissions import Permission
from api.refusing import refuses
from api.schemas.credentials import ConnectResponse, CredentialTestRequest, CredentialTestResponse
from api.services.connecting import PATH, Outcome, Returned, cookie_of
from api.services.limits import CREDENTIAL, limit
from api.services.tokens import Principal
from stepweave_data.redis_keys import CONNECTING_SECONDS

router = APIRouter(tags=["credentials"], route_class=JsonRoute)

Writer = Annotated[Principal, Depends(requires(Permission.CREDENTIALS_WRITE))]


@router.post(
    "/credentials/{credential_id}/connect",
    operation_id="connectCredential",
    openapi_extra=refuses(
        codes.NOT_FOUND,
        codes.NOT_CONNECTABLE,
        codes.CANNOT_CONNECT,
        codes.TOO_MANY_TRIES,
        codes.REDIS_UNAVAILABLE,
        codes.AWS_UNAVAILABLE,
        codes.AWS_REFUSED,
    ),
)
def connect_credential(
    credential_id: CredentialId,
    principal: Writer,
    response: Response,
    deployed: SettingsDep,
    redis: RedisDep,
    connecting: ConnectingDep,
) -> ConnectResponse:
    """Begin to connect a credential: returns where the person agrees, to be opened in a window of this browser."""
    limit(redis, CREDENTIAL, str(principal.user_id))
    begun = connecting.begin(principal, credential_id)
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
    return ConnectResponse(
        authorize_url=begun.authorize_url, redirect_url=begun.redirect_url, expires_in=CONNECTING_SECONDS
    )


@router.post(
    "/credentials/{credential_id}/test",
    operation_id="testCredential",
    openapi_extra=refuses(codes.NOT_FOUND, codes.NOT_TESTABLE, codes.TOO_MANY_TRIES),
)
def test_credential(
    credential_id: CredentialId,
    principal: Writer,
    redis: RedisDep,
    probing: ProbingDep,
    body: CredentialTestRequest | None = None,  # noqa: PT028  # a route, and no test
) -> CredentialTestResponse:
    """Try a credential out, as it is stored: one request that changes nothing at the provider.

    A store of secrets is asked whether it takes its token; with a `path`, for that secret, of which nothing is told.
    """
    limit(redis, CREDENTIAL, str(principal.user_id))
    verdict = probing.probe(principal, credential_id, body.path if body else "")
    return CredentialTestResponse(works=verdict.works, message=verdict.message, status=verdict.status or None)


@router.get("/oauth2/callback", include_in_schema=False)
def finish_connecting(
    request: Request,
    deployed: SettingsDep,
    connecting: ConnectingDep,
    state: str = "",
    code: str = "",
    error: str = "",
    error_description: str = "",
) -> HTMLResponse:
    """Take a person back from a provider. A page for people, which says what happened; the status is always 200."""
    try:
        outcome = connecting.finish(Returned(state, code, error, error_description), request.cookies)
    except redis.RedisError:
        outcome = Outcome(False, "This is not possible while Redis does not answer. Connect again in a moment.")
    page = HTMLResponse(connected_page(outcome), headers={"Content-Security-Policy": POLICY})
    if state:
        page.delete_cookie(cookie_of(state), path=PATH, secure=deployed.secure_cookies, httponly=True, samesite="lax")
    return page
