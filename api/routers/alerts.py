"""Alerts, the rules that open them, what those said, and the status page."""

import uuid
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import CallerDep, KeysDep, RedisDep, SettingsDep, TryingDep, requires
from api.params import Cursor
from api.permissions import Permission
from api.refusing import refuses
from api.repositories.alerts import Seen
from api.schemas.alerts import (
    AlertResponse,
    AlertsResponse,
    DeliveriesResponse,
    DeliveryResponse,
    PublicStatusResponse,
    RuleRequest,
    RuleResponse,
    RulesResponse,
    StatusItem,
    StatusLinkResponse,
    StatusPageRequest,
    StatusPageResponse,
    StatusResponse,
    TargetResponse,
    WorkflowHealthResponse,
)
from api.schemas.base import cursor, read_cursor
from api.services.alerts import found, rules, status_page
from api.services.limits import SHARED, limit
from api.services.tokens import Principal
from stepweave_data.alerting.rules import MOST_RULES
from stepweave_data.models import AlertDelivery, StatusPage

router = APIRouter(tags=["alerts"], route_class=JsonRoute)

Reader = Annotated[Principal, Depends(requires(Permission.EXECUTIONS_READ))]
Runner = Annotated[Principal, Depends(requires(Permission.EXECUTIONS_RUN))]
Writer = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_WRITE))]
Owner = Annotated[Principal, Depends(requires(Permission.TENANT_WRITE))]
AlertId = Annotated[uuid.UUID, Path(description="The alert.")]
RuleId = Annotated[uuid.UUID, Path(description="The alert rule.")]
Token = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{43}$", description="The link's secret part.")]
State = Annotated[
    Literal["open", "resolved", "all"], Query(description="`open`: those that are not resolved, acknowledged or not.")
]
Of = Annotated[uuid.UUID | None, Query(alias="workflowId", description="About this workflow only.")]
Most = Annotated[int, Query(ge=1, le=100, description="How many on a page.")]


@router.get("/alerts", operation_id="listAlerts")
def list_alerts(
    principal: Reader, state: State = "open", workflow_id: Of = None, cursor_: Cursor = None, limit: Most = 50
) -> AlertsResponse:
    """List alerts about what the caller sees, those that opened last first."""
    items, count = found.page(principal, state, workflow_id, read_cursor(cursor_), limit + 1)
    shown = items[:limit]
    more = cursor(shown[-1].alert.opened_at, shown[-1].alert.id) if len(items) > limit else None
    return AlertsResponse(items=[_alert(row) for row in shown], next_cursor=more, open=count)


@router.post(
    "/alerts/{alert_id}/acknowledge",
    operation_id="acknowledgeAlert",
    openapi_extra=refuses(codes.NOT_FOUND, codes.ALERT_OVER),
)
def acknowledge_alert(alert_id: AlertId, principal: Runner) -> AlertResponse:
    """Take an alert on: nobody is reminded of it any more."""
    return _alert(found.acknowledge(principal, alert_id))


@router.post("/alerts/{alert_id}/resolve", operation_id="resolveAlert", openapi_extra=refuses(codes.NOT_FOUND))
def resolve_alert(alert_id: AlertId, principal: Runner) -> AlertResponse:
    """Say that an alert is over. While it is as it is, it stays so; who was told of it is told of that."""
    return _alert(found.resolve(principal, alert_id))


@router.get("/alert-rules", operation_id="listAlertRules")
def list_alert_rules(principal: Reader) -> RulesResponse:
    """List rules that watch what the caller sees; those over all of the workspace for who sees all of it."""
    return RulesResponse(items=[_rule(one) for one in rules.list_rules(principal)], most=MOST_RULES)


@router.post(
    "/alert-rules",
    status_code=201,
    operation_id="createAlertRule",
    openapi_extra=refuses(codes.NOT_FOUND, codes.NAME_TAKEN, codes.TOO_MANY),
)
def create_alert_rule(body: RuleRequest, principal: Writer, keys: KeysDep) -> RuleResponse:
    """Make a rule. It looks at what happens from now on, once a minute."""
    return _rule(rules.create(principal, _given(body), keys))


@router.put(
    "/alert-rules/{rule_id}",
    operation_id="changeAlertRule",
    openapi_extra=refuses(codes.NOT_FOUND, codes.NAME_TAKEN),
)
def change_alert_rule(rule_id: RuleId, body: RuleRequest, principal: Writer, keys: KeysDep) -> RuleResponse:
    """Change a rule. With another condition or place it begins anew, and its open alerts are resolved."""
    return _rule(rules.change(principal, rule_id, _given(body), keys))


@router.delete(
    "/alert-rules/{rule_id}",
    status_code=204,
    operation_id="deleteAlertRule",
    openapi_extra=refuses(codes.NOT_FOUND),
)
def delete_alert_rule(rule_id: RuleId, principal: Writer) -> Response:
    """Delete a rule, with what it still had to say. Its alerts stay in the list, resolved."""
    rules.delete(principal, rule_id)
    return Response(status_code=204)


@router.post(
    "/alert-rules/{rule_id}/test",
    operation_id="testAlertRule",
    openapi_extra=refuses(codes.NOT_FOUND, codes.NO_TARGETS),
)
def test_alert_rule(rule_id: RuleId, principal: Writer, trying: TryingDep) -> DeliveriesResponse:
    """Tell each target of a rule that this is a test, and return what became of it."""
    return DeliveriesResponse(items=[_delivery(one) for one in trying.test(principal, rule_id)])


