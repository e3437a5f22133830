"""Executions: their events, node runs, waits and turns."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Identity, Uuid, func
from sqlalchemy.orm import Mapped, mapped_column

from stepweave_data.models.base import Base, Written


class Execution(Base):
    """A run of a workflow, written by whoever starts it and by the recorder. `document` is what ran, of a draft."""

    __tablename__ = "executions"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    workflow_id: Mapped[UUID] = mapped_column(ForeignKey("workflows.id"))
    workflow_version: Mapped[int | None]
    mode: Mapped[str]
    trigger: Mapped[str]
    status: Mapped[str]
    machine_type: Mapped[str]
    execution_arn: Mapped[str | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    error: Mapped[dict[str, Any] | None]
    response: Mapped[Written | None]
    document: Mapped[Written | None]
    last_seq: Mapped[int] = mapped_column(server_default="0")
    created_by: Mapped[UUID | None]
    parent_execution_id: Mapped[UUID | None]
    parent_node_id: Mapped[str | None]
    parent_iteration: Mapped[str | None]
    lane: Mapped[str | None]
    """The trigger node whose executions run one at a time, where it says so."""
    compiled_hash: Mapped[str | None]
    """Of the machine that an execution by hand runs on; None where that is its version's."""
    environment: Mapped[str] = mapped_column(server_default="production")
    kept_at: Mapped[datetime | None]
    """Since when somebody (`kept_by`) keeps it from being deleted; None where nobody does."""
    kept_by: Mapped[UUID | None]
    uses: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), server_default="{}")
    """The executions whose stored data it began with."""


class DeletedExecution(Base):
    """That an execution was deleted, `days` after its end. `objects_after`: when what is stored of it goes next."""

    __tablename__ = "deleted_executions"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    workflow_id: Mapped[UUID] = mapped_column(ForeignKey("workflows.id"))
    mode: Mapped[str]
    status: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    days: Mapped[int]
    deleted_at: Mapped[datetime] = mapped_column(server_default=func.now())
    objects_after: Mapped[datetime | None] = mapped_column(server_default=func.now())


class RetentionWait(Base):
    """An execution whose time is over and which something needs yet."""

    __tablename__ = "retention_waits"
    execution_id: Mapped[UUID] = mapped_column(ForeignKey("executions.id"), primary_key=True)
    tenant_id: Mapped[UUID]
    look_after: Mapped[datetime]


class ExecutionEvent(Base):
    """One event of an execution, numbered from 1; (execution_id, id) is unique."""

    __tablename__ = "execution_events"
    execution_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    id: Mapped[str]
    type: Mapped[str]
    node_id: Mapped[str | None]
    at: Mapped[datetime]
    data: Mapped[Written]


class NodeRun(Base):
    """The latest attempt of a node in an execution, by its iteration where it is in a loop."""

    __tablename__ = "node_runs"
    execution_id: Mapped[UUID] = mapped_column(primary_key=True)
    node_id: Mapped[str] = mapped_column(primary_key=True)
    iteration: Mapped[str] = mapped_column(primary_key=True, server_default="")
    tenant_id: Mapped[UUID]
    attempt: Mapped[int]
    status: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    duration_ms: Mapped[float | None]
    input: Mapped[Written | None]
    output: Mapped[Written | None]
    error: Mapped[dict[str, Any] | None]


class NodeUsage(Base):
    """What a node run used, over its attempts: a row for each kind, and each model, currency or unit (`name`)."""

    __tablename__ = "node_usage"
    execution_id: Mapped[UUID] = mapped_column(primary_key=True)
    node_id: Mapped[str] = mapped_column(primary_key=True)
    iteration: Mapped[str] = mapped_column(primary_key=True, server_default="")
    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True, server_default="")
    tenant_id: Mapped[UUID]
    amount: Mapped[Decimal]


class Wait(Base):
    """A step that waits for its task token. `kind`: `callback`, `approval`, `workflow`, `form`; `state`: `open`,
    `resolved`, `expired`, `cancelled`. (execution_id, node_id, iteration, attempt) is unique."""

    __tablename__ = "waits"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    execution_id: Mapped[UUID] = mapped_column(ForeignKey("executions.id"))
    workflow_id: Mapped[UUID] = mapped_column(ForeignKey("workflows.id"))
    node_id: Mapped[str]
    iteration: Mapped[str] = mapped_column(server_default="")
    attempt: Mapped[int] = mapped_column(server_default="1")
    kind: Mapped[str]
    token: Mapped[str]
    details: Mapped[Written] = mapped_column(server_default="{}")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(server_default="open")
    outcome: Mapped[str | None]
    resolved_at: Mapped[datetime | None]


class ApprovalDecision(Base):
    """What a person said about an approval: `approve` or `reject`."""

    __tablename__ = "approval_decisions"
    wait_id: Mapped[UUID] = mapped_column(ForeignKey("waits.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    tenant_id: Mapped[UUID]
    email: Mapped[str]
    decision: Mapped[str]
    comment: Mapped[str] = mapped_column(server_default="")
    form: Mapped[Written] = mapped_column(server_default="{}")
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class ExecutionTurn(Base):
    """An execution that waits for its turn, with the request that starts it (`stepweave_data.turns`).

    `reason`: `workflow`, `concurrent`, `starts`.
    """

    __tablename__ = "execution_turns"
    execution_id: Mapped[UUID] = mapped_column(ForeignKey("executions.id"), primary_key=True)
    tenant_id: Mapped[UUID]
    workflow_id: Mapped[UUID] = mapped_column(ForeignKey("workflows.id"))
    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    request: Mapped[Written]
    taken_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(server_default="workflow")
    own: Mapped[bool] = mapped_column(server_default="false")
