"""What executions came to, by time (ADR 68). Postgres writes all of it: `roll_up` and what it calls."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Identity, Integer, SmallInteger, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from stepweave_data.models.base import Base


class RollupQueue(Base):
    """An execution that has ended, or was told of after its end: to be counted. `failed` says why it could not be."""

    __tablename__ = "rollup_queue"
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    tenant_id: Mapped[UUID]
    execution_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    failed: Mapped[str | None]


class RolledExecution(Base):
    """What an execution was counted as, which is taken off again when it changes."""

    __tablename__ = "rolled_executions"
    execution_id: Mapped[UUID] = mapped_column(ForeignKey("executions.id"), primary_key=True)
    tenant_id: Mapped[UUID]
    at: Mapped[datetime]
    group_id: Mapped[UUID | None]
    cells: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)


class Rollup(Base):
    """Live executions that ended in a quarter of an hour or a day (`grain` in minutes, UTC), or runs of their nodes.

    `level`: 0 all workflows, 1 a workflow, 2 a node. `buckets` and `counts` are the histogram of durations. What makes
    a row unique is the primary key here; in Postgres it is a unique index, for `workflow_id` is empty at level 0.
    """

    __tablename__ = "rollups"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    grain: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    workflow_id: Mapped[UUID | None] = mapped_column(ForeignKey("workflows.id"), primary_key=True, nullable=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    node_id: Mapped[str] = mapped_column(primary_key=True)
    trigger: Mapped[str] = mapped_column(primary_key=True)
    succeeded: Mapped[int] = mapped_column(BigInteger, server_default="0")
    failed: Mapped[int] = mapped_column(BigInteger, server_default="0")
    cancelled: Mapped[int] = mapped_column(BigInteger, server_default="0")
    timed_out: Mapped[int] = mapped_column(BigInteger, server_default="0")
    duration_ms: Mapped[int] = mapped_column(BigInteger, server_default="0")
    wait_ms: Mapped[int] = mapped_column(BigInteger, server_default="0")
    items: Mapped[int] = mapped_column(BigInteger, server_default="0")
    retries: Mapped[int] = mapped_column(BigInteger, server_default="0")
    requests: Mapped[int] = mapped_column(BigInteger, server_default="0")
    tokens: Mapped[int] = mapped_column(BigInteger, server_default="0")
    money: Mapped[Decimal] = mapped_column(server_default="0")
    buckets: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger), server_default="{}")
    counts: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default="{}")


class ErrorGroup(Base):
    """Failures that are one fault: of a node, by the error's name and its message without what differs each time.

    Resolved while `resolved_at` is later than `last_seen`; else, where there is one, it came back.
    """

    __tablename__ = "error_groups"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    workflow_id: Mapped[UUID] = mapped_column(ForeignKey("workflows.id"))
    node_id: Mapped[str]
    type: Mapped[str]
    message: Mapped[str]
    sample: Mapped[str]
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
    first_execution_id: Mapped[UUID]
    last_execution_id: Mapped[UUID]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[UUID | None]


class ErrorCount(Base):
    """How often a fault was seen in a quarter of an hour, or a day."""

    __tablename__ = "error_counts"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    grain: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    group_id: Mapped[UUID] = mapped_column(ForeignKey("error_groups.id"), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)


class RollupDay(Base):
    """A day (UTC) that is to be counted anew from the history."""

    __tablename__ = "rollup_days"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
