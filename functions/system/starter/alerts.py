"""Alerts that are told to a workflow: what starts it, with what."""

from typing import Any

from functions.system.starter import callees
from functions.system.starter.callees import Refused
from stepweave.runtime.starting import execution_id_of
from stepweave_data.link import Link
from stepweave_data.telemetry import about


def alerted(event: dict[str, Any], link: Link) -> dict[str, Any]:
    """Return the start request of a workflow that is told of alerts, or `{"skipped": reason}`.

    Args:
        event: `tenantId`, `workflowId`, and `told`: what it gets as its one item. Its `id` makes the execution's, so
            that what is told twice is started once.
        link: Postgres.

    Raises:
        psycopg.Error: Postgres could not say.
    """
    tenant_id, workflow_id = event["tenantId"], event["workflowId"]
    about(tenant_id=tenant_id)
    try:
        found = link.tenant(tenant_id, lambda it: callees.find(it, tenant_id, "", workflow_id, "workflow_trigger"))
    except Refused as refused:
        return {"skipped": refused.message}
    return {
        "target": found.target,
        "trigger": "workflow",
        "nodeId": found.node_id,
        "items": [{"json": event["told"]}],
        "mode": "live",
        "executionId": execution_id_of("alert", event["told"]["id"]),
    }
