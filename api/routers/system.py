"""Node types, live tickets, health."""

from collections.abc import Callable
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import RedisDep, SettingsDep, redis_client, requires, state_machines
from api.permissions import Permission
from api.refusing import refuses
from api.repositories.rows import ping
from api.schemas.system import HealthResponse, NodeTypesResponse, ReadyResponse, TicketResponse
from api.services.compiling import catalogue
from api.services.readiness import Readiness
from api.services.tokens import Principal
from stepweave_data import redis_keys as keys
from stepweave_data.history.live import give_ticket

router = APIRouter(tags=["system"], route_class=JsonRoute)


@cache
def readiness() -> Readiness:
    """Return this process's readiness."""
    return Readiness()


@cache
def catalogue_text() -> bytes:
    """Return the catalogue as it is sent, a megabyte: made once, for nothing changes it but a deployment."""
    return NodeTypesResponse.model_validate(catalogue().to_json()).model_dump_json(by_alias=True).encode()


@router.get("/node-types", operation_id="listNodeTypes", response_model=NodeTypesResponse)
def node_types(_: Annotated[Principal, Depends(requires(Permission.SELF))]) -> Response:
    """Return the catalogue: every node type with its ports, form and documentation, and every credential type."""
    return Response(catalogue_text(), media_type="application/json")


@router.post("/live/ticket", operation_id="createLiveTicket", openapi_extra=refuses(codes.REDIS_UNAVAILABLE))
def live_ticket(
    principal: Annotated[Principal, Depends(requires(Permission.SELF))], deployed: SettingsDep, redis: RedisDep
) -> TicketResponse:
    """Return a ticket for one WebSocket connection; the browser puts it into the URL, so it is short-lived."""
    ticket = give_ticket(redis, str(principal.tenant_id), str(principal.user_id), str(principal.session_id))
    url = deployed.public_url.replace("http", "ws", 1) + "/live"
    return TicketResponse(ticket=ticket, url=url, expires_in=keys.TICKET_SECONDS)


@router.get("/health", operation_id="getHealth")
def health() -> HealthResponse:
    """Say that the API answers."""
    return HealthResponse(status="ok")


@router.get("/ready", operation_id="getReady", responses={503: {"model": ReadyResponse}})
def ready(request: Request, response: Response, asked: Annotated[Readiness, Depends(readiness)]) -> ReadyResponse:
    """Say whether everything the API needs answers; 503 where something does not."""
    found = asked.ask(
        {
            "postgres": ping,
            "redis": lambda: _of(request, redis_client).ping(),
            "stepFunctions": lambda: _of(request, state_machines).check(),
        }
    )
    well = all(outcome == "ok" for outcome in found.values())
    response.status_code = 200 if well else 503
    return ReadyResponse(status="ok" if well else "failing", checks=found)


def _of(request: Request, dependency: Callable[[], Any]) -> Any:
    return request.app.dependency_overrides.get(dependency, dependency)()
