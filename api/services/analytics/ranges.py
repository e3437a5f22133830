"""Ranges of time as people mean them: days of a time zone, split into bins, and the period before. Pure.

Days begin at their zone's midnight, whatever its offset and however long the day is; the hour that a clock change skips
is in no bin, the one it repeats is twice in its day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from api import codes
from api.refusals import refused_field
from stepweave.spec.cron import ScheduleInvalid
from stepweave.spec.schedules import zone_of

Name = Literal["24h", "7d", "30d", "90d", "12m"]
Bin = Literal["auto", "hour", "day", "week", "month"]
DAYS: Final = {"7d": 7, "30d": 30, "90d": 90}
MOST_DAYS: Final = 400
"""Somewhat more than the 13 months that are kept."""
MOST_BINS: Final = 400
FIRST: Final = date(2000, 1, 1)
LAST: Final = date(2199, 12, 31)
_QUARTER: Final = timedelta(minutes=15)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """A range as it is asked for: by its name, or its first and last day."""

    name: Name = "7d"
    first: date | None = None
    last: date | None = None
    zone: str = "UTC"
    bin: Bin = "auto"


@dataclass(frozen=True)
class Span:
    """From a moment up to another one."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class Range:
    """What is looked at, its bins, and what it is compared with: as much of the period before as has passed of this."""

    span: Span
    bins: list[Span]
    bin: Bin
    previous: Span
    zone: str


@dataclass(frozen=True)
class Segment:
    """A part of a bin (its place) that whole rows of a grain make up."""

    bin: int
    grain: int
    since: datetime
    until: datetime


def range_of(asked: Asked, now: datetime) -> Range:
    """Return the range that is asked for.

    Raises:
        Refused: `invalid_request`: the zone is none, the days are the wrong way round, or there are too many.
    """
    try:
        zone = zone_of(asked.zone)
    except ScheduleInvalid as error:
        raise refused_field(codes.INVALID_REQUEST, "zone", str(error)) from None
    if asked.first is None and asked.last is None and asked.name == "24h":
        until = _floor(now, timedelta(hours=1)) + timedelta(hours=1)
        span = Span(until - _DAY, until)
        previous = Span(span.since - _DAY, min(_ceiling(now), until) - _DAY)
        days = 1
    else:
        first, last = _days(asked, now.astimezone(zone).date())
        days = (last - first).days + 1
        span = Span(_midnight(first, zone), _midnight(last + _DAY, zone))
        before = _midnight(first - _DAY * days, zone)
        passed = min(span.until, max(_ceiling(now), span.since))
        local = passed.astimezone(zone).replace(tzinfo=None) - _DAY * days
        previous = Span(before, min(max(_instant(local, zone), before), span.since))
    bin = asked.bin if asked.bin != "auto" else "hour" if days <= 2 else "day" if days <= 92 else "week"
    bins = list(_bins(span, bin, zone))
    if len(bins) > MOST_BINS:
        words = f"That would be {len(bins)} bins; there may be {MOST_BINS}: choose longer ones or fewer days."
        raise refused_field(codes.INVALID_REQUEST, "bin", words)
    return Range(span, bins, bin, previous, asked.zone)


def segments(spans: list[Span]) -> list[Segment]:
    """Return what of rows by the quarter of an hour and by the day (UTC) makes up each span."""
    found: list[Segment] = []
    for place, span in enumerate(spans):
        since, until = _ceiling(span.since, _DAY), _floor(span.until, _DAY)
        if since >= until:
            found.append(Segment(place, 15, span.since, span.until))
            continue
        found += [
            Segment(place, grain, a, b)
            for grain, a, b in ((15, span.since, since), (1440, since, until), (15, until, span.until))
            if a < b
        ]
    return found


def _days(asked: Asked, today: date) -> tuple[date, date]:
    if asked.first is None and asked.last is None:
        if asked.name == "12m":
            year, month = today.year - 1, today.month
            return date(year, month, min(today.day, 28)) + _DAY * (max(today.day - 28, 0) + 1), today
        return today - _DAY * (DAYS.get(asked.name, 7) - 1), today
    first, last = asked.first or asked.last or today, asked.last or asked.first or today
    if not FIRST <= first <= LAST or not FIRST <= last <= LAST:
        raise refused_field(codes.INVALID_REQUEST, "from", "Days lie in the years from 2000 to 2199.")
    if first > last:
        raise refused_field(codes.INVALID_REQUEST, "to", f"The last day, {last}, is before the first, {first}.")
    if (last - first).days >= MOST_DAYS:
        words = f"These are {(last - first).days + 1} days; at most {MOST_DAYS} are looked at, and 13 months are kept."
        raise refused_field(codes.INVALID_REQUEST, "from", words)
    return first, last


def _bins(span: Span, bin: Bin, zone: ZoneInfo) -> Iterator[Span]:
    since = span.since
    while since < span.until:
        until = min(_next(since, bin, zone), span.until)
        yield Span(since, until)
        since = until


def _next(since: datetime, bin: Bin, zone: ZoneInfo) -> datetime:
    """Return when the bin that `since` is in ends."""
    if bin == "hour":
        return since + timedelta(hours=1)
    local = since.astimezone(zone)
    day = local.date()
    if bin == "week":
        return _midnight(day + _DAY * (7 - day.weekday()), zone)
    if bin == "month":
        return _midnight((day.replace(day=1) + _DAY * 32).replace(day=1), zone)
    return _midnight(day + _DAY, zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return _instant(datetime.combine(day, time()), zone)


def _instant(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment of a local time; of one that a clock change skips, the moment of the change or after."""
    return _ceiling(local.replace(tzinfo=zone).astimezone(UTC))


def _floor(moment: datetime, step: timedelta = _QUARTER) -> datetime:
    origin = datetime(2000, 1, 1, tzinfo=UTC)
    return moment.astimezone(UTC) - (moment - origin) % step


def _ceiling(moment: datetime, step: timedelta = _QUARTER) -> datetime:
    floor = _floor(moment, step)
    return floor if floor == moment else floor + step
