"""Approvals: who may decide, what counts, and how the workflow goes on."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import psycopg
from psycopg.types.json import Json, Jsonb
from sqlalchemy import ColumnElement, and_, func, select, tuple_
from sqlalchemy.orm import Session

from api import codes
from api.permissions import ROLES, Permission
from api.refusals import Refused
from api.services.answers import answers_of
from api.services.tokens import Principal
from stepweave.model.items import NodeOutput
from stepweave.runtime.approvals import with_decision
from stepweave.runtime.claims import Claims
from stepweave.runtime.errors import DataMissing, NodeError
from stepweave.runtime.events import Send
from stepweave.runtime.results import stored
from stepweave_data.database import tenant_session
from stepweave_data.hooks.waits import State, Tokens, TokensAway, Waits
from stepweave_data.hooks.waits import Wait as OpenWait
from stepweave_data.link import Connection, Link
from stepweave_data.models import ApprovalDecision, User, Wait, Workflow

STATES: Final[dict[str, ColumnElement[bool]]] = {
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
_AUDIT: Final = "INSERT INTO audit (tenant_id, user_id, action, subject, details) VALUES (%s, %s, %s, %s, %s)"


@dataclass(frozen=True)
class Shown:
    """An approval as a person sees it. Without `decisions` where it is one of a list."""

    wait: Wait
    workflow_name: str
    approvals: int
    can_decide: bool
    decisions: list[ApprovalDecision]

    @property
    def state(self) -> str:
        """What became of it."""
        return (self.wait.outcome if self.wait.state == "resolved" else None) or self.wait.state


@dataclass(frozen=True)
class Decision:
    """What a person says."""

    approves: bool
    comment: str
    form: dict[str, Any]


def list_approvals(
    principal: Principal,
    state: str | None,
    execution_id: uuid.UUID | None,
    before: tuple[datetime, uuid.UUID] | None,
    limit: int,
) -> list[Shown]:
    """Return a page of approvals, of one execution where given, the latest first."""
    query = _query(principal)
    if execution_id is not None:
        query = query.where(Wait.execution_id == execution_id)
    if state is not None:
        query = query.where(STATES[state])
    if before is not None:
        query = query.where(tuple_(Wait.created_at, Wait.id) < before)
    with tenant_session(principal.tenant_id) as session:
        email = _email(session, principal)
        rows = session.execute(query.order_by(Wait.created_at.desc(), Wait.id.desc()).limit(limit)).all()
        return [_shown(row, principal, email) for row in rows]


def get_approval(principal: Principal, approval_id: uuid.UUID) -> Shown:
    """Return an approval with what was said. Raises Refused (`not_found`)."""
    with tenant_session(principal.tenant_id) as session:
        row = session.execute(_query(principal).where(Wait.id == approval_id)).one_or_none()
        if row is None:
            raise codes.not_found("approval")
        said = select(ApprovalDecision).where(ApprovalDecision.wait_id == approval_id)
        decisions = session.scalars(said.order_by(ApprovalDecision.at, ApprovalDecision.email)).all()
        return _shown(row, principal, _email(session, principal), list(decisions))


@dataclass(frozen=True)
class Approvals:
    """Decides."""

    tokens: Callable[[], Tokens]
    send: Callable[[], Send]
    claims: Callable[[], Claims]

    def decide(self, principal: Principal, approval_id: uuid.UUID, decision: Decision) -> None:
        """Take a person's decision, and let the workflow go on where it is the last one needed.

        Raises:
            Refused: `not_found`; `not_an_approver`; `already_decided`, `already_voted`, `approval_expired`,
                `approval_cancelled`; `invalid_form`; `items_gone`; `not_resumed` where the workflow could not be told.
        """
        link = Link()
        waits = Waits(link, self.tokens(), self.send())
        try:
            state = waits.within(
                str(principal.tenant_id), lambda it: self._decide(it, waits, principal, str(approval_id), decision)
            )
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            words = "The database does not answer. Nothing was decided; try again in a moment."
            raise Refused(codes.DATABASE_UNAVAILABLE, words) from error
        except TokensAway as error:
            words = "The workflow could not be told. Nothing was decided; try again."
            raise Refused(codes.NOT_RESUMED, words) from error
        except DataMissing as error:
            raise Refused(codes.ITEMS_GONE, "The items that wait here are no longer stored.") from error
        except NodeError as error:
            raise Refused(codes.NOT_RESUMED, f"{error.message} Nothing was decided; try again.") from error
        finally:
            link.close()
        if state is State.EXPIRED:
            raise _over("expired")

    def _decide(
        self, connection: Connection, waits: Waits, principal: Principal, approval_id: str, decision: Decision
    ) -> State:
        wait = waits.find(connection, approval_id)
        if wait is None or wait.kind != "approval":
            raise codes.not_found("approval")
        if wait.state is not State.OPEN:
            raise _over(wait.state.value)
        row = connection.execute(_ADDRESS, (principal.user_id,)).fetchone()
        email = str(row[0]) if row else ""
        if not may_decide(wait.details["approvers"], principal.role, email):
            words = "This approval is for others: ask one of those who are listed, or somebody who may run workflows."
            raise Refused(codes.NOT_AN_APPROVER, words)
        form = answers_of(wait.details["form"], decision.form, whole=decision.approves)
        word = "approve" if decision.approves else "reject"
        tenant_id, user_id = principal.tenant_id, principal.user_id
        values = (wait.id, tenant_id, user_id, email, word, decision.comment, Json(form))
        if connection.execute(_SAY, values).fetchone() is None:
            raise Refused(codes.ALREADY_VOTED, "You have decided already; others have yet to.")
        said = [_said(*row) for row in connection.execute(_SAID, (wait.id,)).fetchall()]
        about = Jsonb({"executionId": wait.execution_id, "nodeId": wait.node_id, "comment": decision.comment})
        connection.execute(_AUDIT, (tenant_id, user_id, f"approval.{word}", wait.id, about))
        outcome = outcome_of(wait.details, [one["decision"] for one in said])
        if outcome is None:
            return State.OPEN
        return waits.succeed(connection, wait, self._output(wait, outcome, said, str(tenant_id)), outcome)

    def _output(self, wait: OpenWait, outcome: str, said: list[dict[str, Any]], tenant_id: str) -> NodeOutput:
        """Return the node's output: the items it was given, each with what was decided."""
        kept, last = wait.details["resume"], said[-1]
        decided = {**last, "decision": outcome, "decisions": said}
        claims = self.claims()
        items = with_decision(claims.fetch(kept["input"], tenant_id), decided)
        place = f"{wait.iteration}/" if wait.iteration else ""
        key = f"{tenant_id}/{wait.execution_id}/{wait.node_id}/{place}{wait.attempt}"
        return stored({outcome: items}, claims, key, kept["inlineLimit"])


