"""What workflows read as `$vars`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Mapped, mapped_column

from stepweave_data.models.base import Base


class Variable(Base):
    """A variable of the tenant's; names are unique, whatever the case. `kind`: `text`, `number`, `boolean`, `json`."""

    __tablename__ = "variables"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    name: Mapped[str]
    kind: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class VariableValue(Base):
    """What a variable is in an environment."""

    __tablename__ = "variable_values"
    variable_id: Mapped[UUID] = mapped_column(primary_key=True)
    environment: Mapped[str] = mapped_column(primary_key=True, server_default="production")
    tenant_id: Mapped[UUID]
    value: Mapped[Any] = mapped_column(JSON())
