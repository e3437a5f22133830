"""Releases: versions that are to go live once a second person says so, and what was live."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from stepweave_data.models.base import Base


class Release(Base):
    """A version that somebody asks to make live in an environment. One waits there for each workflow at most."""

    __tablename__ = "releases"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    workflow_id: Mapped[UUID]
    version: Mapped[int]
    environment: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="waiting")
    """`waiting`, `approved`, `rejected`, or `cancelled`: taken back, or its workflow or environment was deleted."""
    note: Mapped[str] = mapped_column(server_default="")
    asked_by: Mapped[UUID]
    asked_through: Mapped[UUID | None]
    """Who made the API key by which it was asked; None without one."""
    asked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    comment: Mapped[str] = mapped_column(server_default="")


class WasLive(Base):
    """A version that was live in an environment, or is: it may be gone back to."""

    __tablename__ = "was_live"
    workflow_id: Mapped[UUID] = mapped_column(primary_key=True)
    environment: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    first_at: Mapped[datetime] = mapped_column(server_default=func.now())
