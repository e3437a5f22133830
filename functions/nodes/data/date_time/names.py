"""Names of months, weekdays and halves of days in a language, and how it writes dates: from CLDR (Babel)."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from functions.nodes.data.date_time.errors import DateInvalid

if TYPE_CHECKING:
    from babel import Locale

WIDTHS: Final = ("abbreviated", "wide", "narrow")
_MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
"""English needs no locale data, so most steps import none."""
_DAYS: Final = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MACROS: Final = {
    "D": "M/d/yyyy",
    "DD": "MMM d, yyyy",
    "DDD": "MMMM d, yyyy",
    "DDDD": "EEEE, MMMM d, yyyy",
    "t": "h:mm a",
    "tt": "h:mm:ss a",
    "ttt": "h:mm:ss a z",
    "T": "HH:mm",
    "TT": "HH:mm:ss",
    "f": "M/d/yyyy, h:mm a",
    "ff": "MMM d, yyyy, h:mm a",
    "F": "M/d/yyyy, h:mm:ss a",
    "FF": "MMM d, yyyy, h:mm:ss a",
}
_STYLES: Final = {"D": "short", "DD": "medium", "DDD": "long", "DDDD": "full"}


@dataclass(frozen=True, slots=True)
class Names:
    """A language's names. Tuples begin with January and Monday; the keys of `months` and `days` are `WIDTHS`."""

    months: dict[str, tuple[str, ...]]
    standalone_months: dict[str, tuple[str, ...]]
    days: dict[str, tuple[str, ...]]
    halves: tuple[str, str]
    eras: dict[str, tuple[str, str]]
    macros: dict[str, str]


def locale_of(name: str) -> "Locale":
    """Return a locale by its BCP 47 tag (`de`, `pt-BR`). Raises DateInvalid."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        raise DateInvalid(
            f"There is no language {name[:40]!r}.", "Write en, de or pt-BR.", details={"field": "params.locale"}
        ) from None


@lru_cache(maxsize=32)
def names_of(name: str) -> Names:
    """Return the names of a language. Raises DateInvalid for one that is none."""
    if name in ("", "en", "en-US", "en_US"):
        return _english()
    locale = locale_of(name)
    forms, alone = locale.months["format"], locale.months["stand-alone"]
    days = locale.days["format"]
    periods = locale.day_periods["format"]["abbreviated"]

    def months(widths: "dict[str, dict[int, str]]") -> dict[str, tuple[str, ...]]:
        return {width: tuple(widths[width][number] for number in range(1, 13)) for width in WIDTHS}

    eras = {width: (locale.eras[width][0], locale.eras[width][1]) for width in WIDTHS}
    return Names(
        months(forms),
        months(alone),
        {width: tuple(days[width][number] for number in range(7)) for width in WIDTHS},
        (str(periods["am"]), str(periods["pm"])),
        eras,
        _macros(locale),
    )


def _english() -> Names:
    months = {
        "abbreviated": tuple(name[:3] for name in _MONTHS),
        "wide": tuple(_MONTHS),
        "narrow": tuple(name[0] for name in _MONTHS),
    }
    days = {
        "abbreviated": tuple(name[:3] for name in _DAYS),
        "wide": tuple(_DAYS),
        "narrow": tuple(name[0] for name in _DAYS),
    }
    eras = {"abbreviated": ("BC", "AD"), "wide": ("Before Christ", "Anno Domini"), "narrow": ("B", "A")}
    return Names(months, months, days, ("AM", "PM"), eras, dict(_MACROS))


def _macros(locale: "Locale") -> dict[str, str]:
    """Return what the macro tokens stand for, in tokens, as the locale's patterns have it."""
    dates = {token: _in_tokens(str(locale.date_formats[style])) for token, style in _STYLES.items()}
    time = _in_tokens(str(locale.time_formats["short"]))
    long = _in_tokens(str(locale.time_formats["medium"]))
    return {
        **_MACROS,
        **dates,
        "t": time,
        "tt": long,
        "f": f"{dates['D']}, {time}",
        "ff": f"{dates['DD']}, {time}",
        "F": f"{dates['D']}, {long}",
        "FF": f"{dates['DD']}, {long}",
    }


def _in_tokens(pattern: str) -> str:
    """Return a CLDR pattern in Luxon's tokens: they agree but for the year, which has four digits or two here."""
    import re

    parts = re.split(r"('(?:[^']|'')*')", pattern)
    return "".join(part if index % 2 else re.sub(r"(?<!y)y(?!y)", "yyyy", part) for index, part in enumerate(parts))
