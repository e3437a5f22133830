"""Accepting an invitation, and going from one workspace to another."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import RedisDep, SettingsDep, caller_of, requires
from api.origins import OwnPages
from api.permissions import Permission
from api.refusing import refuses
from api.routers.auth import entered, leaked_of
from api.schemas.auth import NameRequest, SessionResponse
from api.schemas.people import (
    InvitedResponse,
    JoinRequest,
    SwitchRequest,
    TokenRequest,
    WorkspaceResponse,
    WorkspacesResponse,
)
from api.services import invitations, limits, tenants
from api.services.tokens import Principal

Self = Annotated[Principal, Depends(requires(Permission.SELF))]

router = APIRouter(tags=["people"], route_class=JsonRoute)


@router.post(
    "/auth/invitation",
    operation_id="showInvitation",
    openapi_extra=refuses(codes.INVITATION_GONE, codes.TOO_MANY_TRIES, codes.REDIS_UNAVAILABLE),
)
def show(body: TokenRequest, request: Request, redis: RedisDep) -> InvitedResponse:
    """Say what an invitation is for."""
    limits.limit(redis, limits.SHARED, caller_of(request).address)
    return InvitedResponse.model_validate(invitations.look(body.token), from_attributes=True)


@router.post(
    "/auth/invitation/accept",
    operation_id="acceptInvitation",
    openapi_extra=refuses(
        codes.INVITATION_GONE, codes.INVITATION_FOR_ANOTHER, codes.ALREADY_MEMBER, codes.NOT_ALLOWED, codes.OTHER_SITE
    ),
)
def accept(
    _: OwnPages, body: TokenRequest, principal: Self, request: Request, response: Response, deployed: SettingsDep
) -> SessionResponse:
    """Become a member, as whoever is logged in, and go to that workspace. The invitation must be for your address."""
    joined = invitations.accept(principal, body.token)
    tenants.end_here(principal)
    return entered(joined, request, response, deployed)


@router.post(
    "/auth/invitation/register",
    status_code=201,
    operation_id="registerInvited",
    openapi_extra=refuses(
        codes.INVITATION_GONE,
        codes.EMAIL_TAKEN,
        codes.WEAK_PASSWORD,
        codes.TOO_MANY_TRIES,
        codes.REDIS_UNAVAILABLE,
        codes.OTHER_SITE,
    ),
)
def register(
    _: OwnPages, body: JoinRequest, request: Request, response: Response, deployed: SettingsDep, redis: RedisDep
) -> SessionResponse:
    """Make the account of somebody new who was invited, and log them in."""
    caller = caller_of(request)
    limits.limit(redis, limits.SOURCE, caller.source)
    limits.limit(redis, limits.REGISTRATION, caller.address)
    joined = invitations.register(body.token, body.name, body.password, leaked_of(deployed))
    return entered(joined, request, response, deployed)


@router.get("/tenants", operation_id="listWorkspaces")
def list_workspaces(principal: Self) -> WorkspacesResponse:
    """List the workspaces that you are a member of, by name."""
    found = tenants.tenants(principal)
    return WorkspacesResponse(items=[WorkspaceResponse.model_validate(one, from_attributes=True) for one in found])


@router.post(
    "/tenants",
    status_code=201,
    operation_id="createWorkspace",
    openapi_extra=refuses(codes.TOO_MANY, codes.TENANT_TAKEN, codes.NOT_FOUND, codes.NOT_ALLOWED, codes.OTHER_SITE),
)
def create_workspace(
    _: OwnPages, body: NameRequest, principal: Self, request: Request, response: Response, deployed: SettingsDep
) -> SessionResponse:
    """Make a workspace, whose owner you are, and go there. The session here ends."""
    return entered(tenants.add(principal, body.name), request, response, deployed)


@router.post(
    "/auth/switch",
    operation_id="switchWorkspace",
    openapi_extra=refuses(codes.NOT_FOUND, codes.NOT_ALLOWED, codes.OTHER_SITE),
)
def switch(
    _: OwnPages, body: SwitchRequest, principal: Self, request: Request, response: Response, deployed: SettingsDep
) -> SessionResponse:
    """Go to another workspace that you are a member of. The session here ends; a token is of one workspace."""
    return entered(tenants.switch(principal, body.tenant_id), request, response, deployed)
