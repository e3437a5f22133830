"""When a schedule fires: cron lines, rates and one-off times in a time zone, as EventBridge Scheduler has it.

Several stand under one another, one a line; a time that two of them name is one time.

An hour that the clocks skip is skipped; one that they repeat fires once, the first time (Scheduler user guide,
"Daylight savings time"). A rate counts hours and days of 60 minutes and 24 hours, from midnight of Monday, 1 January
2024, on the clocks of its zone: so its times are the same whenever somebody looks, and whenever it is published.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import groupby, islice
from typing import TYPE_CHECKING, Final

from stepweave.model.zones import UnknownTimeZone, time_zone
from stepweave.spec.cron import Cron, ScheduleInvalid, parse_cron

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

UNITS: Final = {"minute": 60, "hour": 3600, "day": 86_400}
LONGEST: Final = 99_999
MOST_LINES: Final = 20
_ONCE: Final = re.compile(r"at\(\s*([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2})(?::00)?\s*\)", re.I)
_ZONED: Final = re.compile(r"(?:CRON_)?TZ=(\S+)\s+(\S.*)")
_REMARKED: Final = re.compile(r"(\S.*?)\s+#.*")
_EVERY: Final = re.compile(
    r"(?:@?every\s+|rate\(\s*)?([0-9]{1,5})\s*(s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?|w|weeks?)\s*\)?", re.I
)
_UNITS: Final = ("second", "minute", "hour", "day", "week")
_RATE: Final = re.compile(r"rate\(\s*([0-9]+)\s+(minute|hour|day)s?\s*\)")


@dataclass(frozen=True)
class Rate:
    """So many minutes, hours or days from one fire to the next."""

    count: int
    unit: str

    @property
    def seconds(self) -> int:
        """The same in seconds."""
        return self.count * UNITS[self.unit]

    def next(self, zone: "ZoneInfo", after: datetime) -> datetime:
        """Return the first fire after a moment, in UTC."""
        first = datetime(2024, 1, 1, tzinfo=zone).astimezone(UTC)
        rounds = (after - first) // timedelta(seconds=self.seconds) + 1
        return first + timedelta(seconds=self.seconds) * rounds

    def __str__(self) -> str:
        return f"rate({self.count} {self.unit}{'' if self.count == 1 else 's'})"


@dataclass(frozen=True)
class Once:
    """One time, on the clocks of the schedule's zone."""

    wall: datetime

    def at(self, zone: "ZoneInfo") -> datetime | None:
        """Return the moment in UTC, the first where the clocks repeat it; None where they skip it."""
        return _moment(self.wall, zone)

    def __str__(self) -> str:
        return f"at({self.wall:%Y-%m-%dT%H:%M})"


Timing = Cron | Rate | Once


def parse_schedules(text: str) -> list[tuple[str, Timing]]:
    """Read schedules that stand under one another: each line, stripped, and what it says. Raises ScheduleInvalid."""
    lines = lines_of(text)
    if len(lines) > MOST_LINES:
        raise ScheduleInvalid(f"There are {len(lines)} schedules; {MOST_LINES} are the most.", "Use a second trigger.")
    return [(line, parse_schedule(line)) for line in lines]


def lines_of(text: str) -> list[str]:
    """Return the lines of schedules that stand under one another, each once; at least one, which may be empty."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip())) or [""]


def parse_schedule(line: str) -> Timing:
    """Read what stands in a schedule's field. Raises ScheduleInvalid for what cannot be read and what never fires."""
    text = line.strip()
    if not text:
        raise ScheduleInvalid("There is no schedule.", "Write for example 0 9 * * 1-5, or rate(15 minutes).")
    kind = text.partition("(")[0].strip().lower()
    if kind == "at":
        return _once(text)
    if kind == "cron":
        raise ScheduleInvalid(
            f"{text!r} is EventBridge's form.", "Write the five fields of Unix cron, without brackets."
        )
    match = _RATE.fullmatch(text)
    if match is None:
        _check_elsewhere(text)
    if kind != "rate":
        return parse_cron(line)
    if match is None:
        remedy = "Write a whole number of minutes, hours or days, such as rate(90 minutes)."
        raise ScheduleInvalid(f"{text!r} cannot be read.", remedy)
    rate = Rate(int(match[1]), match[2])
    if not 1 <= rate.count <= LONGEST:
        raise ScheduleInvalid(f"The number in {text!r} is not from 1 to {LONGEST}.", "Write another.")
    return rate


