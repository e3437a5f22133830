"""Turns: of a workflow with a limit, so many live executions run at once, and the rest wait in order as `queued`.

So do those of a lane, of which one at a time runs (`stepweave_data.lanes`), whatever the workflow's limit. All live
executions of the workflow that have not ended count, but for those that wait. A turn is a row of
`execution_turns` with the request that starts the execution (contracts.md, "Turns"); it stands until the execution has
started, so whoever dies in between loses nothing: after `AGAIN` seconds the turn is given anew. One transaction at a
time looks at a workflow's turns.
"""

from dataclasses import dataclass
from typing import Any, Final

from stepweave.model.json_text import write
from stepweave_data import lanes
from stepweave_data.link import Connection, Link

AGAIN: Final = 120
"""Seconds after which an execution whose turn came and that has not begun is started again; starting is idempotent."""
_RUNNING: Final = """
SELECT count(*) FROM executions x WHERE x.workflow_id = %s AND x.mode = 'live' AND x.status IN ('queued', 'running')
  AND x.id <> %s AND NOT EXISTS (SELECT 1 FROM execution_turns t WHERE t.execution_id = x.id AND t.taken_at IS NULL)
"""
_WAITING: Final = """
SELECT count(*) FROM execution_turns t JOIN executions x ON x.id = t.execution_id
WHERE t.workflow_id = %s AND t.taken_at IS NULL AND x.lane IS NOT DISTINCT FROM %s
"""
_EXECUTION: Final = """
INSERT INTO executions (id, tenant_id, workflow_id, workflow_version, mode, trigger, status, machine_type, started_at,
                        parent_execution_id, parent_node_id, parent_iteration, lane)
VALUES (%s, %s, %s, %s, 'live', %s, 'queued', %s, now(), %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING
"""
_TURN: Final = """
INSERT INTO execution_turns (execution_id, tenant_id, workflow_id, request, taken_at)
VALUES (%s, %s, %s, %s, CASE WHEN %s THEN now() END) ON CONFLICT (execution_id) DO NOTHING
"""
_STANDING: Final = """
SELECT t.taken_at IS NOT NULL, x.status FROM executions x LEFT JOIN execution_turns t ON t.execution_id = x.id
WHERE x.id = %s
"""
_STARTED: Final = """
DELETE FROM execution_turns t USING executions x
WHERE t.workflow_id = %s AND x.id = t.execution_id AND x.status <> 'queued'
"""
_LOST: Final = """
UPDATE execution_turns SET taken_at = now()
WHERE workflow_id = %s AND taken_at < now() - make_interval(secs => %s) RETURNING request
"""
_LIMIT: Final = """
SELECT (v.document #>> '{settings,concurrency}')::integer FROM workflows w
JOIN workflow_versions v ON v.workflow_id = w.id AND v.number = w.published_version WHERE w.id = %s
"""
_LINE: Final = """
SELECT x.id::text, x.lane FROM execution_turns t JOIN executions x ON x.id = t.execution_id
WHERE t.workflow_id = %s AND t.taken_at IS NULL ORDER BY t.position LIMIT %s
"""
_TAKE: Final = """
UPDATE execution_turns SET taken_at = now() WHERE execution_id = ANY (%s::uuid[])
RETURNING position, execution_id, request
"""
_BEGINS: Final = "UPDATE executions SET started_at = now() WHERE id = ANY (%s) AND status = 'queued'"
_REQUEST: Final = "SELECT request FROM execution_turns WHERE execution_id = %s AND taken_at IS NOT NULL"
_NOBODY: Final = "00000000-0000-0000-0000-000000000000"
_ALL: Final = 1000
"""Turns given at once where the workflow has no limit any more."""


