"""Lambda handler of the REQUEST authorizer on $connect."""

import hashlib
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.data_classes.api_gateway_authorizer_event import (
    APIGatewayAuthorizerRequestEvent,
    APIGatewayAuthorizerResponseWebSocket,
)

from stepweave.aws.origin import came_through
from stepweave_data.history.live import Watchers, connect
from stepweave_data.hooks.requests import caller
from stepweave_data.redis_link import redis_url
from stepweave_data.telemetry import Metric, about, count, observed


@observed
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Take the ticket of the query string; allow with its tenant and user, or deny.

    Who came past CloudFront takes no ticket.
    """
    request = APIGatewayAuthorizerRequestEvent(event)
    text = (request.get("queryStringParameters") or {}).get("ticket", "")
    through = came_through(event.get("headers") or {})
    digest = hashlib.sha256(text.encode()).hexdigest()
    ticket = watchers().take_ticket(digest) if text and through else None
    principal = ticket["userId"] if ticket else "nobody"
    policy = APIGatewayAuthorizerResponseWebSocket.from_route_arn(request.method_arn, principal, ticket or {})
    if ticket:
        about(tenant_id=ticket["tenantId"])
        policy.allow_route("$connect")
    else:
        policy.deny_route("$connect")
        if text and through:
            watchers().refused_ticket(digest, caller(event))
    count(Metric.DONE if ticket else Metric.REFUSED)
    return policy.asdict()


@cache
def watchers() -> Watchers:
    """Return this worker's."""
    return Watchers(connect(redis_url()))
