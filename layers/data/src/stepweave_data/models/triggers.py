"""What starts published workflows."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Computed, ForeignKey, func
from sqlalchemy.dialects.postgresql import JSON, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from stepweave_data.models.base import Base


class Webhook(Base):
    """A published webhook; (tenant_id, method, shape) is unique. `target` is what the webhook function needs.

    `shape` is the path without the names of its parameters (`stepweave_data.hooks.paths`).
    """

    __tablename__ = "webhooks"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    workflow_id: Mapped[UUID] = mapped_column(ForeignKey("workflows.id"))
    node_id: Mapped[str]
    method: Mapped[str]
    path: Mapped[str]
    environment: Mapped[str] = mapped_column(server_default="production")
    shape: Mapped[str] = mapped_column(Computed("regexp_replace(path, ':[^/]+', ':', 'g')"))
    target: Mapped[dict[str, Any]]


class Schedule(Base):
    """A published schedule; `names` are its EventBridge schedules. `expression` may have several lines.

    `settled_at`: due times up to then were dealt with. `missed` and `skipped` count due times that started nothing.
    """

    __tablename__ = "schedules"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    workflow_id: Mapped[UUID]
    node_id: Mapped[str]
    expression: Mapped[str]
    time_zone: Mapped[str]
    names: Mapped[list[str]]
    enabled: Mapped[bool] = mapped_column(server_default="true")
    target: Mapped[dict[str, Any]]
    overlap: Mapped[str] = mapped_column(server_default="allow")
    catch_up: Mapped[str] = mapped_column(server_default="skip")
    settled_at: Mapped[datetime] = mapped_column(server_default=func.now())
    missed: Mapped[int] = mapped_column(server_default="0")
    skipped: Mapped[int] = mapped_column(server_default="0")
    last_skip: Mapped[str | None]
    last_skipped_at: Mapped[datetime | None]
    environment: Mapped[str] = mapped_column(server_default="production")


class TriggerSwitch(Base):
    """A trigger that is switched off by itself, of a kind that keeps no `enabled` of its own; publishing leaves it."""

    __tablename__ = "trigger_switches"
    workflow_id: Mapped[UUID] = mapped_column(ForeignKey("workflows.id"), primary_key=True)
    node_id: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    switched_off_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Registration(Base):
    """A trigger with code, at its provider. `status`: `joining`, which becomes `active` or is taken away again;
    `leaving`, to be taken away at the provider; `failed`, which a person must take away there. Of a workflow's node one
    is active in an environment, besides tests.

    `address` is unguessable and unique. What `activate` gave is sealed as a credential is. `expression` to
    `retry_at` are of those that poll, `test_until` of one that listens once.
    """

    __tablename__ = "registrations"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    workflow_id: Mapped[UUID] = mapped_column(ForeignKey("workflows.id"))
    node_id: Mapped[str]
    type: Mapped[str]
    version: Mapped[int]
    params: Mapped[dict[str, Any]]
    address: Mapped[str]
    status: Mapped[str]
    target: Mapped[dict[str, Any] | None]
    """What it starts, as `starting.Target` has it; None before it is active."""
    wrapped_key: Mapped[bytes | None]
    nonce: Mapped[bytes | None]
    ciphertext: Mapped[bytes | None]
    leave_after: Mapped[datetime | None]
    """When the provider is asked to forget it, where it is `leaving`, or is `joining` still."""
    tries: Mapped[int] = mapped_column(server_default="0")
    last_error: Mapped[dict[str, Any] | None]
    last_received_at: Mapped[datetime | None]
    expression: Mapped[str | None]
    time_zone: Mapped[str | None]
    names: Mapped[list[str]] = mapped_column(server_default="{}")
    """Its EventBridge schedules."""
    enabled: Mapped[bool] = mapped_column(server_default="true")
    cursor: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    """How far it was polled, as the node's `poll` said."""
    pending: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    """What a poll found and has not started yet."""
    number: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """How many polls found something."""
    last_polled_at: Mapped[datetime | None]
    claim: Mapped[UUID | None]
    """Who polls it now."""
    claimed_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(server_default="0")
    """How many polls failed in a row."""
    retry_at: Mapped[datetime | None]
    """Before when it is not polled, where it failed."""
    test_until: Mapped[datetime | None]
    environment: Mapped[str] = mapped_column(server_default="production")
    test_user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
