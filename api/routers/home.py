"""The home page."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api.bodies import JsonRoute
from api.deps import RedisDep, requires
from api.permissions import Permission
from api.schemas.executions import ExecutionSummary
from api.schemas.schedules import DayResponse, FailuresResponse, FireResponse, HomeResponse
from api.services import history, home
from api.services.executions import named, summary, version_names
from api.services.tokens import Principal

router = APIRouter(tags=["executions"], route_class=JsonRoute)


@router.get("/home", operation_id="getHome")
def get_home(
    principal: Annotated[Principal, Depends(requires(Permission.EXECUTIONS_READ))], redis: RedisDep
) -> HomeResponse:
    """Return what runs, what failed within a day, and what comes next."""
    found = home.home(principal)
    steps = history.steps_of_open(redis, (execution for execution, _ in found.running))
    shown = [*(execution for execution, _ in found.running), *(one.last for one in found.failures)]
    names = version_names(principal, shown)
    return HomeResponse(
        workflows=found.workflows,
        running=[
            ExecutionSummary(**summary(execution, name, steps.get(execution.id), version_name=named(execution, names)))
            for execution, name in found.running
        ],
        running_count=found.running_count,
        failures=[
            FailuresResponse(
                workflow_id=one.workflow_id,
                workflow_name=one.workflow_name,
                count=one.count,
                last=ExecutionSummary(**summary(one.last, one.workflow_name, version_name=named(one.last, names))),
            )
            for one in found.failures
        ],
        failed_count=found.failed_count,
        fires=[
            FireResponse(
                at=fire.at,
                schedule_id=fire.listed.schedule.id,
                workflow_id=fire.listed.workflow.id,
                workflow_name=fire.listed.workflow.name,
                node_name=fire.listed.node_name,
            )
            for fire in found.fires
        ],
        approvals=found.approvals,
        days=[DayResponse.model_validate(day, from_attributes=True) for day in found.days],
    )
