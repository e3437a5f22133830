"""Debug runs: where they stop, what waits there, and how it goes on."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from api import codes
from api.bodies import JsonRoute
from api.deps import DebuggerDep, RedisDep, StorageDep, requires
from api.params import ExecutionId, StopId
from api.permissions import Permission
from api.refusing import refuses
from api.schemas.debugging import (
    BreakpointsRequest,
    EvaluateRequest,
    EvaluateResponse,
    GoOnRequest,
    StopResponse,
    StopsResponse,
)
from api.schemas.expressions import PreviewError
from api.services import debugging
from api.services.limits import PREVIEW, limit
from api.services.tokens import Principal
from stepweave_data.models import DebugStop

router = APIRouter(tags=["debugging"], route_class=JsonRoute)

Reader = Annotated[Principal, Depends(requires(Permission.EXECUTIONS_READ))]
RunnerRole = Annotated[Principal, Depends(requires(Permission.EXECUTIONS_RUN))]


@router.get(
    "/executions/{execution_id}/stops",
    operation_id="listStops",
    openapi_extra=refuses(codes.NOT_FOUND, codes.NOT_A_DEBUG_RUN),
)
def list_stops(execution_id: ExecutionId, principal: Reader) -> StopsResponse:
    """Return where a debug run stops, and what waits now."""
    return _whole(debugging.show(principal, execution_id))


@router.put(
    "/executions/{execution_id}/stops",
    operation_id="setBreakpoints",
    openapi_extra=refuses(codes.NOT_FOUND, codes.NOT_A_DEBUG_RUN, codes.UNKNOWN_NODE, codes.CANNOT_STOP_HERE),
)
def set_breakpoints(execution_id: ExecutionId, body: BreakpointsRequest, principal: RunnerRole) -> StopsResponse:
    """Let a debug run stop elsewhere from now on; what waits goes on waiting."""
    wanted = [one.kept() for one in body.breakpoints]
    return _whole(debugging.change(principal, execution_id, wanted, body.on_error))


@router.get(
    "/executions/{execution_id}/stops/{stop_id}",
    operation_id="getStop",
    openapi_extra=refuses(codes.NOT_FOUND, codes.ITEMS_GONE, codes.TOO_DEEP, codes.ANSWER_TOO_LARGE),
)
def get_stop(execution_id: ExecutionId, stop_id: StopId, principal: Reader, storage: StorageDep) -> StopResponse:
    """Return a stop with the items that are about to go into its node."""
    stop, inputs = debugging.inputs_at(principal, storage, execution_id, stop_id)
    return StopResponse.model_validate({**_summary(stop), "inputs": inputs})


@router.post(
    "/executions/{execution_id}/stops/{stop_id}/go-on",
    operation_id="goOnFromStop",
    openapi_extra=refuses(
        codes.NOT_FOUND,
        codes.STOP_ENDED,
        codes.STOP_GONE,
        codes.EDIT_REFUSED,
        codes.ITEMS_GONE,
        codes.NOT_RESUMED,
    ),
)
def go_on_from_stop(
    execution_id: ExecutionId, stop_id: StopId, body: GoOnRequest, principal: RunnerRole, debugger: DebuggerDep
) -> StopsResponse:
    """Let a node go on: run it and stop at the next one, run on, pass it over, or let its failure be one."""
    debugger.go_on(principal, execution_id, stop_id, body.action, body.items)
    return _whole(debugging.show(principal, execution_id))


@router.post(
    "/executions/{execution_id}/stops/{stop_id}/evaluate",
    operation_id="evaluateAtStop",
    openapi_extra=refuses(codes.NOT_FOUND, codes.ITEMS_GONE, codes.TOO_MANY_TRIES, codes.TOO_DEEP, codes.EDIT_REFUSED),
)
def evaluate_at_stop(
    execution_id: ExecutionId,
    stop_id: StopId,
    body: EvaluateRequest,
    principal: RunnerRole,
    storage: StorageDep,
    redis: RedisDep,
) -> EvaluateResponse:
    """Evaluate an expression on what waits at a stop, and on what other nodes have given; nothing is changed."""
    limit(redis, PREVIEW, str(principal.user_id))
    value, error, count = debugging.evaluate(
        principal, storage, execution_id, stop_id, body.text, body.index, body.items
    )
    problem = PreviewError(message=error.message, position=error.position) if error is not None else None
    return EvaluateResponse(value=value, error=problem, count=count)


def _whole(shown: debugging.Shown) -> StopsResponse:
    run = shown.run
    return StopsResponse.model_validate(
        {
            "breakpoints": run.breakpoints,
            "on_error": run.on_error,
            "stop_seconds": run.stop_seconds,
            "stops": [_summary(stop) for stop in shown.stops],
        }
    )


def _summary(stop: DebugStop) -> dict[str, Any]:
    told: dict[str, Any] = {
        name: stop.details[name] for name in ("breakpoint", "item", "problem", "error") if name in stop.details
    }
    return {
        "id": stop.id,
        "node_id": stop.node_id,
        "iteration": stop.iteration,
        "reason": stop.reason,
        "created_at": stop.created_at,
        "expires_at": stop.expires_at,
        **told,
    }
