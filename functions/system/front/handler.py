"""Lambda handler of the REQUEST authorizer of all routes of the HTTP API.

CloudFront sends a secret with each request (`stacks.constructs.behaviours`). The gateway's own address is on the
internet like any other; who calls it past CloudFront, its firewall and its word on who calls, has no such header, and
API Gateway refuses them before it asks anybody. It keeps the answer for as long as `stacks.control` says.
"""

from typing import Any

from stepweave.aws.origin import came_through
from stepweave_data.telemetry import Metric, count, observed


@observed
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Return whether a request came through CloudFront (API Gateway's simple response, format 2.0)."""
    through = came_through(event.get("headers") or {})
    count(Metric.DONE if through else Metric.REFUSED)
    return {"isAuthorized": through}
