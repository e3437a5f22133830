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
    password: Password
    name: Name
    tenant_name: Name


class LoginRequest(Schema):
    """A login."""

    email: Email
    password: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class PasswordRequest(Schema):
    """A new password, and the one it replaces."""

    current_password: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
    new_password: Password


class UserResponse(Schema):
    """A user."""

    id: uuid.UUID
    email: str
    name: str


class TenantResponse(Schema):
    """A tenant; `slug` is the first part of its webhooks' paths."""

    id: uuid.UUID
    name: str
    slug: str


class MeResponse(Schema):
    """Who is logged in, where, and as what."""

    user: UserResponse
    tenant: TenantResponse
    role: str


class NameRequest(Schema):
    """A new name, of a person or a workspace."""

    name: Name


class MemberResponse(UserResponse):
    """Somebody in the workspace, and what they may do (`api.permissions`)."""

    role: str


class MembersResponse(Schema):
    """Everybody in the workspace, by name."""

    items: list[MemberResponse]


class SessionResponse(MeResponse):
    """A session: an access token for `expiresIn` seconds; the refresh token is in a cookie."""

    access_token: str
    expires_in: int
