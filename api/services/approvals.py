"""Approvals: who may decide, what counts, and how the workflow goes on."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg

from api import codes
from api.permissions import Permission
from api.refusals import Refused
from api.repositories.approvals import Decisions, Found
from api.repositories.rows import rows_of
from api.services.answers import answers_of
from api.services.tokens import Principal
from stepweave.model.events import ErrorInfo
from stepweave.model.items import NodeOutput
from stepweave.runtime.approvals import with_decision
from stepweave.runtime.claims import Claims
from stepweave.runtime.errors import DataMissing, NodeError
from stepweave.runtime.events import Send
from stepweave.runtime.results import stored
from stepweave_data.hooks.waits import State, Tokens, TokensAway, Waits
from stepweave_data.hooks.waits import Wait as OpenWait
from stepweave_data.link import Connection, Link
from stepweave_data.models import ApprovalDecision, Wait


@dataclass(frozen=True)
class Shown:
    """An approval as a person sees it. Without `decisions` where it is one of a list."""

    wait: Wait
    workflow_name: str
    approvals: int
    can_decide: bool
    decisions: Sequence[ApprovalDecision]

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
    arguments: dict[str, Any] | None = None
    """What a tool is to be called with, where that is not what the agent wants."""


def list_approvals(
    principal: Principal,
    state: str | None,
    execution_id: uuid.UUID | None,
    before: tuple[datetime, uuid.UUID] | None,
    limit: int,
) -> list[Shown]:
    """Return a page of approvals, of one execution where given, the latest first."""
    with rows_of(principal.tenant_id) as rows:
        email = rows.accounts.email(principal.user_id)
        found = rows.approvals.page(principal.user_id, state, execution_id, before, limit)
    return [_shown(one, principal, email) for one in found]


def get_approval(principal: Principal, approval_id: uuid.UUID) -> Shown:
    """Return an approval with what was said. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        found = rows.approvals.find(principal.user_id, approval_id)
        if found is None:
            raise codes.not_found("approval")
        said = rows.approvals.decisions(approval_id)
        return _shown(found, principal, rows.accounts.email(principal.user_id), said)


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
        decisions = Decisions(connection, principal.tenant_id, principal.user_id)
        email = decisions.address()
        if not may_decide(wait.details["approvers"], principal, email):
            words = "This approval is for others: ask one of those who are listed, or somebody who may run workflows."
            raise Refused(codes.NOT_AN_APPROVER, words)
        if decision.arguments is not None and "arguments" not in wait.details:
            raise Refused(codes.INVALID_FORM, "There are no arguments here that can be changed.")
        form = answers_of(wait.details["form"], decision.form, whole=decision.approves)
        word = "approve" if decision.approves else "reject"
        if not decisions.say(wait.id, email, word, decision.comment, form):
            raise Refused(codes.ALREADY_VOTED, "You have decided already; others have yet to.")
        said = [_said(*row) for row in decisions.said(wait.id)]
        about = {"executionId": wait.execution_id, "nodeId": wait.node_id, "comment": decision.comment}
        decisions.note(f"approval.{word}", wait.id, **about)
        outcome = outcome_of(wait.details, [one["decision"] for one in said])
        if outcome is None:
            return State.OPEN
        if "tool" in wait.details or "limit" in wait.details:
            return self._decide_call(connection, waits, wait, said[-1], decision, str(principal.tenant_id))
        return waits.succeed(connection, wait, self._output(wait, outcome, said, str(principal.tenant_id)), outcome)

    def _decide_call(
        self,
        connection: Connection,
        waits: Waits,
        wait: OpenWait,
        last: dict[str, Any],
        decision: Decision,
        tenant_id: str,
    ) -> State:
        """Let an agent call its tool, with the arguments as they are or changed, or tell it why not."""
        if not decision.approves:
            return waits.fail(connection, wait, _refusal(last, wait), "rejected")
        kept, claims = wait.details["resume"], self.claims()
        told = {"decidedBy": last["decidedBy"], "decidedAt": last["decidedAt"], "comment": last["comment"]}
        (item,) = claims.fetch(kept["input"], tenant_id)
        changed = decision.arguments is not None and decision.arguments != item["json"]
        if decision.arguments is not None and changed:
            item = {**item, "json": decision.arguments}
            told |= {"changed": True, "arguments": decision.arguments}
        output = stored({"approved": [item]}, claims, _key(wait, tenant_id), kept["inlineLimit"])
        return waits.let_go_on(connection, wait, output, told, "approved", tells="limit" in wait.details)

    def hand_over(self, principal: Principal, approval_id: uuid.UUID, to: str) -> None:
        """Let another member decide in place of whoever hands over.

        Args:
            principal: who hands over: one who may decide.
            approval_id: the open approval.
            to: the address of a member who may run workflows.

        Raises:
            Refused: `not_found`; `not_an_approver`; `already_decided`, `approval_expired`, `approval_cancelled`;
                `already_voted`; `no_such_member`.
        """
        with rows_of(principal.tenant_id) as rows:
            found = rows.approvals.find(principal.user_id, approval_id)
            if found is None:
                raise codes.not_found("approval")
            wait, _, _, decided = found
            if wait.state != "open":
                raise _over(wait.state)
            email = rows.accounts.email(principal.user_id)
            if not may_decide(wait.details["approvers"], principal, email):
                raise Refused(codes.NOT_AN_APPROVER, "Only who may decide can hand this over.")
            if decided:
                raise Refused(codes.ALREADY_VOTED, "You have decided already; others have yet to.")
            address = to.strip().lower()
            if not rows.approvals.is_member(address):
                words = f"No member of this workspace has the address {to[:100]!r}."
                raise Refused(codes.NO_SUCH_MEMBER, words)
            rows.approvals.hand_over(wait, email.lower(), address)
            rows.note(principal.user_id, "approval.hand_over", approval_id, to=address)

    def _output(self, wait: OpenWait, outcome: str, said: list[dict[str, Any]], tenant_id: str) -> NodeOutput:
        """Return the node's output: the items it was given, each with what was decided."""
        kept, last = wait.details["resume"], said[-1]
        decided = {**last, "decision": outcome, "decisions": said}
        claims = self.claims()
        items = with_decision(claims.fetch(kept["input"], tenant_id), decided)
        return stored({outcome: items}, claims, _key(wait, tenant_id), kept["inlineLimit"])


