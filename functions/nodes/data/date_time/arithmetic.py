"""Moving moments, the time between two, and the beginning of periods, as Luxon does it.

Moments are in UTC, and local only while calendars count: Python's arithmetic within a zone is that of its clock.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from math import floor, trunc
from typing import Final

from functions.nodes.data.date_time.errors import DateInvalid
from functions.nodes.data.date_time.moments import Clock

_DAYS: Final = {"years": 365, "quarters": 91, "months": 30, "weeks": 7, "days": 1}
"""Days of a fraction of a unit (Luxon's casual matrix)."""
_SECONDS: Final = {"hours": 3600.0, "minutes": 60.0, "seconds": 1.0, "milliseconds": 0.001}
CALENDAR: Final = ("years", "quarters", "months", "weeks", "days")
_WEEK_STARTS: Final = {"monday": 0, "sunday": 6, "saturday": 5}
_REMEDY: Final = "Use a smaller amount."


def added(moment: datetime, amounts: Mapping[str, float], clock: Clock) -> datetime:
    """Return a moment so much later: calendar units on the local clock, shorter ones on the moment.

    Raises:
        DateInvalid: the result is outside the years 1 to 9999, or skipped or repeated where that is to fail.
    """
    whole = {unit: trunc(amounts.get(unit, 0)) for unit in CALENDAR}
    months = whole["years"] * 12 + whole["quarters"] * 3 + whole["months"]
    seconds = sum((amounts.get(unit, 0) - whole[unit]) * days * 86400 for unit, days in _DAYS.items())
    seconds += sum(amounts.get(unit, 0) * size for unit, size in _SECONDS.items())
    try:
        if any(whole.values()):
            here = clock.local(moment).replace(tzinfo=None, fold=0)
            year, month = divmod(here.year * 12 + here.month - 1 + months, 12)
            if not 1 <= year <= 9999:
                raise OverflowError
            day = min(here.day, monthrange(year, month + 1)[1])
            local = here.replace(year=year, month=month + 1, day=day)
            local += timedelta(days=whole["weeks"] * 7 + whole["days"])
            moment = moment if local == here else clock.moment(local)
        return moment + timedelta(milliseconds=round(seconds * 1000))
    except (OverflowError, ValueError):
        raise DateInvalid("The result is outside the years 1 to 9999.", _REMEDY) from None


def difference(start: datetime, end: datetime, units: Sequence[str], clock: Clock) -> dict[str, float]:
    """Return the time from `start` to `end` in units, the longest first; only the shortest has a fraction.

    It is negative where `end` is earlier.
    """
    sign = -1 if end < start else 1
    earlier, later = (end, start) if sign < 0 else (start, end)
    results: dict[str, float] = {}
    cursor = high = earlier
    lowest = ""
    for unit in (unit for unit in CALENDAR if unit in units):
        lowest = unit
        results[unit] = _COUNT[unit](clock.local(cursor), clock.local(later))
        high = added(earlier, results, clock)
        if high > later:
            results[unit] -= 1
            cursor = added(earlier, results, clock)
            if cursor > later:
                high = cursor
                results[unit] -= 1
                cursor = added(earlier, results, clock)
        else:
            cursor = high
    left = (later - cursor) / timedelta(milliseconds=1)
    short = [unit for unit in _SECONDS if unit in units]
    if short:
        for unit in short:
            size = _SECONDS[unit] * 1000
            last = unit == short[-1]
            results[unit] = left / size if last else floor(left / size)
            left -= results[unit] * size
    elif lowest:
        if high <= later:
            high = added(cursor, {lowest: 1}, clock)
        if high != cursor:
            results[lowest] += left / ((high - cursor) / timedelta(milliseconds=1))
    return {unit: _tidy(sign * value) for unit, value in results.items()}


def start_of(moment: datetime, period: str, week_start: str, clock: Clock) -> datetime:
    """Return the beginning of the period (`year` to `second`) that a moment is in."""
    local = clock.local(moment).replace(tzinfo=None, fold=0)
    match period:
        case "year":
            local = datetime(local.year, 1, 1)
        case "quarter":
            local = datetime(local.year, (local.month - 1) // 3 * 3 + 1, 1)
        case "month":
            local = datetime(local.year, local.month, 1)
        case "week":
            back = (local.weekday() - _WEEK_STARTS[week_start]) % 7
            if local.toordinal() <= back:
                raise DateInvalid("The result is outside the years 1 to 9999.", "Give a later date.")
            local = datetime(local.year, local.month, local.day) - timedelta(days=back)
        case "day":
            local = datetime(local.year, local.month, local.day)
        case _:
            # Within an hour that clocks repeat it stays in the same one: what is cut off is no change of offset.
            size = {"hour": 3600, "minute": 60, "second": 1}[period]
            seconds = (local.minute * 60 + local.second) % size
            return moment - timedelta(seconds=seconds, microseconds=local.microsecond)
    return clock.moment(local)


def next_of(start: datetime, period: str, clock: Clock) -> datetime:
    """Return the beginning of the period after the one that begins at `start`."""
    return added(start, {f"{period}s": 1}, clock)


def end_of(moment: datetime, period: str, week_start: str, clock: Clock) -> datetime:
    """Return the last millisecond of the period that a moment is in."""
    start = start_of(moment, period, week_start, clock)
    return next_of(start, period, clock) - timedelta(milliseconds=1)


def rounded(moment: datetime, period: str, multiple: int, direction: str, week_start: str, clock: Clock) -> datetime:
    """Return a moment rounded to the beginning of a period, or to a multiple of hours, minutes or seconds."""
    if multiple == 1:
        low = start_of(moment, period, week_start, clock)
        high = next_of(low, period, clock) if low != moment else low
    else:
        day = start_of(moment, "day", week_start, clock)
        size = timedelta(seconds=multiple * {"hour": 3600, "minute": 60, "second": 1}[period])
        past = (clock.local(moment).replace(tzinfo=None) - clock.local(day).replace(tzinfo=None)) % size
        # Along the moment, so that a repeated hour stays the same one.
        low = moment - past
        high = low if not past else low + size
    if direction == "nearest":
        direction = "up" if high - moment <= moment - low else "down"
    return high if direction == "up" else low


def _quarter(moment: datetime) -> int:
    return moment.year * 4 + (moment.month - 1) // 3


def _days(start: datetime, end: datetime) -> int:
    return end.toordinal() - start.toordinal()


def _weeks(start: datetime, end: datetime) -> int:
    return int(_days(start, end) / 7)


_COUNT: Final[dict[str, Callable[[datetime, datetime], int]]] = {
    "years": lambda start, end: end.year - start.year,
    "quarters": lambda start, end: _quarter(end) - _quarter(start),
    "months": lambda start, end: (end.year - start.year) * 12 + end.month - start.month,
    "weeks": _weeks,
    "days": _days,
}


def _tidy(value: float) -> float:
    return int(value) if value == int(value) else value
