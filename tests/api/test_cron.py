"""Schedules as EventBridge Scheduler reads them: what it is given fires when the preview says."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from api.services.cron import schedule_expressions, schedules_for
from stepweave.spec.cron import ScheduleInvalid
from stepweave.spec.schedules import due_on, fires
from tests.fakes.aws_cron import MONTHS, WEEKDAYS, each_day, each_minute

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Asia/Kolkata",
    "Asia/Tokyo",
)
CHANGES = {
    "Europe/Berlin": ("2027-03-28", "2027-10-31"),
    "America/New_York": ("2027-03-14", "2027-11-07"),
    "Australia/Lord_Howe": ("2027-04-04", "2027-10-03"),  # by half an hour
    "Africa/Cairo": ("2027-04-30", "2027-10-29"),  # at midnight
}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("*/15 * * * *", ["cron(0,15,30,45 * * * ? *)"]),
        ("0 9 * * 1-5", ["cron(0 9 ? * MON,TUE,WED,THU,FRI *)"]),
        ("0 9 * * 0,7", ["cron(0 9 ? * SUN *)"]),
        ("30 6 1,15 * *", ["cron(30 6 1,15 * ? *)"]),
        ("0 0 * jan mon", ["cron(0 0 ? 1 MON *)"]),
        ("0 22-22 * * *", ["cron(0 22 * * ? *)"]),
        ("5-5 9 1-1 * *", ["cron(5 9 1 * ? *)"]),
        ("0 9 * * MON-mon", ["cron(0 9 ? * MON *)"]),
        ("0-28,30-59 * * * *", ["cron(0-28,30-59 * * * ? *)"]),
        ("0 0 1 * 1", ["cron(0 0 1 * ? *)", "cron(0 0 ? * MON *)"]),
        ("0 0 1-31 * 1", ["cron(0 0 * * ? *)"]),
        ("0 0 */2 * 1", ["cron(0 0 ? * MON *)"]),
        ("0 0 1 * */2", ["cron(0 0 1 * ? *)"]),
        ("@hourly", ["cron(0 * * * ? *)"]),
        ("0 9 L * *", ["cron(0 9 L * ? *)"]),
        ("0 9 1,15W,L-3 * *", ["cron(0 9 1,25-28 * ? *)", "cron(0 9 15W * ? *)"]),
        ("0 9 LW * *", ["cron(0 9 26-31 * ? *)"]),
        ("0 9 1W * *", ["cron(0 9 1-3 * ? *)"]),
        ("0 9 * * FRI#2", ["cron(0 9 ? * 6#2 *)"]),
        ("0 9 * * 7L", ["cron(0 9 ? * SUN *)"]),
        ("0 9 L * 1#1,2", ["cron(0 9 L * ? *)", "cron(0 9 ? * TUE *)", "cron(0 9 ? * 2#1 *)"]),
        ("0 9 * * 1#1,2#1,3#1,4#1,5#1,6#1", ["cron(0 9 ? * MON,TUE,WED,THU,FRI,SAT *)"]),
        ("0 9 * * 1 every 2 weeks", ["cron(0 9 ? * MON *)"]),
        ("rate(1 hours)", ["rate(1 hour)"]),
        ("rate(5 minute)", ["rate(5 minutes)"]),
    ],
)
def test_lines_become_scheduler_expressions(line: str, expected: list[str]) -> None:
    assert schedule_expressions(line) == expected


def test_a_rate_counts_from_its_first_fire_and_a_one_off_time_is_in_utc() -> None:
    now = datetime(2026, 11, 28, 20, 30, tzinfo=UTC)
    text = "rate(7 hours)\n0 9 L * *\nat(2027-10-31T02:30)\nat(2026-11-01T00:00)"
    found = schedules_for(text, "Europe/Berlin", now)
    assert [(one.text, one.zone, one.line) for one in found] == [
        ("rate(7 hours)", "Europe/Berlin", "rate(7 hours)"),
        ("cron(0 9 L * ? *)", "Europe/Berlin", "0 9 L * *"),
        ("at(2027-10-31T00:30:00)", "UTC", "at(2027-10-31T02:30)"),  # the first of the two; what is over is left out
    ]
    assert schedules_for("rate(7 hours)", "UTC", now)[0].start == datetime(2026, 11, 29, 3, tzinfo=UTC)
    with pytest.raises(ScheduleInvalid, match="40 are the most"):
        schedules_for("\n".join(f"{minute} 9 L * 1#1,2#2" for minute in range(20)), "UTC", now)


def _field(least: int, most: int, names: Sequence[str] = (), *, few: bool = False) -> st.SearchStrategy[str]:
    number = st.integers(least, most)
    value = st.one_of(number.map(str), st.sampled_from(names)) if names else number.map(str)
    step = st.integers(1, most - least + 1)
    forms = [
        value,
        st.tuples(value, value).map("-".join),
        st.tuples(value, value, step).map(lambda of: f"{of[0]}-{of[1]}/{of[2]}"),
        st.tuples(value, step).map(lambda of: f"{of[0]}/{of[1]}"),
        step.map(lambda by: f"*/{by}"),
        st.just("*"),
    ]
    part = value if few else st.one_of(*forms)
    return st.lists(part, min_size=1, max_size=2).map(",".join)


DAYS = (_field(1, 31), _field(1, 12, MONTHS), _field(0, 7, WEEKDAYS))
FEW_A_DAY = st.tuples(_field(0, 59, few=True), _field(0, 23, few=True), *DAYS).map(" ".join)
ANY_LINE = st.tuples(_field(0, 59), _field(0, 23), *DAYS).map(" ".join)


def _expressions(line: str) -> list[str]:
    try:
        return schedule_expressions(line)
    except ScheduleInvalid as refused:
        assume("never fires" not in str(refused))
        assume("is not from" not in str(refused))
        raise


@settings(max_examples=60)
@given(line=FEW_A_DAY, zone=st.sampled_from(ZONES))
@example(line="0 0 */2 * 1", zone="UTC")
@example(line="0 0 1 * */2", zone="Africa/Cairo")
@example(line="30 2 29 2,3 SUN-TUE", zone="Europe/Berlin")
def test_what_eventbridge_is_given_fires_when_the_preview_says(line: str, zone: str) -> None:
    place = ZoneInfo(zone)
    start, end = datetime(2027, 1, 1, tzinfo=UTC), datetime(2029, 4, 1, tzinfo=UTC)
    given = {at for at in each_day(_expressions(line), place, start, end) if due_on(line, zone, at)}
    shown = list(takewhile(lambda at: at < end, fires(line, place, start - timedelta(seconds=1))))
    assert shown == sorted(given)


@settings(max_examples=40)
@given(line=ANY_LINE, change=st.sampled_from([(zone, day) for zone, days in CHANGES.items() for day in days]))
@example(line="*/15 * * * *", change=("Europe/Berlin", "2027-03-28"))
@example(line="*/15 * * * *", change=("Australia/Lord_Howe", "2027-04-04"))
@example(line="0 0-3 * * *", change=("Africa/Cairo", "2027-10-29"))
def test_the_same_holds_in_every_minute_around_a_change_of_the_clocks(line: str, change: tuple[str, str]) -> None:
    zone, day = change
    place = ZoneInfo(zone)
    start = datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(days=1)
    end = start + timedelta(days=3)
    given = {at for at in each_minute(_expressions(line), place, start, end) if due_on(line, zone, at)}
    shown = list(takewhile(lambda at: at < end, fires(line, place, start - timedelta(seconds=1))))
    assert shown == sorted(given)
