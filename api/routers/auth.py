"""Accounts and sessions. The refresh token lives in a cookie that scripts cannot read."""

from typing import Annotated, Final

from fastapi import APIRouter, Cookie, Depends, Request, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import RedisDep, SettingsDep, caller_of, requires
from api.permissions import Permission
from api.refusals import Refused
from api.refusing import refuses
from api.schemas.auth import (
    LoginRequest,
    MemberResponse,
    MembersResponse,
    MeResponse,
    NameRequest,
    PasswordRequest,
    RegisterRequest,
    SessionResponse,
    TenantResponse,
    UserResponse,
)
from api.services import accounts, limits, tokens
from api.services.tokens import Principal
from api.settings import ACCESS_SECONDS, REFRESH_SECONDS, Settings

COOKIE: Final = "stepweave_refresh"
PATH: Final = "/api/auth"

RefreshCookie = Annotated[
    str | None, Cookie(description="The refresh token, which `login`, `register` and `refreshSession` set.")
]
Self = Annotated[Principal, Depends(requires(Permission.SELF))]

router = APIRouter(tags=["auth"], route_class=JsonRoute)


@router.post(
    "/auth/register",
    status_code=201,
    operation_id="register",
    openapi_extra=refuses(codes.TOO_MANY_TRIES, codes.EMAIL_TAKEN, codes.TENANT_TAKEN, codes.WEAK_PASSWORD),
)
def register(
    body: RegisterRequest, request: Request, response: Response, deployed: SettingsDep, redis: RedisDep
) -> SessionResponse:
    """Make a user with a tenant of their own, and log them in."""
    caller = caller_of(request)
    limits.limit(redis, limits.SOURCE, caller.source)
    limits.limit(redis, limits.REGISTRATION, caller.address)
    principal = accounts.register(body.email, body.password, body.name, body.tenant_name)
    return _session(principal, tokens.issue_refresh(principal), response, deployed)


@router.post("/auth/login", operation_id="login", openapi_extra=refuses(codes.TOO_MANY_TRIES, codes.WRONG_LOGIN))
def login(
    body: LoginRequest, request: Request, response: Response, deployed: SettingsDep, redis: RedisDep
) -> SessionResponse:
    """Log in."""
    with limits.login(redis, body.email, caller_of(request)):
        principal = accounts.log_in(body.email, body.password)
    return _session(principal, tokens.issue_refresh(principal), response, deployed)


@router.post(
    "/auth/refresh", operation_id="refreshSession", openapi_extra=refuses(codes.SESSION_EXPIRED, codes.SESSION_REUSED)
)
def refresh(response: Response, deployed: SettingsDep, stepweave_refresh: RefreshCookie = None) -> SessionResponse:
    """Renew the session. The refresh token is good once: using an old one ends the session everywhere."""
    if not stepweave_refresh:
        raise Refused(codes.SESSION_EXPIRED, "There is no session; log in.")
    principal, token = tokens.rotate_refresh(stepweave_refresh)
    return _session(principal, token, response, deployed)


@router.post("/auth/logout", status_code=204, operation_id="logout")
def logout(response: Response, deployed: SettingsDep, stepweave_refresh: RefreshCookie = None) -> None:
    """End the session."""
    if stepweave_refresh:
        tokens.revoke(stepweave_refresh)
    response.delete_cookie(COOKIE, path=PATH, secure=deployed.secure_cookies, httponly=True, samesite="strict")


@router.post(
    "/auth/password",
    operation_id="changePassword",
    openapi_extra=refuses(codes.TOO_MANY_TRIES, codes.WRONG_PASSWORD, codes.WEAK_PASSWORD, codes.SESSION_EXPIRED),
)
def change_password(
    body: PasswordRequest,
    principal: Self,
    request: Request,
    response: Response,
    deployed: SettingsDep,
    redis: RedisDep,
) -> SessionResponse:
    """Change your password. All of your sessions end; this one goes on with what is returned."""
    with limits.login(redis, accounts.account_of(principal).user.email, caller_of(request)):
        accounts.change_password(principal, body.current_password, body.new_password)
    return _session(principal, tokens.issue_refresh(principal), response, deployed)


@router.get("/me", operation_id="getMe", openapi_extra=refuses(codes.SESSION_EXPIRED))
def me(principal: Self) -> MeResponse:
    """Say who is logged in."""
    account = accounts.account_of(principal)
    return MeResponse(
        user=UserResponse.model_validate(account.user, from_attributes=True),
        tenant=TenantResponse.model_validate(account.tenant, from_attributes=True),
        role=account.role,
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


@router.get("/members", operation_id="listMembers")
def list_members(principal: Self) -> MembersResponse:
    """List everybody in the workspace."""
    found = accounts.members(principal)
    return MembersResponse(
        items=[MemberResponse(id=user.id, email=user.email, name=user.name, role=role) for user, role in found]
    )


@router.post("/sessions/end", status_code=204, operation_id="endSessions")
def end_sessions(principal: Self) -> Response:
    """End all of your sessions, this one too. Access tokens that are out are good for at most 15 minutes more."""
    tokens.revoke_all(principal)
    return Response(status_code=204)


def _session(principal: Principal, refresh_token: str, response: Response, deployed: Settings) -> SessionResponse:
    response.set_cookie(
        COOKIE,
        refresh_token,
        max_age=REFRESH_SECONDS,
        path=PATH,
        httponly=True,
        secure=deployed.secure_cookies,
        samesite="strict",
    )
    whole = me(principal)
    return SessionResponse(
        access_token=tokens.issue_access(principal, deployed.signing_key()),
        expires_in=ACCESS_SECONDS,
        user=whole.user,
        tenant=whole.tenant,
        role=whole.role,
    )
