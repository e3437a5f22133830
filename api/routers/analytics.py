"""Analytics: figures over time, rankings, error groups."""

import uuid
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import requires
from api.params import WorkflowId
from api.permissions import Permission
from api.refusing import refuses
from api.repositories.rollups import Fault, Scope
from api.schemas.analytics import (
    AnalyticsResponse,
    ErrorGroupDetails,
    ErrorGroupResponse,
    ErrorGroupsResponse,
    ExampleResponse,
    FiguresResponse,
    PointResponse,
    RangeResponse,
    RankedResponse,
    RankingResponse,
    RebuildResponse,
    ResolveRequest,
    TimeSavedRequest,
)
from api.services.analytics import faults, figures
from api.services.analytics.ranges import Asked, Bin, Name
from api.services.tokens import Principal

router = APIRouter(tags=["analytics"], route_class=JsonRoute)

Reader = Annotated[Principal, Depends(requires(Permission.EXECUTIONS_READ))]
Writer = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_WRITE))]
Runner = Annotated[Principal, Depends(requires(Permission.EXECUTIONS_RUN))]
Owner = Annotated[Principal, Depends(requires(Permission.TENANT_WRITE))]
Order = Annotated[
    Literal["slowest", "costliest", "failing", "busiest"],
    Query(alias="sort", description="By the mean duration, by money and then tokens, by failures, or by runs."),
]
GroupId = Annotated[uuid.UUID, Path(description="The error group.")]


def asked(
    name: Annotated[Name, Query(alias="range", description="The last 24 hours, days or months, up to now.")] = "7d",
    first: Annotated[
        date | None, Query(alias="from", description="The first day, in place of `range`; without `to`, that day.")
    ] = None,
    last: Annotated[date | None, Query(alias="to", description="The last day.")] = None,
    zone: Annotated[str, Query(max_length=64, description="The IANA zone whose days are meant.")] = "UTC",
    bin: Annotated[Bin, Query(description="What a point is; `auto` fits the range.")] = "auto",
) -> Asked:
    """Return the range that a request asks for."""
    return Asked(name, first, last, zone, bin)


def scope(
    workflow_id: Annotated[uuid.UUID | None, Query(alias="workflowId", description="Of this workflow only.")] = None,
    version: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Of this version of it only.")] = None,
    node_id: Annotated[
        str | None,
        Query(alias="nodeId", max_length=64, pattern=r"^[A-Za-z0-9_-]+$", description="Runs of this node of it."),
    ] = None,
    trigger: Annotated[
        str | None, Query(max_length=20, pattern=r"^[a-z]+$", description="Started by this kind of trigger only.")
    ] = None,
    project_id: Annotated[uuid.UUID | None, Query(alias="projectId", description="Of this project only.")] = None,
) -> Scope:
    """Return the executions that a request asks for."""
    return Scope(workflow_id, version, node_id, trigger, project_id)


AskedDep = Annotated[Asked, Depends(asked)]
ScopeDep = Annotated[Scope, Depends(scope)]


@router.get("/analytics", operation_id="getAnalytics")
def get_analytics(principal: Reader, asked: AskedDep, scope: ScopeDep) -> AnalyticsResponse:
    """Return executions over time, as a whole and by bin, and the period before."""
    found = figures.overview(principal, asked, scope)
    return AnalyticsResponse(
        range=RangeResponse(
            since=found.range.span.since,
            until=found.range.span.until,
            bin=found.range.bin,
            zone=found.range.zone,
            previous_since=found.range.previous.since,
            previous_until=found.range.previous.until,
        ),
        current=_figures(found.current),
        previous=_figures(found.previous),
        points=[
            PointResponse(since=one.span.since, until=one.span.until, figures=_figures(one.figures))
            for one in found.points
        ],
        counted_up_to=found.counted_up_to,
        rebuilding=found.rebuilding,
    )


@router.get("/analytics/workflows", operation_id="rankWorkflows")
def rank_workflows(principal: Reader, asked: AskedDep, scope: ScopeDep, order: Order = "slowest") -> RankingResponse:
    """Return the workflows that are slowest, cost most, fail most, or run most."""
    return _ranking(figures.ranking(principal, asked, scope, order, nodes=False))


@router.get("/analytics/nodes", operation_id="rankNodes")
def rank_nodes(principal: Reader, asked: AskedDep, scope: ScopeDep, order: Order = "slowest") -> RankingResponse:
    """Return the nodes that are slowest, cost most, fail most, or run most."""
    return _ranking(figures.ranking(principal, asked, scope, order, nodes=True))


