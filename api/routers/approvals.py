"""Approvals: what waits for people, and their decisions."""

import uuid
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from api import codes
from api.bodies import JsonRoute
from api.deps import ApprovalsDep, requires
from api.params import ApprovalId, Cursor, Limit
from api.permissions import Permission
from api.refusing import refuses
from api.schemas.approvals import ApprovalResponse, ApprovalSummary, DecisionRequest, HandOverRequest
from api.schemas.base import Page, cursor, read_cursor
from api.services import approvals
from api.services.tokens import Principal

router = APIRouter(tags=["approvals"], route_class=JsonRoute)

Reader = Annotated[Principal, Depends(requires(Permission.EXECUTIONS_READ))]
Decider = Annotated[Principal, Depends(requires(Permission.APPROVALS_DECIDE))]
StateQuery = Literal["open", "approved", "rejected", "expired", "cancelled"]


@router.get("/approvals", operation_id="listApprovals")
def list_approvals(
    principal: Reader,
    state: Annotated[StateQuery | None, Query(description="Only those in this state.")] = None,
    execution_id: Annotated[
        uuid.UUID | None, Query(alias="executionId", description="Only those of this execution.")
    ] = None,
    cursor_: Cursor = None,
    limit: Limit = 50,
) -> Page[ApprovalSummary]:
    """List approvals, the latest first."""
    found = approvals.list_approvals(principal, state, execution_id, read_cursor(cursor_), limit + 1)
    rows, more = found[:limit], len(found) > limit
    return Page(
        items=[ApprovalSummary(**_summary(row)) for row in rows],
        next_cursor=cursor(rows[-1].wait.created_at, rows[-1].wait.id) if more else None,
    )


@router.get("/approvals/{approval_id}", operation_id="getApproval", openapi_extra=refuses(codes.NOT_FOUND))
def get_approval(approval_id: ApprovalId, principal: Reader) -> ApprovalResponse:
    """Return an approval with its form and what was said so far."""
    return _whole(approvals.get_approval(principal, approval_id))


@router.post(
    "/approvals/{approval_id}/decision",
    operation_id="decideApproval",
    openapi_extra=refuses(
        codes.NOT_FOUND,
        codes.NOT_AN_APPROVER,
        codes.ALREADY_DECIDED,
        codes.ALREADY_VOTED,
        codes.APPROVAL_EXPIRED,
        codes.APPROVAL_CANCELLED,
        codes.INVALID_FORM,
        codes.ITEMS_GONE,
        codes.NOT_RESUMED,
    ),
)
def decide_approval(
    approval_id: ApprovalId, body: DecisionRequest, principal: Decider, service: ApprovalsDep
) -> ApprovalResponse:
    """Approve or reject. Who may is said by the approval: those listed, or whoever may run workflows."""
    decision = approvals.Decision(body.decision == "approve", body.comment, body.form, body.arguments)
    service.decide(principal, approval_id, decision)
    return _whole(approvals.get_approval(principal, approval_id))


@router.post(
    "/approvals/{approval_id}/hand-over",
    operation_id="handOverApproval",
    openapi_extra=refuses(
        codes.NOT_FOUND,
        codes.NOT_AN_APPROVER,
        codes.ALREADY_DECIDED,
        codes.ALREADY_VOTED,
        codes.APPROVAL_EXPIRED,
        codes.APPROVAL_CANCELLED,
        codes.NO_SUCH_MEMBER,
    ),
)
def hand_over_approval(
    approval_id: ApprovalId, body: HandOverRequest, principal: Decider, service: ApprovalsDep
) -> ApprovalResponse:
    """Let another member decide. Who hands over decides no more, unless they are listed again."""
    service.hand_over(principal, approval_id, body.to)
    return _whole(approvals.get_approval(principal, approval_id))


def _whole(shown: approvals.Shown) -> ApprovalResponse:
    details = shown.wait.details
    said = [
        {
            "decision": one.decision,
            "decided_by": one.email,
            "decided_at": one.at,
            "comment": one.comment,
            "form": one.form,
        }
        for one in shown.decisions
    ]
    names = ("message", "form", "approvers", "tool", "arguments")
    about = {name: details[name] for name in names if name in details}
    return ApprovalResponse.model_validate({**_summary(shown), **about, "decisions": said})


def _summary(shown: approvals.Shown) -> dict[str, object]:
    wait = shown.wait
    return {
        "id": wait.id,
        "title": wait.details["title"],
        "state": shown.state,
        "workflow_id": wait.workflow_id,
        "workflow_name": shown.workflow_name,
        "execution_id": wait.execution_id,
        "node_id": wait.node_id,
        "iteration": wait.iteration,
        "created_at": wait.created_at,
        "expires_at": wait.expires_at,
        "ended_at": wait.resolved_at,
        "required": wait.details["required"],
        "approvals": shown.approvals,
        "can_decide": shown.can_decide,
    }
