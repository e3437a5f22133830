"""How long executions are kept: of a workspace, of a workflow, and one for good (ADR 77). The sweeper deletes."""

import json
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from api import codes
from api.refusals import Refused
from api.repositories.retention import MOST, Days
from api.repositories.rows import Rows, rows_of
from api.services.tokens import Principal
from api.services.workflows import find


@dataclass(frozen=True)
class Kept:
    """How long executions are kept: as is said here (`days`), by the workspace, and at most by the plan (`most`)."""

    own: bool
    days: Days
    workspace: Days
    most: int | None


def of_workspace(principal: Principal) -> Kept:
    """Return how long a workspace keeps executions."""
    with rows_of(principal.tenant_id) as rows:
        said = rows.retention.tenant()
        return Kept(own=True, days=said, workspace=said, most=rows.retention.most())


def of_workflow(principal: Principal, workflow_id: uuid.UUID) -> Kept:
    """Return how long a workflow's executions are kept. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        workflow = find(rows, workflow_id)
        said, own = rows.retention.tenant(), workflow.own_retention
        days = Days(workflow.keep_succeeded, workflow.keep_failed) if own else said
        return Kept(own, days, said, rows.retention.most())


def set_of_workspace(principal: Principal, days: Days) -> Kept:
    """Say how long a workspace keeps executions. Raises Refused (`retention_beyond_plan`)."""
    with rows_of(principal.tenant_id) as rows:
        _check(rows, days)
        before = rows.retention.tenant()
        rows.retention.set_tenant(days)
        rows.retention.look()
        rows.note(principal.user_id, "retention.changed", principal.tenant_id, before=_told(before), after=_told(days))
    return of_workspace(principal)


def set_of_workflow(principal: Principal, workflow_id: uuid.UUID, days: Days | None) -> Kept:
    """Say how long a workflow's executions are kept; None: as the workspace says.

    Raises:
        Refused: `not_found`, `retention_beyond_plan`.
    """
    with rows_of(principal.tenant_id) as rows:
        workflow = find(rows, workflow_id)
        before = _told(Days(workflow.keep_succeeded, workflow.keep_failed)) if workflow.own_retention else {}
        if days is not None:
            _check(rows, days)
        workflow.own_retention = days is not None
        workflow.keep_succeeded, workflow.keep_failed = (days.succeeded, days.failed) if days else (None, None)
        rows.retention.look()
        rows.note(
            principal.user_id,
            "workflow.retention_changed",
            workflow_id,
            before=before,
            after=_told(days) if days else {},
        )
    return of_workflow(principal, workflow_id)


def preview(principal: Principal, workflow_id: uuid.UUID | None, days: Days | None) -> tuple[int, bool]:
    """Return how many executions a setting would delete, and whether there are more; days None: the workspace's.

    Raises:
        Refused: `not_found`.
    """
    with rows_of(principal.tenant_id) as rows:
        if workflow_id is not None:
            find(rows, workflow_id)
        wanted, most = days or rows.retention.tenant(), rows.retention.most()
        bounded = Days(_least(wanted.succeeded, most), _least(wanted.failed, most))
        found = rows.retention.would_go(workflow_id, bounded)
    return min(found, MOST), found > MOST


def keep(principal: Principal, execution_id: uuid.UUID, *, kept: bool) -> datetime | None:
    """Keep an execution from being deleted, or no longer; return since when it is kept.

    Raises:
        Refused: `not_found`, `execution_deleted`.
    """
    with rows_of(principal.tenant_id) as rows:
        execution = rows.executions.find(execution_id)
        if execution is None:
            raise absent(rows, execution_id)
        if kept != (execution.kept_at is not None):
            execution.kept_at, execution.kept_by = (datetime.now(UTC), principal.user_id) if kept else (None, None)
            rows.note(principal.user_id, "execution.kept" if kept else "execution.kept_no_longer", execution_id)
        return execution.kept_at


def absent(rows: Rows, execution_id: uuid.UUID) -> Refused:
    """Return the refusal of an execution that is not there, which says so where it was deleted."""
    gone = rows.retention.deleted(execution_id)
    if gone is None:
        return codes.not_found("execution")
    kept = f"{gone.days:,} {'day' if gone.days == 1 else 'days'}" if gone.days else "not at all"
    return Refused(
        codes.EXECUTION_DELETED,
        f"The execution ended on {gone.ended_at.astimezone(UTC):%Y-%m-%d} and was deleted on "
        f"{gone.deleted_at.astimezone(UTC):%Y-%m-%d}: executions like it are kept {kept} here.",
        workflowId=str(gone.workflow_id),
        ended=gone.status,
    )


def used_by(request: dict[str, Any], tenant_id: uuid.UUID, execution_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the executions whose stored data a start takes along: those that its items lie with, and its origin."""
    found = set(
        re.findall(rf'"{tenant_id}/([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})/', json.dumps(request))
    )
    ids = {uuid.UUID(one) for one in (*found, request.get("origin") or "") if one}
    return sorted(ids - {execution_id})


def _check(rows: Rows, days: Days) -> None:
    most = rows.retention.most()
    fields = {"succeededDays": days.succeeded, "failedDays": days.failed}
    errors = [
        {"field": field, "message": f"The plan of this workspace keeps executions for {most:,} days at most."}
        for field, value in fields.items()
        if most is not None and value is not None and value > most
    ]
    if errors:
        raise Refused(codes.RETENTION_BEYOND_PLAN, errors[0]["message"], errors)


def _least(days: int | None, most: int | None) -> int | None:
    return min((one for one in (days, most) if one is not None), default=None)


def _told(days: Days) -> dict[str, int | None]:
    return {"succeededDays": days.succeeded, "failedDays": days.failed}
