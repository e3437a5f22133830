"""Debug runs, and their stops."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from stepweave_data.models.base import Base, Written


class DebugRun(Base):
    """That an execution stops, and where. `breakpoints`: `[{"nodeId" or "edge", "condition"}]`; `on_error`: after steps
    that failed, too; `stepped`: the node runs (`<node>/<iteration>`) behind which each next node stops."""

    __tablename__ = "debug_runs"
    execution_id: Mapped[UUID] = mapped_column(ForeignKey("executions.id"), primary_key=True)
    tenant_id: Mapped[UUID]
    workflow_id: Mapped[UUID] = mapped_column(ForeignKey("workflows.id"))
    breakpoints: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]")
    on_error: Mapped[bool] = mapped_column(server_default="false")
    stepped: Mapped[list[str]] = mapped_column(server_default="{}")
    stop_seconds: Mapped[int]


class DebugStop(Base):
    """A node run that waits in the debugger. `number`: the attempts that failed before; `reason`: `node`, `edge`,
    `step`, `error`; `state`: `open`, `ended` (by whom, with which `action`), `gone`, `expired`."""

    __tablename__ = "debug_stops"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    execution_id: Mapped[UUID] = mapped_column(ForeignKey("executions.id"))
    workflow_id: Mapped[UUID] = mapped_column(ForeignKey("workflows.id"))
    node_id: Mapped[str]
    iteration: Mapped[str] = mapped_column(server_default="")
    number: Mapped[int] = mapped_column(server_default="0")
    reason: Mapped[str]
    details: Mapped[Written] = mapped_column(server_default="{}")
    token: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(server_default="open")
    action: Mapped[str | None]
    ended_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
