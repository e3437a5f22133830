"""The history in Postgres: recording batches, and reading an execution's events back. Plain psycopg, for speed.

Recording is the busiest statement of the platform; it is one prepared call, and JSON goes to the server as text.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb, set_json_dumps

from stepweave.model.events import Event, EventBatch
from stepweave_data.database import CONNECT_SECONDS, database_url
from stepweave_data.history.folding import fold

set_json_dumps(lambda value: json.dumps(value).replace("\\u0000", "\\ufffd"))
"""Postgres' jsonb cannot hold NUL (manual, 8.14); it becomes the replacement character."""
PAGE: Final = 500


@dataclass(frozen=True)
class Recorded:
    """What recording gave: the events that are new, numbered, by execution; and each execution as it is now."""

    events: dict[str, list[Event]]
    executions: list[dict[str, Any]]


class History:
    """One connection, opened when first needed and again when it breaks. Not thread-safe."""

    def __init__(self, url: str | None = None) -> None:
        self._url = url
        self._connection: psycopg.Connection | None = None

    def record(self, tenant_id: str, batches: Sequence[EventBatch]) -> Recorded:
        """Record batches of one tenant, in the order they were received. May be repeated.

        Raises:
            psycopg.Error: nothing was recorded.
        """
        with self._tenant(tenant_id) as connection:
            row = connection.execute("SELECT record_events(%s)", (Jsonb(fold(batches)),), prepare=True).fetchone()
        answer = row[0] if row else {"events": [], "executions": []}
        numbers = {(entry["executionId"], entry["id"]): entry["seq"] for entry in answer["events"]}
        events: dict[str, list[Event]] = {}
        for batch in batches:
            execution_id = batch["context"]["executionId"]
            for event in batch["events"]:
                seq = numbers.pop((execution_id, event["id"]), None)
                if seq is not None:
                    events.setdefault(execution_id, []).append({**event, "seq": seq})
        return Recorded(events, answer["executions"])

    def events(self, tenant_id: str, execution_id: str, after: int, most: int = PAGE) -> list[Event]:
        """Return an execution's events behind a number, in order; empty for another tenant's execution."""
        with self._tenant(tenant_id) as connection:
            rows = connection.execute(
                """SELECT seq, id, type, node_id, at, data FROM execution_events
                   WHERE execution_id = %s AND seq > %s ORDER BY seq LIMIT %s""",
                (execution_id, after, most),
            ).fetchall()
        return [read_event(*row) for row in rows]

    def owns(self, tenant_id: str, kind: str, id: str) -> bool:
        """Whether an execution or workflow is the tenant's. `kind` is `execution` or `workflow`."""
        table = {"execution": "executions", "workflow": "workflows"}[kind]
        try:
            UUID(id)
        except ValueError:
            return False
        with self._tenant(tenant_id) as connection:
            query = psycopg.sql.SQL("SELECT 1 FROM {} WHERE id = %s").format(psycopg.sql.Identifier(table))
            return connection.execute(query, (id,)).fetchone() is not None

    def last_seq(self, tenant_id: str, execution_id: str) -> int:
        """Return the number of an execution's last event, 0 where there is none."""
        with self._tenant(tenant_id) as connection:
            row = connection.execute("SELECT last_seq FROM executions WHERE id = %s", (execution_id,)).fetchone()
        return int(row[0]) if row else 0

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @contextmanager
    def _tenant(self, tenant_id: str) -> Iterator[psycopg.Connection]:
        connection = self._ready()
        try:
            # One round trip for both: psycopg's pipeline sends them together.
            with connection.pipeline(), connection.transaction():
                connection.execute("SELECT set_config('app.tenant_id', %s, true)", (tenant_id,), prepare=True)
                yield connection
        except psycopg.OperationalError:
            self.close()
            raise

    def _ready(self) -> psycopg.Connection:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(
                self._url or database_url(), connect_timeout=CONNECT_SECONDS, autocommit=True
            )
        return self._connection


def read_event(seq: int, id: str, type: str, node_id: str | None, at: Any, data: dict[str, Any]) -> Event:
    """Return an event from its row."""
    time = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    event: dict[str, Any] = {"seq": seq, "id": id, "type": type, "at": time, **data}
    if node_id is not None:
        event["nodeId"] = node_id
    return event  # type: ignore[return-value]  # its keys are those that were stored
