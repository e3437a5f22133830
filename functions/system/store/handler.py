"""Lambda handler of the store: `{"pass", "zone", "operations", "stop"}` (contracts.md, "The store").

It answers `{"results": [{"value"} or {"error"}]}`, one for each operation from the first on, as far as it came.
"""

from functools import cache
from typing import Any

from functions.system.store.serving import serve
from stepweave.aws.passes import PassRefused
from stepweave_data.link import Link
from stepweave_data.passes import Passes
from stepweave_data.telemetry import Metric, about, count, observed


@observed
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Do operations of a tenant's nodes, in their order."""
    try:
        bearer = passes().bearer(event.get("pass"))
    except PassRefused as error:
        count(Metric.REFUSED)
        refused = {"code": "ContextRefused", "message": str(error), "remedy": "Run the workflow again."}
        return {"results": [{"error": refused}]}
    about(tenant_id=bearer.tenant_id)
    answer = serve({**event, "tenantId": bearer.tenant_id, "workflowId": bearer.workflow_id}, link())
    failed = sum("error" in result for result in answer["results"])
    count(Metric.DONE, len(answer["results"]) - failed)
    if failed:
        count(Metric.REFUSED, failed)
    return answer


@cache
def passes() -> Passes:
    """Return what checks passes in this worker."""
    return Passes(link)


@cache
def link() -> Link:
    """Return this worker's connection."""
    return Link()
