"""Waits that are approvals, and what people said. A decision has a transaction of its own: `Decisions`."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from psycopg.types.json import Json
from sqlalchemy import ColumnElement, and_, func, select, tuple_
from sqlalchemy.orm import Session

from stepweave_data import auditing
from stepweave_data.link import Connection
from stepweave_data.models import ApprovalDecision, Membership, User, Wait, Workflow

Found = tuple[Wait, str, int, bool]
"""An approval, its workflow's name, how many approved, and whether the person who asks has decided."""

_STATES: Final[dict[str, ColumnElement[bool]]] = {
    "open": Wait.state == "open",
    "approved": and_(Wait.state == "resolved", Wait.outcome == "approved"),
    "rejected": and_(Wait.state == "resolved", Wait.outcome == "rejected"),
    "expired": Wait.state == "expired",
    "cancelled": Wait.state == "cancelled",
}
_ADDRESS: Final = "SELECT email FROM users WHERE id = %s"
_SAY: Final = """
INSERT INTO approval_decisions (wait_id, tenant_id, user_id, email, decision, comment, form)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (wait_id, user_id) DO NOTHING RETURNING at
"""
_SAID: Final = "SELECT decision, email, at, comment, form FROM approval_decisions WHERE wait_id = %s ORDER BY at, email"


class Approvals:
    """Approvals as people see them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def page(
        self,
        user_id: uuid.UUID,
        state: str | None,
        execution_id: uuid.UUID | None,
        before: tuple[datetime, uuid.UUID] | None,
        limit: int,
    ) -> list[Found]:
        """Return a page of approvals, of one state and execution where given, the latest first."""
        query = _query(user_id)
        if execution_id is not None:
            query = query.where(Wait.execution_id == execution_id)
        if state is not None:
            query = query.where(_STATES[state])
        if before is not None:
            query = query.where(tuple_(Wait.created_at, Wait.id) < before)
        rows = self._session.execute(query.order_by(Wait.created_at.desc(), Wait.id.desc()).limit(limit))
        return [(row[0], row[1], row[2], row[3]) for row in rows]

    def find(self, user_id: uuid.UUID, approval_id: uuid.UUID) -> Found | None:
        """Return one, or None."""
        row = self._session.execute(_query(user_id).where(Wait.id == approval_id)).one_or_none()
        return None if row is None else (row[0], row[1], row[2], row[3])

    def decisions(self, approval_id: uuid.UUID) -> Sequence[ApprovalDecision]:
        """Return what was said about one, in order."""
        said = select(ApprovalDecision).where(ApprovalDecision.wait_id == approval_id)
        return self._session.scalars(said.order_by(ApprovalDecision.at, ApprovalDecision.email)).all()

    def is_member(self, email: str) -> bool:
        """Return whether a member of the workspace has an address, in lower case."""
        found = select(Membership.user_id).join(User, User.id == Membership.user_id)
        return self._session.scalar(select(found.where(func.lower(User.email) == email).exists())) or False

    def hand_over(self, wait: Wait, of: str, to: str) -> None:
        """Put an address in the place of another one among those who decide; in that of everyone where none is listed.

        Args:
            wait: the approval.
            of: who hands over.
            to: who decides instead.
        """
        listed = [address for address in wait.details["approvers"] if address != of]
        wait.details = {**wait.details, "approvers": list(dict.fromkeys([*listed, to]))}


class Decisions:
    """What is written with a decision, in the transaction that ends the wait."""

    def __init__(self, connection: Connection, tenant_id: uuid.UUID, user_id: uuid.UUID) -> None:
        self._connection = connection
        self._tenant_id, self._user_id = tenant_id, user_id

    def address(self) -> str:
        """Return the person's address; empty where they are gone."""
        row = self._connection.execute(_ADDRESS, (self._user_id,)).fetchone()
        return str(row[0]) if row else ""

    def say(self, wait_id: str, email: str, decision: str, comment: str, form: dict[str, Any]) -> bool:
        """Write down what the person said. False where they have said something already."""
        values = (wait_id, self._tenant_id, self._user_id, email, decision, comment, Json(form))
        return self._connection.execute(_SAY, values).fetchone() is not None

    def said(self, wait_id: str) -> list[tuple[str, str, datetime, str, dict[str, Any]]]:
        """Return all that was said, in order: decision, address, when, comment, form."""
        rows = self._connection.execute(_SAID, (wait_id,)).fetchall()
        return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]

    def note(self, action: str, subject: str, **details: Any) -> None:
        """Write down who did what to what."""
        auditing.write(self._connection, self._tenant_id, auditing.Entry(self._user_id, action, subject, details))


def _query(user_id: uuid.UUID) -> Any:
    said = (
        select(func.count())
        .where(ApprovalDecision.wait_id == Wait.id, ApprovalDecision.decision == "approve")
        .scalar_subquery()
    )
    mine = select(ApprovalDecision.user_id).where(
        ApprovalDecision.wait_id == Wait.id, ApprovalDecision.user_id == user_id
    )
    query = select(Wait, Workflow.name, said, mine.exists()).join(Workflow, Workflow.id == Wait.workflow_id)
    return query.where(Wait.kind == "approval")
