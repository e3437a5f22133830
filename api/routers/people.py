"""Members, their roles, and who is asked to become one."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import InvitingDep, RedisDep, requires
from api.params import InvitationId, MemberId, RoleId
from api.permissions import CUSTOM, ROLES, Permission
from api.refusing import refuses
from api.schemas.people import (
    GivenRole,
    InvitationRequest,
    InvitationResponse,
    InvitationsResponse,
    MemberResponse,
    MembersResponse,
    RoleRequest,
    RoleResponse,
    RolesResponse,
)
from api.services import invitations, limits, members
from api.services.members import Given
from api.services.tokens import Principal
from stepweave_data.models import Role

Self = Annotated[Principal, Depends(requires(Permission.SELF))]
Reader = Annotated[Principal, Depends(requires(Permission.MEMBERS_READ))]
Writer = Annotated[Principal, Depends(requires(Permission.MEMBERS_WRITE))]

router = APIRouter(tags=["people"], route_class=JsonRoute)


@router.get("/members", operation_id="listMembers")
def list_members(principal: Reader) -> MembersResponse:
    """List everybody in the workspace."""
    found = members.members(principal)
    return MembersResponse(items=[MemberResponse.model_validate(one, from_attributes=True) for one in found])


@router.patch(
    "/members/{user_id}",
    operation_id="changeMember",
    openapi_extra=refuses(codes.NOT_FOUND, codes.ABOVE_YOU, codes.LAST_OWNER),
)
def change_member(user_id: MemberId, body: GivenRole, principal: Writer) -> MemberResponse:
    """Give a member another role; they feel it at their next request. Nobody touches a role above their own."""
    changed = members.change(principal, user_id, Given(body.role, body.role_id))
    return MemberResponse.model_validate(changed, from_attributes=True)


@router.delete(
    "/members/{user_id}",
    status_code=204,
    operation_id="removeMember",
    openapi_extra=refuses(codes.NOT_FOUND, codes.ABOVE_YOU, codes.LAST_OWNER),
)
def remove_member(user_id: MemberId, principal: Writer) -> Response:
    """Take a member out of the workspace. Their sessions here end at once; what they made stays."""
    members.remove(principal, user_id)
    return Response(status_code=204)


@router.post(
    "/members/leave", status_code=204, operation_id="leave", openapi_extra=refuses(codes.NOT_FOUND, codes.LAST_OWNER)
)
def leave(principal: Self) -> Response:
    """Leave the workspace. Who leaves their last one gets an empty one of their own; log in to go there."""
    members.remove(principal, principal.user_id)
    return Response(status_code=204)


@router.get("/roles", operation_id="listRoles")
def list_roles(principal: Reader) -> RolesResponse:
    """List the roles that every workspace has, then its own."""
    every = [
        RoleResponse.model_validate(
            {"role": name, "id": None, "name": name, "permissions": sorted(may), "members": None}
        )
        for name, may in reversed(ROLES.items())
    ]
    own = [_role(role, count) for role, count in members.roles(principal)]
    return RolesResponse(items=[*every, *own])


@router.post(
    "/roles",
    status_code=201,
    operation_id="createRole",
    openapi_extra=refuses(codes.ABOVE_YOU, codes.NAME_TAKEN, codes.TOO_MANY),
)
def create_role(body: RoleRequest, principal: Writer) -> RoleResponse:
    """Make a role of the workspace's own."""
    return _role(members.add_role(principal, body.name, body.permissions), 0)


@router.put(
    "/roles/{role_id}",
    operation_id="changeRole",
    openapi_extra=refuses(codes.NOT_FOUND, codes.ABOVE_YOU, codes.NAME_TAKEN),
)
def change_role(role_id: RoleId, body: RoleRequest, principal: Writer) -> RoleResponse:
    """Change what a role is called and allows, for all who have it, at once."""
    changed = members.change_role(principal, role_id, body.name, body.permissions)
    return _role(changed, {role.id: count for role, count in members.roles(principal)}.get(role_id, 0))


@router.delete(
    "/roles/{role_id}",
    status_code=204,
    operation_id="deleteRole",
    openapi_extra=refuses(codes.NOT_FOUND, codes.ABOVE_YOU, codes.ROLE_IN_USE),
)
def delete_role(role_id: RoleId, principal: Writer) -> Response:
    """Delete a role that nobody has."""
    members.delete_role(principal, role_id)
    return Response(status_code=204)


@router.get("/invitations", operation_id="listInvitations")
def list_invitations(principal: Reader) -> InvitationsResponse:
    """List who is asked to become a member, the latest first."""
    found = invitations.invitations(principal)
    return InvitationsResponse(items=[InvitationResponse.model_validate(one, from_attributes=True) for one in found])


@router.post(
    "/invitations",
    status_code=201,
    operation_id="invite",
    openapi_extra=refuses(
        codes.ALREADY_MEMBER,
        codes.ALREADY_INVITED,
        codes.ABOVE_YOU,
        codes.NOT_FOUND,
        codes.TOO_MANY,
        codes.TOO_MANY_TRIES,
        codes.REDIS_UNAVAILABLE,
        codes.MAIL_UNAVAILABLE,
        codes.SESSION_EXPIRED,
    ),
)
def invite(body: InvitationRequest, principal: Writer, inviting: InvitingDep, redis: RedisDep) -> InvitationResponse:
    """Ask somebody by mail to become a member. The link in it is good for seven days, once, for that address."""
    limits.limit(redis, limits.INVITATION, str(principal.tenant_id))
    asked = inviting.invite(principal, body.email, Given(body.role, body.role_id))
    return InvitationResponse.model_validate(asked, from_attributes=True)


@router.post(
    "/invitations/{invitation_id}/resend",
    operation_id="resendInvitation",
    openapi_extra=refuses(
        codes.NOT_FOUND, codes.ABOVE_YOU, codes.TOO_MANY_TRIES, codes.REDIS_UNAVAILABLE, codes.MAIL_UNAVAILABLE
    ),
)
def resend(
    invitation_id: InvitationId, principal: Writer, inviting: InvitingDep, redis: RedisDep
) -> InvitationResponse:
    """Send an invitation again, for seven days more. The link of the former mail is good no more."""
    limits.limit(redis, limits.INVITATION, str(principal.tenant_id))
    return InvitationResponse.model_validate(inviting.send_again(principal, invitation_id), from_attributes=True)


@router.delete(
    "/invitations/{invitation_id}",
    status_code=204,
    operation_id="withdrawInvitation",
    openapi_extra=refuses(codes.NOT_FOUND, codes.ABOVE_YOU),
)
def withdraw(invitation_id: InvitationId, principal: Writer) -> Response:
    """Take an invitation back: its link is good no more."""
    invitations.withdraw(principal, invitation_id)
    return Response(status_code=204)


def _role(role: Role, count: int) -> RoleResponse:
    permissions = sorted(set(role.permissions) & set(Permission))
    found = {"role": CUSTOM, "id": role.id, "name": role.name, "permissions": permissions, "members": count}
    return RoleResponse.model_validate(found)
