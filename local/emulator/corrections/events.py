"""EventBridge: what it remembers of the events that went through it."""

from typing import Any

from ministack.services import eventbridge

from local.emulator.registry import correction

EVENTS_KEPT = 1_000


@correction
def events_log() -> None:
    """Remember the last thousand events only.

    AWS: events are not stored, unless in an archive.

    Replaces `eventbridge._events_log_list` (140), a list that grows with every event and is written out at the end.

    Delete when MiniStack bounds it.
    """
    original = eventbridge._events_log_list

    def bounded() -> Any:
        log = original()
        if len(log) > 2 * EVENTS_KEPT:
            del log[:-EVENTS_KEPT]
        return log

    eventbridge._events_log_list = bounded
