"""Who did what, each row bound to the one before it (ADR 57)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, func
from sqlalchemy.orm import Mapped, mapped_column

from stepweave_data.models.base import Base


class Audit(Base):
    """Who did what to what, from where. Rows are added and never changed."""

    __tablename__ = "audit"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    user_id: Mapped[UUID | None]
    action: Mapped[str]
    subject: Mapped[str]
    details: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor_kind: Mapped[str] = mapped_column(server_default="person")
    actor: Mapped[str] = mapped_column(server_default="")
    key_id: Mapped[UUID | None]
    address: Mapped[str] = mapped_column(server_default="")
    agent: Mapped[str] = mapped_column(server_default="")
    request_id: Mapped[str] = mapped_column(server_default="")
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]


class CredentialRead(Base):
    """That a credential was read, on its way into the audit: `details` say by whom."""

    __tablename__ = "credential_reads"
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    tenant_id: Mapped[UUID]
    credential_id: Mapped[UUID]
    details: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class PlatformRefusal(Base):
    """What was refused of one kind in a window, at no tenant's door; the application adds and reads nothing here."""

    __tablename__ = "platform_refusals"
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str]
    times: Mapped[int] = mapped_column(BigInteger)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    details: Mapped[dict[str, Any]]


class AuditChain(Base):
    """A row's place in its tenant's chain."""

    __tablename__ = "audit_chain"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    audit_id: Mapped[UUID]
    hash: Mapped[bytes]


class AuditHead(Base):
    """The end of a tenant's chain."""

    __tablename__ = "audit_heads"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes]
