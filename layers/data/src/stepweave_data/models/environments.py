"""Environments: where versions of workflows are live."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from stepweave_data.models.base import Base


class Environment(Base):
    """An environment of the tenant's, in the order in which versions go through them by `position`. Each tenant has
    `production`. `falls_back`: what has no value of its own there is as in production. `needs_approval`: a
    second person says what goes live there."""

    __tablename__ = "environments"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    position: Mapped[int]
    falls_back: Mapped[bool] = mapped_column(server_default="false")
    needs_approval: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class LiveVersion(Base):
    """The version of a workflow that is live in an environment besides production, whose is in `workflows`."""

    __tablename__ = "live_versions"
    workflow_id: Mapped[UUID] = mapped_column(primary_key=True)
    environment: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    version: Mapped[int]
    enabled: Mapped[bool] = mapped_column(server_default="true")
    published_by: Mapped[UUID | None]
    published_at: Mapped[datetime] = mapped_column(server_default=func.now())


class CredentialMapping(Base):
    """Which credential stands for another in an environment besides production; itself where it is the same there."""

    __tablename__ = "credential_mappings"
    credential_id: Mapped[UUID] = mapped_column(primary_key=True)
    environment: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    mapped_id: Mapped[UUID]