def may_decide(approvers: list[str], role: str, email: str) -> bool:
    """Whether a member may decide: one of those listed, or without a list whoever may run workflows."""
    if approvers:
        return email.lower() in approvers
    return Permission.EXECUTIONS_RUN in ROLES.get(role, frozenset())


def outcome_of(details: dict[str, Any], decisions: list[str]) -> str | None:
    """Return `approved`, `rejected`, or None while both are possible."""
    required, listed = int(details["required"]), len(details["approvers"])
    rejections = decisions.count("reject")
    if decisions.count("approve") >= required:
        return "approved"
    out_of_reach = listed - rejections < required if listed else rejections > 0
    return "rejected" if out_of_reach else None


def _query(principal: Principal) -> Any:
    said = (
        select(func.count())
        .where(ApprovalDecision.wait_id == Wait.id, ApprovalDecision.decision == "approve")
        .scalar_subquery()
    )
    mine = select(ApprovalDecision.user_id).where(
        ApprovalDecision.wait_id == Wait.id, ApprovalDecision.user_id == principal.user_id
    )
    query = select(Wait, Workflow.name, said, mine.exists()).join(Workflow, Workflow.id == Wait.workflow_id)
    return query.where(Wait.kind == "approval")


def _shown(
    row: Sequence[Any], principal: Principal, email: str, decisions: "list[ApprovalDecision] | None" = None
) -> Shown:
    wait, name, approvals, decided = row
    may = may_decide(wait.details["approvers"], principal.role, email)
    return Shown(wait, name, approvals, wait.state == "open" and may and not decided, decisions or [])


def _email(session: Session, principal: Principal) -> str:
    return session.scalar(select(User.email).where(User.id == principal.user_id)) or ""


def _said(decision: str, email: str, at: datetime, comment: str, form: dict[str, Any]) -> dict[str, Any]:
    """Return a decision as items carry it."""
    time = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"decision": decision, "decidedBy": email, "decidedAt": time, "comment": comment, "form": form}


def _over(state: str) -> Refused:
    if state == "expired":
        return Refused(codes.APPROVAL_EXPIRED, "The time to decide was over, and the workflow has gone on.")
    if state == "cancelled":
        return Refused(codes.APPROVAL_CANCELLED, "The execution has ended, so there is nothing to decide any more.")
    return Refused(codes.ALREADY_DECIDED, "This has been decided already.")
