"""Unix cron lines as EventBridge Scheduler expressions (DESIGN section 11).

Scheduler wants six fields, `?` in one of the two day fields, and weekdays 1-7 from Sunday. Unix has five, weekdays 0-7
from Sunday, and a line that restricts both day fields means either: that takes two schedules.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from croniter import CroniterError, croniter

from stepweave.model.zones import time_zone as zone_of

_RATE: Final = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_SECONDS: Final = {"minute": 60, "hour": 3600, "day": 86_400}
_SAME: Final = re.compile(r"\b(\w+)-\1\b(?!/)", re.IGNORECASE)
_WEEKDAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_EVERY: Final = "*"


class CronInvalid(ValueError):
    """The line cannot be read. `str()` says why and what it takes."""


def schedule_expressions(line: str) -> list[str]:
    """Return one or two Scheduler expressions for a Unix cron line or a rate. Raises CronInvalid."""
    rate = _RATE.fullmatch(line.strip())
    if rate:
        count, unit = int(rate[1]), rate[2]
        if count < 1:
            raise CronInvalid("A rate must be at least 1.")
        return [f"rate({count} {unit}{'' if count == 1 else 's'})"]
    minute, hour, day, month, weekday = _fields(line)
    if weekday == _EVERY:
        return [f"cron({minute} {hour} {day} {month} ? *)"]
    if day == _EVERY:
        return [f"cron({minute} {hour} ? {month} {weekday} *)"]
    return [f"cron({minute} {hour} {day} {month} ? *)", f"cron({minute} {hour} ? {month} {weekday} *)"]


def next_fires(line: str, time_zone: str, after: datetime, count: int) -> list[datetime]:
    """Return when a line fires next, in UTC; a rate counts from `after`.

    An hour that the clocks skip is skipped, one that they repeat fires once, as EventBridge Scheduler has it.

    Args:
        line: a Unix cron line or a rate.
        time_zone: the IANA name that the line is meant in.
        after: when to begin.
        count: how many at most; fewer where the line has no more within some years.

    Raises:
        CronInvalid: the line cannot be read.
        UnknownTimeZone: there is no such zone.
    """
    rate = _RATE.fullmatch(line.strip())
    if rate:
        schedule_expressions(line)
        step = int(rate[1]) * _SECONDS[rate[2]]
        return [after + timedelta(seconds=step * number) for number in range(1, count + 1)]
    _fields(line)
    line = _SAME.sub(r"\1", line)
    zone = zone_of(time_zone)
    # Counted on the clock on the wall, so that croniter's own idea of changing clocks does not matter.
    clock = croniter(line, after.astimezone(zone).replace(tzinfo=None))
    found: list[datetime] = []
    try:
        while len(found) < count:
            wall: datetime = clock.get_next(datetime)
            at = wall.replace(tzinfo=zone).astimezone(UTC)
            exists = at.astimezone(zone).replace(tzinfo=None) == wall
            if exists and at > (found[-1] if found else after):
                found.append(at)
    except CroniterError:
        pass  # a day that never comes, such as 30 February
    return found


def _fields(line: str) -> list[str]:
    parts = line.split()
    if len(parts) != 5:
        raise CronInvalid(f"{line!r} has {len(parts)} fields; a cron line has five: minute, hour, day, month, weekday.")
    # croniter reads `5-5` as every value.
    line = _SAME.sub(r"\1", line)
    if "#" in line:
        raise CronInvalid("Nth-weekday marks (#) are not supported; name the days.")
    try:
        expanded, *_ = croniter.expand(line)
    except (CroniterError, ValueError) as error:
        raise CronInvalid(f"{line!r} cannot be read: {error}.") from error
    return [_field(values, names=_WEEKDAYS if index == 4 else ()) for index, values in enumerate(expanded)]


def _field(values: Sequence[int | str], names: tuple[str, ...]) -> str:
    if list(values) == [_EVERY]:
        return _EVERY
    numbers = [value for value in values if isinstance(value, int)]
    if len(numbers) != len(values):
        raise CronInvalid("Last-day and nth-weekday marks (L, #) are not supported; name the days.")
    if names:
        return ",".join(names[number % 7] for number in sorted({number % 7 for number in numbers}))
    return ",".join(str(number) for number in sorted(set(numbers)))
