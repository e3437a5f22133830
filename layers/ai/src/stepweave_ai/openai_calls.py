"""Tool calls of an answer while they come in pieces, from servers that number them in ways of their own."""

import json
from dataclasses import dataclass, field
from typing import Any

from stepweave_ai.talking import ToolCall
from stepweave_ai.tool_calls import new_id


@dataclass(slots=True)
class _Call:
    id: str = ""
    name: str = ""
    arguments: str = ""

    @property
    def is_whole(self) -> bool:
        try:
            return isinstance(json.loads(self.arguments), dict)
        except (ValueError, RecursionError):
            return False


@dataclass(slots=True)
class StreamedCalls:
    """The calls so far, in their order.

    The API says that `index` tells calls apart. Some servers give all of them 0, or none; some of these give ids, whose
    pieces may come in turns; some give one id to all, and a few send the whole arguments once more at the end.
    """

    _calls: list[_Call] = field(default_factory=list)
    _places: dict[int, int] = field(default_factory=dict)
    """Where the call of an index is."""
    _ids: dict[str, int] = field(default_factory=dict)
    """Where the call of an id is."""

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._calls)

    def take(self, piece: Any) -> None:
        """Take a piece, as the SDK gives it."""
        function = piece.function
        name = (function.name if function is not None else "") or ""
        given = function.arguments if function is not None else ""  # a few servers give the object, not its text
        text = given if isinstance(given, str) else json.dumps(given) if given else ""
        index, id = piece.index or 0, piece.id or ""
        place = self._ids.get(id, self._places.get(index)) if id else self._places.get(index)
        if place is None or _begins_another(self._calls[place], id, name, text):
            place = len(self._calls)
            self._calls.append(_Call())
        self._places[index] = place
        call = self._calls[place]
        if id:
            call.id = id
            self._ids[id] = place
        call.name = name or call.name
        if not (text == call.arguments and call.is_whole):
            call.arguments += text

    def calls(self) -> list[ToolCall]:
        """Return them whole, each with an id of its own."""
        seen: set[str] = set()
        made: list[ToolCall] = []
        for call in self._calls:
            id = call.id if call.id and call.id not in seen else new_id()
            seen.add(id)
            made.append(ToolCall(id, call.name, call.arguments or "{}"))
        return made


def _begins_another(call: _Call, id: str, name: str, text: str) -> bool:
    """Return whether a piece is of another call than the one that its index or id points at."""
    if id and call.id and id != call.id:
        return True
    if not name or not call.is_whole:
        return False
    return name != call.name or (text != "" and (text != call.arguments or not id))
