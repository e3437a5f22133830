"""Runs that wait in a region or a round that has failed: Step Functions has let go of them, and nobody can answer them.

The step that tells of such a failure names the nodes that may have been waiting beside it (`cutOff` of its `node.log`).
"""

import json
from collections.abc import Collection
from typing import Any, Final

from stepweave.model.events import ErrorInfo, EventType
from stepweave.runtime.events import event
from stepweave_data.hooks import called
from stepweave_data.hooks.waits import Waits
from stepweave_data.link import Connection

_RUNS: Final = """
WITH cut AS (
  SELECT e.execution_id, coalesce(e.data ->> 'iteration', '') AS iteration,
         json_array_elements_text(e.data -> 'cutOff') AS node_id,
         e.data #>> '{data,node,id}' AS failed, e.data ->> 'data' AS error
  FROM execution_events e JOIN executions x ON x.id = e.execution_id
  WHERE e.execution_id = ANY (%(ids)s::uuid[]) AND e.seq > x.last_seq - %(back)s AND e.type = 'node.log'
    AND e.data -> 'cutOff' IS NOT NULL
)
SELECT r.execution_id::text, r.node_id, r.iteration, r.attempt, max(cut.error) FILTER (WHERE cut.failed = r.node_id)
FROM cut JOIN node_runs r ON r.execution_id = cut.execution_id AND r.node_id = cut.node_id AND r.status = 'waiting'
WHERE cut.iteration IN ('', r.iteration) OR starts_with(r.iteration, cut.iteration || '.')
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3
"""
_CANCEL: Final = """
UPDATE waits SET state = 'cancelled', resolved_at = now()
WHERE execution_id = %s AND node_id = %s AND iteration = %s AND state = 'open' RETURNING kind
"""
BACK: Final = 500
"""How many events back a failure is looked for: what was about to wait when it came tells so a moment later."""
ERROR: Final[ErrorInfo] = {
    "type": "CutOff",
    "message": "Something else in the same try or round failed, so nobody waits for this any more.",
    "remedy": "Look at the node that failed.",
    "retryable": False,
}


def cut_off(waits: Waits, connection: Connection, execution_ids: Collection[str]) -> list[called.Left]:
    """End what waits in regions and rounds that have failed, and tell of it: each as cut off, but what failed itself.

    Args:
        waits: whose transaction it is, and who tells.
        connection: in the tenant's transaction.
        execution_ids: the executions to look at.

    Returns:
        The executions that were called from there and go on for nobody.
    """
    runs = connection.execute(_RUNS.encode(), {"ids": list(execution_ids), "back": BACK}).fetchall()
    callers: list[called.Run] = []
    for execution_id, node_id, iteration, attempt, own in runs:
        rows = connection.execute(_CANCEL.encode(), (execution_id, node_id, iteration)).fetchall()
        callers += [(execution_id, node_id, iteration) for (kind,) in rows if kind == "workflow"]
        fields: dict[str, Any] = {"nodeId": node_id, "attempt": attempt, "error": ERROR if own is None else _own(own)}
        if iteration:
            fields["iteration"] = iteration
        id = f"{execution_id}-{node_id}-cut-{iteration}-{attempt}"
        waits.tell(connection, execution_id, event(EventType.NODE_FAILED, id=id, **fields))
    return called.of_runs(connection, callers)


def _own(text: str) -> ErrorInfo:
    """Return the error of a node that waited, and failed itself: its time was over."""
    error: ErrorInfo = json.loads(text)
    error.pop("node", None)
    return error
