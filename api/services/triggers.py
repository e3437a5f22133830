"""The triggers of a published workflow: whether each is on, when it fires next, and how it fared."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from api import codes
from api.refusals import Refused
from api.repositories.rows import Rows, rows_of
from api.services import workflows
from api.services.compiling import catalogue, triggers
from api.services.schedules import NEXT_SHOWN
from api.services.tokens import Principal
from stepweave.model.workflow import Node
from stepweave.model.workflow import Workflow as Document
from stepweave.spec.cron import ScheduleInvalid
from stepweave.spec.node import TriggerKind
from stepweave.spec.schedules import next_fires
from stepweave_data.models import Execution, Registration, Schedule, Workflow


@dataclass(frozen=True)
class TriggerState:
    """One trigger of the published version."""

    node_id: str
    node_name: str
    node_type: str
    kind: str
    enabled: bool
    switchable: bool
    next: list[datetime] = field(default_factory=list)
    last_fired_at: datetime | None = None
    last_execution: Execution | None = None
    last_error: dict[str, Any] | None = None
    last_error_at: datetime | None = None
    started: int = 0
    failed: int = 0
    missed: int | None = None
    skipped: int | None = None
    last_skip: str | None = None
    last_skipped_at: datetime | None = None


def list_triggers(principal: Principal, workflow_id: uuid.UUID) -> list[TriggerState]:
    """Return the state of each trigger of the published version; none for a draft. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        workflow = workflows.find(rows, workflow_id)
        version = rows.versions.find(workflow_id, workflow.published_version)
        if version is None:
            return []
        return _states(rows, workflow, triggers(Document.model_validate(version.document)))


def dismiss(principal: Principal, workflow_id: uuid.UUID, registration_id: uuid.UUID) -> None:
    """Forget a registration that its provider was to forget, whether it did or not.

    Raises:
        Refused: `not_found`; `still_registered` for one of a trigger that is live.
    """
    with rows_of(principal.tenant_id) as rows:
        workflows.find(rows, workflow_id)
        one = next((row for row in rows.registrations.of(workflow_id) if row.id == registration_id), None)
        if one is None:
            raise codes.not_found("registration")
        if one.status == "active":
            raise Refused(
                codes.STILL_REGISTERED, "This trigger is live. Unpublish the workflow, or publish it without."
            )
        rows.registrations.drop(registration_id)
        rows.note(principal.user_id, "registration.dismissed", workflow_id)


def _states(rows: Rows, workflow: Workflow, nodes: list[Node]) -> list[TriggerState]:
    off = set(rows.triggers.off(workflow.id))
    schedules = {row.node_id: row for row in rows.schedules.of(workflow.id)}
    polls = {row.node_id: row for row in rows.polls.of(workflow.id)}
    fared = rows.triggers.fared(workflow.id)
    wanted = [id for one in fared.values() for id in (one.last_id, one.failed_id) if id is not None]
    known = rows.executions.some(wanted)
    found = []
    for node in nodes:
        schedule, poll = schedules.get(node.id), polls.get(node.id)
        told: dict[str, Any] = {"enabled": node.id not in off}
        one = fared.get(node.id)
        if one is not None:
            failed = known.get(one.failed_id) if one.failed_id else None
            told |= {"last_fired_at": one.last_at, "last_execution": known.get(one.last_id)}
            told |= {"started": one.started, "failed": one.failed}
            told |= {"last_error": failed.error, "last_error_at": failed.ended_at} if failed else {}
        if schedule is not None:
            told |= _of_schedule(schedule, workflow)
        if poll is not None:
            told |= _of_poll(poll)
        kind = kind_of(node)
        found.append(TriggerState(node.id, node.name, node.type, kind, switchable=kind != TriggerKind.MANUAL, **told))
    return found


def kind_of(node: Node) -> str:
    """Return a trigger's kind, "" for what is none any more."""
    entry = catalogue().get(node.type, node.version)
    return str(entry.trigger) if entry is not None and entry.trigger is not None else ""


def _of_schedule(row: Schedule, workflow: Workflow) -> Mapping[str, Any]:
    fires: list[datetime] = []
    if row.enabled and workflow.enabled:
        try:
            fires = next_fires(row.expression, row.time_zone, datetime.now(UTC), NEXT_SHOWN)
        except ScheduleInvalid:
            fires = []  # published when such lines were still taken: publishing again says what is wrong
    return {
        "enabled": row.enabled,
        "next": fires,
        "missed": row.missed,
        "skipped": row.skipped,
        "last_skip": row.last_skip,
        "last_skipped_at": row.last_skipped_at,
    }


def _of_poll(row: Registration) -> Mapping[str, Any]:
    told: dict[str, Any] = {"enabled": row.enabled}
    if row.last_error is not None:
        told |= {"last_error": row.last_error, "last_error_at": row.last_polled_at}
    return told
