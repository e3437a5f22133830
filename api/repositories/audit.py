"""The audit: what is added at the end of a transaction, what changed in its rows, and the log as people read it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, and_, event, func, inspect, select, text
from sqlalchemy.orm import Session, UOWTransaction

from stepweave_data.models import Audit, AuditChain, AuditHead, Base

MOST_SETTLED: Final = 5_000
"""Readings of credentials that one look at the audit puts into it."""
_UNTOLD: Final = {"tenant_id", "created_at", "updated_at", "id"}
_VERIFY: Final = text("SELECT seq, audit_id, problem FROM audit_verify(:most) WHERE tenant_id = :tenant")
_ESCAPED: Final = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


@dataclass(frozen=True)
class Found:
    """An entry with its place in the chain."""

    entry: Audit
    seq: int
    hash: bytes


class Changes:
    """What a transaction changed in rows that it holds as objects, by their id: before and after, column by column."""

    def __init__(self, session: Session) -> None:
        self._seen: list[tuple[Base, dict[str, Any] | None, dict[str, Any] | None]] = []
        event.listen(session, "before_flush", self._look)

    def of(self, subject: str) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
        """Return what a row was and what it became; None where it was not, or is not any more."""
        before: dict[str, Any] | None = None
        after: dict[str, Any] | None = None
        for row, old, new in self._seen:
            if str(getattr(row, "id", "")) == subject:
                before = {**(old or {}), **(before or {})} if old is not None or before is not None else None
                after = {**(after or {}), **new} if new is not None else None
        return before, after

    def _look(self, session: Session, _: UOWTransaction, __: Any) -> None:
        for row in session.dirty:
            old, new = _changed(row)
            if new:
                self._seen.append((row, old, new))
        for row in session.new:
            self._seen.append((row, None, _whole(row)))
        for row in session.deleted:
            self._seen.append((row, _whole(row), None))


def _changed(row: Base) -> tuple[dict[str, Any], dict[str, Any]]:
    old, new = {}, {}
    for column in inspect(row).mapper.column_attrs:
        history = inspect(row).attrs[column.key].history
        if history.has_changes() and column.key not in _UNTOLD:
            old[column.key] = history.deleted[0] if history.deleted else None
            new[column.key] = history.added[0] if history.added else None
    return old, new


def _whole(row: Base) -> dict[str, Any]:
    held: Mapping[str, Any] = inspect(row).dict
    names = [column.key for column in inspect(row).mapper.column_attrs if column.key not in _UNTOLD]
    return {name: held[name] for name in names if held.get(name) is not None}


@dataclass(frozen=True)
class Wanted:
    """Which entries are asked for; None and empty ask for all."""

    actor: uuid.UUID | None = None
    """A person, a service account, or an API key."""
    action: str = ""
    """An action, or what actions begin with."""
    subject: str = ""
    search: str = ""
    """Part of the action, the actor's name, the subject or the address."""
    since: datetime | None = None
    until: datetime | None = None


class AuditLog:
    """The entries of a tenant."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def page(self, wanted: Wanted, before: int | None, limit: int) -> list[Found]:
        """Return entries with their number and hash, the latest first."""
        query = select(Audit, AuditChain.seq, AuditChain.hash).join(
            AuditChain, and_(AuditChain.audit_id == Audit.id, AuditChain.tenant_id == Audit.tenant_id)
        )
        if before is not None:
            query = query.where(AuditChain.seq < before)
        if wanted.actor is not None:
            query = query.where((Audit.user_id == wanted.actor) | (Audit.key_id == wanted.actor))
        if wanted.action:
            query = query.where(Audit.action.like(f"{wanted.action.translate(_ESCAPED)}%"))
        if wanted.subject:
            query = query.where(Audit.subject == wanted.subject)
        if wanted.search:
            like = f"%{wanted.search.translate(_ESCAPED)}%"
            told = func.concat_ws(" ", Audit.action, Audit.actor, Audit.subject, Audit.address)
            query = query.where(told.ilike(like))
        if wanted.since is not None:
            query = query.where(Audit.at >= wanted.since)
        if wanted.until is not None:
            query = query.where(Audit.at < wanted.until)
        rows = self._session.execute(query.order_by(AuditChain.seq.desc()).limit(limit))
        return [Found(row[0], row[1], row[2]) for row in rows]

    def lately(self, action: str, subject: uuid.UUID) -> int:
        """Return how many entries of the last minute have an action and a subject."""
        since = func.now() - text("interval '1 minute'")
        query = select(func.count()).where(Audit.subject == str(subject), Audit.action == action, Audit.at > since)
        return self._session.scalar(query) or 0

    def settle(self) -> None:
        """Put what the vault has read so far into the audit; it is seen once this transaction has ended."""
        self._session.execute(select(func.fold_reads(MOST_SETTLED)))

    def head(self) -> AuditHead | None:
        """Return the end of the chain; None where nothing was written yet."""
        return self._session.scalars(select(AuditHead)).one_or_none()

    def faults(self, tenant_id: uuid.UUID, most: int) -> list[Row[Any]]:
        """Return `seq`, `audit_id` and `problem` of what does not fit, the first ones."""
        return list(self._session.execute(_VERIFY, {"most": most, "tenant": tenant_id}))

    def texts(self, ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
        """Return the text that was hashed, by the entries' ids."""
        query = text(
            """SELECT audit.id, audit_text(audit, link.seq, coalesce(former.hash, '\\x'))
               FROM audit JOIN audit_chain link ON link.audit_id = audit.id
               LEFT JOIN audit_chain former ON former.tenant_id = link.tenant_id AND former.seq = link.seq - 1
               WHERE audit.id = ANY(:ids)"""
        )
        return {row[0]: row[1] for row in self._session.execute(query, {"ids": ids})}
