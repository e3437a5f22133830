"""Lambda handler of the WebSocket API: $connect, $disconnect, subscribe, unsubscribe, ping, and whatever else comes."""

import os
from functools import cache
from typing import Any

from functions.system.live.channels import Caller, Live
from stepweave_data.history.connections import Connections
from stepweave_data.history.live import Watchers, connect
from stepweave_data.history.store import History


def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Serve one frame."""
    request = event["requestContext"]
    match request["routeKey"]:
        case "$connect":
            live().connected(Caller.of(request))
        case "$disconnect":
            live().disconnected(request["connectionId"])
        case _:
            live().message(Caller.of(request), event.get("body") or "")
    return {"statusCode": 200}


@cache
def live() -> Live:
    """Return this worker's."""
    return Live(Watchers(connect(os.environ["STEPWEAVE_REDIS_URL"])), History(), Connections.from_environment())
