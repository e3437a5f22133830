"""Lambda handler of the store: `{"tenantId", "zone", "operations", "stop"}` (contracts.md, "The store").

It answers `{"results": [{"value"} or {"error"}]}`, one for each operation from the first on, as far as it came.
"""

from functools import cache
from typing import Any

from functions.system.store.serving import serve
from stepweave_data.link import Link
from stepweave_data.telemetry import Metric, about, count, observed


@observed
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Do operations of a tenant's nodes, in their order."""
    about(tenant_id=str(event.get("tenantId")))
    answer = serve(event, link())
    refused = sum("error" in result for result in answer["results"])
    count(Metric.DONE, len(answer["results"]) - refused)
    if refused:
        count(Metric.REFUSED, refused)
    return answer


@cache
def link() -> Link:
    """Return this worker's connection."""
    return Link()
