"""Executions: what ran, and what happened in it."""

import uuid
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query

from api import codes
from api.bodies import JsonRoute
from api.deps import RedisDep, RunnerDep, StorageDep, requires
from api.params import ITERATION, After, Cursor, ExecutionId, Iteration, Limit, LongLimit, NodeId, OfNode, Port
from api.permissions import Permission
from api.refusing import refuses
from api.schemas.base import Page, cursor, read_cursor
from api.schemas.executions import (
    CalledExecution,
    EventsResponse,
    ExecutionResponse,
    ExecutionsBulkItem,
    ExecutionsBulkRequest,
    ExecutionsBulkResponse,
    ExecutionSummary,
    ItemsResponse,
    LatestNodeRun,
    NodeRunResponse,
    NodeRunsResponse,
    ParentRun,
    RunCounts,
    UsageResponse,
)
from api.schemas.workflows import RunResponse
from api.services import bulk, event_log, executions, history, items, spending
from api.services.tokens import Principal
from stepweave.model.events import ExecutionStatus, LogLevel
from stepweave.model.usage import Usage
from stepweave_data.models import Execution, NodeRun

router = APIRouter(tags=["executions"], route_class=JsonRoute)

Reader = Annotated[Principal, Depends(requires(Permission.EXECUTIONS_READ))]
RunnerRole = Annotated[Principal, Depends(requires(Permission.EXECUTIONS_RUN))]


@router.get("/executions", operation_id="listExecutions")
def list_executions(
    principal: Reader,
    redis: RedisDep,
    workflow_id: Annotated[
        uuid.UUID | None, Query(alias="workflowId", description="Only those of this workflow.")
    ] = None,
    status: Annotated[
        list[ExecutionStatus] | None, Query(max_length=6, description="Only those in one of these states.")
    ] = None,
    trigger: Annotated[
        str | None, Query(max_length=20, pattern=r"^[a-z]+$", description="Only those that this started.")
    ] = None,
    since: Annotated[datetime | None, Query(alias="from", description="Started at or after.")] = None,
    until: Annotated[datetime | None, Query(alias="to", description="Started before.")] = None,
    environment: Annotated[
        str | None, Query(max_length=32, pattern=r"^[a-z][a-z0-9-]{0,31}$", description="Only those that ran there.")
    ] = None,
    error: Annotated[str | None, Query(max_length=200, description="Text in the error.")] = None,
    min_cost: Annotated[
        Decimal | None,
        Query(
            alias="minCost",
            ge=0,
            le=1_000_000,
            decimal_places=6,
            description="Only those whose models cost so many US dollars or more.",
        ),
    ] = None,
    cursor_: Cursor = None,
    limit: Limit = 50,
) -> Page[ExecutionSummary]:
    """List executions, the latest first.

    With `error`, `minCost` or `environment` a page may hold fewer than `limit`, even none, and yet have a
    `nextCursor`: it has looked so far.
    """
    statuses = tuple(one.value for one in status or ())
    moments = _moment(since), _moment(until)
    wanted = history.Filter(workflow_id, statuses, trigger, *moments, error or None, environment, min_cost)
    found = history.list_executions(principal, wanted, read_cursor(cursor_), limit)
    steps = history.steps_of_open(redis, (execution for execution, _ in found.rows))
    costs = spending.costs_of_executions(principal, [execution.id for execution, _ in found.rows])
    turns = executions.waits_for(principal, [execution for execution, _ in found.rows])
    names = executions.version_names(principal, [execution for execution, _ in found.rows])
    return Page(
        items=[
            ExecutionSummary(
                **executions.summary(
                    one, name, steps.get(one.id), costs.get(one.id), turns.get(one.id), executions.named(one, names)
                )
            )
            for one, name in found.rows
        ],
        next_cursor=cursor(*found.next) if found.next else None,
    )


@router.post("/executions/bulk", operation_id="changeExecutions")
def change_executions(body: ExecutionsBulkRequest, principal: RunnerRole, runner: RunnerDep) -> ExecutionsBulkResponse:
    """Do one thing to many executions. Each is done on its own; what fails stops none of the others."""
    done = bulk.carry_out_on_executions(principal, runner, body.action, body.ids)
    return ExecutionsBulkResponse(
        items=[
            ExecutionsBulkItem(
                id=one.id, ok=one.code is None, code=one.code, message=one.message, execution_id=one.execution_id
            )
            for one in done
        ]
    )


@router.get(
    "/executions/{execution_id}",
    operation_id="getExecution",
    openapi_extra=refuses(codes.NOT_FOUND, codes.EXECUTION_DELETED, codes.ANSWER_TOO_LARGE),
)
def get_execution(execution_id: ExecutionId, principal: Reader) -> ExecutionResponse:
    """Return an execution with its node runs and the document that ran."""
    found = executions.get_execution(principal, execution_id)
    turns = executions.waits_for(principal, [found.execution])
    names = executions.version_names(principal, [found.execution])
    return ExecutionResponse(
        **executions.summary(
            found.execution,
            found.workflow_name,
            waits_for=turns.get(execution_id),
            version_name=executions.named(found.execution, names),
        ),
        response=found.execution.response,
        last_seq=found.execution.last_seq,
        document=found.document,
        node_runs=[_latest(latest) for latest in found.node_runs],
        parent=_parent(found.execution),
        usage=_usage(found.usage),
        debug=found.debug,
        calls=[CalledExecution.model_validate(one, from_attributes=True) for one in found.calls],
    )


