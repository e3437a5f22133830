"""Moments in a time zone: read from what people write, and local times that clocks skip or repeat."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any, Final

from functions.nodes.data.date_time.errors import DateInvalid
from functions.nodes.data.date_time.foreign import luxon_of
from functions.nodes.data.date_time.parsing import FormatError, parsed
from stepweave.model.moments import FORMS, read_moment
from stepweave.model.zones import UnknownTimeZone, time_zone
from stepweave.runtime.placing import shown

_OFFSET: Final = re.compile(r"(?:UTC|GMT)?([+-])([0-9]{1,2})(?::?([0-9]{2}))?")
_LARGEST_OFFSET: Final = timedelta(hours=24)
_NUMBER: Final = re.compile(r"-?[0-9]{9,16}(?:\.[0-9]+)?")
_SECONDS_BELOW: Final = 100_000_000_000
"""A number so large is milliseconds: in seconds it would be in the year 5138."""
_SECONDS_FROM: Final = 1_000_000_000
"""Seconds have ten digits from September 2001 on."""
_YEARS: Final = "The result is outside the years 1 to 9999."


@dataclass(frozen=True, slots=True)
class Clock:
    """How local times become moments.

    Attributes:
        zone: that results are in.
        source: that text without an offset is in.
        repeated: what a local time is that clocks repeat: `earlier`, `later` or `fail`.
        skipped: what one is that they skip: `forward`, `back` or `fail`.
        numbers: what numbers count since 1970: `milliseconds`, `seconds`, or what fits their size (`auto`).
    """

    zone: tzinfo
    source: tzinfo
    repeated: str
    skipped: str
    numbers: str = "milliseconds"

    def moment(self, local: datetime, zone: tzinfo | None = None, field: str = "date") -> datetime:
        """Return the moment, in UTC, of a local time (naive) in `zone` or that of results. Raises DateInvalid."""
        zone = zone or self.zone
        early, late = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
        try:
            if early.utcoffset() == late.utcoffset():
                return early.astimezone(UTC)
            is_skipped = early.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local
            told = self.skipped if is_skipped else self.repeated
            if told == "fail":
                what = "skipped" if is_skipped else "repeated"
                raise DateInvalid(
                    f"{local.isoformat(' ')} is {what} by the clocks of {zone}.",
                    "Give the date with an offset, or say in the options what such a time is.",
                    details={"field": f"params.{field}"},
                )
            # Of a skipped time the first reading (fold 0) lies behind the gap, the second before it (PEP 495).
            first = told in ("earlier", "forward")
            return (early if first else late).astimezone(UTC)
        except OverflowError:
            raise DateInvalid(_YEARS, "Give another date.", details={"field": f"params.{field}"}) from None

    def local(self, moment: datetime) -> datetime:
        """Return a moment in the zone of results. Raises DateInvalid."""
        try:
            return moment.astimezone(self.zone)
        except OverflowError:
            raise DateInvalid(_YEARS, "Give another date.") from None


@lru_cache(maxsize=256)
def zone_of(name: str, field: str) -> tzinfo:
    """Return a time zone: an IANA name, or an offset (`+02:00`, `UTC+2`). Raises DateInvalid."""
    found = _OFFSET.fullmatch(name)
    if found:
        sign = -1 if found[1] == "-" else 1
        minutes = int(found[3] or 0)
        offset = timedelta(hours=int(found[2]), minutes=minutes)
        if offset < _LARGEST_OFFSET and minutes < 60:
            return timezone(sign * offset)
    try:
        return time_zone(name)
    except UnknownTimeZone as error:
        raise DateInvalid(str(error), "Choose a time zone of the list.", details={"field": f"params.{field}"}) from None


def seems_seconds(value: Any) -> bool:
    """Return whether a value that is read as milliseconds is most likely seconds: it would lie in 1970 to 1973."""
    number = _number(value)
    return number is not None and _SECONDS_FROM <= number < _SECONDS_BELOW


def check_format(pattern: str, field: str) -> None:
    """Raise DateInvalid where a format is in moment.js's tokens, and say how Luxon writes it."""
    meant = luxon_of(pattern)
    if meant is not None:
        raise DateInvalid(
            f"The format {shown(pattern)} is written as moment.js has it.",
            f"Write {shown(meant)}: formats are Luxon's, with yyyy for the year and dd for the day.",
            details={"field": f"params.{field}", "format": meant},
        )


def _number(value: Any) -> float | int | None:
    """Return a number, or text that is one and no date of ISO 8601."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        text = value.strip()
        return float(text) if "." in text else int(text)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def read(value: Any, pattern: str, locale: str, clock: Clock, field: str) -> datetime:
    """Return the moment that a value is, in UTC: Python compares and subtracts within one zone by its clock.

    Args:
        value: what stands in the parameter.
        pattern: its format in Luxon's tokens; "" where it is to be recognised.
        locale: of names in it.
        clock: zones, and what local times are.
        field: the parameter (its JSON name), for errors.

    Raises:
        DateInvalid: it is none.
    """
    moment = _in_format(value, pattern, locale, clock, field) if pattern else _recognised(value, clock, field)
    return moment - timedelta(microseconds=moment.microsecond % 1000)


def _in_format(value: Any, pattern: str, locale: str, clock: Clock, field: str) -> datetime:
    check_format(pattern, "fromFormat")
    text = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    if not isinstance(text, str):
        raise _none(value, field, clock)
    try:
        local, offset = parsed(text.strip(), pattern, locale, clock.source)
    except FormatError as error:
        raise DateInvalid(
            f"{shown(value)} does not fit the format {shown(pattern)}: {error}.",
            "Change the format, or leave it empty where the date is in ISO 8601.",
            details={"field": f"params.{field}"},
        ) from None
    return clock.moment(local, clock.source, field) if offset is None else clock.moment(local, offset, field)


def _recognised(value: Any, clock: Clock, field: str) -> datetime:
    if isinstance(value, str):
        value = value.strip()
    number = _number(value)
    if number is not None and (
        clock.numbers == "seconds" or (clock.numbers == "auto" and abs(number) < _SECONDS_BELOW)
    ):
        value = number * 1000
    moment = read_moment(value, "UTC")
    if moment is None:
        raise _none(value, field, clock)
    if not isinstance(value, str) or moment == read_moment(value, "Etc/GMT+1"):
        return moment
    return clock.moment(moment.replace(tzinfo=None), clock.source, field)  # text without an offset


def _none(value: Any, field: str, clock: Clock) -> DateInvalid:
    missing = value is None or value == ""
    counted = "seconds or milliseconds" if clock.numbers == "auto" else clock.numbers
    return DateInvalid(
        "The date is empty." if missing else f"{shown(value)} is no date.",
        f"Give {FORMS}, {counted} since 1970, or write the date's format.",
        details={"field": f"params.{field}"},
    )