@router.get("/analytics/errors", operation_id="listErrorGroups")
def list_error_groups(
    principal: Reader,
    asked: AskedDep,
    scope: ScopeDep,
    state: Annotated[
        Literal["open", "resolved", "all"], Query(description="`open` has those that came back, too.")
    ] = "open",
) -> ErrorGroupsResponse:
    """Return the faults that were seen in a range, those seen most first."""
    return ErrorGroupsResponse(items=[_group(one) for one in faults.faults(principal, asked, scope, state)])


@router.get("/analytics/errors/{group_id}", operation_id="getErrorGroup", openapi_extra=refuses(codes.NOT_FOUND))
def get_error_group(group_id: GroupId, principal: Reader) -> ErrorGroupDetails:
    """Return a fault with executions that had it."""
    return _details(faults.fault(principal, group_id))


@router.put("/analytics/errors/{group_id}", operation_id="resolveErrorGroup", openapi_extra=refuses(codes.NOT_FOUND))
def resolve_error_group(group_id: GroupId, body: ResolveRequest, principal: Runner) -> ErrorGroupDetails:
    """Say that a fault is resolved, or that it is not. One that is seen again has come back."""
    return _details(faults.resolve(principal, group_id, resolved=body.resolved))


@router.post("/analytics/rebuild", operation_id="rebuildAnalytics", status_code=202)
def rebuild_analytics(principal: Owner) -> RebuildResponse:
    """Have all figures counted anew from the history. Days of which it no longer holds everything stay as they are."""
    return RebuildResponse(days=figures.rebuild(principal))


@router.put(
    "/workflows/{workflow_id}/time-saved",
    operation_id="setTimeSaved",
    status_code=204,
    openapi_extra=refuses(codes.NOT_FOUND),
)
def set_time_saved(workflow_id: WorkflowId, body: TimeSavedRequest, principal: Writer) -> Response:
    """Say how many minutes of a person's time a successful run of the workflow saves."""
    figures.save_minutes(principal, workflow_id, body.minutes)
    return Response(status_code=204)


def _figures(found: figures.Figures) -> FiguresResponse:
    sums, p = found.sums, found.percentiles
    return FiguresResponse(
        runs=sums.runs,
        succeeded=sums.succeeded,
        failed=sums.failed,
        cancelled=sums.cancelled,
        timed_out=sums.timed_out,
        failure_rate=(sums.failed + sums.timed_out) / sums.runs if sums.runs else None,
        mean_ms=sums.duration_ms / sums.runs if sums.runs else None,
        p50_ms=p[0] if p else None,
        p95_ms=p[1] if p else None,
        p99_ms=p[2] if p else None,
        wait_ms=sums.wait_ms,
        items=sums.items,
        retries=sums.retries,
        requests=sums.requests,
        tokens=sums.tokens,
        money=f"{sums.money.normalize():f}",
        saved_minutes=None if found.saved_minutes is None else float(found.saved_minutes),
    )


def _ranking(found: list[figures.Row]) -> RankingResponse:
    return RankingResponse(
        items=[
            RankedResponse(
                workflow_id=one.workflow_id,
                workflow_name=one.workflow_name,
                node_id=one.node_id or None,
                node_name=one.node_name,
                minutes_per_run=None if one.minutes_per_run is None else float(one.minutes_per_run),
                figures=_figures(one.figures),
            )
            for one in found
        ]
    )


def _group(found: Fault) -> ErrorGroupResponse:
    return ErrorGroupResponse(
        id=found.id,
        workflow_id=found.workflow_id,
        workflow_name=found.workflow_name,
        node_id=found.node_id or None,
        node_name=found.node_name,
        type=found.type,
        message=found.message,
        sample=found.sample,
        first_seen=found.first_seen,
        last_seen=found.last_seen,
        first_execution_id=found.first_execution_id,
        last_execution_id=found.last_execution_id,
        state=faults.state_of(found),
        resolved_at=found.resolved_at,
        resolved_by=found.resolved_by,
        count=found.count,
    )


def _details(known: faults.Known) -> ErrorGroupDetails:
    examples = [ExampleResponse(execution_id=id, at=at) for id, at in known.examples]
    return ErrorGroupDetails(group=_group(known.fault), examples=examples)
