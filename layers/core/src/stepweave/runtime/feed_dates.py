"""Dates of feeds. feedparser reads those of the standards, and guesses at others: `29-11-2026` would be in 2029."""

import re
import time
from datetime import UTC, datetime
from typing import Any, Final

_ZONES: Final = {
    **{"BST": "+0100", "WEST": "+0100", "CET": "+0100", "MEZ": "+0100", "CEST": "+0200", "MESZ": "+0200"},
    **{"EET": "+0200", "EEST": "+0300", "MSK": "+0300", "IST": "+0530", "JST": "+0900", "KST": "+0900"},
    **{"AEST": "+1000", "AEDT": "+1100", "NZST": "+1200", "NZDT": "+1300"},
}
"""Zones that RFC 5322 does not have, as feeds mean them."""
_ZONE: Final = re.compile(rf"(?<=[0-9M])(\s?)\b({'|'.join(_ZONES)})$", re.IGNORECASE)
_SECONDS: Final = re.compile(r"[0-9]{10}(?:[0-9]{3})?")
"""Since 1970, or thousandths of them."""
_HALF: Final = re.compile(r"\b([0-9]{1,2})((?::[0-9]{2}){1,2})\s*([AP])\.?M\b\.?", re.IGNORECASE)
_NAMED: Final = re.compile(r"(?:[A-Za-z]{3,9}\.?,?\s+)?([A-Za-z]{3})[a-z]*\.?\s+([0-9]{1,2}),?\s+([0-9]{4})\b(.*)")
_TIME: Final = r"(?:[T\s]\s*([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,][0-9]+)?)?\s*(Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?"
_YEAR_FIRST: Final = re.compile(
    r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?" + _TIME, re.IGNORECASE
)
_YEAR_LAST: Final = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})" + _TIME, re.IGNORECASE)
_YEAR: Final = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_MONTHS: Final = 12
_HOURS: Final = 12
"""Of half a day."""


def moment_of(text: str, parsed: time.struct_time | None) -> str | None:
    """Return a date as ISO 8601 in UTC; None where it is none, or could be two.

    Args:
        text: as the feed has it.
        parsed: as feedparser reads it, in UTC.
    """
    date = text.strip()
    if _SECONDS.fullmatch(date):
        return _iso(time.gmtime(int(date[:10])))
    plain = _HALF.sub(_whole_day, _ZONE.sub(lambda found: f" {_ZONES[found[2].upper()]}", date))
    if found := _YEAR_FIRST.fullmatch(plain):
        return _of(found[1], found[2], found[3], found[4], found[5])
    if found := _YEAR_LAST.fullmatch(plain):
        day, month = (found[1], found[3]) if found[2] == "." or int(found[1]) > _MONTHS else (found[3], found[1])
        is_one = found[2] == "." or max(int(found[1]), int(found[3])) > _MONTHS
        return _of(found[4], month, day, found[5], found[6]) if is_one else None
    try:
        return _written(datetime.fromisoformat(plain))
    except (ValueError, OverflowError):
        pass
    if found := _NAMED.fullmatch(plain):
        plain = f"{found[2]} {found[1]} {found[3]}{found[4]}"
    read = _read(plain) if plain != date else parsed
    year = _YEAR.search(plain)
    if read is None or (year is not None and abs(int(year[0]) - read.tm_year) > 1):
        return None
    return _iso(read)


def _read(text: str) -> Any:
    from feedparser.datetimes import _parse_date  # only where a feed is read: it costs a cold start

    return _parse_date(text) or _parse_date(f"{text} GMT")  # it wants a zone behind some


def _whole_day(found: re.Match[str]) -> str:
    hour = int(found[1])
    if hour > _HOURS:  # 22:00 PM is met, too
        return f"{found[1]}{found[2]}"
    return f"{hour % _HOURS + (_HOURS if found[3] in 'Pp' else 0):02d}{found[2]}"


def _of(year: str, month: str, day: str, clock: str | None, zone: str | None) -> str | None:
    hours = clock or "00:00"
    hours = f"0{hours}" if hours[1] == ":" else hours
    offset = "+00:00" if zone is None or zone.upper() in ("Z", "UTC", "GMT") else zone
    try:
        return _written(datetime.fromisoformat(f"{year}-{month:0>2}-{day:0>2}T{hours}{offset}"))
    except (ValueError, OverflowError):
        return None


def _iso(parsed: time.struct_time) -> str | None:
    try:
        return _written(datetime(*parsed[:6], tzinfo=UTC))
    except ValueError:  # a leap second, the year 0
        return None


def _written(moment: datetime) -> str:
    known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return known.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
