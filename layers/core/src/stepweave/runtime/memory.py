"""What models are to remember, for a step: talks by session, kept by the function `store` (ADR 38).

A talk belongs to the workflow, unless its memory is shared by name. It never travels through states: a step asks for it
and writes to it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from stepweave.model.json_text import mended
from stepweave.runtime.storing import Store
from stepweave.runtime.storing import once as named

MOST_MESSAGE: Final = 1024 * 1024
"""Bytes of a message as JSON; texts in a larger one are cut."""
MOST_TURN: Final = 4 * 1024 * 1024
"""Of a turn: Lambda takes 6 MB (Lambda quotas)."""
_LEAST_TEXT: Final = 256


@dataclass(frozen=True, slots=True)
class Recalled:
    """What a model is told of a talk.

    Attributes:
        summary: of what is older; "" where there is none.
        messages: of the newest turns, oldest first, as they were remembered.
        older: how many messages before these are not in the summary.
    """

    summary: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)
    older: int = 0


@dataclass(frozen=True, slots=True)
class Older:
    """What a summary is made of: the one there is, the messages behind it, and the mark for `Memory.summarise`."""

    summary: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)
    upto: int = 0


class Memory:
    """The talks of a workflow, or of a memory that workflows share.

    Args:
        store: the tenant's.
        workflow_id: whose talks they are.
        name: of the memory that workflows share; "" for the workflow's own.
        within: `workspace` for one that all workflows of the tenant share.
    """

    def __init__(self, store: Store, workflow_id: str, name: str = "", within: str = "") -> None:
        self._store, self._workflow_id, self._name, self._within = store, workflow_id, name, within

    def shared(self, name: str, within: str = "") -> "Memory":
        """Return the memory that all workflows of the project share who name it so, or all of the tenant (`within` the
        `workspace`); "" for the workflow's own."""
        return Memory(self._store, self._workflow_id, name.strip(), within)

    def recall(self, session: str, window: int, but: str = "") -> Recalled:
        """Return the newest turns of a talk; nothing where there is none, or its time is past.

        Args:
            session: the talk's key.
            window: how many turns; fewer come where they are large (3 MB together), one in any case.
            but: what a turn is known by (`remember`'s `once`) that is left out: that of an attempt before.

        Raises:
            MemorySessionInvalid: it cannot be a key.
            StoreUnavailable: the memory could not be asked.
        """
        place = self._place(session)
        left_out = {"but": named(but, "remember", *place.values())} if but else {}
        given = self._store.do({"do": "recall", **place, "window": window, **left_out})
        return Recalled(given["summary"], given["messages"], given["older"])

    def older(self, session: str, window: int) -> Older:
        """Return the oldest messages before the window that are not in the summary, at most 512 KB or one turn."""
        given = self._store.do({"do": "older", **self._place(session), "window": window})
        return Older(given["summary"], given["messages"], given["upto"])

    def remember(self, session: str, messages: Sequence[dict[str, Any]], *, once: str, keep_days: int | None) -> None:
        """Append a turn: what was said, and all up to the answer.

        It is done once, however often it is tried, and whole: turns of executions at once stand behind each other.
        Texts of messages that are too large are cut, with a mark.

        Args:
            session: the talk's key.
            messages: `{"role": "user" or "assistant", "content": text}`; other fields are kept as they are.
            once: what the turn is known by, the same over attempts and resumes: an item's idempotency key.
            keep_days: after how many days without a further turn the talk is forgotten; None for never.

        Raises:
            MemorySessionInvalid: it cannot be a key.
            StoreValueInvalid: it is no list of messages.
            MemoryFull: there are as many talks as there may be.
            StoreUnavailable: the memory could not be asked; it may be done.
        """
        place = self._place(session)
        known = named(once, "remember", *place.values())
        self._store.do({"do": "remember", **place, "messages": fitting(messages), "keepDays": keep_days, "once": known})

    def summarise(self, session: str, summary: str, upto: int) -> bool:
        """Keep a summary in place of what `older` gave; False where another one goes further, or the talk is gone."""
        given = self._store.do({"do": "summarise", **self._place(session), "summary": _text(summary), "upto": upto})
        return bool(given["kept"])

    def _place(self, session: str) -> dict[str, str]:
        of = {"shared": self._name} if self._name else {"workflowId": self._workflow_id}
        if self._name and self._within:
            of["within"] = self._within
        return {**of, "session": str(session)}


def fitting(messages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return messages that can be kept: without half characters and NUL, and none larger than it may be."""
    made = [_mended(mended(message)[0]) for message in messages]
    sizes = [len(json.dumps(message)) for message in made]
    most = MOST_MESSAGE if sum(sizes) <= MOST_TURN else min(MOST_MESSAGE, MOST_TURN // len(made))
    return [message if size <= most else _cut(message, most) for message, size in zip(made, sizes, strict=True)]


def _cut(message: dict[str, Any], most: int) -> dict[str, Any]:
    """Return a message whose longest texts are cut, as far as they must be."""
    length = most
    while length > _LEAST_TEXT:
        length //= 2
        cut: dict[str, Any] = _shortened(message, length)
        if len(json.dumps(cut)) <= most:
            return cut
    return {"role": message.get("role"), "content": _shortened(str(message.get("content")), length)}


def _shortened(value: Any, length: int) -> Any:
    if isinstance(value, dict):
        return {key: _shortened(one, length) for key, one in value.items()}
    if isinstance(value, list):
        return [_shortened(one, length) for one in value]
    if isinstance(value, str) and len(value) > length:
        return f"{value[:length]}\n[{len(value) - length:,} more characters were not kept]"
    return value


def _mended(value: Any) -> Any:
    if isinstance(value, dict):
        return {_text(key): _mended(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_mended(one) for one in value]
    return _text(value) if isinstance(value, str) else value


def _text(text: str) -> str:
    """Return text that Postgres keeps: it takes no NUL."""
    return text.replace("\x00", "")
