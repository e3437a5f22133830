"""Reading one execution: its details, events, log lines and items. Lists of them: `history`."""

import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ARRAY, ColumnElement, Integer, cast, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from api import codes
from api.ports import Storage
from api.refusals import Refused
from api.services.tokens import Principal
from stepweave.aws import AwsError
from stepweave.model.lineage import without
from stepweave.runtime.starting import given_event_id
from stepweave_data.database import tenant_session
from stepweave_data.history.live import Steps
from stepweave_data.history.store import read_event
from stepweave_data.models import Execution, ExecutionEvent, NodeRun, Workflow, WorkflowVersion

_ENDS: Final = ("succeeded", "failed")
MOST_CALLS: Final = 200
"""Executions that are shown of those that an execution's nodes called."""


@dataclass(frozen=True)
class Counts:
    """How many runs of a node there are, by how they ended; the others have not ended yet."""

    total: int
    succeeded: int
    failed: int


@dataclass(frozen=True)
class LatestRun:
    """A node's latest run, how many there are where it is in a loop, what it waits for where it does, and where its
    output is from where it was not made in this execution."""

    run: NodeRun
    counts: Counts | None
    waiting: dict[str, Any] | None
    source: dict[str, str] | None = None


@dataclass(frozen=True)
class CalledExecution:
    """An execution that a node called."""

    id: uuid.UUID
    node_id: str
    iteration: str
    workflow_id: uuid.UUID
    workflow_name: str
    status: str


@dataclass(frozen=True)
class Detail:
    """An execution with its node runs, and the document that ran."""

    execution: Execution
    workflow_name: str
    node_runs: list["LatestRun"]
    document: dict[str, Any]
    calls: list["CalledExecution"]


def get_execution(principal: Principal, execution_id: uuid.UUID) -> Detail:
    """Return an execution. Raises Refused (`not_found`)."""
    with tenant_session(principal.tenant_id) as session:
        execution = session.get(Execution, execution_id)
        if execution is None:
            raise codes.not_found("execution")
        workflow = session.get_one(Workflow, execution.workflow_id)
        runs = _latest_runs(session, execution_id)
        document = execution.document
        if document is None:
            document = session.scalar(
                select(WorkflowVersion.document).where(
                    WorkflowVersion.workflow_id == execution.workflow_id,
                    WorkflowVersion.number == execution.workflow_version,
                )
            )
        calls = _calls(session, execution_id)
    return Detail(execution, workflow.name, runs, document or workflow.document, calls)


def _calls(session: Session, execution_id: uuid.UUID) -> list[CalledExecution]:
    """Return what an execution's nodes called, the latest first."""
    query = (
        select(Execution, Workflow.name)
        .join(Workflow, Workflow.id == Execution.workflow_id)
        .where(Execution.parent_execution_id == execution_id)
        .order_by(Execution.started_at.desc(), Execution.id)
        .limit(MOST_CALLS)
    )
    rows: list[tuple[Execution, str]] = [(row[0], row[1]) for row in session.execute(query)]
    return [
        CalledExecution(one.id, one.parent_node_id or "", one.parent_iteration or "", one.workflow_id, name, one.status)
        for one, name in rows
    ]


def _sources(session: Session, execution_id: uuid.UUID, runs: list[NodeRun]) -> dict[str, dict[str, str]]:
    """Return where outputs are from that were not made in this execution, by node."""
    ids = [given_event_id(str(execution_id), run.node_id) for run in runs]
    query = select(ExecutionEvent.node_id, ExecutionEvent.data["source"]).where(
        ExecutionEvent.execution_id == execution_id, ExecutionEvent.id.in_(ids)
    )
    return {str(row[0]): row[1] for row in session.execute(query)}


