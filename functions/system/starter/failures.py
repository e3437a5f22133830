"""Executions that failed: what starts the error workflow, with what."""

import os
from datetime import UTC, datetime
from typing import Any, Final

from functions.system.starter import callees
from functions.system.starter.callees import Refused
from stepweave.model.events import ErrorInfo
from stepweave.runtime.starting import execution_id_of
from stepweave_data.link import Connection, Link
from stepweave_data.telemetry import about, logger

_FAILED: Final = """
WITH RECURSIVE up AS (
  SELECT id, trigger, parent_execution_id, 1 AS depth FROM executions WHERE id = %s
  UNION ALL
  SELECT x.id, x.trigger, x.parent_execution_id, up.depth + 1
  FROM up JOIN executions x ON x.id = up.parent_execution_id WHERE up.depth < 50
)
SELECT x.status, x.mode, x.error, x.started_at, w.id, w.name, v.document, (SELECT bool_or(trigger = 'error') FROM up),
       x.ended_at, x.trigger, x.workflow_version, x.parent_execution_id, x.environment
FROM executions x JOIN workflows w ON w.id = x.workflow_id
LEFT JOIN workflow_versions v ON v.workflow_id = x.workflow_id AND v.number = x.workflow_version
WHERE x.id = %s
"""
_RETRY_OF: Final = """
SELECT data #>> '{trigger,origin}' FROM execution_events WHERE execution_id = %s AND id = %s
"""
_NODE: Final = """
SELECT node_id FROM node_runs WHERE execution_id = %s AND status = 'failed'
ORDER BY (error ->> 'type' = 'NeverReported'), ended_at DESC LIMIT 1
"""
_TIMED_OUT: Final[ErrorInfo] = {
    "type": "TimedOut",
    "message": "The execution took longer than it may.",
    "retryable": False,
}


def failed(event: dict[str, Any], link: Link) -> dict[str, Any]:
    """Return the start request of an error workflow, or `{"skipped": reason}`.

    Args:
        event: `tenantId`, `executionId` of the execution that failed.
        link: Postgres.

    Raises:
        psycopg.Error: Postgres could not say.
    """
    tenant_id, execution_id = event["tenantId"], event["executionId"]
    about(tenant_id=tenant_id, execution_id=execution_id)
    try:
        return link.tenant(tenant_id, lambda it: _request(it, tenant_id, execution_id))
    except Refused as refused:
        # Nobody waits for an answer; whoever looks for the missing start finds why in the log.
        logger().warning("an error workflow was not started", reason=refused.message)
        return {"skipped": refused.message}


def _request(connection: Connection, tenant_id: str, execution_id: str) -> dict[str, Any]:
    row = connection.execute(_FAILED.encode(), (execution_id, execution_id)).fetchone()
    if row is None:
        return {"skipped": "the execution is gone"}
    status, mode, error, started_at, workflow_id, name, document, by_error, *rest = row
    ended_at, trigger, version, parent, place = rest
    if status not in ("failed", "timed_out") or mode != "live" or document is None:
        return {"skipped": "the execution is no published one that failed"}
    if by_error:
        return {"skipped": "an error workflow's own failure starts nothing"}
    wanted = document.get("settings", {}).get("errorWorkflowId")
    if not wanted:
        return {"skipped": "the workflow has no error workflow"}
    found = callees.find(connection, tenant_id, str(workflow_id), wanted, "error_trigger", place)
    origin = os.environ.get("STEPWEAVE_PUBLIC_URL", "").rstrip("/")
    node = _node(connection, execution_id, document)
    retry = connection.execute(_RETRY_OF.encode(), (execution_id, f"{execution_id}-started")).fetchone()
    execution = {
        "id": execution_id,
        "url": f"{origin}/executions/{execution_id}",
        "status": status,
        "error": error or _TIMED_OUT,
        "mode": mode,
        "trigger": trigger,
        "startedAt": _text(started_at),
        "endedAt": _text(ended_at) if ended_at is not None else None,
        "lastNodeExecuted": node["name"] if node is not None else None,
        "retryOf": retry[0] if retry is not None else None,
        "parentId": str(parent) if parent is not None else None,
    }
    workflow = {
        "id": str(workflow_id),
        "name": name,
        "version": version,
        "url": f"{origin}/workflows/{workflow_id}",
    }
    item = {"json": {"execution": execution, "workflow": workflow, "node": node}}
    return {
        "target": found.target,
        "trigger": "error",
        "nodeId": found.node_id,
        "items": [item],
        "mode": "live",
        "executionId": execution_id_of("failed", execution_id),
    }


def _node(connection: Connection, execution_id: str, document: dict[str, Any]) -> dict[str, Any] | None:
    """Return the node that failed last, but for those that ended with the execution only."""
    row = connection.execute(_NODE.encode(), (execution_id,)).fetchone()
    if row is None:
        return None
    node = next((node for node in document.get("nodes", ()) if node["id"] == row[0]), None)
    return None if node is None else {key: node[key] for key in ("id", "name", "type")}


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
