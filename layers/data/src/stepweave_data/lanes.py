"""Lanes: executions of which one at a time runs, as those of a schedule that must not overlap.

`executions.lane` names it, the id of the trigger node, and is set by whoever starts an execution that must know of
those before it. Whoever asks holds the lock of the workflow's turns (`stepweave_data.turns`).
"""

from typing import Any, Final

from stepweave_data.link import Connection

LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('turns ' || %s, 0))"
_BUSY: Final = """
SELECT EXISTS (SELECT 1 FROM executions x WHERE x.workflow_id = %s AND x.lane = %s AND x.mode = 'live'
  AND x.status IN ('queued', 'running') AND x.id <> %s
  AND NOT EXISTS (SELECT 1 FROM execution_turns t WHERE t.execution_id = x.id AND t.taken_at IS NULL))
"""
_ENTER: Final = """
INSERT INTO executions (id, tenant_id, workflow_id, workflow_version, mode, trigger, status, machine_type, started_at,
                        lane)
VALUES (%s, %s, %s, %s, 'live', %s, 'queued', %s, now(), %s) ON CONFLICT (id) DO NOTHING
"""


def busy(connection: Connection, workflow_id: str, lane: str, execution_id: str) -> bool:
    """Whether another execution of a lane runs."""
    row = connection.execute(_BUSY.encode(), (workflow_id, lane, execution_id)).fetchone()
    return bool(row and row[0])


def enter(connection: Connection, request: dict[str, Any], lane: str) -> bool:
    """Write an execution down as the one of its lane, or return False where another one runs.

    May be asked again for the same execution. One that is written down and never starts is ended by the sweeper.
    """
    target, id = request["target"], request["executionId"]
    connection.execute(LOCK.encode(), (target["workflow_id"],))
    if busy(connection, target["workflow_id"], lane, id):
        return False
    values = (
        id,
        target["tenant_id"],
        target["workflow_id"],
        target["workflow_version"],
        request["trigger"],
        target["machine_type"],
        lane,
    )
    connection.execute(_ENTER.encode(), values)
    return True
