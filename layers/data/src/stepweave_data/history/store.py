"""The history in Postgres: recording batches, and reading an execution's events back. Plain psycopg, for speed.

Recording is the busiest statement of the platform: one prepared call, one round trip.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC
from functools import reduce
from typing import Any, Final, NamedTuple
from uuid import UUID

from stepweave.model.events import Event, EventBatch
from stepweave.model.usage import Usage, added
from stepweave_data.history.folding import Fold, shown
from stepweave_data.history.stored_json import json_text
from stepweave_data.link import Link

PAGE: Final = 200
"""Events read at once: at 256 KB each, the most a message has, they take 50 MB."""
_RECORD: Final = """SELECT record_events(%s::uuid, %s::jsonb, %b::text[]),
                           set_config('synchronous_commit', 'on', true)"""
"""On disk before it is answered, however the server is set up: what was recorded is gone from the queue, and no crash
must take it back."""
_EVENTS: Final = """SELECT seq, id, type, node_id, at, data FROM execution_events
                    WHERE execution_id = %s AND seq > %s ORDER BY seq LIMIT %s"""
_MAY_WATCH: Final = """
SELECT CASE %(kind)s
  WHEN 'execution' THEN may_watch(%(user)s, 'workflow', (SELECT workflow_id FROM executions WHERE id = %(id)s))
  ELSE may_watch(%(user)s, %(kind)s, %(id)s)
END
FROM memberships WHERE user_id = %(user)s AND EXISTS (
  SELECT 1 FROM refresh_tokens WHERE family_id = %(session)s AND user_id = %(user)s AND revoked_at IS NULL)
"""
"""Whether they may, by their role and their projects. No row: the user is no member any more, or the session has
ended."""
_WATCH_REACH: Final = """
SELECT everywhere, projects, workflows FROM watch_reach(%(user)s) WHERE EXISTS (
  SELECT 1 FROM refresh_tokens WHERE family_id = %(session)s AND user_id = %(user)s AND revoked_at IS NULL)
"""
_PROJECTS: Final = "SELECT id, project_id FROM workflows WHERE id = ANY (%s::uuid[])"
MOST_SEQ: Final = 2**31 - 1
"""`integer` in Postgres."""


class WatchReach(NamedTuple):
    """What of a tenant somebody may watch: all of it (`everywhere`), or executions of projects and of workflows."""

    everywhere: bool
    projects: frozenset[str]
    workflows: frozenset[str]


@dataclass(frozen=True)
class Recorded:
    """What recording gave: the events by execution, numbered, in order; and each execution as it is now.

    Events that were recorded before are among them, so that telling them can be repeated too.
    """

    events: dict[str, list[Event]]
    executions: list[dict[str, Any]]
    awaited: frozenset[str] = frozenset()
    """Express executions whose webhook's caller waits for their answer."""
    abandoned: frozenset[str] = frozenset()
    """Those of the executions that have stopped waiting for a workflow without its answer, now or before."""

    @property
    def used(self) -> Usage:
        """What the events tell was used."""
        told = (event["usage"] for events in self.events.values() for event in events if event.get("usage"))
        return reduce(added, told, Usage())


class History:
    """Records and reads events over one connection. Not thread-safe."""

    def __init__(self, url: str | None = None) -> None:
        self._link = Link(url)

    def record(self, tenant_id: str, batches: Sequence[EventBatch]) -> Recorded:
        """Record batches of one tenant, in the order they were received. May be repeated.

        Raises:
            psycopg.Error: nothing was recorded; with OperationalError the same may work later.
            KeyError, TypeError, ValueError, AttributeError: a batch is none.
        """
        fold = Fold(batches)
        row = self._link.call(_RECORD, (tenant_id, json_text(fold.changes), list(map(json_text, fold.documents))))
        answer = row[0] if row else {"events": [], "executions": [], "abandoned": []}
        names = {batch["context"]["executionId"]: batch["context"]["workflowName"] for batch in batches}
        executions = [{**execution, "workflowName": names[execution["id"]]} for execution in answer["executions"]]
        awaited = {batch["context"]["executionId"] for batch in batches if batch["context"].get("awaited")}
        return Recorded(
            _numbered(batches, answer["events"]), executions, frozenset(awaited), frozenset(answer["abandoned"])
        )

    def events(self, tenant_id: str, execution_id: str, after: int, most: int = PAGE) -> list[Event]:
        """Return an execution's events behind a number, in order; empty for another tenant's execution."""
        values = (execution_id, after, most)
        rows = self._link.tenant(tenant_id, lambda it: it.execute(_EVENTS, values, prepare=True).fetchall())
        return [read_event(*row) for row in rows]

    def may_watch(self, tenant_id: str, user_id: str, session_id: str, kind: str, id: str) -> bool | None:
        """Whether a user may watch an execution, a workflow or the tenant itself (`kind`), which must be the tenant's.

        Returns:
            None where the user is no member any more, or the session has ended.
        """
        try:
            values = {"kind": kind, "user": UUID(user_id), "session": UUID(session_id)}
        except ValueError:
            return None
        try:
            values["id"] = UUID(id)
        except ValueError:
            values |= {"kind": "", "id": UUID(int=0)}
        found = self._link.tenant(tenant_id, lambda it: it.execute(_MAY_WATCH, values, prepare=True).fetchone())
        return None if found is None else bool(found[0])

    def watch_reach(self, tenant_id: str, user_id: str, session_id: str) -> "WatchReach | None":
        """Return what of a tenant a user may watch; None where they are no member any more, or the session is over."""
        try:
            values = {"user": UUID(user_id), "session": UUID(session_id)}
        except ValueError:
            return None
        found = self._link.tenant(tenant_id, lambda it: it.execute(_WATCH_REACH, values, prepare=True).fetchone())
        if found is None:
            return None
        return WatchReach(found[0], frozenset(map(str, found[1])), frozenset(map(str, found[2])))

    def projects_of(self, tenant_id: str, workflow_ids: Collection[str]) -> dict[str, str]:
        """Return the project of each of some workflows."""
        rows = self._link.tenant(tenant_id, lambda it: it.execute(_PROJECTS, (list(workflow_ids),)).fetchall())
        return {str(id): str(project_id) for id, project_id in rows}

    def close(self) -> None:
        """Close the connection."""
        self._link.close()


def _numbered(batches: Sequence[EventBatch], told: list[dict[str, Any]]) -> dict[str, list[Event]]:
    numbers = {(entry["executionId"], entry["id"]): entry["seq"] for entry in told}
    events: dict[str, list[Event]] = {}
    for batch in batches:
        execution_id = batch["context"]["executionId"]
        for event in batch["events"]:
            seq = numbers.pop((execution_id, event["id"]), None)
            if seq is not None:
                events.setdefault(execution_id, []).append({**shown(event), "seq": seq})
    for found in events.values():
        found.sort(key=lambda event: event["seq"])
    return events


def read_event(seq: int, id: str, type: str, node_id: str | None, at: Any, data: dict[str, Any]) -> Event:
    """Return an event from its row."""
    time = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    event: dict[str, Any] = {"seq": seq, "id": id, "type": type, "at": time, **data}
    if node_id is not None:
        event["nodeId"] = node_id
    return event  # type: ignore[return-value]  # its keys are those that were stored
