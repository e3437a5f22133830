"""Members, roles, invitations, and the workspaces of a person."""

import uuid
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from api.permissions import CUSTOM, Permission
from api.schemas.auth import MailedEmail, Name, Password, UserResponse
from api.schemas.base import Schema

RoleName = Literal["owner", "admin", "editor", "operator", "viewer", "custom"]
Token = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]


class GivenRole(Schema):
    """A role to give."""

    role: RoleName
    """`owner`, `admin`, `editor`, `operator`, `viewer`, or `custom` for one of the workspace's own."""
    role_id: uuid.UUID | None = None
    """Which of the workspace's own, for `custom` alone."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.role == CUSTOM) != (self.role_id is not None):
            raise ValueError("roleId goes with the role custom, and with no other.")
        return self


class MemberResponse(UserResponse):
    """Somebody in the workspace, and what they may do."""

    role: RoleName
    """`owner`, `admin`, `editor`, `operator`, `viewer` or `custom`."""
    role_id: uuid.UUID | None
    """Which of the workspace's own roles; null for the others."""
    role_name: str | None
    """What a role of the workspace's own is called; null for the others."""
    since: datetime
    """When they became a member."""


class MembersResponse(Schema):
    """Everybody in the workspace, by name."""

    items: list[MemberResponse]
    """The members."""


class RoleRequest(Schema):
    """A role of the workspace's own."""

    name: Name
    """What it is called."""
    permissions: Annotated[list[Permission], Field(min_length=1, max_length=len(Permission))]
    """What whoever has it may do; none that you do not have yourself."""


class RoleResponse(Schema):
    """A role, and what it allows."""

    role: RoleName
    """`custom` for one of the workspace's own."""
    id: uuid.UUID | None
    """Names one of the workspace's own; null for the others."""
    name: str
    """What it is called."""
    permissions: list[Permission]
    """What whoever has it may do."""
    members: int | None
    """How many have it; null for those that every workspace has."""


class RolesResponse(Schema):
    """The roles that every workspace has, then its own by name."""

    items: list[RoleResponse]
    """The roles."""


class InvitationRequest(GivenRole):
    """Somebody to ask."""

    email: MailedEmail
    """The address that the mail goes to; whoever accepts must have it."""


class InvitationResponse(Schema):
    """Somebody who is asked to become a member."""

    id: uuid.UUID
    """Names the invitation."""
    email: str
    """The address that the mail went to."""
    role: RoleName
    """What they are to be."""
    role_id: uuid.UUID | None
    """Which of the workspace's own roles; null for the others."""
    role_name: str | None
    """What a role of the workspace's own is called; null for the others."""
    invited_by: str
    """Who asked them."""
    sent_at: datetime
    """When the mail was sent last."""
    expires_at: datetime
    """Until when its link is good."""


class InvitationsResponse(Schema):
    """Who is asked, the latest first."""

    items: list[InvitationResponse]
    """The invitations."""


class TokenRequest(Schema):
    """The token of an invitation."""

    token: Token
    """What stands behind `#` in the mail's link."""


class JoinRequest(TokenRequest):
    """The account of somebody new who was invited. The address is the invitation's."""

    name: Name
    """What others see."""
    password: Password
    """At least 10 characters, at most 72 bytes, and in no list of common passwords."""


class InvitedResponse(Schema):
    """What an invitation says to whoever has its link."""

    tenant: str
    """What the workspace is called."""
    inviter: str
    """Who asked."""
    email: str
    """For whom it is."""
    role: RoleName
    """What they are to be."""
    role_name: str | None
    """What a role of the workspace's own is called; null for the others."""
    has_account: bool
    """Whether this address has an account: then one logs in to accept."""
    expires_at: datetime
    """Until when it is good."""


class WorkspaceResponse(Schema):
    """A workspace that one is a member of."""

    id: uuid.UUID
    """Names the workspace."""
    name: str
    """What it is called."""
    slug: str
    """The first part of its webhooks' paths."""
    role: RoleName
    """What one is there."""
    role_name: str | None
    """What a role of the workspace's own is called; null for the others."""


class WorkspacesResponse(Schema):
    """The workspaces that one is a member of, by name."""

    items: list[WorkspaceResponse]
    """The workspaces."""


class SwitchRequest(Schema):
    """Where to go."""

    tenant_id: uuid.UUID
    """The workspace."""
