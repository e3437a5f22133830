"""Plans, and what a tenant uses in a month."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, SmallInteger, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from stepweave_data.models.base import Base


class Plan(Base):
    """What tenants of a plan may hold and use, by kind; what `limits` does not name has no limit."""

    __tablename__ = "plans"
    name: Mapped[str] = mapped_column(primary_key=True)
    limits: Mapped[dict[str, Any]] = mapped_column(JSONB)


class UsageMonth(Base):
    """What a tenant used in a month (its first day), by kind: the sum over `slot`. Written by triggers."""

    __tablename__ = "usage_months"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    slot: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    amount: Mapped[int] = mapped_column(BigInteger)


class HeldAmount(Base):
    """What a tenant's store holds, by kind: the sum over `slot`. Written by triggers."""

    __tablename__ = "held_amounts"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    slot: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    amount: Mapped[int] = mapped_column(BigInteger)


class MeteringEvent(Base):
    """What a tenant used of a kind in a month up to `at`: `amount` of it, `added` since the event before."""

    __tablename__ = "metering_events"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    month: Mapped[date]
    kind: Mapped[str]
    amount: Mapped[int] = mapped_column(BigInteger)
    added: Mapped[int] = mapped_column(BigInteger)
    plan: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]
