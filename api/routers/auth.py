"""Accounts and sessions. The refresh token lives in a cookie that scripts cannot read."""

from dataclasses import replace
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Cookie, Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from api import codes
from api.bodies import JsonRoute
from api.deps import MailsDep, RedisDep, SecondFactorsDep, SettingsDep, caller_of, requires
from api.origins import OwnPages
from api.params import SessionId
from api.permissions import Permission
from api.refusals import Refused
from api.refusing import refuses
from api.schemas.auth import (
    LoginRequest,
    LoginSessionResponse,
    MeResponse,
    NameRequest,
    PasswordRequest,
    RegisterRequest,
    SessionResponse,
    SessionsResponse,
    TenantResponse,
    UserResponse,
)
from api.schemas.recovering import MailSentResponse
from api.services import accounts, known_devices, limits, sessions, tokens
from api.services.factors import managing
from api.services.letters import Letters
from api.services.passwords.breaches import leaked
from api.services.passwords.rules import Leaked
from api.services.tokens import Begun, Principal, Whence
from api.settings import ACCESS_SECONDS, Settings

COOKIE: Final = "stepweave_refresh"
DEVICE: Final = "stepweave_device"
PATH: Final = "/api/auth"

RefreshCookie = Annotated[
    str | None, Cookie(description="The refresh token, which `login`, `register` and `refreshSession` set.")
]
DeviceCookie = Annotated[
    str | None, Cookie(description="Which accounts logged in on this device; `login` and others set it.")
]
Self = Annotated[Principal, Depends(requires(Permission.SELF))]
Held = Annotated[Principal, Depends(requires(Permission.SELF, while_held=True))]

router = APIRouter(tags=["auth"], route_class=JsonRoute)


@router.post(
    "/auth/register",
    status_code=201,
    response_model=SessionResponse,
    operation_id="register",
    responses={202: {"model": MailSentResponse, "description": "A mail asks to confirm the address."}},
    openapi_extra=refuses(
        codes.TOO_MANY_TRIES,
        codes.OTHER_SITE,
        codes.REDIS_UNAVAILABLE,
        codes.MAIL_UNAVAILABLE,
        codes.EMAIL_TAKEN,
        codes.TENANT_TAKEN,
        codes.WEAK_PASSWORD,
    ),
)
def register(
    _: OwnPages,
    body: RegisterRequest,
    request: Request,
    response: Response,
    deployed: SettingsDep,
    redis: RedisDep,
    mails: MailsDep,
) -> SessionResponse | JSONResponse:
    """Ask for an account with a tenant of one's own: it is there once its address is confirmed, by a mail (202).

    The answer is the same where there is an account with the address already. A deployment that sends no mail makes
    the account at once and logs in (201).
    """
    caller = caller_of(request)
    limits.limit(redis, limits.SOURCE, caller.source)
    limits.limit(redis, limits.REGISTRATION, caller.address)
    if deployed.mail_url:
        letters = Letters(mails, deployed.public_url.rstrip("/"))
        if limits.may_send(redis, body.email):
            accounts.ask_to_register(
                letters, body.email, body.password, body.name, body.tenant_name, leaked_of(deployed)
            )
        return JSONResponse(MailSentResponse(email=body.email).model_dump(by_alias=True), 202)
    principal = accounts.register(body.email, body.password, body.name, body.tenant_name, leaked_of(deployed))
    return entered(principal, request, response, deployed)


@router.post(
    "/auth/login",
    operation_id="login",
    openapi_extra=refuses(
        codes.TOO_MANY_TRIES,
        codes.OTHER_SITE,
        codes.REDIS_UNAVAILABLE,
        codes.WRONG_LOGIN,
        codes.SECOND_FACTOR_NEEDED,
    ),
)
def login(
    _: OwnPages,
    body: LoginRequest,
    request: Request,
    response: Response,
    deployed: SettingsDep,
    redis: RedisDep,
    factors: SecondFactorsDep,
    stepweave_device: DeviceCookie = None,
) -> SessionResponse:
    """Log in. Who has a second factor is refused (`second_factor_needed`) with a challenge for `answerSecondFactor`."""
    device = accounts.device_of(stepweave_device, body.email, deployed.signing_key())
    with limits.login(redis, body.email, caller_of(request), device):
        principal = accounts.log_in(body.email, body.password)
    return entered(factors.ask(principal), request, response, deployed)


@router.post(
    "/auth/refresh",
    operation_id="refreshSession",
    openapi_extra=refuses(codes.SESSION_EXPIRED, codes.SESSION_REUSED, codes.OTHER_SITE),
)
def refresh(
    _: OwnPages,
    request: Request,
    response: Response,
    deployed: SettingsDep,
    stepweave_refresh: RefreshCookie = None,
) -> SessionResponse:
    """Renew the session. The refresh token is good once: using an old one ends the session everywhere."""
    if not stepweave_refresh:
        raise Refused(codes.SESSION_EXPIRED, "There is no session; log in.")
    return _session(tokens.rotate_refresh(stepweave_refresh, _whence(request)), response, deployed)


