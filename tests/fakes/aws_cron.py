"""What EventBridge Scheduler makes of an expression: a small reading of its user guide, apart from the product's own.

Source: "Schedule types in EventBridge Scheduler": six fields, `?` in exactly one of the day fields, weekdays 1-7 from
Sunday or by name; an hour that the clocks skip is skipped, one that they repeat fires once.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]


class AwsCron:
    """One `cron(...)` expression. Raises ValueError for what Scheduler would refuse."""

    def __init__(self, expression: str) -> None:
        if len(expression) > 256:
            raise ValueError(f"{expression!r} is longer than 256 characters")
        match = re.fullmatch(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) \*\)", expression)
        if match is None:
            raise ValueError(f"{expression!r} is no cron expression")
        minute, hour, day, month, weekday = match.groups()
        if (day == "?") == (weekday == "?"):
            raise ValueError(f"{expression!r} needs ? in one of the day fields")
        self.minutes, self.hours = _values(minute, 0, 59), _values(hour, 0, 23)
        special = re.fullmatch(r"(L)|([0-9]+)W", day) or re.fullmatch(r"()()([1-7])#([1-5])", weekday)
        self.special = special.groups("") if special else None
        self.days = None if day == "?" or special else _values(day, 1, 31)
        self.months = _values(month, 1, 12, MONTHS)
        self.weekdays = None if weekday == "?" or special else _values(weekday, 1, 7, WEEKDAYS)

    def fits(self, wall: datetime) -> bool:
        """Whether it fires at a minute on the wall."""
        return wall.minute in self.minutes and wall.hour in self.hours and self.fits_day(wall)

    def fits_day(self, wall: datetime) -> bool:
        """Whether it fires on a day."""
        if wall.month not in self.months:
            return False
        if self.special is not None:
            return wall.day == _special(self.special, wall.year, wall.month)
        if self.days is not None:
            return wall.day in self.days
        return wall.isoweekday() % 7 + 1 in (self.weekdays or ())


@cache
def _special(special: tuple[str, ...], year: int, month: int) -> int | None:
    days = [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]
    if special[0]:
        return days[-1].day
    if special[1]:
        return min((one.day for one in days if one.isoweekday() < 6), key=lambda day: abs(day - int(special[1])))
    those = [one.day for one in days if one.isoweekday() % 7 + 1 == int(special[2])]
    return those[int(special[3]) - 1] if len(those) >= int(special[3]) else None


def each_minute(expressions: list[str], zone: ZoneInfo, start: datetime, end: datetime) -> set[datetime]:
    """Return when schedules fire from `start` until `end`, by looking at the clock of the zone in every minute."""
    crons = [AwsCron(expression) for expression in expressions]
    found, seen = set(), set()
    moment = start
    while moment < end:
        wall = moment.astimezone(zone).replace(tzinfo=None)
        if wall not in seen and any(cron.fits(wall) for cron in crons):
            found.add(moment)
        seen.add(wall)
        moment += MINUTE
    return found


def each_day(expressions: list[str], zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the same for years: only minutes that are in the fields are looked at. Moments may come twice."""
    for cron in map(AwsCron, expressions):
        wall = start.replace(tzinfo=None) - DAY
        while wall < end.replace(tzinfo=None) + DAY:
            if cron.fits_day(wall):
                for hour in cron.hours:
                    for minute in cron.minutes:
                        local = wall.replace(hour=hour, minute=minute)
                        moment = local.replace(tzinfo=zone).astimezone(UTC)
                        if moment.astimezone(zone).replace(tzinfo=None) == local and start <= moment < end:
                            yield moment
            wall += DAY


def _values(text: str, least: int, most: int, names: list[str] | None = None) -> set[int]:
    if text == "*":
        return set(range(least, most + 1))
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        low, high = (
            names.index(word) + least if names and word in names else int(word) for word in (first, last or first)
        )
        if not least <= low <= high <= most:
            raise ValueError(f"{part!r} is not from {least} to {most}")
        found.update(range(low, high + 1))
    return found
