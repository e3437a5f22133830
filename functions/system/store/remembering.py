"""The store's operations on what models remember: talks by session."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from functions.system.store.asked import Asked, Do, Operation, within
from stepweave_data.link import Connection
from stepweave_data.store.errors import StoreValueInvalid
from stepweave_data.store.memory import MOST_DAYS, MOST_WINDOW, Place, Talks

MOST_TURN: Final = 1_000
"""Messages of a turn."""
_ROLES: Final = ("user", "assistant")


def _recall(connection: Connection, asked: Asked, it: Operation) -> Any:
    return Talks(connection, asked.tenant_id).recall(_place(asked, it), _window(it), str(it.get("but") or ""))


def _older(connection: Connection, asked: Asked, it: Operation) -> Any:
    return Talks(connection, asked.tenant_id).older(_place(asked, it), _window(it))


def _summarise(connection: Connection, asked: Asked, it: Operation) -> Any:
    return Talks(connection, asked.tenant_id).summarise(_place(asked, it), str(it["summary"]), int(it["upto"]))


def _remember(connection: Connection, asked: Asked, it: Operation) -> Any:
    days = it.get("keepDays")
    return Talks(connection, asked.tenant_id).remember(
        _place(asked, it), _turn(it["messages"]), None if days is None else within(days, MOST_DAYS)
    )


def _place(asked: Asked, it: Operation) -> Place:
    return Place.of(it, asked.project(it), asked.workflow_id)


def _window(it: Operation) -> int:
    return min(max(int(it["window"]), 0), MOST_WINDOW)


def _turn(messages: Any) -> Sequence[Mapping[str, Any]]:
    """Return a turn's messages. Raises StoreValueInvalid."""
    if not isinstance(messages, list) or not 1 <= len(messages) <= MOST_TURN:
        raise StoreValueInvalid(
            f"A turn is a list of 1 to {MOST_TURN:,} messages.", "Remember what was said and answered.", "messages"
        )
    for number, message in enumerate(messages, 1):
        if not isinstance(message, dict) or message.get("role") not in _ROLES:
            raise StoreValueInvalid(
                f"The role of message {number} is none of {', '.join(_ROLES)}.", "Name who said it.", "messages"
            )
        if not isinstance(message.get("content"), str):
            raise StoreValueInvalid(f"The content of message {number} is no text.", "Give text.", "messages")
    return messages


REMEMBERING: Final[Mapping[str, Do]] = {
    "recall": _recall,
    "older": _older,
    "summarise": _summarise,
    "remember": _remember,
}