@router.post("/auth/logout", status_code=204, operation_id="logout", openapi_extra=refuses(codes.OTHER_SITE))
def logout(_: OwnPages, response: Response, deployed: SettingsDep, stepweave_refresh: RefreshCookie = None) -> None:
    """End the session."""
    if stepweave_refresh:
        tokens.revoke(stepweave_refresh)
    response.delete_cookie(COOKIE, path=PATH, secure=deployed.secure_cookies, httponly=True, samesite="strict")


@router.post(
    "/auth/password",
    operation_id="changePassword",
    openapi_extra=refuses(
        codes.TOO_MANY_TRIES,
        codes.REDIS_UNAVAILABLE,
        codes.OTHER_SITE,
        codes.WRONG_PASSWORD,
        codes.WEAK_PASSWORD,
        codes.SESSION_EXPIRED,
    ),
)
def change_password(
    _: OwnPages,
    body: PasswordRequest,
    principal: Self,
    request: Request,
    response: Response,
    deployed: SettingsDep,
    redis: RedisDep,
) -> SessionResponse:
    """Change your password. All of your sessions end; this one goes on with what is returned."""
    email = accounts.account_of(principal).user.email
    with limits.login(redis, email, caller_of(request)):
        accounts.change_password(principal, body.current_password, body.new_password, leaked_of(deployed))
    return entered(principal, request, response, deployed)


@router.get("/me", operation_id="getMe", openapi_extra=refuses(codes.SESSION_EXPIRED))
def me(principal: Held) -> MeResponse:
    """Say who is logged in."""
    account = accounts.account_of(principal)
    return MeResponse(
        user=UserResponse.model_validate(account.user, from_attributes=True),
        tenant=TenantResponse.model_validate(account.tenant, from_attributes=True),
        role=account.role,
        role_name=account.role_name,
        permissions=sorted(account.permissions),
    )


@router.patch("/me", operation_id="renameMe", openapi_extra=refuses(codes.SESSION_EXPIRED))
def rename_me(body: NameRequest, principal: Self) -> MeResponse:
    """Change your name."""
    accounts.rename_user(principal, body.name)
    return me(principal)


@router.patch("/tenant", operation_id="renameTenant", openapi_extra=refuses(codes.SESSION_EXPIRED))
def rename_tenant(
    body: NameRequest, principal: Annotated[Principal, Depends(requires(Permission.TENANT_WRITE))]
) -> MeResponse:
    """Change the workspace's name. Webhook URLs stay as they are."""
    accounts.rename_tenant(principal, body.name)
    return me(principal)


@router.get("/sessions", operation_id="listSessions")
def list_sessions(principal: Self) -> SessionsResponse:
    """List your sessions that go on, in every workspace, the last used first."""
    found = sessions.list_sessions(principal)
    return SessionsResponse(items=[LoginSessionResponse.model_validate(one, from_attributes=True) for one in found])


@router.delete(
    "/sessions/{session_id}", status_code=204, operation_id="endSession", openapi_extra=refuses(codes.NOT_FOUND)
)
def end_session(session_id: SessionId, principal: Self) -> Response:
    """End one of your sessions."""
    sessions.end(principal, session_id)
    return Response(status_code=204)


@router.post("/sessions/end", status_code=204, operation_id="endSessions")
def end_sessions(
    principal: Held,
    others: Annotated[bool, Query(description="Leave this session as it is, and end all others.")] = False,
) -> Response:
    """End all of your sessions, or all others."""
    sessions.end_all(principal, others=others)
    return Response(status_code=204)


def entered(principal: Principal, request: Request, response: Response, deployed: Settings) -> SessionResponse:
    """Begin a session of somebody who has shown all that is asked for."""
    remember(principal.user_id, request, response, deployed)
    return _session(tokens.begin(principal, _whence(request)), response, deployed)


def _whence(request: Request) -> Whence:
    device = request.cookies.get(DEVICE, "")
    return Whence(request.headers.get("user-agent", ""), caller_of(request).address, device)


def leaked_of(deployed: Settings) -> Leaked | None:
    """Return what asks whether a password has leaked, where a deployment wants that."""
    return leaked() if deployed.breach_check else None


def remember(user_id: UUID, request: Request, response: Response, deployed: Settings, *, anew: bool = False) -> None:
    """Make the device one that the account knows."""
    response.set_cookie(
        DEVICE,
        known_devices.remember(request.cookies.get(DEVICE), user_id, deployed.signing_key(), anew=anew),
        max_age=known_devices.SECONDS,
        path=PATH,
        httponly=True,
        secure=deployed.secure_cookies,
        samesite="strict",
    )


def _session(begun: Begun, response: Response, deployed: Settings) -> SessionResponse:
    response.set_cookie(
        COOKIE,
        begun.token,
        max_age=begun.seconds,
        path=PATH,
        httponly=True,
        secure=deployed.secure_cookies,
        samesite="strict",
    )
    whole = me(begun.principal)
    held = managing.held_for(begun.principal)
    return SessionResponse(
        second_factor_missing=held == "factor",
        provider_only=held == "provider",
        access_token=tokens.issue_access(replace(begun.principal, held=held), deployed.signing_key()),
        expires_in=ACCESS_SECONDS,
        user=whole.user,
        tenant=whole.tenant,
        role=whole.role,
        role_name=whole.role_name,
        permissions=whole.permissions,
    )
