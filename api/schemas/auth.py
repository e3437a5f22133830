"""Accounts and sessions."""

import uuid
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, EmailStr, StringConstraints

from api.permissions import Permission
from api.schemas.base import Schema

Email = Annotated[EmailStr, AfterValidator(str.lower)]


def _mailed(email: str) -> str:
    """Refuse an address that mail does not reach everywhere: SES takes ASCII only before the @, as many servers do."""
    if not email.partition("@")[0].isascii():
        raise ValueError("before the @ there may be letters without accents, digits and signs only")
    return email


MailedEmail = Annotated[Email, AfterValidator(_mailed)]
"""An address that we send mail to."""
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\x00]*$")]
Password = Annotated[str, StringConstraints(min_length=10, max_length=200, pattern=r"^[^\x00]*$")]


class RegisterRequest(Schema):
    """A new user with a tenant of their own."""

    email: MailedEmail
    """The address to log in with."""
    password: Password
    """At least 10 characters, at most 72 bytes, and in no list of common passwords."""
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
    """`owner`, `admin`, `editor`, `operator`, `viewer` or `custom`."""
    role_name: str | None
    """What a role of the workspace's own is called; null for the others."""
    permissions: list[Permission]
    """What the role may do."""


class NameRequest(Schema):
    """A new name, of a person or a workspace."""

    name: Name
    """The new name."""


class LoginSessionResponse(Schema):
    """A session that goes on, and where it is used."""

    id: uuid.UUID
    """Names the session."""
    workspace: str
    """What the workspace is called that it is in."""
    browser: str
    """The browser with its version, or the program; empty where it does not say."""
    system: str
    """The operating system; empty where the browser does not say."""
    device: str
    """The kind of phone or tablet; empty elsewhere."""
    address: str
    """The address that it was last renewed from."""
    created_at: datetime
    """When one logged in."""
    used_at: datetime
    """When it was last renewed, which happens at least every 15 minutes while it is used."""
    expires_at: datetime
    """When it ends however often it is used."""
    current: bool
    """Whether it is the one that asks."""


class SessionsResponse(Schema):
    """Sessions, the last used first."""

    items: list[LoginSessionResponse]
    """The sessions."""


class SessionResponse(MeResponse):
    """A session: an access token for `expiresIn` seconds; the refresh token is in a cookie."""

    access_token: str
    """Goes into `Authorization: Bearer ...`."""
    expires_in: int
    """Seconds until the access token has expired."""
    provider_only: bool
    """The workspace lets its members in by its identity provider only: all else is refused this session."""
    second_factor_missing: bool
    """The workspace asks for a second factor: until one is set up, and the session renewed, all else is refused."""