@dataclass(frozen=True)
class Turns:
    """Gives turns. Not thread-safe, as its link."""

    link: Link

    def admit(self, request: dict[str, Any]) -> bool:
        """Whether an execution may start now; else it is queued, and starts when its turn comes.

        Its row is made. May be asked again for the same execution: who was let in, is; who waits, waits.

        Args:
            request: what starts it, as the starter takes it; `target.concurrency` is how many may run at once.

        Raises:
            psycopg.Error: it cannot be known; nothing has changed.
        """
        return self.link.tenant(request["target"]["tenant_id"], lambda it: admit_within(it, request))

    def next(self, tenant_id: str, workflow_id: str) -> list[dict[str, Any]]:
        """Give turns to those that wait, as many as may run, and return what starts them, in order.

        Raises:
            psycopg.Error: nothing has changed.
        """

        def work(connection: Connection) -> list[dict[str, Any]]:
            connection.execute(lanes.LOCK.encode(), (workflow_id,))
            connection.execute(_STARTED.encode(), (workflow_id,))
            lost = connection.execute(_LOST.encode(), (workflow_id, AGAIN)).fetchall()
            row = connection.execute(_LIMIT.encode(), (workflow_id,)).fetchone()
            limit = row[0] if row is not None and row[0] is not None else _ALL
            free = max(limit - _count(connection, _RUNNING, (workflow_id, _NOBODY)), 0)
            chosen = _chosen(connection, workflow_id, free)
            found = connection.execute(_TAKE.encode(), (chosen,)).fetchall() if chosen else []
            if found:
                connection.execute(_BEGINS.encode(), ([row[1] for row in found],))
            return [row[0] for row in lost] + [row[2] for row in sorted(found)]

        return self.link.tenant(tenant_id, work)

    def request(self, tenant_id: str, execution_id: str) -> dict[str, Any]:
        """Return what starts an execution whose turn has come, or `{"skipped": reason}`. Raises psycopg.Error."""
        row = self.link.tenant(tenant_id, lambda it: it.execute(_REQUEST.encode(), (execution_id,)).fetchone())
        found: dict[str, Any] = (
            row[0] if row is not None else {"skipped": "its turn is gone: it was started or cancelled"}
        )
        return found

    def release(self, request: dict[str, Any]) -> None:
        """Take back an execution that was let in and could not be started; nothing is left. Raises psycopg.Error."""
        tenant_id, id = request["target"]["tenant_id"], request["executionId"]
        self.link.tenant(
            tenant_id,
            lambda it: it.execute(
                b"DELETE FROM executions WHERE id = %s AND status = 'queued' AND last_seq = 0", (id,)
            ),
        )


def admit_within(connection: Connection, request: dict[str, Any]) -> bool:
    """Let an execution in or queue it, as `Turns.admit`, in a transaction of the tenant."""
    target, id = request["target"], request["executionId"]
    workflow_id, parent = target["workflow_id"], request.get("parent") or {}
    connection.execute(lanes.LOCK.encode(), (workflow_id,))
    values = (
        id,
        target["tenant_id"],
        workflow_id,
        target["workflow_version"],
        request["trigger"],
        target["machine_type"],
        parent.get("executionId"),
        parent.get("nodeId"),
        parent.get("iteration"),
        request.get("lane"),
    )
    connection.execute(_EXECUTION.encode(), values)
    standing = connection.execute(_STANDING.encode(), (id,)).fetchone()
    if standing is None or standing[1] != "queued":
        return True  # it runs already, or has ended: starting it again does nothing
    if standing[0]:
        return True
    lane, limit = request.get("lane"), target.get("concurrency")
    admitted = not limit or limit > _count(connection, _RUNNING, (workflow_id, id))
    admitted = admitted and _count(connection, _WAITING, (workflow_id, lane)) == 0
    admitted = admitted and (lane is None or not lanes.busy(connection, workflow_id, lane, id))
    told = {**request, "admitted": True}
    connection.execute(_TURN.encode(), (id, target["tenant_id"], workflow_id, write(told), admitted))
    return admitted


def limited(request: dict[str, Any]) -> bool:
    """Whether it may have to wait for its turn: its workflow has a limit, or it a lane, and nobody let it in."""
    bounded = request["target"].get("concurrency") or request.get("lane")
    return bool(bounded) and not request.get("admitted") and request["mode"] == "live"


def _chosen(connection: Connection, workflow_id: str, free: int) -> list[str]:
    """Return which of those that wait may run now, in order: as many as are free, and one of each lane."""
    if not free:
        return []
    chosen: list[str] = []
    taken: set[str] = set()
    for id, lane in connection.execute(_LINE.encode(), (workflow_id, _ALL)).fetchall():
        if lane is not None:
            if lane in taken or lanes.busy(connection, workflow_id, lane, id):
                taken.add(lane)
                continue
            taken.add(lane)
        chosen.append(id)
        if len(chosen) == free:
            break
    return chosen


def _count(connection: Connection, query: str, values: tuple[Any, ...]) -> int:
    row = connection.execute(query.encode(), values).fetchone()
    return int(row[0]) if row is not None else 0
