"""Output that comes bit by bit, shown while a step runs. It is for people who watch, and never the step's result.

What comes between two tellings is told together, in one event of a bounded size; an attempt tells a bounded number of
characters. Each part says where it begins, so that whoever shows it sees when something is missing.
"""

import json
from threading import Lock
from typing import Any, Final

from stepweave.model.events import PartialText
from stepweave.model.json_text import mended_text

MOST_CHARACTERS: Final = 64 * 1024
"""Of one attempt, all of its items together."""
_MOST_BYTES: Final = 20_000
"""Of JSON in one event: more would not fit a browser's message (`stepweave_data.history.messages`)."""
_WIDEST: Final = 12
"""Bytes of JSON that one character takes at most."""


class Partial:
    """One attempt's partial output. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: dict[int, str] = {}
        self._told: dict[int, int] = {}
        self._left = MOST_CHARACTERS
        self._cut: set[int] = set()

    def add(self, part: Any, index: int) -> bool:
        """Take what has come; return whether it is the first that is to be shown.

        Args:
            part: text, which is put behind what came before; other data is a line of JSON.
            index: the input item that it belongs to.
        """
        text = part if isinstance(part, str) else json.dumps(part, ensure_ascii=False, default=str) + "\n"
        with self._lock:
            kept = mended_text(text[: self._left])
            if len(text) > self._left and index not in self._cut:
                self._cut.add(index)
                self._waiting.setdefault(index, "")
            is_first = bool(kept) and self._left == MOST_CHARACTERS
            self._left -= len(kept)
            if kept:
                self._waiting[index] = self._waiting.get(index, "") + kept
        return is_first

    def take(self) -> list[PartialText]:
        """Return what is to be told now, as much as fits an event."""
        parts: list[PartialText] = []
        with self._lock:
            room = _MOST_BYTES
            for index, text in list(self._waiting.items()):
                now = _fitting(text, room)
                if len(now) < len(text) and not now:
                    break
                room -= len(json.dumps(now))
                part: PartialText = {"item": index, "offset": self._told.get(index, 0), "text": now}
                self._told[index] = part["offset"] + len(now)
                if len(now) == len(text):
                    del self._waiting[index]
                    if index in self._cut:
                        part["cut"] = True
                else:
                    self._waiting[index] = text[len(now) :]
                parts.append(part)
        return parts


def _fitting(text: str, room: int) -> str:
    """Return the beginning of a text whose JSON has `room` bytes at most, nearly the longest."""
    text = text[: max(room, 0)]
    while text and (size := len(json.dumps(text))) > room:
        text = text[: len(text) * max(room, 0) // (size + _WIDEST)]
    return text