@router.get("/alert-rules/{rule_id}/deliveries", operation_id="listDeliveries", openapi_extra=refuses(codes.NOT_FOUND))
def list_deliveries(rule_id: RuleId, principal: Reader) -> DeliveriesResponse:
    """List what a rule said last: what arrived, what waits, and why something could not be said."""
    return DeliveriesResponse(items=[_delivery(one) for one in rules.deliveries(principal, rule_id)])


@router.get("/status", operation_id="getStatus")
def get_status(principal: Reader) -> StatusResponse:
    """Say how the workflows are that the caller sees, in production; those in trouble first."""
    items = [
        WorkflowHealthResponse.model_validate(
            {
                "workflowId": one.id,
                "name": one.name,
                "state": one.state,
                "openAlerts": one.alerts,
                "lastSuccessAt": one.success_at,
                "lastFailureAt": one.failure_at,
            }
        )
        for one in found.health(principal)
    ]
    return StatusResponse(items=items, trouble=sum(1 for one in items if one.state == "trouble"))


@router.get("/status-page", operation_id="getStatusPage")
def get_status_page(principal: Owner) -> StatusPageResponse:
    """Return what the status page shows to whoever has its link."""
    return _page(status_page.shown(principal))


@router.put("/status-page", operation_id="saveStatusPage")
def save_status_page(body: StatusPageRequest, principal: Owner) -> StatusPageResponse:
    """Say what the status page shows, under which names; who has the link sees it at once."""
    return _page(status_page.save(principal, body.title, [(one.workflow_id, one.label) for one in body.items]))


@router.post("/status-page/link", operation_id="shareStatusPage")
def share_status_page(principal: Owner, deployed: SettingsDep) -> StatusLinkResponse:
    """Make a link to the status page, which nobody can guess. A former one shows nothing any more."""
    return StatusLinkResponse(url=status_page.share(principal, deployed.public_url.rstrip("/")))


@router.delete("/status-page/link", status_code=204, operation_id="unshareStatusPage")
def unshare_status_page(principal: Owner) -> Response:
    """Take the link to the status page back: it shows nothing any more."""
    status_page.unshare(principal)
    return Response(status_code=204)


@router.get(
    "/shared-status/{token}",
    operation_id="getSharedStatus",
    openapi_extra=refuses(codes.NOT_FOUND, codes.TOO_MANY_TRIES),
)
def get_shared_status(token: Token, redis: RedisDep, caller: CallerDep, response: Response) -> PublicStatusResponse:
    """Show a status page to whoever has its link. Nobody needs to be logged in."""
    limit(redis, SHARED, caller.address)
    response.headers["cache-control"] = "no-store"
    response.headers["referrer-policy"] = "no-referrer"
    return PublicStatusResponse.model_validate(status_page.public(token))


def _given(body: RuleRequest) -> rules.Given:
    condition = body.condition.model_dump(by_alias=True, exclude={"kind"})
    return rules.Given(
        name=body.name,
        kind=body.condition.kind,
        condition=condition,
        project_id=body.project_id,
        workflow_id=body.workflow_id,
        by_fault=body.by_fault,
        enabled=body.enabled,
        throttle_minutes=body.throttle_minutes,
        remind_minutes=body.remind_minutes,
        targets=[one.model_dump(by_alias=True) for one in body.targets],
    )


def _rule(shown: rules.Shown) -> RuleResponse:
    rule = shown.rule
    return RuleResponse.model_validate(
        {
            "id": rule.id,
            "name": rule.name,
            "condition": {"kind": rule.kind, **rule.condition},
            "projectId": rule.project_id,
            "workflowId": rule.workflow_id,
            "place": shown.place,
            "byFault": rule.by_fault,
            "enabled": rule.enabled,
            "throttleMinutes": rule.throttle_minutes,
            "remindMinutes": rule.remind_minutes,
            "targets": [_target(shown, one) for one in rule.targets],
            "open": shown.open,
            "createdAt": rule.created_at,
        }
    )


def _target(shown: rules.Shown, target: dict[str, Any]) -> TargetResponse:
    failing = shown.rule.failing.get(target["id"], {})
    return TargetResponse(
        id=target["id"],
        kind=target["kind"],
        label=shown.label(target),
        user_ids=target.get("userIds", []),
        workflow_id=target.get("workflowId"),
        failing_since=failing.get("since"),
        error=failing.get("error"),
        waiting=shown.waiting.get(target["id"], 0),
    )


def _alert(row: Seen) -> AlertResponse:
    alert = row.alert
    return AlertResponse(
        id=alert.id,
        rule_id=alert.rule_id,
        rule_name=alert.rule_name,
        kind=alert.kind,
        summary=found.summary_of(row),
        state=alert.state,
        workflow_id=alert.workflow_id,
        workflow_name=row.workflow,
        credential_id=alert.credential_id,
        facts=alert.facts,
        seen=alert.seen,
        times=alert.times,
        opened_at=alert.opened_at,
        last_at=alert.last_at,
        acknowledged_at=alert.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        resolved_at=alert.resolved_at,
        resolved_by=row.resolved_by,
        resolution=alert.resolution,
    )


def _delivery(one: AlertDelivery) -> DeliveryResponse:
    return DeliveryResponse(
        id=one.id,
        target=one.target_label,
        kind=one.target_kind,
        subject=rules.subject_of(one),
        test=bool(one.content.get("test")),
        state=one.state,
        tries=one.tries,
        error=one.error,
        created_at=one.created_at,
        next_at=one.next_at if one.state == "waiting" else None,
        ended_at=one.ended_at,
    )


def _page(page: StatusPage) -> StatusPageResponse:
    items = [StatusItem(workflow_id=one["workflowId"], label=one["label"]) for one in page.items]
    return StatusPageResponse(title=page.title, items=items, shared=page.token_hash is not None)
