"""The Google Calendar node and its trigger against a Calendar that follows its discovery document."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from functions.nodes.apps.google.nodes.calendar.errors import CalendarMissing, TimeInvalid
from functions.nodes.apps.google.nodes.calendar.run import run
from functions.nodes.apps.google.nodes.calendar.spec import SPEC
from functions.nodes.apps.google.triggers.calendar_events.spec import SPEC as TRIGGER
from functions.nodes.apps.google.triggers.calendar_events.trigger import poll
from stepweave.runtime.http_errors import HttpClientError
from stepweave.runtime.network import ConnectionFailed
from tests.fakes.asks import AskBench
from tests.fakes.google.calendar import Calendar
from tests.fakes.google.server import Google
from tests.fakes.steps import Bench, items
from tests.fakes.web import Web
from tests.functions.nodes.google import bench, connected, doing, google_at

ONE = items({})
INSERT = "calendar.events.insert"
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def google(web: Web, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    with google_at(web, monkeypatch) as made:
        yield made


@pytest.fixture
def calendar(google: Google) -> Calendar:
    return Calendar(google)


@pytest.fixture
def node(google: Google) -> Bench:
    return bench(SPEC, run)


def event(operation: str, **more: Any) -> dict[str, Any]:
    return doing("event", operation, **more)


def creating(start: str, end: str = "", **more: Any) -> dict[str, Any]:
    return event("create", eventCreateSummary="Review", eventCreateStart=start, eventCreateEnd=end, **more)


# Making


@pytest.mark.parametrize(
    ("start", "end", "more", "then"),
    [
        ("2024-05-01T09:00:00+02:00", "", {}, ("2024-05-01T09:00:00+02:00", "2024-05-01T10:00:00+02:00", None)),
        (
            "2024-05-01T07:00:00Z",
            "2024-05-01T07:30Z",
            {},
            ("2024-05-01T07:00:00+00:00", "2024-05-01T07:30:00+00:00", None),
        ),
        ("2024-05-01 09:00", "", {}, ("2024-05-01T09:00:00+02:00", "2024-05-01T10:00:00+02:00", "Europe/Berlin")),
        (
            "2024-05-01T09:00",
            "2024-05-01T10:00",
            {"timeZone": "America/New_York"},
            ("2024-05-01T09:00:00-04:00", "2024-05-01T10:00:00-04:00", "America/New_York"),
        ),
        (
            "2024-05-01T09:00:00+02:00",
            "",
            {"recurrence": "FREQ=DAILY;COUNT=3", "eventCreateMinutes": 30},
            ("2024-05-01T09:00:00+02:00", "2024-05-01T09:30:00+02:00", "Europe/Berlin"),
        ),
    ],
)
def test_an_event_is_made_at_the_time_that_is_meant(
    calendar: Calendar, node: Bench, start: str, end: str, more: dict[str, Any], then: tuple[Any, ...]
) -> None:
    [made] = node.json(creating(start, end, **more), ONE)
    assert (made["start"]["dateTime"], made["end"]["dateTime"], made["start"].get("timeZone")) == then


@pytest.mark.parametrize(
    ("start", "end", "all_day", "then"),
    [
        ("2024-05-01", "", False, ("2024-05-01", "2024-05-02")),
        ("2024-05-01", "2024-05-03", False, ("2024-05-01", "2024-05-04")),
        ("2024-12-31T23:30:00+02:00", "", True, ("2024-12-31", "2025-01-01")),
    ],
)
def test_whole_days_end_with_the_last_day(
    calendar: Calendar, node: Bench, start: str, end: str, all_day: bool, then: tuple[str, str]
) -> None:
    [made] = node.json(creating(start, end, eventCreateAllDay=all_day), ONE)
    assert (made["start"], made["end"]) == ({"date": then[0]}, {"date": then[1]})
    assert calendar.google.asked == [INSERT], "no time zone is asked for"


def test_an_event_has_what_the_form_has(calendar: Calendar, node: Bench) -> None:
    guests = "Ada <ada@example.com>, bob@example.com; ada@example.com"
    more: dict[str, Any] = {
        "attendees": guests,
        "sendUpdates": "all",
        "meeting": True,
        "reminder": 10,
        "recurrence": ["FREQ=DAILY"],
    }
    [made] = node.json(creating("2024-05-01T09:00Z", **more, location="Room 1", showAs="transparent", color="3"), ONE)
    assert [one["email"] for one in made["attendees"]] == ["ada@example.com", "bob@example.com"]
    assert calendar.told == ["ada@example.com all", "bob@example.com all"]
    assert (made["recurrence"], made["reminders"]["overrides"][0]["minutes"]) == (["RRULE:FREQ=DAILY"], 10)
    assert made["conferenceData"]["createRequest"]["conferenceSolutionKey"] == {"type": "hangoutsMeet"}
    assert (made["location"], made["transparency"], made["colorId"], "visibility" in made) == (
        "Room 1",
        "transparent",
        "3",
        False,
    )


def test_an_event_whose_answer_is_lost_is_found_by_a_retry(calendar: Calendar, node: Bench) -> None:
    calendar.google.lost[INSERT] = 1
    with pytest.raises(ConnectionFailed):
        node(creating("2024-05-01T09:00Z"), ONE)
    [made] = node.json(creating("2024-05-01T09:00Z"), ONE, attempt=2)
    assert list(calendar.events["primary"]) == [made["id"]]
    node.json(creating("2024-05-01T09:00Z"), items({}, {}))
    assert len(calendar.events["primary"]) == 2, "each item has an event of its own"


@pytest.mark.parametrize(
    ("start", "end", "more", "words"),
    [
        ("tomorrow", "", {}, "“tomorrow” is neither a date nor a time"),
        ("2024-02-30", "", {}, "neither a date nor a time"),
        ("2024-05-02", "2024-05-01", {}, "The end, 2024-05-01, is before the start"),
        ("2024-05-01T09:00Z", "2024-05-01T08:00Z", {}, "is before the start"),
        ("2024-05-01T09:00", "", {"timeZone": "Mars/Olympus"}, "no time zone 'Mars/Olympus'"),
    ],
)
def test_a_time_that_is_none_is_said(
    calendar: Calendar, node: Bench, start: str, end: str, more: dict[str, Any], words: str
) -> None:
    with pytest.raises(TimeInvalid, match=words):
        node(creating(start, end, **more), ONE)
    assert calendar.events["primary"] == {}


# Changing


def test_an_event_that_is_moved_keeps_its_length_and_everything_else(calendar: Calendar, node: Bench) -> None:
    made = calendar.has(
        "A", NOON, location="Room 1", attendees=[{"email": "ada@example.com", "responseStatus": "accepted"}]
    )
    given = event(
        "update", event=made["id"], eventUpdateStart="2024-05-02T08:00Z", attendees="bob@example.com, ADA@example.com"
    )
    [found] = node.json(given, ONE)
    assert (found["end"], found["location"]) == ({"dateTime": "2024-05-02T09:00:00+00:00"}, "Room 1")
    assert [one.get("responseStatus") for one in found["attendees"]] == ["accepted", None]
    given = event("update", event=made["id"], eventUpdateGuests="replace", attendees="cy@example.com")
    assert node.json(given, ONE)[0]["attendees"] == [{"email": "cy@example.com"}]
    assert node.json(event("update", event=made["id"], eventUpdateEnd="2024-05-02T12:00Z"), ONE)[0]["end"] == {
        "dateTime": "2024-05-02T12:00:00+00:00"
    }


def test_an_event_of_whole_days_may_become_one_of_hours_and_back(calendar: Calendar, node: Bench) -> None:
    made = calendar.has("A", date(2024, 5, 1))
    [found] = node.json(event("update", event=made["id"], eventUpdateStart="2024-05-08"), ONE)
    assert (found["start"], found["end"]) == ({"date": "2024-05-08"}, {"date": "2024-05-09"})
    [found] = node.json(event("update", event=made["id"], eventUpdateStart="2024-05-08T09:00Z"), ONE)
    assert found["start"] == {"dateTime": "2024-05-08T09:00:00+00:00"}
    [found] = node.json(event("update", event=made["id"], eventUpdateStart="2024-05-09"), ONE)
    assert found["start"] == {"date": "2024-05-09"}


def test_an_event_is_deleted_once(calendar: Calendar, node: Bench) -> None:
    id = calendar.has("A", NOON)["id"]
    assert [node.json(event("delete", event=id), ONE) for _ in range(2)] == [[{"id": id, "deleted": True}]] * 2
    with pytest.raises(HttpClientError, match="Event: Delete"):
        node(event("delete", event="none"), ONE)
    assert node.json(event("get", event=id), ONE)[0]["status"] == "cancelled"


# Finding


def test_events_are_listed_by_their_starts(calendar: Calendar, node: Bench) -> None:
    for day in (3, 1, 2):
        calendar.has(f"Day {day}", NOON.replace(day=day))
    calendar.has("Series", NOON.replace(day=5), recurrence=["RRULE:FREQ=DAILY;COUNT=3"])
    given = event("list", eventListAfter="2024-05-02", eventListBefore="2024-05-06T12:00Z")
    assert [one["summary"] for one in node.json(given, ONE)] == ["Day 2", "Day 3", "Series"]
    assert len(node.json(event("list", eventListQ="Series", returnAll=True), ONE)) == 3
    assert len(node.json(event("list", eventListQ="Series", eventListSingle=False), ONE)) == 1
    assert len(node.json(event("list", limit=1), ONE)) == 1


def test_it_is_said_who_is_free(calendar: Calendar, node: Bench) -> None:
    calendar.has("A", NOON, calendar="bob@example.com")
    span = {"calendarBusyStart": "2024-05-01T14:00", "calendarBusyEnd": "2024-05-01T15:00"}
    found = node.json(doing("calendar", "busy", calendarBusyOthers="bob@example.com", **span), ONE)
    assert [(one["calendar"], one["free"]) for one in found] == [("primary", True), ("bob@example.com", False)]
    with pytest.raises(CalendarMissing, match=r"eve@example.com cannot be looked at \(notFound\)"):
        node(doing("calendar", "busy", calendarBusyOthers="eve@example.com", **span), ONE)
    assert [one["id"] for one in node.json(doing("calendar", "list"), ONE)] == ["primary", "bob@example.com"]


# The trigger


@pytest.fixture
def trigger(google: Google) -> AskBench:
    made = AskBench(TRIGGER, {"poll": poll})
    connected(made.outside)
    return made


def polled(trigger: AskBench, cursor: Any, kind: str, **more: Any) -> Any:
    given = {"cursor": cursor, "first": False, "limit": 10, **more}
    return trigger("poll", {"credential": "c", "calendar": "primary", "event": kind, "minutes": 15}, **given)


def test_an_event_that_is_made_counts_once_and_a_changed_one_does_not(calendar: Calendar, trigger: AskBench) -> None:
    old = calendar.has("Old", NOON)
    ancient = calendar.has("Ancient", NOON, created="2020-01-01T00:00:00Z", updated="2020-01-01T00:00:00Z")
    first = polled(trigger, None, "created", first=True, limit=0)
    calendar.touch(old)
    calendar.touch(ancient)
    calendar.has("New", NOON)
    found = polled(trigger, first["cursor"], "created")
    assert (first["items"], [one["summary"] for one in found["items"]]) == ([], ["New"])
    assert polled(trigger, found["cursor"], "created")["items"] == []


def test_each_change_counts_once(calendar: Calendar, trigger: AskBench) -> None:
    old = calendar.has("Old", NOON)
    cursor = polled(trigger, None, "changed", first=True, limit=0)["cursor"]
    for _ in range(2):
        calendar.touch(old)
        found = polled(trigger, cursor, "changed")
        assert [one["summary"] for one in found["items"]] == ["Old"]
        cursor = found["cursor"]
    calendar.touch(old, status="cancelled")
    assert polled(trigger, cursor, "changed")["items"] == []


def test_a_cancelled_event_counts(calendar: Calendar, trigger: AskBench) -> None:
    old = calendar.has("Old", NOON)
    cursor = polled(trigger, None, "cancelled", first=True, limit=0)["cursor"]
    assert polled(trigger, cursor, "cancelled")["items"] == []
    calendar.touch(old, status="cancelled")
    found = polled(trigger, cursor, "cancelled")
    assert [one["summary"] for one in found["items"]] == ["Old"]
    assert polled(trigger, found["cursor"], "cancelled")["items"] == []


def test_what_is_left_over_comes_next(calendar: Calendar, trigger: AskBench) -> None:
    cursor = polled(trigger, None, "created", first=True, limit=0)["cursor"]
    for n in range(5):
        calendar.has(str(n), NOON)
    found = polled(trigger, cursor, "created", limit=3)
    assert ([one["summary"] for one in found["items"]], found["more"]) == (["0", "1", "2"], True)
    assert [one["summary"] for one in polled(trigger, found["cursor"], "created")["items"]] == ["3", "4"]


def test_a_look_from_long_ago_is_none_that_google_refuses(calendar: Calendar, trigger: AskBench) -> None:
    cursor = polled(trigger, None, "created", first=True, limit=0)["cursor"]
    long_ago = (datetime.now(UTC) - timedelta(days=60)).isoformat()
    calendar.has("New", NOON)
    found = polled(trigger, {**cursor, "looked": long_ago, "begun": long_ago}, "created")
    assert [one["summary"] for one in found["items"]] == ["New"]


def test_an_event_that_begins_soon_counts_once_and_anew_when_moved(calendar: Calendar, trigger: AskBench) -> None:
    now = datetime.now(UTC)
    soon = calendar.has("Soon", now + timedelta(minutes=10))
    calendar.has("Later", now + timedelta(hours=2))
    calendar.has("Running", now - timedelta(minutes=30))
    calendar.has("Today", date(2024, 5, 1))
    series: dict[str, Any] = {"recurrence": ["RRULE:FREQ=DAILY;COUNT=3"]}
    calendar.has("Series", now - timedelta(days=1) + timedelta(minutes=5), **series)
    first = polled(trigger, None, "starting", first=True, limit=0)
    found = polled(trigger, first["cursor"], "starting")
    assert (first["items"], [one["summary"] for one in found["items"]]) == ([], ["Series", "Soon"])
    again = polled(trigger, found["cursor"], "starting")
    moved = (now + timedelta(minutes=12)).isoformat()
    calendar.touch(soon, start={"dateTime": moved})
    assert again["items"] == []
    assert [one["summary"] for one in polled(trigger, again["cursor"], "starting")["items"]] == ["Soon"]


def test_somebody_who_looks_sees_what_it_is_like(calendar: Calendar, trigger: AskBench) -> None:
    calendar.has("Next week", datetime.now(UTC) + timedelta(days=6))
    assert [len(polled(trigger, None, kind)["items"]) for kind in ("created", "starting", "cancelled")] == [1, 1, 0]
