"""Alerts: rules, what they found, what is said of it, and the status page (ADR 73)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from stepweave_data.models.base import Base


class AlertEnd(Base):
    """What of an execution alerts look at, for a day. Postgres writes it as the execution is counted (`note_ends`)."""

    __tablename__ = "alert_ends"
    execution_id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    workflow_id: Mapped[UUID]
    status: Mapped[str]
    at: Mapped[datetime]
    ms: Mapped[int] = mapped_column(BigInteger)
    group_id: Mapped[UUID | None]
    node_id: Mapped[str]
    type: Mapped[str]
    message: Mapped[str]
    seq: Mapped[int] = mapped_column(BigInteger, Identity())


class AlertHealth(Base):
    """When a workflow last succeeded and failed. `watched_from`: it was off, or not published, until then."""

    __tablename__ = "alert_health"
    workflow_id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    success_at: Mapped[datetime | None]
    failure_at: Mapped[datetime | None]
    watched_from: Mapped[datetime | None]


class AlertRule(Base):
    """What is watched: a workflow, those of a project, or all of the tenant's; and who is told.

    `targets` has no secrets: those are sealed by the rule's id. `failing` says of which target since when and why it is
    not reached. `seen_seq`: the ends up to which the rule has looked. `armed_at`: when it was made or changed last.
    """

    __tablename__ = "alert_rules"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    project_id: Mapped[UUID | None]
    workflow_id: Mapped[UUID | None]
    name: Mapped[str]
    kind: Mapped[str]
    condition: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    by_fault: Mapped[bool] = mapped_column(server_default="false")
    enabled: Mapped[bool] = mapped_column(server_default="true")
    throttle_minutes: Mapped[int] = mapped_column(server_default="30")
    remind_minutes: Mapped[int] = mapped_column(server_default="0")
    targets: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    wrapped_key: Mapped[bytes | None]
    nonce: Mapped[bytes | None]
    ciphertext: Mapped[bytes | None]
    failing: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    seen_seq: Mapped[int] = mapped_column(BigInteger, server_default="0")
    armed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Alert(Base):
    """Something that a rule found, by what it is about (`key`). `told` is what was last said of it; "" for nothing.

    `times`: how often it opened; `seen`: how many executions it is about. `quiet`: a person resolved it, and it has
    been so ever since: it does not open again before it was otherwise.
    """

    __tablename__ = "alerts"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    rule_id: Mapped[UUID | None] = mapped_column(ForeignKey("alert_rules.id"))
    rule_name: Mapped[str]
    kind: Mapped[str]
    key: Mapped[str]
    workflow_id: Mapped[UUID | None]
    credential_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(server_default="open")
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    seen: Mapped[int] = mapped_column(BigInteger, server_default="1")
    times: Mapped[int] = mapped_column(server_default="1")
    opened_at: Mapped[datetime]
    last_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[UUID | None]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[UUID | None]
    resolution: Mapped[str | None]
    quiet: Mapped[bool] = mapped_column(server_default="false")
    told: Mapped[str] = mapped_column(server_default="")
    told_at: Mapped[datetime | None]


class AlertDelivery(Base):
    """What is to be said, was said, or could not be, to one target of a rule."""

    __tablename__ = "alert_deliveries"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    rule_id: Mapped[UUID] = mapped_column(ForeignKey("alert_rules.id"))
    target_id: Mapped[str]
    target_kind: Mapped[str]
    target_label: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(server_default="waiting")
    tries: Mapped[int] = mapped_column(server_default="0")
    next_at: Mapped[datetime] = mapped_column(server_default=func.now())
    error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    ended_at: Mapped[datetime | None]


class StatusPage(Base):
    """What a tenant shows of itself: workflows under names that it chose, and the hash of the link's token."""

    __tablename__ = "status_pages"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    title: Mapped[str]
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    token_hash: Mapped[bytes | None]
    updated_by: Mapped[UUID | None]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
