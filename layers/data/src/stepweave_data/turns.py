"""Turns: of a workflow with a limit, so many live executions run at once, and the rest wait in order as `queued`.

All live executions of the workflow that have not ended count, but for those that wait. A turn is a row of
`execution_turns` with the request that starts the execution (contracts.md, "Turns"); it stands until the execution has
started, so whoever dies in between loses nothing: after `AGAIN` seconds the turn is given anew. One transaction at a
time looks at a workflow's turns.
"""

from dataclasses import dataclass
from typing import Any, Final

from stepweave.model.json_text import write
from stepweave_data.link import Connection, Link

AGAIN: Final = 120
"""Seconds after which an execution whose turn came and that has not begun is started again; starting is idempotent."""
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('turns ' || %s, 0))"
_RUNNING: Final = """
SELECT count(*) FROM executions x WHERE x.workflow_id = %s AND x.mode = 'live' AND x.status IN ('queued', 'running')
  AND x.id <> %s AND NOT EXISTS (SELECT 1 FROM execution_turns t WHERE t.execution_id = x.id AND t.taken_at IS NULL)
"""
_WAITING: Final = "SELECT count(*) FROM execution_turns WHERE workflow_id = %s AND taken_at IS NULL"
_EXECUTION: Final = """
INSERT INTO executions (id, tenant_id, workflow_id, workflow_version, mode, trigger, status, machine_type, started_at,
                        parent_execution_id, parent_node_id, parent_iteration)
VALUES (%s, %s, %s, %s, 'live', %s, 'queued', %s, now(), %s, %s, %s) ON CONFLICT (id) DO NOTHING
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
_NEXT: Final = """
UPDATE execution_turns SET taken_at = now() WHERE execution_id IN (
  SELECT execution_id FROM execution_turns WHERE workflow_id = %s AND taken_at IS NULL ORDER BY position LIMIT %s)
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
            connection.execute(_LOCK.encode(), (workflow_id,))
            connection.execute(_STARTED.encode(), (workflow_id,))
            lost = connection.execute(_LOST.encode(), (workflow_id, AGAIN)).fetchall()
            row = connection.execute(_LIMIT.encode(), (workflow_id,)).fetchone()
            limit = row[0] if row is not None and row[0] is not None else _ALL
            free = max(limit - _count(connection, _RUNNING, (workflow_id, _NOBODY)), 0)
            found = connection.execute(_NEXT.encode(), (workflow_id, free)).fetchall() if free else []
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
    connection.execute(_LOCK.encode(), (workflow_id,))
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
    )
    connection.execute(_EXECUTION.encode(), values)
    standing = connection.execute(_STANDING.encode(), (id,)).fetchone()
    if standing is None or standing[1] != "queued":
        return True  # it runs already, or has ended: starting it again does nothing
    if standing[0]:
        return True
    free = target["concurrency"] - _count(connection, _RUNNING, (workflow_id, id))
    admitted = free > 0 and _count(connection, _WAITING, (workflow_id,)) == 0
    told = {**request, "admitted": True}
    connection.execute(_TURN.encode(), (id, target["tenant_id"], workflow_id, write(told), admitted))
    return admitted


def limited(request: dict[str, Any]) -> bool:
    """Whether an execution waits for its turn before it starts: its workflow has a limit, and nobody let it in yet."""
    return bool(request["target"].get("concurrency")) and not request.get("admitted") and request["mode"] == "live"


def _count(connection: Connection, query: str, values: tuple[Any, ...]) -> int:
    row = connection.execute(query.encode(), values).fetchone()
    return int(row[0]) if row is not None else 0
