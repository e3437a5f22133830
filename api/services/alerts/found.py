"""What rules found, and what people say of it; and how workflows are."""

import uuid
from datetime import UTC, datetime
from typing import Any, Final

from api import codes
from api.refusals import Refused
from api.repositories.alerts import Health, Seen
from api.repositories.rows import Rows, rows_of
from api.services.tokens import Principal
from stepweave_data.alerting import wording
from stepweave_data.alerting.keeping import end
from stepweave_data.models import Alert

STATES: Final = {
    "open": ("open", "acknowledged"),
    "resolved": ("resolved",),
    "all": ("open", "acknowledged", "resolved"),
}


def page(
    principal: Principal, state: str, workflow_id: uuid.UUID | None, after: tuple[datetime, uuid.UUID] | None, most: int
) -> tuple[list[Seen], int]:
    """Return alerts, those that opened last first, and how many are open."""
    with rows_of(principal.tenant_id) as rows:
        return rows.alerts.page(STATES[state], workflow_id, after, most), rows.alerts.count_open()


def acknowledge(principal: Principal, alert_id: uuid.UUID) -> Seen:
    """Take an alert on: nobody is reminded of it. Raises Refused: `not_found`, `alert_over`."""
    with rows_of(principal.tenant_id) as rows:
        alert = _find(rows, alert_id)
        if alert.state == "resolved":
            raise Refused(codes.ALERT_OVER, "The alert is resolved already.")
        if alert.state == "open":
            alert.state, alert.acknowledged_at = "acknowledged", datetime.now(UTC)
            alert.acknowledged_by = principal.user_id
            rows.note(principal.user_id, "alert.acknowledged", alert_id, before={"state": "open"}, after=_told(alert))
        rows.write()
        return _again(rows, alert_id)


def resolve(principal: Principal, alert_id: uuid.UUID) -> Seen:
    """Say that an alert is over; who was told of it is told so. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        alert = _find(rows, alert_id)
        if alert.state != "resolved":
            before = {"state": alert.state}
            ids, by = [str(alert_id)], str(principal.user_id)
            end(rows.connection, str(principal.tenant_id), ids, "person", datetime.now(UTC), by)
            told = {"state": "resolved", "rule": alert.rule_name}
            rows.note(principal.user_id, "alert.resolved", alert_id, before=before, after=told)
        return _again(rows, alert_id)


def summary_of(row: Seen) -> str:
    """Return what an alert is about, in one line."""
    alert = row.alert
    return wording.summary(alert.kind, alert.facts, alert.seen, row.condition or {}, row.workflow or "")


def health(principal: Principal) -> list[Health]:
    """Return how the workflows are that the caller sees."""
    with rows_of(principal.tenant_id) as rows:
        return rows.alerts.health()


def _find(rows: Rows, alert_id: uuid.UUID) -> Alert:
    alert = rows.get(Alert, alert_id)
    if alert is None:
        raise codes.not_found("alert")
    return alert


def _again(rows: Rows, alert_id: uuid.UUID) -> Seen:
    row = rows.alerts.one(alert_id)
    if row is None:
        raise codes.not_found("alert")
    return row


def _told(alert: Alert) -> dict[str, Any]:
    return {"state": alert.state, "rule": alert.rule_name}
