"""Lambda handler of the API."""

from functools import cache
from typing import Any

from mangum import Mangum

from api.app import create_app
from stepweave_data.telemetry import count_status, observed

_app = create_app()


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
