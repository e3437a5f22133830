"""Schedules: when they fire, and pausing them."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import PublisherDep, requires
from api.params import ScheduleId
from api.permissions import Permission
from api.refusals import Refused
from api.refusing import refuses
from api.schemas.schedules import (
    FiresOfSchedule,
    FiresRequest,
    FiresResponse,
    NextFiresResponse,
    PollResponse,
    ScheduleChange,
    ScheduleResponse,
    SchedulesResponse,
)
from api.schemas.workflows import LastExecution
from api.services import polls, schedules
from api.services.tokens import Principal
from stepweave.spec.cron import ScheduleInvalid
from stepweave.spec.schedules import check_fires, next_fires

router = APIRouter(tags=["schedules"], route_class=JsonRoute)

Reader = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_READ))]
Operator = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_PUBLISH))]
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)
"""Within these a calendar can be reckoned in every time zone."""
LONGEST_RANGE = timedelta(days=62)


@router.get("/schedules", operation_id="listSchedules")
def list_schedules(principal: Reader) -> SchedulesResponse:
    """List published schedules, those that fire soonest first, and triggers that poll, those that fail first."""
    return SchedulesResponse(
        items=[_schedule(one) for one in schedules.list_schedules(principal)],
        polls=[_poll(one) for one in polls.list_polls(principal)],
    )


@router.get("/schedules/fires", operation_id="listFires")
def list_fires(
    principal: Reader,
    start: Annotated[datetime, Query(alias="from", description="The range's first moment.")],
    end: Annotated[datetime, Query(alias="to", description="The moment behind the range, 62 days later at most.")],
) -> FiresResponse:
    """List when schedules fire within a range of at most 62 days, from now on."""
    start, end = (one if one.tzinfo else one.replace(tzinfo=UTC) for one in (start, end))
    for name, one in (("from", start), ("to", end)):
        if not EARLIEST <= one <= LATEST:
            message = f"`{name}` must be between {EARLIEST.year} and {LATEST.year}."
            raise Refused(codes.INVALID_REQUEST, message, [{"field": name, "message": message}])
    if not start < end <= start + LONGEST_RANGE:
        message = "`to` must be after `from`, by 62 days at most."
        raise Refused(codes.INVALID_REQUEST, message, [{"field": "to", "message": message}])
    found = schedules.fires_between(principal, start, end)
    return FiresResponse(items=[FiresOfSchedule.model_validate(one, from_attributes=True) for one in found])


@router.post("/schedules/next", operation_id="previewFires")
def preview_fires(body: FiresRequest, _: Reader) -> NextFiresResponse:
    """Tell when a line would fire next. A line that cannot be read is no error: it is still being written."""
    try:
        check_fires(body.expression, body.time_zone, datetime.now(UTC))
        return NextFiresResponse(
            next=next_fires(body.expression, body.time_zone, datetime.now(UTC), schedules.NEXT_SHOWN), error=None
        )
    except ScheduleInvalid as error:
        return NextFiresResponse(next=[], error=str(error))


@router.put(
    "/schedules/{schedule_id}",
    status_code=204,
    operation_id="changeSchedule",
    openapi_extra=refuses(codes.NOT_FOUND, codes.PUBLISHING, codes.AWS_UNAVAILABLE, codes.AWS_REFUSED),
)
def change_schedule(
    schedule_id: ScheduleId, body: ScheduleChange, principal: Operator, publisher: PublisherDep
) -> Response:
    """Pause a schedule or a trigger that polls, or let it go on. A schedule's missed fires are not made up for."""
    publisher.pause(principal, schedule_id, paused=not body.enabled)
    return Response(status_code=204)


def _schedule(one: schedules.Listed) -> ScheduleResponse:
    return ScheduleResponse(
        id=one.schedule.id,
        workflow_id=one.workflow.id,
        workflow_name=one.workflow.name,
        workflow_enabled=one.is_on,
        environment=one.schedule.environment,
        environment_name=one.environment,
        node_id=one.schedule.node_id,
        node_name=one.node_name,
        expression=one.schedule.expression,
        time_zone=one.schedule.time_zone,
        enabled=one.schedule.enabled,
        next=one.next,
        last_execution=LastExecution.model_validate(one.last, from_attributes=True) if one.last else None,
    )


def _poll(one: polls.Listed) -> PollResponse:
    return PollResponse(
        id=one.poll.id,
        workflow_id=one.workflow.id,
        workflow_name=one.workflow.name,
        workflow_enabled=one.is_on,
        environment=one.poll.environment,
        environment_name=one.environment,
        node_id=one.poll.node_id,
        node_name=one.node_name,
        node_type=one.poll.type,
        expression=one.poll.expression or "",
        enabled=one.poll.enabled,
        last_polled_at=one.poll.last_polled_at,
        failures=one.poll.failures,
        retry_at=one.poll.retry_at,
        last_error=one.poll.last_error,
        last_execution=LastExecution.model_validate(one.last, from_attributes=True) if one.last else None,
    )
