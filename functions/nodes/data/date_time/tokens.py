"""Luxon's format tokens: what each writes of a moment."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from functions.nodes.data.date_time.names import names_of

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_RUN: Final = re.compile(r"'([^']*)'?|([A-Za-z])\2*|[^A-Za-z']+")


class Token(NamedTuple):
    """A run of one letter, or text that stays."""

    text: str
    is_literal: bool


@lru_cache(maxsize=512)
def tokens_of(pattern: str) -> tuple[Token, ...]:
    """Return the parts of a format."""
    found = []
    for run in _RUN.finditer(pattern):
        if run[0].startswith("'"):
            found.append(Token("'" if run[0] == "''" else run[1], True))  # nothing in quotes is a quote
        else:
            found.append(Token(run[0], not run[0][0].isalpha() or not run[0][0].isascii()))
    return tuple(token for token in found if token.text)


def expanded(pattern: str, locale: str) -> Iterator[Token]:
    """Yield the parts of a format, with macros (`DD`, `t`) written out. Raises DateInvalid for an unknown language."""
    macros = names_of(locale).macros
    for token in tokens_of(pattern):
        if not token.is_literal and token.text in macros:
            yield from tokens_of(macros[token.text])
        else:
            yield token


def formatted(moment: datetime, pattern: str, locale: str) -> str:
    """Return a moment in a format. A run of letters that is no token stays as it is, as in Luxon.

    Args:
        moment: with its zone.
        pattern: in tokens.
        locale: of names (`de`, `pt-BR`).

    Raises:
        DateInvalid: there is no such language.
    """
    return "".join(
        token.text if token.is_literal or token.text not in _WRITE else _WRITE[token.text](moment, locale)
        for token in expanded(pattern, locale)
    )


def offset_text(moment: datetime, form: str) -> str:
    """Return the offset from UTC: `Z` +5, `ZZ` +05:00, `ZZZ` +0500."""
    total = int((moment.utcoffset() or timedelta()).total_seconds() // 60)
    sign, (hours, minutes) = "-" if total < 0 else "+", divmod(abs(total), 60)
    if form == "Z":
        return f"{sign}{hours}" + (f":{minutes}" if minutes else "")
    return f"{sign}{hours:02}{':' if form == 'ZZ' else ''}{minutes:02}"


def iso(moment: datetime) -> str:
    """Return a moment as Luxon's `toISO()` writes it: `2026-12-24T18:00:00.000+01:00`, `Z` in UTC itself."""
    text = moment.replace(tzinfo=None).isoformat(timespec="milliseconds")
    return text + ("Z" if zone_name(moment) in ("UTC", "Etc/UTC", "GMT") else offset_text(moment, "ZZ"))


def zone_name(moment: datetime) -> str:
    """Return the IANA name of a moment's zone, or `UTC+2` for an offset."""
    key = getattr(moment.tzinfo, "key", None)
    if isinstance(key, str):
        return key
    total = int((moment.utcoffset() or timedelta()).total_seconds() // 60)
    return "UTC" if total == 0 else f"UTC{offset_text(moment, 'Z')}"


def milliseconds(moment: datetime) -> int:
    """Return the milliseconds since 1970."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _number(value: Callable[[datetime], int], width: int = 1) -> Callable[[datetime, str], str]:
    return lambda moment, locale: str(value(moment)).zfill(width)


def _month(width: str, *, alone: bool = False) -> Callable[[datetime, str], str]:
    def write(moment: datetime, locale: str) -> str:
        names = names_of(locale)
        return (names.standalone_months if alone else names.months)[width][moment.month - 1]

    return write


def _day(width: str) -> Callable[[datetime, str], str]:
    return lambda moment, locale: names_of(locale).days[width][moment.weekday()]


def _era(width: str) -> Callable[[datetime, str], str]:
    return lambda moment, locale: names_of(locale).eras[width][1]


def _half(moment: datetime, locale: str) -> str:
    return names_of(locale).halves[moment.hour >= 12]


def _zone_short(moment: datetime, locale: str) -> str:
    return moment.tzname() or ""


_WRITE: Final[dict[str, Callable[[datetime, str], str]]] = {
    "S": _number(lambda at: at.microsecond // 1000),
    "SSS": _number(lambda at: at.microsecond // 1000, 3),
    "u": _number(lambda at: at.microsecond // 1000, 3),
    "uu": _number(lambda at: at.microsecond // 10_000, 2),
    "uuu": _number(lambda at: at.microsecond // 100_000),
    "s": _number(lambda at: at.second),
    "ss": _number(lambda at: at.second, 2),
    "m": _number(lambda at: at.minute),
    "mm": _number(lambda at: at.minute, 2),
    "h": _number(lambda at: at.hour % 12 or 12),
    "hh": _number(lambda at: at.hour % 12 or 12, 2),
    "H": _number(lambda at: at.hour),
    "HH": _number(lambda at: at.hour, 2),
    "Z": lambda at, _: offset_text(at, "Z"),
    "ZZ": lambda at, _: offset_text(at, "ZZ"),
    "ZZZ": lambda at, _: offset_text(at, "ZZZ"),
    "ZZZZ": _zone_short,
    "z": lambda at, _: zone_name(at),
    "a": _half,
    "d": _number(lambda at: at.day),
    "dd": _number(lambda at: at.day, 2),
    "c": _number(lambda at: at.isoweekday()),
    "ccc": _day("abbreviated"),
    "cccc": _day("wide"),
    "ccccc": _day("narrow"),
    "E": _number(lambda at: at.isoweekday()),
    "EEE": _day("abbreviated"),
    "EEEE": _day("wide"),
    "EEEEE": _day("narrow"),
    "L": _number(lambda at: at.month),
    "LL": _number(lambda at: at.month, 2),
    "LLL": _month("abbreviated", alone=True),
    "LLLL": _month("wide", alone=True),
    "LLLLL": _month("narrow", alone=True),
    "M": _number(lambda at: at.month),
    "MM": _number(lambda at: at.month, 2),
    "MMM": _month("abbreviated"),
    "MMMM": _month("wide"),
    "MMMMM": _month("narrow"),
    "y": _number(lambda at: at.year),
    "yy": _number(lambda at: at.year % 100, 2),
    "yyyy": _number(lambda at: at.year, 4),
    "yyyyyy": _number(lambda at: at.year, 6),
    "G": _era("abbreviated"),
    "GG": _era("wide"),
    "GGGGG": _era("narrow"),
    "kk": _number(lambda at: at.isocalendar().year % 100, 2),
    "kkkk": _number(lambda at: at.isocalendar().year, 4),
    "W": _number(lambda at: at.isocalendar().week),
    "WW": _number(lambda at: at.isocalendar().week, 2),
    "o": _number(lambda at: at.timetuple().tm_yday),
    "ooo": _number(lambda at: at.timetuple().tm_yday, 3),
    "q": _number(lambda at: (at.month + 2) // 3),
    "qq": _number(lambda at: (at.month + 2) // 3, 2),
    "X": _number(lambda at: milliseconds(at) // 1000),
    "x": _number(milliseconds),
}
