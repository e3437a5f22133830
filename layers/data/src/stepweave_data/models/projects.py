"""Projects within a tenant, who is in them, and workflows that are shared one by one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, func, text
from sqlalchemy.orm import Mapped, mapped_column

from stepweave_data.models.base import Base


class Project(Base):
    """A part of a tenant. `is_default`: the one that every member is in, by their role in the tenant."""

    __tablename__ = "projects"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    name: Mapped[str]
    is_default: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ProjectMember(Base):
    """Who is in a project, with a role of `api.permissions.PROJECT_ROLES`, or `custom` with the tenant's own."""

    __tablename__ = "project_members"
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    tenant_id: Mapped[UUID]
    role: Mapped[str]
    role_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class WorkflowShare(Base):
    """A workflow that is shared with a person (`user_id`), or with all who are in a project (`project_id`)."""

    __tablename__ = "workflow_shares"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    workflow_id: Mapped[UUID] = mapped_column(ForeignKey("workflows.id"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("projects.id"))
    role: Mapped[str]
    role_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
