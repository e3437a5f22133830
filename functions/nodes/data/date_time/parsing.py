"""Reading a date that is written in a format of Luxon's tokens."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any, Final

from functions.nodes.data.date_time.names import names_of
from functions.nodes.data.date_time.tokens import expanded
from stepweave.model.zones import UnknownTimeZone, time_zone

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DIGITS: Final = {
    "y": "[0-9]{1,6}",
    "yy": "[0-9]{2}(?:[0-9]{2})?",
    "yyyy": "[0-9]{4}",
    "M": "[0-9]{1,2}",
    "MM": "[0-9]{2}",
    "L": "[0-9]{1,2}",
    "LL": "[0-9]{2}",
    "d": "[0-9]{1,2}",
    "dd": "[0-9]{2}",
    "o": "[0-9]{1,3}",
    "ooo": "[0-9]{3}",
    "H": "[0-9]{1,2}",
    "HH": "[0-9]{2}",
    "h": "[0-9]{1,2}",
    "hh": "[0-9]{2}",
    "m": "[0-9]{1,2}",
    "mm": "[0-9]{2}",
    "s": "[0-9]{1,2}",
    "ss": "[0-9]{2}",
    "S": "[0-9]{1,3}",
    "SSS": "[0-9]{3}",
    "u": "[0-9]{1,9}",
    "uu": "[0-9]{1,2}",
    "uuu": "[0-9]",
    "kkkk": "[0-9]{4}",
    "W": "[0-9]{1,2}",
    "WW": "[0-9]{2}",
    "E": "[1-7]",
    "c": "[1-7]",
    "q": "[1-4]",
    "X": r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?",
    "x": "-?[0-9]{1,16}",
    "Z": "[+-][0-9]{1,2}(?::[0-9]{2})?",
    "ZZ": "(?:[+-][0-9]{2}:[0-9]{2}|Z)",
    "ZZZ": "[+-][0-9]{4}",
    "z": "[A-Za-z_]{1,20}(?:/[A-Za-z0-9_+-]{1,30}){0,2}",
}
"""What numbers of each token look like; every one is bounded, so no text takes long."""
_NAMED: Final = {
    "MMM": ("months", "abbreviated"),
    "MMMM": ("months", "wide"),
    "LLL": ("standalone_months", "abbreviated"),
    "LLLL": ("standalone_months", "wide"),
    "EEE": ("days", "abbreviated"),
    "EEEE": ("days", "wide"),
    "ccc": ("days", "abbreviated"),
    "cccc": ("days", "wide"),
}
_TWO_DIGITS_FROM: Final = 60
"""Two digits from 61 on are years of 19xx (Luxon's `Settings.twoDigitCutoffYear`)."""


class FormatError(ValueError):
    """A text does not fit a format, or a format cannot be read. `str()` says why."""


def parsed(text: str, pattern: str, locale: str, zone: tzinfo) -> tuple[datetime, tzinfo | None]:
    """Return the local time (naive) that a text is, and its offset or zone where the format has one.

    Args:
        text: without white space around.
        pattern: in Luxon's tokens.
        locale: of names.
        zone: for what is missing: the year, where the format has none, is this year there.

    Raises:
        FormatError: it does not fit, or is no date (30 February).
        DateInvalid: there is no such language.
    """
    expression, keys = _compiled(pattern, locale)
    found = expression.fullmatch(text)
    if found is None:
        raise FormatError("it is written otherwise")
    values: dict[str, Any] = {}
    for number, key in enumerate(keys, 1):
        if values.setdefault(key, found[number]) != found[number]:
            raise FormatError(f"it says {key} twice, and not the same")
    return _built(values, locale, zone)


@lru_cache(maxsize=256)
def _compiled(pattern: str, locale: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    parts: list[str] = []
    keys: list[str] = []
    names = names_of(locale)
    for token in expanded(pattern, locale):
        if token.is_literal:
            parts.extend(r"\s" if one.isspace() else re.escape(one) for one in token.text)
        elif token.text in _NAMED:
            kind, width = _NAMED[token.text]
            words = sorted(getattr(names, kind)[width], key=len, reverse=True)
            parts.append("(" + "|".join(re.escape(word).rstrip(".") + r"\.?" for word in words) + ")")
            keys.append(token.text)
        elif token.text == "a":
            words = sorted({*names.halves, "AM", "PM"}, key=len, reverse=True)
            parts.append("(" + "|".join(re.escape(word) for word in words) + ")")
            keys.append("a")
        elif token.text in _DIGITS:
            parts.append(f"({_DIGITS[token.text]})")
            keys.append(token.text)
        else:
            raise FormatError(f"{token.text} is no token that dates are read by; put text in 'quotes'")
    if not keys:
        raise FormatError("the format has no token")
    return re.compile("".join(parts), re.IGNORECASE), tuple(keys)


def _built(values: dict[str, str], locale: str, zone: tzinfo) -> tuple[datetime, tzinfo | None]:
    try:
        if stamp := values.get("X") or values.get("x"):
            scale = 1_000_000 if "X" in values else 1000
            return _EPOCH.replace(tzinfo=None) + timedelta(microseconds=round(float(stamp) * scale)), UTC
        date = _date(values, locale, zone)
        hour, wait = _hour(values, locale), _first(values, "S", "SSS")
        micro = int(wait) * 1000 if wait else int((_first(values, "u", "uu", "uuu") or "0").ljust(6, "0")[:6])
        minute, second = int(_first(values, "m", "mm") or 0), int(_first(values, "s", "ss") or 0)
        next_day = hour == 24 and not (minute or second or micro)
        local = datetime(date.year, date.month, date.day, 0 if next_day else hour, minute, second, micro)
        local += timedelta(days=1 if next_day else 0)
        weekday = _named(values, "days", locale, "EEE", "EEEE", "ccc", "cccc") or int(_first(values, "E", "c") or 0)
        if weekday and "W" not in values and "WW" not in values and weekday != local.isoweekday():
            raise FormatError("the weekday is another")
        return local, _offset(values)
    except FormatError:
        raise
    except (ValueError, OverflowError) as error:
        raise FormatError(f"{error}") from None


def _date(values: dict[str, str], locale: str, zone: tzinfo) -> datetime:
    if week := _first(values, "W", "WW"):
        day = _named(values, "days", locale, "EEE", "EEEE", "ccc", "cccc") or int(_first(values, "E", "c") or 1)
        week_year = int(values.get("kkkk") or _year(values) or datetime.now(zone).isocalendar().year)
        return datetime.fromisocalendar(week_year, int(week), day)
    given = _year(values)
    month = _named(values, "months", locale, "MMM", "MMMM") or _named(
        values, "standalone_months", locale, "LLL", "LLLL"
    )
    month = month or int(_first(values, "M", "MM", "L", "LL") or 0)
    day = int(_first(values, "d", "dd") or 0)
    if not (given or month or day or "o" in values or "ooo" in values or "q" in values):
        today = datetime.now(zone)
        return datetime(today.year, today.month, today.day)
    year = given or datetime.now(zone).year
    if ordinal := _first(values, "o", "ooo"):
        date = datetime(year, 1, 1) + timedelta(days=int(ordinal) - 1)
        if date.year != year:
            raise FormatError(f"{year} has no day {ordinal}")
        return date
    if "q" in values and not month:
        month = int(values["q"]) * 3 - 2
    if not given and not month:
        month = datetime.now(zone).month
    return datetime(year, month or 1, day or 1)


def _year(values: dict[str, str]) -> int:
    if short := values.get("yy"):
        year = int(short)
        return year if len(short) > 2 else year + (1900 if year > _TWO_DIGITS_FROM else 2000)
    return int(_first(values, "yyyy", "y") or 0)


def _hour(values: dict[str, str], locale: str) -> int:
    if hour := _first(values, "H", "HH"):
        return int(hour)
    half = values.get("a", "").casefold()
    clock = int(_first(values, "h", "hh") or (12 if half else 0))
    if not half:
        return clock
    if clock > 12 or clock == 0:
        raise FormatError(f"there is no hour {clock} with {values['a']}")
    is_late = half in (names_of(locale).halves[1].casefold(), "pm")
    return clock % 12 + (12 if is_late else 0)


def _named(values: dict[str, str], kind: str, locale: str, short: str, wide: str, *more: str) -> int:
    """Return the number, from 1, of a month or weekday by its name; 0 where the format has none."""
    names = getattr(names_of(locale), kind)
    for key in (short, wide, *more):
        if key in values:
            width = "abbreviated" if len(key) == 3 else "wide"
            told = values[key].rstrip(".").casefold()
            return next(number for number, name in enumerate(names[width], 1) if name.rstrip(".").casefold() == told)
    return 0


def _offset(values: dict[str, str]) -> tzinfo | None:
    if name := values.get("z"):
        try:
            return time_zone(name)
        except UnknownTimeZone as error:
            raise FormatError(str(error).rstrip(".")) from None
    text = _first(values, "Z", "ZZ", "ZZZ")
    if not text:
        return None
    if text in "Zz":
        return UTC
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    return timezone((timedelta(hours=hours, minutes=minutes)) * (-1 if text[0] == "-" else 1))


def _first(values: dict[str, str], *keys: str) -> str:
    return next((values[key] for key in keys if values.get(key)), "")
