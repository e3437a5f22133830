"""What models are to remember: talks by session, each of a workflow or of a memory that workflows share by its name.

A turn is what is written together: what somebody said, and all up to the answer. Turns are given whole, and whoever
writes one holds the talk's row, so that turns of executions at once stand one behind the other. A talk past its time
counts as absent, swept or not. Bounds are kept by forgetting the oldest turns, never by refusing new ones.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID

import psycopg

from stepweave_data.link import Connection
from stepweave_data.store.errors import MemoryFull, MemorySessionInvalid, StoreKeyInvalid
from stepweave_data.store.values import key_text, name_text

MOST_TALKS: Final = 100_000
"""Of a tenant."""
MOST_MESSAGES: Final = 10_000
"""Of a talk; beyond it the oldest turns are forgotten, as they are beyond `MOST_BYTES`."""
MOST_BYTES: Final = 32 * 1024 * 1024
MOST_SUMMARY: Final = 64 * 1024
"""Characters of a summary; a longer one is cut."""
MOST_WINDOW: Final = 1_000
"""Turns that are recalled at most."""
MOST_DAYS: Final = 3_660
_ROOM: Final = 3 * 1024 * 1024
"""Bytes of messages in an answer, about; the newest turn is there in any case."""
_OLDER_ROOM: Final = 512 * 1024
"""Bytes of older messages at once, about: a model has to read them."""
_BEYOND: Final = 2**62
"""A turn that no talk comes to."""

_LIVE: Final = "(expires_at IS NULL OR expires_at > clock_timestamp())"
_PLACE: Final = (
    "tenant_id = %s AND project_id IS NOT DISTINCT FROM %s::uuid AND workflow_id IS NOT DISTINCT FROM %s::uuid "
    "AND shared = %s AND session = %s"
)
_FIND: Final = f"SELECT id, summary, summarised, turns FROM memory_sessions WHERE {_PLACE} AND {_LIVE}"  # noqa: S608
_HOLD: Final = f"SELECT id, {_LIVE} FROM memory_sessions WHERE {_PLACE} FOR UPDATE"  # noqa: S608
_ADD: Final = """
INSERT INTO memory_sessions (tenant_id, project_id, workflow_id, shared, session) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING RETURNING 1
"""
_COUNT: Final = "SELECT count(*) FROM (SELECT FROM memory_sessions WHERE tenant_id = %s LIMIT %s) AS found"
_FORGET: Final = "DELETE FROM memory_messages WHERE session_id = %s"
_ANEW: Final = """
UPDATE memory_sessions SET summary = '', summarised = 0, turns = 0, messages = 0, bytes = 0, created_at = now()
WHERE id = %s
"""
_TURN: Final = """
UPDATE memory_sessions SET turns = turns + 1, messages = messages + %s, bytes = bytes + %s, updated_at = now(),
  expires_at = CASE WHEN %s::float8 IS NULL THEN NULL ELSE clock_timestamp() + make_interval(days => %s) END
WHERE id = %s RETURNING turns, messages, bytes
"""
_WRITE: Final = """
INSERT INTO memory_messages (tenant_id, session_id, turn, message, bytes) VALUES (%s, %s, %s, %s, %s)
"""
_SIZES: Final = """
SELECT turn, count(*), sum(bytes) FROM memory_messages WHERE session_id = %s GROUP BY turn ORDER BY turn DESC LIMIT %s
"""
_DROP: Final = """
WITH gone AS (DELETE FROM memory_messages WHERE session_id = %s AND turn < %s RETURNING bytes),
  sums AS (SELECT count(*) AS messages, coalesce(sum(bytes), 0) AS bytes FROM gone)
UPDATE memory_sessions AS kept SET messages = kept.messages - sums.messages, bytes = kept.bytes - sums.bytes
FROM sums WHERE id = %s RETURNING sums.messages
"""
_MESSAGES: Final = (
    "SELECT message FROM memory_messages WHERE session_id = %s AND turn >= %s AND turn <> %s ORDER BY turn, id"
)
_TURN_OF: Final = "SELECT result -> 'turn' FROM store_done WHERE tenant_id = %s AND once = %s"
_OLDER: Final = "SELECT count(*) FROM memory_messages WHERE session_id = %s AND turn < %s AND id > %s"
_UNSUMMARISED: Final = """
SELECT id, message FROM (
  SELECT id, message, turn, sum(bytes) OVER (ORDER BY turn) AS size, min(turn) OVER () AS first
  FROM memory_messages WHERE session_id = %s AND turn < %s AND id > %s
) AS found WHERE size <= %s OR turn = first ORDER BY turn, id
"""
_SUMMARISE: Final = f"""
UPDATE memory_sessions SET summary = %s, summarised = %s WHERE {_PLACE} AND {_LIVE} AND summarised < %s
  AND EXISTS (SELECT FROM memory_messages WHERE session_id = memory_sessions.id AND memory_messages.id = %s)
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Place:
    """Which talk: the session's key, within a workflow, or a memory that a project's workflows share (`shared`)."""

    workflow_id: str | None
    shared: str
    session: str
    project_id: str | None = None

    @classmethod
    def of(cls, asked: Mapping[str, Any], project_id: str, workflow_id: str = "") -> "Place":
        """Return the place that an operation of a workflow names.

        Args:
            asked: `session`, and `shared` or `workflowId`.
            project_id: whose shared memories they are.
            workflow_id: the only one whose talks are meant; "" where the operation's word counts.

        Raises:
            MemorySessionInvalid, StoreKeyInvalid: it names none.
        """
        try:
            session = key_text(asked.get("session"))
        except StoreKeyInvalid as error:
            raise MemorySessionInvalid(
                error.message.replace("The key", "The session key"),
                "Give what tells talks apart as text: the id of the chat, of the customer or of the e-mail's thread.",
                "session",
            ) from None
        if asked.get("shared"):
            return cls(None, name_text(asked["shared"], "shared memory"), session, project_id)
        return cls(workflow_id or str(UUID(asked["workflowId"])), "", session)


