"""Lambda handler of the WebSocket API: $connect, $disconnect, subscribe, unsubscribe, ping, and whatever else comes."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.data_classes import APIGatewayWebSocketEvent

from functions.system.live.channels import Caller, Live
from stepweave_data.history.connections import Connections
from stepweave_data.history.live import Watchers, connect
from stepweave_data.history.store import History
from stepweave_data.redis_link import redis_url
from stepweave_data.telemetry import Metric, about, count, observed


@observed
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Serve one frame."""
    frame = APIGatewayWebSocketEvent(event)
    request = frame.request_context
    about(connection_id=request.connection_id)
    match request.route_key:
        case "$connect":
            live().connected(Caller.of(request))
        case "$disconnect":
            live().disconnected(request.connection_id)
        case _:
            live().message(Caller.of(request), frame.decoded_body or "")
    count(Metric.DONE)
    return {"statusCode": 200}


@cache
def live() -> Live:
    """Return this worker's."""
    return Live(Watchers(connect(redis_url())), History(), Connections.from_environment())
