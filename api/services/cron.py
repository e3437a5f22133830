"""Schedules as EventBridge Scheduler expressions (DESIGN section 11).

Scheduler wants six fields, `?` in one of the two day fields, and weekdays 1-7 from Sunday. A line of whose day fields
either may fit takes two schedules, and each nth weekday (`6#2`), last day (`L`) and nearest weekday (`15W`) one more.
What has no expression, or one whose meaning its documentation leaves open (both fields must fit; `L-3`, `LW`, `FRIL`,
`1W`, `31W`; every second week), fires on more days than it means, and the starter lets those pass that fit. A one-off
time is written in UTC, so that clocks which repeat it leave no doubt.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from stepweave.spec.cron import Cron, ScheduleInvalid
from stepweave.spec.schedules import Once, Rate, parse_schedule, parse_schedules, zone_of

MOST: Final = 40
"""Schedules of EventBridge that one trigger may take."""
_MOST_ALONE: Final = 5
"""Of `L`, `15W` and `6#2` in one line; more of them fire on all days that they can mean instead."""
_WEEKDAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_SHORTEST_RANGE: Final = 3


@dataclass(frozen=True)
class Expression:
    """A schedule of EventBridge: what it is given, in which zone, for which line; a rate counts from `start`."""

    text: str
    zone: str
    line: str
    start: datetime | None = None


def schedules_for(text: str, time_zone: str, after: datetime) -> list[Expression]:
    """Return the schedules of EventBridge that schedules take; none for a one-off time that is over.

    Raises:
        ScheduleInvalid: one cannot be read, or there are more than `MOST` together.
    """
    zone, found = zone_of(time_zone), list[Expression]()
    for line, schedule in parse_schedules(text):
        if isinstance(schedule, Once):
            at = schedule.at(zone)
            if at is not None and at > after:
                found.append(Expression(f"at({at:%Y-%m-%dT%H:%M:%S})", "UTC", line))
        elif isinstance(schedule, Rate):
            found.append(Expression(str(schedule), time_zone, line, schedule.next(zone, after)))
        else:
            found += [Expression(one, time_zone, line) for one in schedule_expressions(line)]
    if len(found) > MOST:
        raise ScheduleInvalid(
            f"These take {len(found)} schedules of EventBridge; {MOST} are the most.", "Use a second trigger."
        )
    return found


def schedule_expressions(line: str) -> list[str]:
    """Return the Scheduler expressions for a cron line or a rate. Raises ScheduleInvalid."""
    schedule = parse_schedule(line)
    if not isinstance(schedule, Cron):
        return [str(schedule)]
    if schedule.any_day and schedule.any_weekday:
        return [_by_day(schedule)]
    if schedule.either:
        every_day = schedule.any_day or schedule.any_weekday
        return [_every_day(schedule)] if every_day else [*_of_month(schedule), *_of_week(schedule)]
    if schedule.any_weekday or schedule.any_day:
        return _of_month(schedule) if schedule.any_weekday else _of_week(schedule)
    return _of_month(schedule) if _share_of_month(schedule) < _share_of_week(schedule) else _of_week(schedule)


def _of_month(cron: Cron) -> list[str]:
    rules = [rule for rule in cron.rules if not rule.of_weekday]
    native = [rule.native for rule in rules if rule.native]
    alone = native if len(native) <= _MOST_ALONE else []
    beside = [day for rule in rules if not rule.native or not alone for day in rule.candidates]
    days = tuple(sorted({*cron.days, *beside}))
    plain = [_by_day(replace(cron, days=days))] if days else []
    return plain + [f"cron({_time(cron)} {one} {_numbers(cron.months, 12)} ? *)" for one in alone]


def _of_week(cron: Cron) -> list[str]:
    rules = [rule for rule in cron.rules if rule.of_weekday]
    native = [rule.native for rule in rules if rule.native]
    alone = native if len(native) <= _MOST_ALONE else []
    beside = [rule.weekday for rule in rules if not rule.native or not alone]
    weekdays = tuple(sorted({*cron.weekdays, *beside}))
    plain = [_by_weekday(replace(cron, weekdays=weekdays))] if weekdays else []
    return plain + [f"cron({_time(cron)} ? {_numbers(cron.months, 12)} {one} *)" for one in alone]


def _share_of_month(cron: Cron) -> float:
    return (len(cron.days) + sum(not rule.of_weekday for rule in cron.rules)) / 31


def _share_of_week(cron: Cron) -> float:
    return len(cron.weekdays) / 7 + sum(rule.of_weekday for rule in cron.rules) / 30


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
