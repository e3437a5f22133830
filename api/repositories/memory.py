"""Talks that models remember, as people see them."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, delete, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from stepweave_data.models import MemoryMessage, MemorySession, Workflow

Found = tuple[MemorySession, str | None, str]
"""A talk, its workflow's name (None where the memory is shared, or the workflow deleted), and its last words."""
PREVIEW: Final = 160
"""Characters of the last words."""


class Memories:
    """The talks of a tenant that are not past their time."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def page(
        self,
        search: str,
        workflow_id: uuid.UUID | None,
        before: tuple[datetime, uuid.UUID] | None,
        limit: int,
    ) -> list[Found]:
        """Return a page of talks, the one that was used last first.

        Args:
            search: part of a session key, of a workflow's or a shared memory's name; "" for all.
            workflow_id: of this workflow only.
            before: the last row of the page before.
            limit: how many.
        """
        query = _query()
        if search:
            found = (MemorySession.session, MemorySession.shared, Workflow.name)
            query = query.where(or_(*(column.icontains(search, autoescape=True) for column in found)))
        if workflow_id is not None:
            query = query.where(MemorySession.workflow_id == workflow_id)
        if before is not None:
            query = query.where(tuple_(MemorySession.updated_at, MemorySession.id) < before)
        order = (MemorySession.updated_at.desc(), MemorySession.id.desc())
        return [_found(row) for row in self._session.execute(query.order_by(*order).limit(limit))]

    def find(self, session_id: uuid.UUID) -> Found | None:
        """Return a talk, or None."""
        row = self._session.execute(_query().where(MemorySession.id == session_id)).one_or_none()
        return None if row is None else _found(row)

    def messages(self, session_id: uuid.UUID, before: int | None, limit: int) -> list[MemoryMessage]:
        """Return the newest messages of a talk before one, newest first."""
        query = select(MemoryMessage).where(MemoryMessage.session_id == session_id)
        if before is not None:
            query = query.where(MemoryMessage.id < before)
        return list(self._session.scalars(query.order_by(MemoryMessage.id.desc()).limit(limit)))

    def delete(self, ids: Sequence[uuid.UUID]) -> int:
        """Delete talks with their messages and return how many there were."""
        done: Any = self._session.execute(delete(MemorySession).where(MemorySession.id.in_(ids)))
        return int(done.rowcount)


def _found(row: Row[*tuple[Any, ...]]) -> Found:
    return row[0], row[1], row[2]


def _query() -> Select[*tuple[Any, ...]]:
    content = MemoryMessage.message.op("->>")(literal("content"))
    last = (
        select(func.left(content, PREVIEW))
        .where(MemoryMessage.session_id == MemorySession.id, content != "")
        .order_by(MemoryMessage.turn.desc(), MemoryMessage.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(MemorySession, Workflow.name, func.coalesce(last, ""))
        .outerjoin(Workflow, (Workflow.id == MemorySession.workflow_id) & Workflow.deleted_at.is_(None))
        .where(_live())
    )


def _live() -> ColumnElement[bool]:
    return or_(MemorySession.expires_at.is_(None), MemorySession.expires_at > func.now())
