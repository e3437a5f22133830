"""A conversation's messages in Postgres: one under way at a time, each with the execution that answers it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import psycopg

from functions.system.chat.targets import ChatTarget, View
from stepweave_data.link import Connection

MOST: Final = 100
"""Messages that a page shows, the latest."""
_ADD: Final = """
INSERT INTO chat_turns (execution_id, tenant_id, workflow_id, node_id, session_id, message_id, text, files, view,
                        expires_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb, now() + make_interval(days => %s))
ON CONFLICT (execution_id) DO NOTHING
"""
_KEEP: Final = "UPDATE chat_turns SET expires_at = now() + make_interval(days => %s) WHERE session_id = %s"
_COLUMNS: Final = "execution_id, message_id, text, files, view, state, answer, created_at"
_OF_SESSION: Final = f"""
SELECT {_COLUMNS} FROM chat_turns WHERE session_id = %s AND expires_at > now()
ORDER BY created_at DESC, execution_id LIMIT %s
"""  # noqa: S608  # a constant
_ONE: Final = f"SELECT {_COLUMNS} FROM chat_turns WHERE execution_id = %s AND session_id = %s AND expires_at > now()"  # noqa: S608  # a constant
_RUNNING: Final = f"SELECT {_COLUMNS} FROM chat_turns WHERE session_id = %s AND state = 'running'"  # noqa: S608  # a constant
_END: Final = "UPDATE chat_turns SET state = %s, answer = %s WHERE execution_id = %s AND state = 'running'"
_DROP: Final = "DELETE FROM chat_turns WHERE execution_id = %s"


class Busy(Exception):
    """Another message of the conversation is under way."""


@dataclass(frozen=True)
class Turn:
    """A message and what became of it."""

    execution_id: str
    message_id: str
    text: str
    files: list[dict[str, Any]]
    view: View
    state: str
    answer: str | None
    created_at: datetime

    @property
    def seconds(self) -> float:
        """How old it is."""
        return (datetime.now(UTC) - self.created_at).total_seconds()


@dataclass(frozen=True)
class Message:
    """A message that is to be answered."""

    execution_id: str
    session_id: str
    message_id: str
    text: str
    files: list[dict[str, Any]]


def add(connection: Connection, target: ChatTarget, it: Message) -> bool:
    """Write a message down. Return whether it is new. Raises Busy."""
    start = target["start"]
    values = (
        it.execution_id,
        start["tenant_id"],
        start["workflow_id"],
        target["nodeId"],
        it.session_id,
        it.message_id,
        it.text,
        json.dumps(it.files),
        json.dumps(target["view"]),
        target["keepDays"],
    )
    try:
        with connection.transaction():
            added = connection.execute(_ADD.encode(), values).rowcount
    except psycopg.errors.UniqueViolation:
        raise Busy from None
    connection.execute(_KEEP.encode(), (target["keepDays"], it.session_id))
    return bool(added)


def of_session(connection: Connection, session_id: str) -> list[Turn]:
    """Return a conversation's latest messages, in their order."""
    rows = connection.execute(_OF_SESSION.encode(), (session_id, MOST)).fetchall()
    return [_turn(*row) for row in reversed(rows)]


def find(connection: Connection, execution_id: str, session_id: str) -> Turn | None:
    """Return a message of a conversation, or None."""
    row = connection.execute(_ONE.encode(), (execution_id, session_id)).fetchone()
    return _turn(*row) if row else None


def running(connection: Connection, session_id: str) -> Turn | None:
    """Return the message that is under way, or None."""
    row = connection.execute(_RUNNING.encode(), (session_id,)).fetchone()
    return _turn(*row) if row else None


def end(connection: Connection, execution_id: str, state: str, answer: str | None = None) -> None:
    """Write down what became of a message; the first end stays."""
    connection.execute(_END.encode(), (state, answer, execution_id))


def drop(connection: Connection, execution_id: str) -> None:
    """Forget a message that started nothing."""
    connection.execute(_DROP.encode(), (execution_id,))


def _turn(execution_id: Any, *more: Any) -> Turn:
    return Turn(str(execution_id), *more)
