"""Texts that are dates, as spreadsheets keep them."""

import re
from datetime import date, datetime
from typing import Final

_DATE: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?")


def parts_of(text: str) -> tuple[int, int, int, int, int, int, bool] | None:
    """Return year, month, day, hour, minute and second, and whether there is a time; None for text that is no date.

    A time with an offset is none, since a sheet would lose the offset; one in UTC counts as it is written.
    """
    if not 10 <= len(text) <= 32 or text[4] != "-":
        return None
    found = _DATE.fullmatch(text)
    if found is None or found[7] not in (None, "Z"):
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    try:
        date(year, month, day)
        datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
    return year, month, day, hour, minute, second, found[4] is not None


def moment_of(text: str) -> str | None:
    """Return a date or a time without a zone (`2026-01-31T10:30:00`), as ODF writes it; None for other text."""
    found = parts_of(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, timed = found
    days = f"{year:04}-{month:02}-{day:02}"
    return f"{days}T{hour:02}:{minute:02}:{second:02}" if timed else days
