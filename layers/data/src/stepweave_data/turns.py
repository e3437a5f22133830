"""Turns: of a workflow with a limit, so many live executions run at once, and the rest wait in order as `queued`.

So do those of a lane, of which one at a time runs (`stepweave_data.lanes`), whatever the workflow's limit, and all of a
tenant for which its plan has no room (`stepweave_data.room`, ADR 59). All live executions of the workflow that have not
ended count, but for those that wait. A turn is a row of `execution_turns` with the request that starts the execution
(contracts.md, "Turns"); it stands until the execution has started, so whoever dies in between loses nothing: after
`AGAIN` seconds the turn is given anew. One transaction at a time looks at a tenant's turns where its plan has limits,
and at a workflow's. Locks are taken in this order: the month's, the tenant's, the workflow's.
"""

from dataclasses import dataclass
from typing import Any, Final

from stepweave.model.json_text import write
from stepweave_data import lanes, room
from stepweave_data.link import Connection, Link
from stepweave_data.no_room import NoRoom

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
VALUES (%s, %s, %s, %s, %s, %s, 'queued', %s, now(), %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING
"""
_TURN: Final = """
INSERT INTO execution_turns (execution_id, tenant_id, workflow_id, request, reason, own, taken_at)
VALUES (%s, %s, %s, %s, %s, %s, CASE WHEN %s THEN now() END) ON CONFLICT (execution_id) DO NOTHING
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
SELECT (v.document #>> '{settings,concurrency}')::integer FROM workflow_live l
JOIN workflow_versions v ON v.workflow_id = l.workflow_id AND v.number = l.version WHERE l.workflow_id = %s
ORDER BY l.environment <> 'production', l.environment LIMIT 1
"""
_WORKFLOWS: Final = """
SELECT workflow_id::text FROM execution_turns WHERE tenant_id = %s GROUP BY workflow_id ORDER BY min(position) LIMIT %s
"""
_WAITS_FOR: Final = """
UPDATE execution_turns SET reason = %s
WHERE tenant_id = %s AND taken_at IS NULL AND reason <> %s AND execution_id = ANY (%s::uuid[])
"""
_LINE: Final = """
SELECT x.id::text, x.lane, t.position FROM execution_turns t JOIN executions x ON x.id = t.execution_id
WHERE t.workflow_id = %s AND t.taken_at IS NULL AND NOT t.own ORDER BY t.position LIMIT %s
"""
_OWN: Final = """
SELECT position, execution_id::text FROM execution_turns
WHERE workflow_id = %s AND taken_at IS NULL AND own ORDER BY position LIMIT %s
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
_MOST_WORKFLOWS: Final = 200
"""Workflows of a tenant whose turns are looked at in one go, those that wait longest first."""


@dataclass(frozen=True)
class Turns:
    """Gives turns. Not thread-safe, as its link."""

    link: Link

    def admit(self, request: dict[str, Any]) -> bool:
        """Whether an execution may start now; else it is queued, and starts when its turn comes.

        Its row is made, unless nothing limits it. May be asked again for the same execution: who was let in, is; who
        waits, waits.

        Args:
            request: what starts it, as the starter takes it; `target.concurrency` is how many of the workflow may run
                at once, and `awaited` says that somebody waits for the answer, who is rather told.

        Raises:
            NoRoom: the plan has no room: not for one that is awaited, or not even for one more that waits.
            psycopg.Error: it cannot be known; nothing has changed.
        """
        return self.link.tenant(request["target"]["tenant_id"], lambda it: admit_within(it, request))

    def next(self, tenant_id: str, workflow_id: str | None = None) -> list[dict[str, Any]]:
        """Give turns to those that wait, as many as may run, and return what starts them, in order.

        Args:
            tenant_id: whose.
            workflow_id: of which workflow, where the tenant's plan has no limits; else, and without, of all.

        Raises:
            psycopg.Error: nothing has changed.
        """
        return self.link.tenant(tenant_id, lambda it: _given(it, tenant_id, workflow_id))

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
    """Let an execution in or queue it, as `Turns.admit`, in a transaction of the tenant. Raises NoRoom."""
    tenant_id, id, is_limited = request["target"]["tenant_id"], request["executionId"], limited(request)
    limits = room.limits_of(connection, tenant_id)
    if limits.month is not None and connection.execute(_STANDING.encode(), (id,)).fetchone() is None:
        room.check_month(connection, limits)
    if not limits.bounded and not is_limited:
        return True
    there = room.room_of(connection, tenant_id, limits, id) if limits.bounded else None
    if is_limited:
        connection.execute(lanes.LOCK.encode(), (request["target"]["workflow_id"],))
    _enter(connection, request)
    standing = connection.execute(_STANDING.encode(), (id,)).fetchone()
    if standing is None or standing[1] != "queued" or standing[0]:
        return True  # it was let in; or it runs already, or has ended: starting it again does nothing
    reason = "" if not is_limited or _may_begin(connection, request) else "workflow"
    if there is not None:
        reason = _for_the_plan(connection, request, limits, there, reason)
    if reason or is_limited:
        told = {**request, "admitted": True}
        workflow_id, own = request["target"]["workflow_id"], bool(told.pop("own", False))
        turn = (id, tenant_id, workflow_id, write(told), reason or "workflow", own, not reason)
        connection.execute(_TURN.encode(), turn)
    return not reason


def _enter(connection: Connection, request: dict[str, Any]) -> None:
    """Write an execution down, where it is not yet."""
    target, parent = request["target"], request.get("parent") or {}
    values = (
        request["executionId"],
        target["tenant_id"],
        target["workflow_id"],
        target["workflow_version"],
        request["mode"],
        request["trigger"],
        target["machine_type"],
        parent.get("executionId"),
        parent.get("nodeId"),
        parent.get("iteration"),
        request.get("lane"),
    )
    connection.execute(_EXECUTION.encode(), values)


def _may_begin(connection: Connection, request: dict[str, Any]) -> bool:
    """Whether an execution's workflow and lane have room for it, and nobody of them waits before it."""
    target, id = request["target"], request["executionId"]
    workflow_id, lane, limit = target["workflow_id"], request.get("lane"), target.get("concurrency")
    if limit and limit <= _count(connection, _RUNNING, (workflow_id, id)):
        return False
    if _count(connection, _WAITING, (workflow_id, lane)):
        return False
    return lane is None or not lanes.busy(connection, workflow_id, lane, id)


def _for_the_plan(
    connection: Connection, request: dict[str, Any], limits: room.Limits, there: room.Room, reason: str
) -> str:
    """Return why an execution waits, of a tenant whose plan has limits; "" where it does not. Raises NoRoom."""
    waiting, for_the_plan = room.waiting(connection, request["target"]["tenant_id"], request["executionId"])
    if not reason and (there.free <= 0 or for_the_plan):
        reason = there.kind
        if request.get("awaited"):
            raise there.refusal()
    if reason and limits.queue is not None and waiting >= limits.queue:
        raise NoRoom("queue", limits.queue, room.BUSY_SECONDS)
    return reason


def _given(connection: Connection, tenant_id: str, workflow_id: str | None) -> list[dict[str, Any]]:
    """Give turns, as `Turns.next`."""
    limits = room.limits_of(connection, tenant_id)
    there = room.room_of(connection, tenant_id, limits, _NOBODY) if limits.bounded else None
    workflows = [workflow_id]
    if workflow_id is None or there is not None:
        found = connection.execute(_WORKFLOWS.encode(), (tenant_id, _MOST_WORKFLOWS)).fetchall()
        workflows = [row[0] for row in found]
    lost: list[dict[str, Any]] = []
    line: list[tuple[int, str]] = []
    for one in workflows:
        connection.execute(lanes.LOCK.encode(), (one,))
        connection.execute(_STARTED.encode(), (one,))
        lost += [row[0] for row in connection.execute(_LOST.encode(), (one, AGAIN)).fetchall()]
        row = connection.execute(_LIMIT.encode(), (one,)).fetchone()
        limit = row[0] if row is not None and row[0] is not None else _ALL
        free = max(limit - _count(connection, _RUNNING, (one, _NOBODY)), 0)
        line += _chosen(connection, str(one), free)
        line += [(int(row[0]), row[1]) for row in connection.execute(_OWN.encode(), (one, _ALL)).fetchall()]
    chosen = [id for _, id in sorted(line)]
    if there is not None:
        chosen, left = chosen[: max(there.free, 0)], chosen[max(there.free, 0) :]
        if left:
            connection.execute(_WAITS_FOR.encode(), (there.kind, tenant_id, there.kind, left))
    taken = connection.execute(_TAKE.encode(), (chosen,)).fetchall() if chosen else []
    if taken:
        connection.execute(_BEGINS.encode(), ([row[1] for row in taken],))
    return lost + [row[2] for row in sorted(taken, key=lambda row: row[0])]


def limited(request: dict[str, Any]) -> bool:
    """Whether it may have to wait for its workflow: that has a limit, or it a lane, and nobody let it in.

    `own` says that the workflow, running, called itself: it would wait for what waits for it.
    """
    if request.get("own"):
        return False
    bounded = request["target"].get("concurrency") or request.get("lane")
    return bool(bounded) and not request.get("admitted") and request["mode"] == "live"


def _chosen(connection: Connection, workflow_id: str, free: int) -> list[tuple[int, str]]:
    """Return which of those that wait may run now, with their places: as many as are free, and one of each lane."""
    if not free:
        return []
    chosen: list[tuple[int, str]] = []
    taken: set[str] = set()
    for id, lane, position in connection.execute(_LINE.encode(), (workflow_id, _ALL)).fetchall():
        if lane is not None:
            if lane in taken or lanes.busy(connection, workflow_id, lane, id):
                taken.add(lane)
                continue
            taken.add(lane)
        chosen.append((position, id))
        if len(chosen) == free:
            break
    return chosen


def _count(connection: Connection, query: str, values: tuple[Any, ...]) -> int:
    row = connection.execute(query.encode(), values).fetchone()
    return int(row[0]) if row is not None else 0
