"""Lambda handler of the API."""

from functools import cache
from typing import Any

from fastapi.routing import iter_route_contexts
from mangum import Mangum

from api.app import create_app
from stepweave_data.telemetry import count_status, observed

_app = create_app()
for _ in iter_route_contexts(_app.routes):
    pass
"""FastAPI makes each included route anew at the first request: here Lambda's start does, and forks share it (ADR 2)."""


@observed
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Serve one request (HTTP API, payload 2.0)."""
    answer: dict[str, Any] = _adapter()(event, context)
    count_status(answer["statusCode"])
    return answer


@cache
def _adapter() -> Mangum:
    """This process's: it opens an event loop, which a process that was forked after the import must not share."""
    return Mangum(_app, lifespan="off")