def _key(wait: OpenWait, tenant_id: str) -> str:
    """Return what the storage keys of a wait's result begin with."""
    place = f"{wait.iteration}/" if wait.iteration else ""
    return f"{tenant_id}/{wait.execution_id}/{wait.node_id}/{place}{wait.attempt}"


def _refusal(said: dict[str, Any], wait: OpenWait) -> ErrorInfo:
    """Return what an agent is told of a call that a person does not allow (`functions.nodes.ai.agent.calls`)."""
    why = f": {said['comment']}" if said["comment"] else "."
    what = "did not let it go on" if "limit" in wait.details else "refused the call"
    return {
        "type": "ToolRefused",
        "message": f"{said['decidedBy']} {what}{why}",
        "retryable": False,
        "details": {"decidedBy": said["decidedBy"]},
    }


def may_decide(approvers: list[str], principal: Principal, email: str) -> bool:
    """Whether a member may decide: one of those listed, or without a list whoever may run workflows."""
    if approvers:
        return email.lower() in approvers
    return principal.may(Permission.EXECUTIONS_RUN)


def outcome_of(details: dict[str, Any], decisions: list[str]) -> str | None:
    """Return `approved`, `rejected`, or None while both are possible."""
    required, listed = int(details["required"]), len(details["approvers"])
    rejections = decisions.count("reject")
    if decisions.count("approve") >= required:
        return "approved"
    out_of_reach = listed - rejections < required if listed else rejections > 0
    return "rejected" if out_of_reach else None


def _shown(found: Found, principal: Principal, email: str, decisions: Sequence[ApprovalDecision] = ()) -> Shown:
    wait, name, approvals, decided = found
    may = may_decide(wait.details["approvers"], principal, email)
    return Shown(wait, name, approvals, wait.state == "open" and may and not decided, decisions)


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
