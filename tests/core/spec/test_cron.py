"""Cron lines: what they mean, and what is refused, with the field and what to write."""

import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from stepweave.spec.cron import ScheduleInvalid, parse_cron
from stepweave.spec.schedules import check_fires, due_on, find_zone, next_fires, parse_schedule, parse_schedules

TABLE: dict[str, Any] = json.loads((Path(__file__).parents[2] / "contract" / "schedules.json").read_text("utf-8"))
NOW = datetime(2026, 11, 28, 20, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize("case", TABLE["fires"], ids=lambda case: case["line"])
def test_a_line_fires_at_these_times(case: dict[str, Any]) -> None:
    after = datetime.fromisoformat(case.get("after", TABLE["after"]))
    found = next_fires(case["line"], case.get("zone", "UTC"), after, len(case["at"]))
    assert [f"{at:%Y-%m-%d %H:%M}" for at in found] == case["at"]


@pytest.mark.parametrize("case", TABLE["refused"], ids=lambda case: case["line"])
def test_a_line_is_refused_with_the_field_and_what_to_write(case: dict[str, Any]) -> None:
    with pytest.raises(ScheduleInvalid) as refused:
        parse_schedule(case["line"])
    for words in case["says"]:
        assert words in str(refused.value)
    assert refused.value.remedy.endswith(".")


def test_a_day_field_that_begins_with_a_star_is_no_restriction_of_its_own() -> None:
    odd_mondays, either = parse_cron("0 0 */2 * 1"), parse_cron("0 0 1-31/2 * 1")
    monday_7, monday_14, tuesday_1 = date(2026, 12, 7), date(2026, 12, 14), date(2026, 12, 1)
    assert [odd_mondays.on(day) for day in (monday_7, monday_14, tuesday_1)] == [True, False, False]
    assert [either.on(day) for day in (monday_7, monday_14, tuesday_1)] == [True, True, True]
    assert due_on("0 0 */2 * 1", "UTC", datetime(2026, 12, 7, tzinfo=UTC))
    assert not due_on("0 0 */2 * 1", "Asia/Tokyo", datetime(2026, 12, 7, 15, tzinfo=UTC))  # the 8th there


@pytest.mark.parametrize("line", ["rate(7 hours)", "rate(1 day)", "rate(90 minutes)", "rate(99999 minutes)"])
def test_a_rate_fires_at_the_same_times_whenever_somebody_looks(line: str) -> None:
    seen = next_fires(line, "Europe/Berlin", NOW, 5)
    for later in (timedelta(seconds=4), timedelta(minutes=1)):
        again = next_fires(line, "Europe/Berlin", NOW + later, 5)
        assert set(again[:4]) <= {*seen, again[3]}
    assert next_fires(line, "Europe/Berlin", seen[0], 4) == seen[1:]
    assert len({after - before for before, after in pairwise(seen)}) == 1


def test_a_rate_of_days_begins_at_midnight_of_its_zone_and_is_24_hours_long() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    summer = next_fires("rate(1 day)", "Europe/Berlin", datetime(2026, 3, 28, 12, tzinfo=UTC), 2)
    assert [f"{at.astimezone(berlin):%d %H:%M}" for at in summer] == ["29 00:00", "30 01:00"]
    assert [at.isoweekday() for at in next_fires("rate(7 days)", "UTC", NOW, 3)] == [1, 1, 1]


@pytest.mark.parametrize(
    "name",
    ["", "Europe", "Mars/Olympus", "../etc/passwd", "/etc/localtime", "localtime", "right/UTC", "Europe/\0", "a" * 300],
)
def test_what_is_no_time_zone_is_none(name: str) -> None:
    assert find_zone(name) is None
    with pytest.raises(ScheduleInvalid, match="time zone"):
        next_fires("0 9 * * *", name, NOW, 1)


def test_there_is_an_end_of_time() -> None:
    last = datetime(9999, 12, 31, 23, 0, tzinfo=UTC)
    for line in ("0 9 * * *", "rate(7 hours)", "* * * * *"):
        assert next_fires(line, "Pacific/Kiritimati", last, 3) == []


def test_schedules_under_one_another_name_each_time_once() -> None:
    text = "0 9 * * *\n0 */3 * * *\n at(2026-11-29T10:00) \n\n0 9 * * *"
    found = next_fires(text, "UTC", NOW, 7)
    assert [f"{at:%d %H}" for at in found] == ["28 21", "29 00", "29 03", "29 06", "29 09", "29 10", "29 12"]
    with pytest.raises(ScheduleInvalid, match="20 are the most"):
        parse_schedules("\n".join(f"{minute} 9 * * *" for minute in range(21)))


def test_a_firing_is_of_the_line_that_it_names() -> None:
    text, monday = "0 9 * * 1 every 2 weeks\n0 18 * * *", datetime(2026, 12, 7, 9, tzinfo=UTC)
    assert not due_on(text, "UTC", monday, "0 9 * * 1 every 2 weeks")
    assert due_on(text, "UTC", monday + timedelta(days=7), "0 9 * * 1 every 2 weeks")
    assert due_on(text, "UTC", monday, "0 18 * * *")
    assert not due_on(text, "UTC", monday, "0 9 * * 1")  # what it was before somebody published another


@pytest.mark.parametrize(
    ("text", "zone", "says"),
    [
        ("at(2026-11-28T20:30)", "UTC", "is over"),
        ("at(2020-01-01T00:00)\nat(2021-01-01T00:00)", "UTC", "is over"),
        ("at(2027-03-28T02:30)", "Europe/Berlin", "clocks skip"),
        ("at(2027-01-01T00:00)", "Nowhere", "time zone"),
    ],
)
def test_what_does_not_fire_any_more_is_told(text: str, zone: str, says: str) -> None:
    with pytest.raises(ScheduleInvalid, match=says):
        check_fires(text, zone, NOW)
    check_fires("at(2020-01-01T00:00)\n0 9 * * *", "UTC", NOW)