def _latest_runs(session: Session, execution_id: uuid.UUID) -> list[LatestRun]:
    """Return each node's latest run, in the order in which the nodes were reached."""
    of_node: Any = {"partition_by": NodeRun.node_id}
    ended = [func.count().filter(NodeRun.status == status).over(**of_node).label(status) for status in _ENDS]
    place = func.row_number().over(**of_node, order_by=(NodeRun.started_at.desc(), _rounds().desc()))
    first = func.min(NodeRun.started_at).over(**of_node)
    total = func.count().over(**of_node).label("total")
    counted = select(NodeRun, total, *ended, place.label("place"), first.label("first"))
    runs = counted.where(NodeRun.execution_id == execution_id).subquery()
    latest = aliased(NodeRun, runs)
    query = (
        select(latest, runs.c.total, runs.c.succeeded, runs.c.failed)
        .where(runs.c.place == 1)
        .order_by(runs.c.first, runs.c.node_id)
    )
    rows = [tuple(row) for row in session.execute(query)]
    waiting = _waiting(session, execution_id, [run for run, *_ in rows if run.status == "waiting"])
    sources = _sources(session, execution_id, [run for run, *_ in rows])
    return [
        LatestRun(
            run,
            Counts(*counts) if run.iteration else None,
            waiting.get((run.node_id, run.iteration)),
            sources.get(run.node_id),
        )
        for run, *counts in rows
    ]


