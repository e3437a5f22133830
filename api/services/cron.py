"""Schedules as EventBridge Scheduler expressions (DESIGN section 11).

Scheduler wants six fields, `?` in one of the two day fields, and weekdays 1-7 from Sunday. A line of whose day fields
either may fit takes two schedules. One of which both must fit (`0 0 */2 * 1`) has no expression: the schedule fires on
the days of the field that allows fewer, and the starter lets those pass that the other field allows too.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from stepweave.spec.cron import Cron
from stepweave.spec.schedules import Rate, find_zone, parse_schedule

_WEEKDAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_SHORTEST_RANGE: Final = 3


def schedule_expressions(line: str) -> list[str]:
    """Return one or two Scheduler expressions for a cron line or a rate. Raises ScheduleInvalid."""
    schedule = parse_schedule(line)
    if isinstance(schedule, Rate):
        return [str(schedule)]
    if schedule.any_day and schedule.any_weekday:
        return [_by_day(schedule)]
    if schedule.either:
        every_day = schedule.any_day or schedule.any_weekday
        return [_every_day(schedule)] if every_day else [_by_day(schedule), _by_weekday(schedule)]
    fewer_days = len(schedule.days) / 31 < len(schedule.weekdays) / 7
    return [_by_day(schedule) if fewer_days else _by_weekday(schedule)]


def first_fire(line: str, time_zone: str, after: datetime) -> datetime | None:
    """Return a rate's first fire after a moment, which Scheduler counts from; None for a cron line.

    Raises:
        ScheduleInvalid: the line cannot be read.
    """
    schedule, zone = parse_schedule(line), find_zone(time_zone)
    return schedule.next(zone, after) if isinstance(schedule, Rate) and zone is not None else None


def _every_day(cron: Cron) -> str:
    return f"cron({_time(cron)} * {_numbers(cron.months, 12)} ? *)"


def _by_day(cron: Cron) -> str:
    return f"cron({_time(cron)} {_numbers(cron.days, 31)} {_numbers(cron.months, 12)} ? *)"


def _by_weekday(cron: Cron) -> str:
    names = ",".join(_WEEKDAYS[number] for number in cron.weekdays)
    return f"cron({_time(cron)} ? {_numbers(cron.months, 12)} {names} *)"


def _time(cron: Cron) -> str:
    return f"{_numbers(cron.minutes, 60)} {_numbers(cron.hours, 24)}"


def _numbers(values: Sequence[int], count: int) -> str:
    """Return the values of a field of `count`, neighbours as ranges: an expression has at most 256 characters."""
    if len(values) == count:
        return "*"
    runs: list[list[int]] = []
    for value in values:
        if runs and runs[-1][-1] == value - 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) >= _SHORTEST_RANGE else ",".join(map(str, run)) for run in runs)
