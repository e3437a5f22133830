"""Moments as people and programs write them, read the same wherever a date is compared or waited for."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final

from stepweave.model.zones import UnknownTimeZone, time_zone

FORMS: Final = "2026-12-24, 2026-12-24T18:00, 2026-12-24T18:00+01:00, 2026-W52-4 or Thu, 24 Dec 2026 18:00:00 GMT"
"""Examples for messages."""
_DATE: Final = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?|(?P<months>[0-9]{2})(?P<days>[0-9]{2})"
    r"|-?W(?P<week>[0-9]{2})(?:-?(?P<weekday>[1-7]))?|-?(?P<ordinal>[0-9]{3}))?"
)
"""ISO 8601: calendar dates, weeks and days of the year, with hyphens or without."""
_TIME: Final = re.compile(
    r"(?P<hour>[0-9]{2})(?::?(?P<minute>[0-9]{2})(?::?(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]+))?)?)?"
    r"\s?(?P<offset>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_MAIL: Final = re.compile(r"(?:[A-Za-z]{3}, ?)?[0-9]{1,2} [A-Za-z]{3} [0-9]{4} [0-9]{1,2}:.*", re.DOTALL)
"""RFC 2822's dates, which HTTP writes too."""
_MILLISECONDS: Final = re.compile(r"-?[0-9]{10,16}")
"""Text of so many digits is no date of ISO 8601: it is what `Date.now()` or an API gave as text."""
_MICROSECOND_DIGITS: Final = 6
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def read_moment(value: Any, zone: str) -> datetime | None:
    """Return the moment that a value is, in UTC, or None where it is none.

    Args:
        value: text in ISO 8601 (a date alone is its midnight, a month its first day, a week its Monday) or as mails and
            HTTP write it (RFC 2822); a number, or text of at least ten digits: milliseconds since 1970, as JavaScript
            counts.
        zone: the IANA name of the time zone that text without an offset is in. Where clocks skip such a time, it is the
            moment after; where they repeat it, the first.

    Raises:
        UnknownTimeZone: there is no such zone, and the text needs one.
    """
    try:
        if isinstance(value, str):
            return _read(value.strip(), zone)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _EPOCH + timedelta(milliseconds=value)
    except UnknownTimeZone:
        raise
    except (ValueError, OverflowError):
        return None
    return None


def _read(text: str, zone: str) -> datetime | None:
    if _MILLISECONDS.fullmatch(text):
        return _EPOCH + timedelta(milliseconds=int(text))
    if _MAIL.fullmatch(text):
        from email.utils import parsedate_to_datetime

        moment = parsedate_to_datetime(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    day, time = text, ""
    if divided := re.search(r"[Tt ]", text):
        day, time = text[: divided.start()], text[divided.end() :]
    date, clock = _DATE.fullmatch(day), _TIME.fullmatch(time or "00")
    if date is None or clock is None or (divided and not time):
        return None
    local = _midnight(date) + _since_midnight(clock)
    return local.replace(tzinfo=_zone(clock["offset"], zone)).astimezone(UTC)


def _midnight(date: re.Match[str]) -> datetime:
    year = int(date["year"])
    if date["week"]:
        return datetime.fromisocalendar(year, int(date["week"]), int(date["weekday"] or 1))
    if date["ordinal"]:
        day = datetime(year, 1, 1) + timedelta(days=int(date["ordinal"]) - 1)
        if day.year != year:
            raise ValueError(date[0])
        return day
    return datetime(year, int(date["month"] or date["months"] or 1), int(date["day"] or date["days"] or 1))


def _since_midnight(clock: re.Match[str]) -> timedelta:
    hour, minute, second = (int(clock[name] or 0) for name in ("hour", "minute", "second"))
    fraction = (clock["fraction"] or "")[:_MICROSECOND_DIGITS].ljust(_MICROSECOND_DIGITS, "0")
    whole = timedelta(hours=hour, minutes=minute, seconds=second, microseconds=int(fraction))
    # 24:00 is the next day's midnight, and nothing is later (ISO 8601).
    if minute > 59 or second > 59 or whole > timedelta(hours=24):
        raise ValueError(clock[0])
    return whole


def _zone(offset: str | None, zone: str) -> tzinfo:
    if offset is None:
        return time_zone(zone)
    if offset in "Zz":
        return UTC
    # Python's own reading of an offset, behind any moment.
    written = offset if ":" in offset else f"{offset[:3]}:{offset[3:] or '00'}"
    return datetime.fromisoformat(f"2000-01-01T00:00:00{written}").tzinfo or UTC
