"""The history of one execution."""

import time
from typing import Any

from local.emulator.states.errors import StateError

EVENT_LIMIT = 25_000


class History:
    """Events in the shape GetExecutionHistory answers; `events` is the list that MiniStack stores."""

    def __init__(self, events: list[dict[str, Any]]) -> None:
        self.events = events

    def add(self, kind: str, previous: int, details: dict[str, Any] | None = None, key: str = "") -> int:
        """Append an event after `previous` and return its id."""
        events = self.events
        number = len(events) + 1
        if number > EVENT_LIMIT and not kind.startswith("Execution"):
            raise StateError(
                "States.Runtime", f"The execution reached the maximum number of history events ({EVENT_LIMIT})."
            )
        event: dict[str, Any] = {"timestamp": time.time(), "type": kind, "id": number, "previousEventId": previous}
        if details is not None:
            event[key or kind[0].lower() + kind[1:] + "EventDetails"] = details
        events.append(event)
        return number


class NoHistory(History):
    """Express executions have none."""

    def __init__(self) -> None:
        super().__init__([])

    def add(self, kind: str, previous: int, details: dict[str, Any] | None = None, key: str = "") -> int:
        """Record nothing."""
        return 0
