"""Subtitles as SRT, of segments with times."""

from collections.abc import Sequence
from typing import Any


def subtitles(segments: Sequence[Any]) -> str:
    """Return the text of an SRT file; segments have `start` and `end` in seconds, and `text`."""
    return "\n".join(
        f"{number}\n{_time(one.start)} --> {_time(one.end)}\n{one.text}\n" for number, one in enumerate(segments, 1)
    )


def _time(seconds: float) -> str:
    whole = round(max(seconds, 0) * 1000)
    rest, milliseconds = divmod(whole, 1000)
    minutes, second = divmod(rest, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02},{milliseconds:03}"
