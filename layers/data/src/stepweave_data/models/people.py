"""Tenants, people, and their sessions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Uuid, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from stepweave_data.models.base import Base


class Tenant(Base):
    """A tenant: a person or an organisation whose data nobody else sees. `slug` is unique."""

    __tablename__ = "tenants"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    name: Mapped[str]
    slug: Mapped[str]
    delete_after: Mapped[datetime | None]
    """When it goes with all that is its own; None while it stays."""
    deletion_by: Mapped[UUID | None]
    requires_factor: Mapped[bool] = mapped_column(server_default=text("false"))
    plan: Mapped[str] = mapped_column(server_default="unlimited")
    keep_succeeded: Mapped[int | None]
    """Days that executions which succeeded are kept after their end; None: as long as the plan allows."""
    keep_failed: Mapped[int | None]
    """The same of all others."""
    retire_after: Mapped[datetime] = mapped_column(server_default=func.now())
    """When the sweeper looks for executions whose time is over."""
    strays_after: Mapped[datetime] = mapped_column(server_default=func.now())
    strays_from: Mapped[str] = mapped_column(server_default="")
    """Behind which name the sweeper goes on looking for objects that belong to nothing."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class User(Base):
    """A person who can log in; `email` is unique, in lower case. The application role cannot read `password_hash`."""

    __tablename__ = "users"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str]
    name: Mapped[str]
    created_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(server_default="person")
    """`person`, or `service`: a service account, which has no password."""


class AccountLetter(Base):
    """A link in a mail, by the SHA-256 of its token. The application reaches it through functions only."""

    __tablename__ = "letters"
    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    kind: Mapped[str]
    user_id: Mapped[UUID | None]
    email: Mapped[str]
    details: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Membership(Base):
    """A user's role in a tenant: one of `api.permissions.ROLES`, or `custom` with the tenant's own as `role_id`."""

    __tablename__ = "memberships"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    role: Mapped[str]
    role_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    used_at: Mapped[datetime | None]


class Role(Base):
    """A role of a tenant's own, with what it allows (`api.permissions.Permission`); `name` is unique in a tenant."""

    __tablename__ = "roles"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    name: Mapped[str]
    permissions: Mapped[list[str]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Invitation(Base):
    """Who was asked to become a member, by the hash of the token that the mail has; `email` is unique in a tenant."""

    __tablename__ = "invitations"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    email: Mapped[str]
    role: Mapped[str]
    role_id: Mapped[UUID | None]
    invited_by: Mapped[UUID]
    token_hash: Mapped[bytes]
    sent_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class LoginSession(Base):
    """A session: a family of refresh tokens, whose id it has, and where it was begun. `expires_at` never moves."""

    __tablename__ = "sessions"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    user_id: Mapped[UUID]
    user_agent: Mapped[str]
    address: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    used_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    signed_in_by: Mapped[str] = mapped_column(server_default="password")
    """`password`, `passkey`, or `oidc:` and the connection's id."""


class RefreshToken(Base):
    """A refresh token, by its hash, which is unique. Tokens made from one another are a family."""

    __tablename__ = "refresh_tokens"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    user_id: Mapped[UUID]
    family_id: Mapped[UUID]
    token_hash: Mapped[bytes]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ApiKey(Base):
    """A key by which programs act as a person or a service account; its text is known by its hash, which is unique."""

    __tablename__ = "api_keys"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    user_id: Mapped[UUID]
    name: Mapped[str]
    hint: Mapped[str]
    key_hash: Mapped[bytes]
    permissions: Mapped[list[str]]
    addresses: Mapped[list[str]]
    project_ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid()))
    """The projects that it reaches; None for all that its owner does."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    created_by: Mapped[UUID]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    last_address: Mapped[str] = mapped_column(server_default="")
