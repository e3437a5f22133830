"""A workspace's identity provider, and whose accounts its people have."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, func, text
from sqlalchemy.orm import Mapped, mapped_column

from stepweave_data.models.base import Base


class SignInConnection(Base):
    """An identity provider (OpenID Connect); a tenant has one. The client's secret is sealed."""

    __tablename__ = "sign_in_connections"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    kind: Mapped[str] = mapped_column(server_default="oidc")
    name: Mapped[str]
    issuer: Mapped[str]
    client_id: Mapped[str]
    wrapped_key: Mapped[bytes]
    nonce: Mapped[bytes]
    ciphertext: Mapped[bytes]
    domains: Mapped[list[str]]
    """Those of addresses that get in."""
    proven: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    """Those of `domains` that the tenant has shown to own: addresses of them lead here from the log-in page."""
    default_role: Mapped[str]
    makes_members: Mapped[bool]
    """Whether somebody new becomes a member by signing in."""
    only_way: Mapped[bool]
    """Whether all members but owners must sign in this way."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class SignInIdentity(Base):
    """Whose account a provider's subject is."""

    __tablename__ = "sign_in_identities"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    connection_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_used_at: Mapped[datetime | None]