def _waiting(session: Session, execution_id: uuid.UUID, runs: list[NodeRun]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what runs wait for, by node and iteration, as they told it."""
    if not runs:
        return {}
    iteration = func.coalesce(ExecutionEvent.data["iteration"].astext, "")
    query = (
        select(ExecutionEvent.node_id, iteration, ExecutionEvent.data["waiting"])
        .where(ExecutionEvent.execution_id == execution_id, ExecutionEvent.type == "node.waiting")
        .where(tuple_(ExecutionEvent.node_id, iteration).in_([(run.node_id, run.iteration) for run in runs]))
        .order_by(ExecutionEvent.seq)
    )
    return {(str(row[0]), row[1]): row[2] for row in session.execute(query)}


def list_node_runs(
    principal: Principal, execution_id: uuid.UUID, node_id: str, after: str | None, limit: int
) -> list[tuple[NodeRun, dict[str, Any] | None]]:
    """Return a node's runs in the order of their iterations, behind one, each with what it waits for.

    Raises:
        Refused: `not_found`.
    """
    query = select(NodeRun).where(NodeRun.execution_id == execution_id, NodeRun.node_id == node_id)
    if after is not None:
        query = query.where(_rounds() > [int(part) for part in after.split(".") if part])
    with tenant_session(principal.tenant_id) as session:
        if session.get(Execution, execution_id) is None:
            raise codes.not_found("execution")
        runs = list(session.scalars(query.order_by(_rounds()).limit(limit)))
        waiting = _waiting(session, execution_id, [run for run in runs if run.status == "waiting"])
        return [(run, waiting.get((run.node_id, run.iteration))) for run in runs]


def _rounds() -> ColumnElement[Any]:
    """An iteration as a list of numbers: `10.2` comes after `9.30`, and outside of loops comes first."""
    return cast(func.string_to_array(NodeRun.iteration, "."), ARRAY(Integer))


def list_events(principal: Principal, execution_id: uuid.UUID, after: int, limit: int) -> list[dict[str, Any]]:
    """Return an execution's events behind a number. Raises Refused (`not_found`)."""
    with tenant_session(principal.tenant_id) as session:
        if session.get(Execution, execution_id) is None:
            raise codes.not_found("execution")
        query = (
            select(ExecutionEvent)
            .where(ExecutionEvent.execution_id == execution_id, ExecutionEvent.seq > after)
            .order_by(ExecutionEvent.seq)
            .limit(limit)
        )
        rows = list(session.scalars(query))
    return [dict(read_event(row.seq, row.id, row.type, row.node_id, row.at, row.data)) for row in rows]


def list_logs(
    principal: Principal, execution_id: uuid.UUID, node_id: str | None, level: str | None, after: int, limit: int
) -> list[dict[str, Any]]:
    """Return log lines behind a number, of one node and level where given. Raises Refused (`not_found`)."""
    with tenant_session(principal.tenant_id) as session:
        if session.get(Execution, execution_id) is None:
            raise codes.not_found("execution")
        query = select(ExecutionEvent).where(
            ExecutionEvent.execution_id == execution_id, ExecutionEvent.type == "node.log", ExecutionEvent.seq > after
        )
        if node_id is not None:
            query = query.where(ExecutionEvent.node_id == node_id)
        if level is not None:
            query = query.where(ExecutionEvent.data["level"].astext == level)
        rows = list(session.scalars(query.order_by(ExecutionEvent.seq).limit(limit)))
    return [dict(read_event(row.seq, row.id, row.type, row.node_id, row.at, row.data)) for row in rows]


@dataclass(frozen=True)
class Items:
    """A page of a port's items."""

    items: list[Any]
    total: int


def list_items(
    principal: Principal,
    storage: Callable[[], Storage],
    execution_id: uuid.UUID,
    node_id: str,
    *,
    iteration: str = "",
    direction: str,
    port: str,
    offset: int,
    limit: int,
) -> Items:
    """Return a page of what went into or came out of a port, stored batches fetched.

    Raises:
        Refused: `not_found`, `items_gone`.
    """
    with tenant_session(principal.tenant_id) as session:
        run = session.get(NodeRun, (execution_id, node_id, iteration))
    if run is None:
        raise codes.not_found("node run")
    content = (run.input if direction == "in" else run.output) or {}
    found = content.get(port)
    batches = found if isinstance(found, list) else [found] if found else []
    total = sum(batch["count"] for batch in batches)
    items = without([item for batch in batches for item in resolved(batch, principal.tenant_id, storage)])
    return Items(items[offset : offset + limit], total)


def bare(ports: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return what went into or came out of a node run, items without their lineage."""
    if ports is None:
        return None
    return {port: list(map(_bare, found)) if isinstance(found, list) else _bare(found) for port, found in ports.items()}


def _bare(batch: dict[str, Any]) -> dict[str, Any]:
    return batch | {part: without(batch[part]) for part in ("items", "preview") if part in batch}


def resolved(batch: dict[str, Any], tenant_id: uuid.UUID, storage: Callable[[], Storage]) -> list[Any]:
    """Return the items of a batch, those in S3 fetched. Raises Refused (`not_found`, `items_gone`)."""
    if "items" in batch:
        items: list[Any] = batch["items"]
        return items
    ref = batch.get("ref")
    if ref is None:
        preview: list[Any] = batch.get("preview", [])
        return preview
    if not str(ref["key"]).startswith(f"{tenant_id}/"):
        raise codes.not_found("stored data")
    part = tuple(ref["range"]) if "range" in ref else None
    try:
        content = storage().get(ref["bucket"], ref["key"], part)
    except AwsError as error:
        raise Refused(codes.ITEMS_GONE, "These items are no longer stored; run the workflow again.") from error
    if (len(content) != part[1]) if part else (hashlib.sha256(content).hexdigest() != ref["sha256"]):
        raise Refused(codes.ITEMS_GONE, "These items were changed after they were stored; run the workflow again.")
    try:
        stored: list[Any] = json.loads(content)
    except RecursionError:
        raise Refused(codes.TOO_DEEP, "These items are nested too deeply to be shown.") from None
    return stored


def summary(execution: Execution, workflow_name: str, steps: Steps | None = None) -> dict[str, Any]:
    """Return an execution as a list shows it (`api.schemas.executions.ExecutionSummary`)."""
    ended = execution.ended_at
    return {
        "id": execution.id,
        "workflow_id": execution.workflow_id,
        "workflow_name": workflow_name,
        "workflow_version": execution.workflow_version,
        "mode": execution.mode,
        "trigger": execution.trigger,
        "status": execution.status,
        "started_at": execution.started_at,
        "ended_at": ended,
        "duration_ms": (ended - execution.started_at).total_seconds() * 1000 if ended else None,
        "error": execution.error,
        "steps": steps,
    }
