"""Workspaces and accounts that go, and what they may take with them."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import Column, Table, select, text, tuple_
from sqlalchemy.orm import Session

from stepweave_data.models import (
    Api,
    ApiKey,
    ApprovalDecision,
    Audit,
    Base,
    Credential,
    Execution,
    Folder,
    KeptFile,
    LoginSession,
    Membership,
    MemoryMessage,
    MemorySession,
    ModelPrice,
    ModelSpending,
    NodeRun,
    Role,
    Schedule,
    StoreEntry,
    StoreRow,
    StoreTable,
    Tag,
    TenantBudget,
    User,
    Workflow,
    WorkflowTag,
    WorkflowVersion,
)

_SECRET: Final = frozenset(("wrapped_key", "nonce", "ciphertext", "connection", "key_hash", "target", "tenant_id"))
"""Columns that no export has: secrets, what is the platform's own, and what all rows have alike."""
PARTS: Final[Mapping[str, type[Base]]] = {
    "workflows": Workflow,
    "versions": WorkflowVersion,
    "folders": Folder,
    "tags": Tag,
    "workflow-tags": WorkflowTag,
    "schedules": Schedule,
    "credentials": Credential,
    "apis": Api,
    "members": User,
    "memberships": Membership,
    "roles": Role,
    "api-keys": ApiKey,
    "executions": Execution,
    "node-runs": NodeRun,
    "approval-decisions": ApprovalDecision,
    "store-entries": StoreEntry,
    "store-tables": StoreTable,
    "store-rows": StoreRow,
    "memory-talks": MemorySession,
    "memory-messages": MemoryMessage,
    "files": KeptFile,
    "model-prices": ModelPrice,
    "model-spending": ModelSpending,
    "budget": TenantBudget,
    "audit": Audit,
}
"""What a workspace's export is made of."""


@dataclass(frozen=True)
class ExportedRow:
    """A row to be given away, and its key."""

    values: dict[str, Any]
    key: list[str]


class Erasing:
    """What goes, of the tenant and of a person."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def request(self, user_id: uuid.UUID, grace: timedelta) -> datetime:
        """Have the tenant deleted after a while; return when. One that is to go already keeps its time."""
        query = text("SELECT request_deletion(:user, :grace)")
        moment: datetime = self._session.execute(query, {"user": user_id, "grace": grace}).scalar_one()
        return moment

    def cancel(self) -> bool:
        """Have the tenant stay; False where it was to stay, or its time is over."""
        return bool(self._session.execute(text("SELECT cancel_deletion()")).scalar_one())

    def erase_user(self, user_id: uuid.UUID) -> bool:
        """Delete an account; False for the only owner of a workspace."""
        return bool(self._session.execute(text("SELECT erase_user(:user)"), {"user": user_id}).scalar_one())

    def sessions(self, user_id: uuid.UUID) -> Sequence[LoginSession]:
        """Return a person's sessions in the tenant."""
        return self._session.scalars(select(LoginSession).where(LoginSession.user_id == user_id)).all()

    def rows(self, part: str, after: list[str] | None, most: int) -> list[ExportedRow]:
        """Return rows of a part behind a key, by their keys. Raises ValueError for a key that is none of it."""
        table = cast("Table", PARTS[part].__table__)
        keys = [column for column in table.primary_key if column.name != "tenant_id"] or list(table.primary_key)
        columns = [column for column in table.columns if column.name not in _SECRET or column in keys]
        query = select(*columns).order_by(*keys).limit(most)
        if after is not None:
            query = query.where(tuple_(*keys) > tuple_(*_values(keys, after)))
        found = self._session.execute(query).mappings()
        return [ExportedRow(_told(row), [str(row[column.name]) for column in keys]) for row in found]


def _told(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in row.items() if name not in _SECRET}


def _values(keys: list[Column[Any]], given: list[str]) -> list[Any]:
    if len(given) != len(keys):
        raise ValueError("a key of another part")
    return [column.type.python_type(value) for column, value in zip(keys, given, strict=True)]
