"""Alerts, rules, what rules said, and the status page."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, case, func, or_, select, text, tuple_
from sqlalchemy.orm import Session, aliased

from stepweave_data.models import (
    Alert,
    AlertDelivery,
    AlertHealth,
    AlertRule,
    Membership,
    Project,
    StatusPage,
    User,
    Workflow,
)

_WAITING: Final = "waiting"


class Watched(NamedTuple):
    """A rule, and the names of the project and the workflow that it watches."""

    rule: AlertRule
    project: str | None
    workflow: str | None


class Seen(NamedTuple):
    """An alert, the name of its workflow, its rule's condition, and the names of who took it on and resolved it."""

    alert: Alert
    workflow: str | None
    condition: dict[str, Any] | None
    acknowledged_by: str | None
    resolved_by: str | None


class Health(NamedTuple):
    """How a workflow is: its state, and how many alerts about it are not resolved."""

    id: uuid.UUID
    name: str
    state: str
    alerts: int
    success_at: datetime | None
    failure_at: datetime | None


class Alerts:
    """What belongs to alerts of a tenant."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def rules(self) -> list[Watched]:
        """Return rules with the names of the project and the workflow that they watch, by name."""
        query = (
            select(AlertRule, Project.name, Workflow.name)
            .outerjoin(Project, Project.id == AlertRule.project_id)
            .outerjoin(Workflow, Workflow.id == AlertRule.workflow_id)
            .where(or_(AlertRule.workflow_id.is_(None), Workflow.deleted_at.is_(None)))
            .order_by(func.lower(AlertRule.name), AlertRule.id)
        )
        return [Watched(*row) for row in self._session.execute(query)]

    def find_rule(self, id: uuid.UUID, *, lock: bool = False) -> AlertRule | None:
        """Return a rule, or None."""
        query = select(AlertRule).where(AlertRule.id == id)
        return self._session.scalar(query.with_for_update() if lock else query)

    def count_rules(self, tenant_id: uuid.UUID) -> int:
        """Return how many rules there are that the caller sees."""
        query = select(func.count()).select_from(AlertRule).where(AlertRule.tenant_id == tenant_id)
        return self._session.scalar(query) or 0

    def newest_end(self) -> int:
        """Return the number of the newest end: a new rule looks at those after it."""
        return self._session.scalar(text("SELECT coalesce(max(seq), 0) FROM alert_ends")) or 0

    def open_by_rule(self) -> dict[uuid.UUID, int]:
        """Return how many alerts of each rule are not resolved."""
        query = (
            select(Alert.rule_id, func.count())
            .where(Alert.state != "resolved", Alert.rule_id.is_not(None))
            .group_by(Alert.rule_id)
        )
        return {id: count for id, count in self._session.execute(query) if id is not None}

    def waiting(self) -> dict[tuple[uuid.UUID, str], int]:
        """Return how many messages wait, by rule and target."""
        query = (
            select(AlertDelivery.rule_id, AlertDelivery.target_id, func.count())
            .where(AlertDelivery.state == _WAITING)
            .group_by(AlertDelivery.rule_id, AlertDelivery.target_id)
        )
        return {(rule, target): count for rule, target, count in self._session.execute(query)}

    def names_of(self, user_ids: set[uuid.UUID], workflow_ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
        """Return names of people and of workflows."""
        people = self._session.execute(select(User.id, User.name).where(User.id.in_(user_ids))).all()
        workflows = self._session.execute(select(Workflow.id, Workflow.name).where(Workflow.id.in_(workflow_ids))).all()
        return {row[0]: row[1] for row in (*people, *workflows)}

    def members(self, user_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
        """Return those of some people who are members."""
        return set(self._session.scalars(select(Membership.user_id).where(Membership.user_id.in_(user_ids))))

    def open_of(self, rule_id: uuid.UUID) -> list[str]:
        """Return the ids of a rule's alerts that are not resolved."""
        query = select(Alert.id).where(Alert.rule_id == rule_id, Alert.state != "resolved")
        return [str(id) for id in self._session.scalars(query)]

    def page(
        self, states: Sequence[str], workflow_id: uuid.UUID | None, after: tuple[datetime, uuid.UUID] | None, most: int
    ) -> list[Seen]:
        """Return alerts, those that opened last first."""
        query = _seen().where(Alert.state.in_(states)).order_by(Alert.opened_at.desc(), Alert.id.desc()).limit(most)
        if workflow_id is not None:
            query = query.where(Alert.workflow_id == workflow_id)
        if after is not None:
            query = query.where(tuple_(Alert.opened_at, Alert.id) < after)
        return [Seen(*row) for row in self._session.execute(query)]

    def one(self, id: uuid.UUID) -> Seen | None:
        """Return an alert as it is now, or None."""
        query = _seen().where(Alert.id == id).execution_options(populate_existing=True)
        row = self._session.execute(query).one_or_none()
        return Seen(*row) if row is not None else None

    def count_open(self) -> int:
        """Return how many alerts are open."""
        return self._session.scalar(select(func.count()).select_from(Alert).where(Alert.state == "open")) or 0

    def deliveries(self, rule_id: uuid.UUID, most: int) -> Sequence[AlertDelivery]:
        """Return what a rule said last, the last first."""
        query = (
            select(AlertDelivery)
            .where(AlertDelivery.rule_id == rule_id)
            .order_by(AlertDelivery.created_at.desc(), AlertDelivery.id)
            .limit(most)
        )
        return self._session.scalars(query).all()

    def health(self) -> list[Health]:
        """Return workflows with when they last succeeded and failed, and how many alerts of them are not resolved."""
        alerts = (
            select(Alert.workflow_id, func.count().label("count"))
            .where(Alert.state != "resolved")
            .group_by(Alert.workflow_id)
            .subquery()
        )
        count = func.coalesce(alerts.c.count, 0)
        failed_last = AlertHealth.failure_at > func.coalesce(AlertHealth.success_at, text("'-infinity'::timestamptz"))
        state = case(
            ((~Workflow.enabled) | Workflow.published_version.is_(None), "off"),
            (count > 0, "trouble"),
            (AlertHealth.success_at.is_(None) & AlertHealth.failure_at.is_(None), "unknown"),
            (failed_last, "trouble"),
            (AlertHealth.workflow_id.is_(None), "unknown"),
            else_="well",
        )
        query = (
            select(Workflow.id, Workflow.name, state, count, AlertHealth.success_at, AlertHealth.failure_at)
            .outerjoin(AlertHealth, AlertHealth.workflow_id == Workflow.id)
            .outerjoin(alerts, alerts.c.workflow_id == Workflow.id)
            .where(Workflow.deleted_at.is_(None))
            .order_by(case((state == "trouble", 0), (state == "off", 2), else_=1), func.lower(Workflow.name))
            .limit(1000)
        )
        return [Health(*row) for row in self._session.execute(query)]

    def page_of(self, tenant_id: uuid.UUID) -> StatusPage | None:
        """Return the status page, or None where nobody made one."""
        return self._session.get(StatusPage, tenant_id)


def _seen() -> Select[Any]:
    """Return the query of alerts with what `Seen` has."""
    acknowledger, resolver = aliased(User), aliased(User)
    return (
        select(Alert, Workflow.name, AlertRule.condition, acknowledger.name, resolver.name)
        .outerjoin(Workflow, Workflow.id == Alert.workflow_id)
        .outerjoin(AlertRule, AlertRule.id == Alert.rule_id)
        .outerjoin(acknowledger, acknowledger.id == Alert.acknowledged_by)
        .outerjoin(resolver, resolver.id == Alert.resolved_by)
    )


class PublicStatus:
    """Status pages, for whoever has a link. They belong to no tenant."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, token_hash: bytes) -> dict[str, Any] | None:
        """Return what a page shows; None where the link is wrong, or was taken back."""
        found: dict[str, Any] | None = self._session.scalar(text("SELECT public_status(:hash)"), {"hash": token_hash})
        return found
