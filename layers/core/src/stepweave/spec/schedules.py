"""When a schedule fires: a cron line or a rate in a time zone, as EventBridge Scheduler has it.

An hour that the clocks skip is skipped; one that they repeat fires once, the first time (Scheduler user guide,
"Daylight savings time"). A rate counts hours and days of 60 minutes and 24 hours, from midnight of Monday, 1 January
2024, on the clocks of its zone: so its times are the same whenever somebody looks, and whenever it is published.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final

from stepweave.model.zones import UnknownTimeZone, time_zone
from stepweave.spec.cron import Cron, ScheduleInvalid, parse_cron

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

UNITS: Final = {"minute": 60, "hour": 3600, "day": 86_400}
LONGEST: Final = 99_999
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


def parse_schedule(line: str) -> Cron | Rate:
    """Read what stands in a schedule's field. Raises ScheduleInvalid for what cannot be read and what never fires."""
    text = line.strip()
    if not text:
        raise ScheduleInvalid("There is no schedule.", "Write for example 0 9 * * 1-5, or rate(15 minutes).")
    kind = text.partition("(")[0].strip().lower()
    if kind == "at":
        remedy = "Write a cron line such as 0 9 24 12 *, or start the workflow from outside, through a webhook."
        raise ScheduleInvalid(f"{text!r} would fire once, and schedules repeat.", remedy)
    if kind == "cron":
        raise ScheduleInvalid(
            f"{text!r} is EventBridge's form.", "Write the five fields of Unix cron, without brackets."
        )
    if kind != "rate":
        return parse_cron(line)
    match = _RATE.fullmatch(text)
    if match is None:
        remedy = "Write a whole number of minutes, hours or days, such as rate(90 minutes)."
        raise ScheduleInvalid(f"{text!r} cannot be read.", remedy)
    rate = Rate(int(match[1]), match[2])
    if not 1 <= rate.count <= LONGEST:
        raise ScheduleInvalid(f"The number in {text!r} is not from 1 to {LONGEST}.", "Write another.")
    return rate


def fires(line: str, zone: "ZoneInfo", after: datetime) -> Iterator[datetime]:
    """Yield when a line fires after a moment, in UTC, for some decades ahead. Raises ScheduleInvalid."""
    schedule = parse_schedule(line)
    after = after.astimezone(UTC)
    try:
        while isinstance(schedule, Rate):
            after = schedule.next(zone, after)
            yield after
        for wall in schedule.times(after.astimezone(zone).replace(tzinfo=None)):
            at = wall.replace(tzinfo=zone).astimezone(UTC)
            if at > after and at.astimezone(zone).replace(tzinfo=None) == wall:
                yield at
    except OverflowError:
        return  # the last year that there is


def next_fires(line: str, zone_name: str, after: datetime, count: int) -> list[datetime]:
    """Return when a line fires next, at most `count` times. Raises ScheduleInvalid for a line or a zone."""
    zone = find_zone(zone_name)
    if zone is None:
        raise zone_invalid(zone_name)
    return list(islice(fires(line, zone, after), count))


def due_on(line: str, zone_name: str, due: datetime) -> bool:
    """Return whether a line fires on the day, in its zone, of a moment; yes for one that cannot be read any more."""
    zone = find_zone(zone_name)
    try:
        schedule = parse_schedule(line)
    except ScheduleInvalid:
        return True
    return isinstance(schedule, Rate) or zone is None or schedule.on(due.astimezone(zone).date())


def find_zone(name: str) -> "ZoneInfo | None":
    """Return a time zone by its IANA name, or None where there is none."""
    try:
        return time_zone(name)
    except UnknownTimeZone:
        return None


def zone_invalid(name: str) -> ScheduleInvalid:
    """Return the error for a zone that there is not."""
    return ScheduleInvalid(f"There is no time zone {name!r}.", "Write an IANA name, such as Europe/Berlin or UTC.")
