"""Models' prices and spending, memory, and chats."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from stepweave_data.models.base import Base, Written


class ModelPrice(Base):
    """What a model of a provider (a credential type) costs the tenant, where that is not what the lists say.

    `rates` has decimal texts: `input`, `cached`, `output`, `audio` (a million tokens), `minute` (of audio); US dollars.
    """

    __tablename__ = "model_prices"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    model: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    rates: Mapped[dict[str, Any]] = mapped_column(JSONB)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class MemorySession(Base):
    """A talk that models remember: of a workflow, or of a memory that a project's workflows share by its name.

    `summary` stands for the messages up to `summarised`. Past `expires_at` it counts as absent.
    """

    __tablename__ = "memory_sessions"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant_id: Mapped[UUID]
    project_id: Mapped[UUID | None]
    workflow_id: Mapped[UUID | None] = mapped_column(ForeignKey("workflows.id"))
    shared: Mapped[str] = mapped_column(Text(collation="C"), server_default="")
    session: Mapped[str] = mapped_column(Text(collation="C"))
    summary: Mapped[str] = mapped_column(server_default="")
    summarised: Mapped[int] = mapped_column(BigInteger, server_default="0")
    turns: Mapped[int] = mapped_column(BigInteger, server_default="0")
    messages: Mapped[int] = mapped_column(BigInteger, server_default="0")
    bytes: Mapped[int] = mapped_column(BigInteger, server_default="0")
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class MemoryMessage(Base):
    """A message of a talk. Those of a turn were written together; ids go up."""

    __tablename__ = "memory_messages"
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    tenant_id: Mapped[UUID]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("memory_sessions.id"))
    turn: Mapped[int] = mapped_column(BigInteger)
    message: Mapped[Written]
    bytes: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ModelSpending(Base):
    """What is spent on models: of the tenant and of workflows by month, of executions and node runs as a whole."""

    __tablename__ = "model_spending"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    of: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    period: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True, server_default="")
    tokens: Mapped[int] = mapped_column(BigInteger, server_default="0")
    money: Mapped[Decimal] = mapped_column(server_default="0")
    answers: Mapped[int] = mapped_column(BigInteger, server_default="0")
    unpriced: Mapped[int] = mapped_column(BigInteger, server_default="0")
    expires_at: Mapped[datetime | None]


class TenantBudget(Base):
    """What a tenant may spend on models in a month; None for any amount."""

    __tablename__ = "tenant_budgets"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    month_tokens: Mapped[int | None] = mapped_column(BigInteger)
    month_money: Mapped[Decimal | None]


class ChatTurn(Base):
    """A message of a chat's visitor and its answer. `session_id` tells conversations apart; one message of each runs.

    `view` is `{"answers": [node ids], "field", "steps": {node id: name}}`: whose output the answer is, and which nodes
    visitors see at work.
    """

    __tablename__ = "chat_turns"
    execution_id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    workflow_id: Mapped[UUID] = mapped_column(ForeignKey("workflows.id"))
    node_id: Mapped[str]
    session_id: Mapped[str] = mapped_column(Text(collation="C"))
    message_id: Mapped[str] = mapped_column(Text(collation="C"))
    text: Mapped[str]
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    view: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(server_default="running")
    answer: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