def _check_elsewhere(text: str) -> None:
    """Raise ScheduleInvalid, with what to write here, for what other programs take."""
    if found := _ZONED.fullmatch(text):
        raise ScheduleInvalid(f"{text!r} names a time zone.", f"Write {found[2]}, and choose {found[1]} as time zone.")
    if found := _REMARKED.fullmatch(text):
        raise ScheduleInvalid(f"{text!r} has a remark.", f"Write {found[1]} only.")
    found = _EVERY.fullmatch(text)
    if found is None:
        return
    count, unit = max(int(found[1]), 1), next(name for name in _UNITS if name.startswith(found[2].lower()[:1]))
    if unit == "second":
        raise ScheduleInvalid(f"{text!r} cannot be read.", "Write whole minutes, such as rate(1 minute).")
    count, unit = (count * 7, "day") if unit == "week" else (count, unit)
    raise ScheduleInvalid(f"{text!r} cannot be read.", f"Write {Rate(count, unit)}.")


def fires(text: str, zone: "ZoneInfo", after: datetime) -> Iterator[datetime]:
    """Yield when schedules fire after a moment, in UTC, for decades ahead, each time once. Raises ScheduleInvalid."""
    after = after.astimezone(UTC)
    found = parse_schedules(text)
    if len(found) == 1:
        return _fires(found[0][1], zone, after)
    return (at for at, _ in groupby(merge(*(_fires(timing, zone, after) for _, timing in found))))


def _fires(schedule: Timing, zone: "ZoneInfo", after: datetime) -> Iterator[datetime]:
    if isinstance(schedule, Once):
        once = schedule.at(zone)
        if once is not None and once > after:
            yield once
        return
    try:
        while isinstance(schedule, Rate):
            after = schedule.next(zone, after)
            yield after
        for wall in schedule.times(after.astimezone(zone).replace(tzinfo=None)):
            at = _moment(wall, zone)
            if at is not None and at > after:
                yield at
    except OverflowError:
        return  # the last year that there is


def _moment(wall: datetime, zone: "ZoneInfo") -> datetime | None:
    """Return a time on the wall as a moment in UTC, the first where the clocks repeat it; None where they skip it."""
    try:
        at = wall.replace(tzinfo=zone).astimezone(UTC)
        return at if at.astimezone(zone).replace(tzinfo=None) == wall else None
    except OverflowError:
        return None


def next_fires(text: str, zone_name: str, after: datetime, count: int) -> list[datetime]:
    """Return when schedules fire next, at most `count` times. Raises ScheduleInvalid for a line or a zone."""
    return list(islice(fires(text, zone_of(zone_name), after), count))


def check_fires(text: str, zone_name: str, after: datetime) -> None:
    """Raise ScheduleInvalid for schedules that cannot be read, or that do not fire any more after a moment."""
    zone = zone_of(zone_name)
    schedules = parse_schedules(text)
    if next(fires(text, zone, after), None) is not None:
        return
    for line, schedule in schedules:
        if isinstance(schedule, Once) and schedule.at(zone) is None:
            raise ScheduleInvalid(f"{line!r} never fires: the clocks skip that time in {zone_name}.", "Take another.")
    raise ScheduleInvalid(f"{text.strip()!r} is over: it does not fire any more.", "Write a time to come.")


def due_on(text: str, zone_name: str, due: datetime, only: str = "") -> bool:
    """Return whether schedules fire on the day, in their zone, of a moment.

    Args:
        text: the schedules, under one another.
        zone_name: where their clocks are.
        due: the moment.
        only: the one that is asked for; "" for any, as those that were published before there were several.

    Returns:
        Yes for what cannot be read any more; no for `only` that is no longer among them.
    """
    zone = find_zone(zone_name)
    try:
        schedules = [schedule for line, schedule in parse_schedules(text) if not only or line == only]
    except ScheduleInvalid:
        return True
    if zone is None:
        return True
    day = due.astimezone(zone).date()
    return any(not isinstance(schedule, Cron) or schedule.on(day) for schedule in schedules)


def zone_of(name: str) -> "ZoneInfo":
    """Return a time zone. Raises ScheduleInvalid where there is none of the name."""
    zone = find_zone(name)
    if zone is None:
        raise zone_invalid(name)
    return zone


def find_zone(name: str) -> "ZoneInfo | None":
    """Return a time zone by its IANA name, or None where there is none."""
    try:
        return time_zone(name)
    except UnknownTimeZone:
        return None


def zone_invalid(name: str) -> ScheduleInvalid:
    """Return the error for a zone that there is not."""
    return ScheduleInvalid(f"There is no time zone {name!r}.", "Write an IANA name, such as Europe/Berlin or UTC.")


def _once(text: str) -> Once:
    match = _ONCE.fullmatch(text)
    remedy = "Write a day and a time in whole minutes, such as at(2026-12-24T09:00)."
    if match is None:
        raise ScheduleInvalid(f"{text!r} cannot be read.", remedy)
    try:
        return Once(datetime.fromisoformat(f"{match[1]}T{match[2]}"))
    except ValueError:
        raise ScheduleInvalid(f"There is no such time as {text!r}.", remedy) from None
