"""What EventBridge is given fires, over four years and every change of the clocks in them, exactly when croniter says.

croniter says which days a field of days means, and which minutes of a day; what it cannot say (`15W`, `L-3`) is looked
for among the days of the month. How the fields go together (either, or both where one begins with a star) and what
clocks do to a time are written down here once more, apart from the product. `STEPWEAVE_CRON_EXAMPLES` tries more lines.
"""

import os
import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from croniter import croniter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.services.cron import schedules_for
from stepweave.spec.cron import ScheduleInvalid
from stepweave.spec.schedules import due_on, fires
from tests.fakes.aws_cron import each_day

pytestmark = pytest.mark.no_cover  # many cases of what other tests cover: traced, they take twice as long

EXAMPLES = int(os.environ.get("STEPWEAVE_CRON_EXAMPLES", "24"))
START, END = datetime(2027, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
ZONES = [
    ("UTC", 0),
    ("Europe/Berlin", 8),
    ("America/New_York", 8),
    ("Australia/Lord_Howe", 8),
    ("Africa/Cairo", 8),
    ("America/Santiago", 8),
    ("Asia/Kathmandu", 0),
]
MONTHS = ("JAN", "feb", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "dec")
WEEKDAYS = ("SUN", "mon", "TUE", "WED", "THU", "FRI", "SAT")


@st.composite
def plain(draw: st.DrawFn, low: int, high: int, names: tuple[str, ...] = ()) -> str:
    """One part of a field: a value, a range, a range or star with a step."""
    first, last = sorted((draw(st.integers(low, high)), draw(st.integers(low, high))))
    if first == last:
        return names[first - low] if names and first - low < len(names) and draw(st.booleans()) else str(first)
    step = draw(st.integers(1, high - low))
    return draw(st.sampled_from([f"{first}", f"{first}-{last}", f"{first}-{last}/{step}", f"*/{step}", "*"]))


OF_MONTH = st.one_of(
    plain(1, 31),
    st.sampled_from(["L", "LW", "L-1", "L-3", "L-30", "1W", "2W", "15W", "28W", "29W", "31W"]),
)
OF_WEEK = st.one_of(
    plain(0, 7, WEEKDAYS),
    st.builds("{}#{}".format, st.sampled_from([*WEEKDAYS, *"01234567"]), st.integers(1, 5)),
    st.builds("{}L".format, st.sampled_from([*WEEKDAYS, *"01234567"])),
)


@st.composite
def lines(draw: st.DrawFn) -> str:
    """A line whose hours are those that clocks change in."""
    minutes = ",".join(str(draw(st.integers(0, 59))) for _ in range(draw(st.integers(1, 2))))
    hours = draw(st.sampled_from(["0", "2", "3", "1-3", "0,2", "23,0", "*/2"]))
    of_month = ",".join(draw(st.lists(OF_MONTH, min_size=1, max_size=3)))
    of_week = ",".join(draw(st.lists(OF_WEEK, min_size=1, max_size=3)))
    shape = draw(st.integers(0, 3))
    month = draw(st.one_of(st.just("*"), plain(1, 12, MONTHS)))
    return " ".join((minutes, hours, "*" if shape == 0 else of_month, month, "*" if shape == 1 else of_week))


@cache
def days_of(field: str, of_week: bool) -> frozenset[date]:
    """The days of the four years, and one beside, that a field of days means, part by part."""
    found: set[date] = set()
    for part in field.split(","):
        found |= _days_of_part(part.upper(), of_week)
    return frozenset(found)


@cache
def _days_of_part(part: str, of_week: bool) -> frozenset[date]:
    if not of_week and re.fullmatch(r"LW|L-[0-9]+|[0-9]+W", part):
        return frozenset(
            day for year in range(2026, 2032) for month in range(1, 13) for day in _named(part, year, month)
        )
    if of_week:  # croniter has the last Friday as L5, and no Sunday 7 there
        part = re.sub(r"^7|SUN(?=[L#])", "0", part)
        part = re.sub(r"^([A-Z]{3})(?=[L#])", lambda of: str([name.upper() for name in WEEKDAYS].index(of[1])), part)
        part = re.sub(r"^([0-6])L$", r"L\1", part)
    clock = croniter(f"0 0 * * {part}" if of_week else f"0 0 {part} * *", datetime(2026, 12, 29))
    found = set()
    while (at := clock.get_next(datetime)) < datetime(2031, 1, 3):
        found.add(at.date())
    return frozenset(found)


def _named(part: str, year: int, month: int) -> list[date]:
    days = [date(year, month, number) for number in range(1, monthrange(year, month)[1] + 1)]
    if part.startswith("L-"):
        return days[-1 - int(part[2:]) :][:1] if int(part[2:]) < len(days) else []
    wanted = days[-1].day if part == "LW" else int(part[:-1])
    work = [day for day in days if day.isoweekday() < 6]
    return [min(work, key=lambda day: abs(day.day - wanted))] if wanted <= len(days) else []


def expected(line: str, zone: ZoneInfo) -> list[datetime]:
    """When a line fires in the four years."""
    minute, hour, of_month, month, of_week = line.split()
    clock = croniter(f"{minute} {hour} * * *", datetime(2026, 12, 31, 23, 59))
    times = []
    while (at := clock.get_next(datetime)) < datetime(2027, 1, 2):
        times.append(at.time())
    months = {day.month for day in _months(month)}
    one, other = days_of(of_month, False), days_of(of_week, True)
    starred = of_month.startswith("*") or of_week.startswith("*")
    days = sorted(day for day in (one & other if starred else one | other) if day.month in months)
    found = set()
    for day in days:
        for time in times:
            wall = datetime.combine(day, time)
            moment = wall.replace(tzinfo=zone).astimezone(UTC)
            if moment.astimezone(zone).replace(tzinfo=None) == wall and START <= moment < END:
                found.add(moment)
    return sorted(found)


@cache
def _months(field: str) -> tuple[datetime, ...]:
    clock = croniter(f"0 0 1 {field} *", datetime(2026, 12, 31))
    return tuple(clock.get_next(datetime) for _ in range(12))


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(line=lines(), zone=st.sampled_from([name for name, _ in ZONES]))
def test_the_union_of_the_emitted_schedules_fires_as_croniter_says(line: str, zone: str) -> None:
    place = ZoneInfo(zone)
    try:
        emitted = schedules_for(line, zone, START)
    except ScheduleInvalid as error:
        refused = error.message
    else:
        refused = ""
    if refused:
        step = "is not from" in refused
        assert step or ("never fires" in refused and expected(line, place) == []), refused
        return
    fired = set(each_day([one.text for one in emitted], place, START, END))
    days = {at.astimezone(place).date(): at for at in fired}
    due = {day for day, at in days.items() if due_on(line, zone, at)}  # the starter looks at the day only
    given = {at for at in fired if at.astimezone(place).date() in due}
    wanted = expected(line, place)
    assert sorted(given) == wanted
    shown = fires(line, place, START - timedelta(seconds=1))
    assert [at for at, _ in zip(shown, wanted, strict=False)] == wanted


def test_the_four_years_have_every_change_of_the_clocks() -> None:
    for name, changes in ZONES:
        place = ZoneInfo(name)
        hours = [START + timedelta(hours=number) for number in range(4 * 8766)]
        offsets = [at.astimezone(place).utcoffset() for at in hours]
        assert sum(one != other for one, other in pairwise(offsets)) == changes, name
