"""The executions that a step has called: how they ended, for whoever waits for them, and an end for those left behind.

A wait of the kind `workflow` names its executions in the order of the items (`executionIds` of its details, or
`executionId` where there is one for all items); an execution knows its caller's run by its `parent_*` columns.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from stepweave.model.events import ErrorInfo, EventType
from stepweave.model.items import NodeOutput
from stepweave.runtime.events import event
from stepweave_data import lanes
from stepweave_data.hooks.waits import Wait, Waits
from stepweave_data.link import Connection

_OF_CALLERS: Final = """
SELECT id::text FROM waits WHERE execution_id = ANY (%s::uuid[]) AND kind = 'workflow' AND state = 'open'
"""
_ANY_OPEN: Final = (
    "SELECT EXISTS (SELECT 1 FROM executions WHERE id = ANY (%s::uuid[]) AND status IN ('queued', 'running'))"
)
# The ids of the ends are given, not made of rows: row-level security would let no index be used then.
_ENDS: Final = """
SELECT x.id::text, x.status, x.error, e.data -> 'output'
FROM unnest(%s::uuid[], %s::text[]) AS c(id, ended)
JOIN executions x ON x.id = c.id
LEFT JOIN execution_events e ON e.execution_id = c.id AND e.id = c.ended AND x.status = 'succeeded'
"""
_LEFT: Final = """
SELECT c.id::text, c.workflow_id::text, c.execution_arn, t.execution_id IS NOT NULL
FROM executions c LEFT JOIN execution_turns t ON t.execution_id = c.id
WHERE c.parent_execution_id = %s AND c.parent_node_id = %s AND c.parent_iteration = %s
  AND c.status IN ('queued', 'running') AND (c.execution_arn IS NOT NULL OR t.execution_id IS NOT NULL)
"""
_ABANDONED: Final = """
SELECT c.id::text, c.workflow_id::text, c.execution_arn, t.execution_id IS NOT NULL
FROM executions c LEFT JOIN execution_turns t ON t.execution_id = c.id
WHERE c.parent_execution_id = ANY (%s::uuid[]) AND c.status IN ('queued', 'running')
  AND (c.execution_arn IS NOT NULL OR t.execution_id IS NOT NULL)
  AND EXISTS (
    SELECT 1 FROM waits w WHERE w.execution_id = c.parent_execution_id AND w.node_id = c.parent_node_id
      AND w.iteration = c.parent_iteration AND w.kind = 'workflow' AND w.state IN ('cancelled', 'expired'))
  AND NOT EXISTS (
    SELECT 1 FROM node_runs r WHERE r.execution_id = c.parent_execution_id AND r.node_id = c.parent_node_id
      AND r.iteration = c.parent_iteration AND r.status IN ('running', 'retrying', 'waiting'))
"""
_END_QUEUED: Final = """
WITH gone AS (
  DELETE FROM execution_turns WHERE execution_id = ANY (%s::uuid[]) AND taken_at IS NULL RETURNING execution_id
)
UPDATE executions SET status = 'cancelled', ended_at = greatest(now(), started_at)
FROM gone WHERE executions.id = gone.execution_id AND executions.status = 'queued' RETURNING executions.id::text
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """A called execution that has ended. One that is gone has no status any more."""

    id: str
    status: str = "gone"
    error: ErrorInfo | None = None
    output: NodeOutput | None = None
    """What its last node gave, where it succeeded and gave anything."""


@dataclass(frozen=True, slots=True)
class Left:
    """A called execution that has not ended, and that can be stopped."""

    id: str
    workflow_id: str
    arn: str | None
    """None for an Express one, which waits for its turn."""
    has_turn: bool
    """Whether it waits for its turn, or its turn has just come."""


Run = tuple[str, str, str]
"""A node run: execution, node and iteration."""


def names(wait: Wait) -> list[str]:
    """Return the ids of the executions that a wait is for, in the order of the items."""
    several: list[str] | None = wait.details.get("executionIds")
    return several if several is not None else [wait.details["executionId"]]


def of_callers(connection: Connection, execution_ids: Collection[str]) -> list[str]:
    """Return the ids of the open waits for workflows in some executions."""
    rows = connection.execute(_OF_CALLERS.encode(), (list(execution_ids),)).fetchall()
    return [id for (id,) in rows]


def ends(connection: Connection, ids: list[str]) -> list[Ended] | None:
    """Return how executions ended, in the order of their ids; None while any has not.

    Whoever holds the lock of the wait for them sees the last end: each end is recorded before it is asked for here.
    """
    row = connection.execute(_ANY_OPEN.encode(), (ids,)).fetchone()
    if row is None or row[0]:
        return None
    found = connection.execute(_ENDS.encode(), (ids, [f"{id}-ended" for id in ids])).fetchall()
    ended = {id: Ended(id, status, error, output) for id, status, error, output in found}
    return [ended.get(id) or Ended(id) for id in ids]


def abandoned(connection: Connection, execution_ids: Collection[str]) -> list[Left]:
    """Return what still runs of what some executions called and do not wait for any more.

    A step that is tried again waits for the executions of its first attempt: nothing is abandoned until it has ended.
    """
    return [Left(*row) for row in connection.execute(_ABANDONED.encode(), (list(execution_ids),)).fetchall()]


def of_runs(connection: Connection, runs: Collection[Run]) -> list[Left]:
    """Return what still runs of what some node runs called."""
    return [Left(*row) for run in runs for row in connection.execute(_LEFT.encode(), run).fetchall()]


def end_queued(waits: Waits, connection: Connection, left: Collection[Left]) -> set[str]:
    """End those of some executions that wait for their turn, and tell of it; return their ids.

    Args:
        waits: whose transaction it is, and who tells.
        connection: in the tenant's transaction.
        left: the executions. One whose turn has come meanwhile is not ended.
    """
    for workflow_id in sorted({one.workflow_id for one in left}):  # nobody gives turns meanwhile
        connection.execute(lanes.LOCK.encode(), (workflow_id,))
    rows = connection.execute(_END_QUEUED.encode(), ([one.id for one in left],)).fetchall()
    ended: set[str] = {id for (id,) in rows}
    for id in sorted(ended):
        waits.tell(connection, id, event(EventType.EXECUTION_CANCELLED, id=f"{id}-ended"))
    return ended


def fields(wait: Wait) -> dict[str, Any]:
    """Return what events about a wait's node run have."""
    found: dict[str, Any] = {"nodeId": wait.node_id, "attempt": wait.attempt}
    return found | {"iteration": wait.iteration} if wait.iteration else found