class Talks:
    """The talks of a tenant, within a transaction that is bound to the tenant."""

    def __init__(self, connection: Connection, tenant_id: UUID | str) -> None:
        self._connection, self._tenant_id = connection, str(tenant_id)

    def recall(self, place: Place, window: int, but: str = "") -> dict[str, Any]:
        """Return `{summary, messages, older}`: the newest `window` turns, oldest first, as far as an answer has room.

        `older` counts the messages before them that are not in the summary. The turn that was remembered under the
        name `but` is left out: who tries again is not told of the try before.
        """
        found = self._find(place)
        if found is None:
            return {"summary": "", "messages": [], "older": 0}
        id, summary, summarised, first = *found[:3], self._first(found[0], window, _ROOM)
        messages = [row[0] for row in self._all(_MESSAGES, (id, first, self._turn_of(but)))]
        [[older]] = self._all(_OLDER, (id, first, summarised))
        return {"summary": summary, "messages": messages, "older": older}

    def older(self, place: Place, window: int) -> dict[str, Any]:
        """Return `{summary, messages, upto}`: the oldest messages before the window that are not in the summary.

        `upto` is what `summarise` takes, for a summary of both; 0 where there are none.
        """
        found = self._find(place)
        if found is None:
            return {"summary": "", "messages": [], "upto": 0}
        id, summary, summarised, _ = found
        rows = self._all(_UNSUMMARISED, (id, self._first(id, window, _ROOM), summarised, _OLDER_ROOM))
        return {"summary": summary, "messages": [row[1] for row in rows], "upto": rows[-1][0] if rows else 0}

    def summarise(self, place: Place, summary: str, upto: int) -> dict[str, Any]:
        """Keep a summary of all messages up to one, unless there is one of more, or the talk is another by now."""
        text = summary[:MOST_SUMMARY]
        done = self._connection.execute(
            _SUMMARISE.encode(), (text, upto, *self._values(place), upto, upto), prepare=True
        )
        return {"kept": done.rowcount == 1}

    def remember(self, place: Place, messages: Sequence[Mapping[str, Any]], days: int | None) -> dict[str, Any]:
        """Append a turn and return `{messages, forgotten}`: how many there are, and how many old ones are gone.

        Args:
            place: of which talk; it is there as soon as it is written to.
            messages: of the turn, in their order.
            days: after which without a further turn the talk is gone; None keeps it.

        Raises:
            MemoryFull: there are `MOST_TALKS` talks.
        """
        id, texts = self._hold(place), [json.dumps(message, ensure_ascii=False) for message in messages]
        sizes = [len(text.encode()) for text in texts]
        [[turn, count, size]] = self._all(_TURN, (len(texts), sum(sizes), days, days, id))
        with self._connection.cursor() as cursor:
            rows = [(self._tenant_id, id, turn, text, size) for text, size in zip(texts, sizes, strict=True)]
            cursor.executemany(_WRITE.encode(), rows)
        forgotten = 0
        if count > MOST_MESSAGES or size > MOST_BYTES:
            first = self._first(id, MOST_MESSAGES, MOST_BYTES, MOST_MESSAGES)
            [[forgotten]] = self._all(_DROP, (id, first, id))
        return {"messages": count - forgotten, "forgotten": forgotten, "turn": turn}

    def _first(self, id: UUID, window: int, room: int, most: int = MOST_MESSAGES) -> int:
        """Return the first of the newest `window` turns that have room; the newest one, unless none is wanted."""
        first, messages = _BEYOND, 0
        for turn, count, size in self._all(_SIZES, (id, window)):
            room, messages = room - size, messages + count
            if first < _BEYOND and (room < 0 or messages > most):
                break
            first = turn
        return first

    def _turn_of(self, once: str) -> int:
        """Return the turn that was remembered under a name; one that no talk comes to where there is none."""
        rows = self._all(_TURN_OF, (self._tenant_id, once)) if once else []
        return int(rows[0][0]) if rows and isinstance(rows[0][0], int) else _BEYOND

    def _find(self, place: Place) -> tuple[Any, ...] | None:
        rows = self._all(_FIND, self._values(place))
        return rows[0] if rows else None

    def _hold(self, place: Place) -> UUID:
        """Lock a talk's row, made first where there is none, emptied where its time is past.

        Raises:
            MemoryFull: there are `MOST_TALKS` talks.
            MemorySessionInvalid: its workflow is gone.
        """
        while True:
            for id, is_live in self._all(_HOLD, self._values(place)):
                if not is_live:
                    self._connection.execute(_FORGET.encode(), (id,))
                    self._connection.execute(_ANEW.encode(), (id,))
                return cast("UUID", id)
            [[count]] = self._all(_COUNT, (self._tenant_id, MOST_TALKS))
            if count >= MOST_TALKS:
                raise MemoryFull(
                    f"The memory has {MOST_TALKS:,} talks already.", "Delete some, or have talks expire earlier."
                )
            try:
                self._connection.execute(_ADD.encode(), self._values(place))
            except psycopg.errors.ForeignKeyViolation:
                raise MemorySessionInvalid(
                    "The workflow of this memory is not there any more.", "Use a memory that is shared by its name."
                ) from None

    def _values(self, place: Place) -> tuple[str, str | None, str | None, str, str]:
        return self._tenant_id, place.project_id, place.workflow_id, place.shared, place.session

    def _all(self, query: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        return self._connection.execute(query.encode(), values, prepare=True).fetchall()
