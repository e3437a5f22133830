"""Formats that are taken for others: in the tokens of moment.js, where Luxon has its own; minutes for months."""

import re
from typing import Final

_PARTS: Final = re.compile(r"'[^']*'?|\[[^\]]*\]|Do|([A-Za-z])\1*|[^A-Za-z'\[]+|\[")
_LUXON: Final = {
    "Y": "y",
    "YY": "yy",
    "YYYY": "yyyy",
    "YYYYYY": "yyyyyy",
    "Do": "d",
    "D": "d",
    "DD": "dd",
    "DDD": "o",
    "DDDD": "ooo",
    "d": "c",
    "ddd": "EEE",
    "dddd": "EEEE",
    "A": "a",
    "Q": "q",
    "GGGG": "kkkk",
    "GG": "kk",
    "gggg": "kkkk",
    "gg": "kk",
    "w": "W",
    "ww": "WW",
    "Z": "ZZ",
    "ZZ": "ZZZ",
}
"""moment.js's token -> Luxon's, where they differ."""
_DAYS: Final = ("D", "DD", "Do")


def luxon_of(pattern: str) -> str | None:
    """Return what a format says in Luxon's tokens, where it is most likely in moment.js's; None where it is not.

    It is where a year is written with `Y`, which is no token of Luxon's, or a day with `D` beside a month: Luxon's `D`
    and `DD` are whole dates.
    """
    runs = [found[0] for found in _PARTS.finditer(pattern)]
    names = [run for run in runs if run[0].isalpha()]
    has_year = any(run.strip("Y") == "" for run in names)
    has_day = any(run in _DAYS for run in names) and any(run.strip("M") == "" for run in names)
    if not has_year and not has_day:
        return None
    return "".join(f"'{run[1:-1]}'" if run[0] == "[" and len(run) > 1 else _LUXON.get(run, run) for run in runs)


def has_minutes_for_months(pattern: str) -> bool:
    """Return whether a format most likely means months by `mm`, which are minutes: beside days and years, not hours."""
    names = {found[0] for found in _PARTS.finditer(pattern) if found[0][0].isalpha()}
    return bool(
        names & {"m", "mm"}
        and names & {"d", "dd"}
        and names & {"y", "yy", "yyyy"}
        and not names & {"H", "HH", "h", "hh", "M", "MM", "MMM", "MMMM", "L", "LL", "LLL", "LLLL"}
    )
