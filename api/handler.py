"""Lambda handler of the API."""

from typing import Any

from mangum import Mangum

from api.app import create_app
from stepweave_data.telemetry import count_status, observed

_serve = Mangum(create_app(), lifespan="off")


@observed
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Serve one request (HTTP API, payload 2.0)."""
    answer: dict[str, Any] = _serve(event, context)
    count_status(answer["statusCode"])
    return answer
