"""What a step tells people while it runs: lines of its log, how far it is, what it uses, and what comes bit by bit."""

import time
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from stepweave.model.events import Event, EventType, LogLevel
from stepweave.runtime.partial import Partial
from stepweave.runtime.parts import StepParts

MOST_LOG_LINES: Final = 1000
_MOST_PLACES: Final = 5
_LONGEST_LINE: Final = 8 * 1024
_PROGRESS_EVERY: Final = 0.5


class Telling:
    """One run's log, progress, usage and partial output."""

    def __init__(self, parts: StepParts) -> None:
        self._parts = parts
        self._lines = 0
        self._progress_at = time.monotonic()
        self.meter = parts.meter
        self.meter.refused = partial(self.log, "warning")
        self.came = Partial()
        parts.outbox.while_running(self._came)

    def log(
        self,
        level: LogLevel,
        message: str,
        data: Any = None,
        *,
        cut_off: Sequence[str] | None = None,
        iteration: str | None = None,
    ) -> None:
        """Write a line to the execution's log; see `Step.log`.

        Args:
            level: how much it matters.
            message: the line.
            data: JSON data beside it.
            cut_off: nodes that wait for nobody any more.
            iteration: the round that it is about, where that is not the step's own.
        """
        self._lines += 1
        if self._lines > MOST_LOG_LINES:
            return
        if self._lines == MOST_LOG_LINES:
            level, message, data = "warning", f"The log ends here: a step may write {MOST_LOG_LINES} lines.", None
        fields: dict[str, Any] = {"level": level, "message": _cut(message)}
        if data is not None:
            fields["data"] = data if len(str(data)) <= _LONGEST_LINE else _cut(str(data))
        if cut_off:
            fields["cutOff"] = list(cut_off)
        if iteration is not None:
            fields["iteration"] = iteration
        self._parts.tell(EventType.NODE_LOG, **fields)

    def mended(self, places: list[str]) -> None:
        """Warn of places where half of a surrogate pair became U+FFFD (`json_text`), where there are any."""
        if places:
            more = f" and {len(places) - _MOST_PLACES} more places" if len(places) > _MOST_PLACES else ""
            shown = ", ".join(places[:_MOST_PLACES])
            self.log("warning", f"Half of a character (of a surrogate pair) became U+FFFD in {shown}{more}.")

    def progress(self, done: int, total: int) -> None:
        """Tell how far the step is; see `Step.progress`."""
        at = time.monotonic()
        if at - self._progress_at >= _PROGRESS_EVERY:
            self._progress_at = at
            self._parts.tell(EventType.NODE_PROGRESS, done=done, total=total)

    def partial(self, part: Any, index: int) -> None:
        """Show what has come so far, the first of it at once; see `Step.partial`."""
        if self.came.add(part, index):
            self._parts.outbox.send_soon()

    def _came(self) -> list[Event]:
        """Return the events of what came since this was asked last; the outbox asks while it tells of a running step.

        Both are bounded by how often it asks (`events.EVERY`).
        """
        told = []
        if usage := self.meter.due():
            told.append(self._parts.made(EventType.NODE_USAGE, usage=usage))
        if parts := self.came.take():
            told.append(self._parts.made(EventType.NODE_PARTIAL, parts=parts))
        return told


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_LINE else text[:_LONGEST_LINE] + "…"
