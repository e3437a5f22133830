"""Templates of a tenant's own: workflows to start from."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSON
from sqlalchemy.orm import Mapped, mapped_column

from stepweave_data.models.base import Base


class OwnTemplate(Base):
    """A template of the tenant's; names are unique in a project, whatever their case. `version` is the latest."""

    __tablename__ = "templates"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    project_id: Mapped[UUID]
    name: Mapped[str]
    summary: Mapped[str] = mapped_column(server_default="")
    uses: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class TemplateVersion(Base):
    """A version of a template, never changed. `content` has `credentials`, `parameters`, `workflow` and `removed`."""

    __tablename__ = "template_versions"
    template_id: Mapped[UUID] = mapped_column(ForeignKey("templates.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    content: Mapped[dict[str, Any]] = mapped_column(JSON())
    note: Mapped[str] = mapped_column(server_default="")
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