@router.get(
    "/executions/{execution_id}/node-runs",
    operation_id="listNodeRuns",
    openapi_extra=refuses(codes.NOT_FOUND, codes.EXECUTION_DELETED, codes.ANSWER_TOO_LARGE),
)
def list_node_runs(
    execution_id: ExecutionId,
    principal: Reader,
    node_id: NodeId,
    after: Annotated[str | None, Query(max_length=100, pattern=ITERATION, description="The last one has.")] = None,
    limit: LongLimit = 100,
) -> NodeRunsResponse:
    """List the runs of a node, one for each iteration of its loops."""
    found = executions.list_node_runs(principal, execution_id, node_id, after, limit + 1)
    rows, more = found[:limit], len(found) > limit
    return NodeRunsResponse(
        items=[_run(one.run, one.waiting, one.usage) for one in rows],
        next=rows[-1].run.iteration if more else None,
    )


@router.get(
    "/executions/{execution_id}/events",
    operation_id="listEvents",
    openapi_extra=refuses(codes.NOT_FOUND, codes.EXECUTION_DELETED, codes.ANSWER_TOO_LARGE),
)
def list_events(
    execution_id: ExecutionId,
    principal: Reader,
    after: After = 0,
    limit: LongLimit = 500,
) -> EventsResponse:
    """List an execution's events in order."""
    return EventsResponse(items=event_log.list_events(principal, execution_id, after, limit))


@router.get(
    "/executions/{execution_id}/logs",
    operation_id="listLogs",
    openapi_extra=refuses(codes.NOT_FOUND, codes.EXECUTION_DELETED, codes.ANSWER_TOO_LARGE),
)
def list_logs(
    execution_id: ExecutionId,
    principal: Reader,
    node_id: OfNode = None,
    level: Annotated[LogLevel | None, Query(description="Only lines of this level.")] = None,
    after: After = 0,
    limit: LongLimit = 500,
) -> EventsResponse:
    """List an execution's log lines in order."""
    return EventsResponse(items=event_log.list_logs(principal, execution_id, node_id, level, after, limit))


@router.get(
    "/executions/{execution_id}/items",
    operation_id="listItems",
    openapi_extra=refuses(
        codes.NOT_FOUND, codes.EXECUTION_DELETED, codes.ITEMS_GONE, codes.TOO_DEEP, codes.ANSWER_TOO_LARGE
    ),
)
def list_items(
    execution_id: ExecutionId,
    principal: Reader,
    storage: StorageDep,
    node_id: NodeId,
    direction: Annotated[Literal["in", "out"], Query(description="What went in, or what came out.")] = "out",
    port: Port = "main",
    iteration: Iteration = "",
    offset: Annotated[int, Query(ge=0, le=10**7, description="How many items to leave out.")] = 0,
    limit: LongLimit = 100,
) -> ItemsResponse:
    """List the items that went into or came out of a node's port."""
    page = items.list_items(
        principal,
        storage,
        execution_id,
        node_id,
        iteration=iteration,
        direction=direction,
        port=port,
        offset=offset,
        limit=limit,
    )
    return ItemsResponse(items=page.items, total=page.total)


@router.post(
    "/executions/{execution_id}/cancel",
    status_code=202,
    operation_id="cancelExecution",
    openapi_extra=refuses(codes.NOT_FOUND, codes.ALREADY_ENDED, codes.NOT_CANCELLED),
)
def cancel_execution(execution_id: ExecutionId, principal: RunnerRole, runner: RunnerDep) -> RunResponse:
    """Stop an execution. Its end is told like any other."""
    runner.cancel(principal, execution_id)
    return RunResponse(execution_id=execution_id)


def _run(run: NodeRun, waiting: dict[str, Any] | None, usage: Usage | None) -> NodeRunResponse:
    shown = {
        "waiting": waiting,
        "usage": _usage(usage),
        "input": items.bare(run.input),
        "output": items.bare(run.output),
    }
    return NodeRunResponse.model_validate(run, from_attributes=True).model_copy(update=shown)


def _usage(usage: Usage | None) -> UsageResponse | None:
    return UsageResponse.model_validate(usage) if usage else None


def _latest(latest: executions.LatestRun) -> LatestNodeRun:
    run = _run(latest.run, latest.waiting, latest.usage)
    counts = RunCounts.model_validate(latest.counts, from_attributes=True) if latest.counts else None
    return LatestNodeRun(**run.model_dump(by_alias=False), runs=counts, source=latest.source)


def _parent(execution: Execution) -> ParentRun | None:
    if execution.parent_execution_id is None:
        return None
    node_id, iteration = execution.parent_node_id or "", execution.parent_iteration or ""
    return ParentRun(execution_id=execution.parent_execution_id, node_id=node_id, iteration=iteration)


def _moment(at: datetime | None) -> datetime | None:
    """Return a moment; one without a time zone is meant in UTC."""
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at
