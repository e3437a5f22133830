"""Accounts and sessions."""

import uuid
from typing import Annotated

from pydantic import AfterValidator, EmailStr, StringConstraints

from api.schemas.base import Schema

Email = Annotated[EmailStr, AfterValidator(str.lower)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\x00]*$")]
Password = Annotated[str, StringConstraints(min_length=10, max_length=200, pattern=r"^[^\x00]*$")]


class RegisterRequest(Schema):
    """A new user with a tenant of their own."""

    email: Email
    """The address to log in with."""
    password: Password
    """At least 10 characters, at most 72 bytes, and not the address."""
    name: Name
    """What others see."""
    tenant_name: Name
    """What the workspace is called."""


class LoginRequest(Schema):
    """A login."""

    email: Email
    """The address one registered with."""
    password: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
    """The password."""


class PasswordRequest(Schema):
    """A new password, and the one it replaces."""

    current_password: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
    """The password one has."""
    new_password: Password
    """The one to have from now on."""


class UserResponse(Schema):
    """A user."""

    id: uuid.UUID
    """Names the user."""
    email: str
    """Their address, in lower case."""
    name: str
    """What others see."""


class TenantResponse(Schema):
    """A tenant; `slug` is the first part of its webhooks' paths."""

    id: uuid.UUID
    """Names the workspace."""
    name: str
    """What it is called."""
    slug: str
    """The first part of its webhooks' paths; it stays when the name changes."""


class MeResponse(Schema):
    """Who is logged in, where, and as what."""

    user: UserResponse
    """The user."""
    tenant: TenantResponse
    """The workspace."""
    role: str
    """`owner`, `admin`, `editor` or `viewer`."""


class NameRequest(Schema):
    """A new name, of a person or a workspace."""

    name: Name
    """The new name."""


class MemberResponse(UserResponse):
    """Somebody in the workspace, and what they may do (`api.permissions`)."""

    role: str
    """`owner`, `admin`, `editor` or `viewer`."""


class MembersResponse(Schema):
    """Everybody in the workspace, by name."""

    items: list[MemberResponse]
    """The members."""


class SessionResponse(MeResponse):
    """A session: an access token for `expiresIn` seconds; the refresh token is in a cookie."""

    access_token: str
    """Goes into `Authorization: Bearer ...`."""
    expires_in: int
    """Seconds until the access token has expired."""
