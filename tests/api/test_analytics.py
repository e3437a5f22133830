"""Analytics over HTTP: figures over time, rankings, faults, what runs save, and who sees which."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient

from functions.system.sweeper.rolling_up import rolled_up
from stepweave.model.events import EventType
from stepweave.runtime.events import event
from stepweave_data.history.store import History
from stepweave_data.link import Link
from tests.api.conftest import World
from tests.api.test_examples import created, orders, well
from tests.api.test_people import joined
from tests.api.test_routes import is_problem
from tests.fixtures.servers import Databases
from tests.functions.system.messages import FAILED, STARTED, SUCCEEDED, batch, node, started

ERROR = {"type": "NotThere", "message": "Row 7 is not there", "retryable": False}


class Past:
    """Executions that were."""

    def __init__(self, databases: Databases) -> None:
        self.history, self.link = History(databases.app), Link(databases.app)

    def run(
        self,
        client: TestClient,
        workflow: str,
        ends: str | datetime,
        seconds: float = 1,
        *,
        error: dict[str, Any] | None = None,
        money: str = "",
        **context: Any,
    ) -> str:
        """Record an execution that ended at a moment; return its id."""
        until = datetime.fromisoformat(ends) if isinstance(ends, str) else ends
        began, id = until - timedelta(seconds=seconds), str(uuid.uuid4())
        who: Any = {
            "tenantId": well(client.get("/api/me"))["tenant"]["id"],
            "executionId": id,
            "workflowId": workflow,
            "workflowName": "W",
            "workflowVersion": 1,
            "trigger": "webhook",
            "mode": "live",
            "startedAt": told(began),
            "timeZone": "UTC",
            **context,
        }
        usage: dict[str, Any] = {"usage": {"money": {"USD": money}}} if money else {}
        last = (
            node(FAILED, "fetch", at=told(until), error=error)
            if error
            else node(SUCCEEDED, "fetch", at=told(until), durationMs=seconds * 1000, **usage)
        )
        end = EventType.EXECUTION_FAILED if error else EventType.EXECUTION_SUCCEEDED
        more = {"error": error} if error else {}
        events = [
            started(who),
            node(STARTED, "fetch", at=told(began)),
            last,
            event(end, id=f"{id}-e", at=told(until), **more),
        ]
        self.history.record(who["tenantId"], [batch(who, *events)])
        return id

    def count(self) -> None:
        """Do what the sweeper does."""
        rolled_up(self.link)


def told(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.fixture
def past(databases: Databases) -> Iterator[Past]:
    made = Past(databases)
    yield made
    made.history.close()
    made.link.close()


def counts(found: dict[str, Any]) -> list[tuple[int, int]]:
    """Return how many ran and failed in each bin."""
    return [(one["figures"]["runs"], one["figures"]["failed"]) for one in found["points"]]


def test_executions_are_told_by_day_and_beside_the_period_before(world: World, past: Past) -> None:
    client, stranger = world.person(), world.person()
    workflow = created(client, orders())
    for day, error in (("02", None), ("03", None), ("03", ERROR), ("04", None)):
        past.run(client, workflow, f"2026-11-{day}T10:00:00+00:00", 2, error=error)
    past.run(client, workflow, "2026-10-31T10:00:00+00:00", error=ERROR)
    past.run(client, workflow, "2026-11-03T10:00:00+00:00", mode="draft")
    past.count()
    asked = {"from": "2026-11-02", "to": "2026-11-04"}
    found = well(client.get("/api/analytics", params=asked))
    assert counts(found) == [(1, 0), (2, 1), (1, 0)]
    assert found["range"] == {
        "since": "2026-11-02T00:00:00Z",
        "until": "2026-11-05T00:00:00Z",
        "bin": "day",
        "zone": "UTC",
        "previousSince": "2026-10-30T00:00:00Z",
        "previousUntil": "2026-11-02T00:00:00Z",
    }
    assert (found["current"]["runs"], found["current"]["failureRate"], found["current"]["meanMs"]) == (4, 0.25, 2000)
    assert found["current"]["p99Ms"] == pytest.approx(2000, rel=0.02)
    assert (found["previous"]["runs"], found["previous"]["failureRate"]) == (1, 1.0)
    assert well(stranger.get("/api/analytics", params=asked))["current"]["runs"] == 0


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", [(0, 0), (2, 0)]),
        ("Asia/Kolkata", [(0, 0), (2, 0)]),
        ("Asia/Kathmandu", [(0, 0), (2, 0)]),
        ("America/Los_Angeles", [(2, 0), (0, 0)]),
    ],
)
def test_a_day_is_one_of_the_zone(world: World, past: Past, zone: str, expected: list[tuple[int, int]]) -> None:
    client = world.person()
    workflow = created(client, orders())
    past.run(client, workflow, "2026-11-03T00:20:00+00:00")
    past.run(client, workflow, "2026-11-03T00:40:00+00:00")
    past.count()
    found = well(
        client.get("/api/analytics", params={"from": "2026-11-02", "to": "2026-11-03", "zone": zone, "bin": "day"})
    )
    assert counts(found) == expected


def test_zones_off_the_hour_have_their_own_midnight(world: World, past: Past) -> None:
    client = world.person()
    workflow = created(client, orders())
    for moment in ("18:14", "18:16", "18:29", "18:31"):
        past.run(client, workflow, f"2026-11-03T{moment}:00+00:00")
    past.count()
    for zone, expected in (("Asia/Kolkata", [3, 1]), ("Asia/Kathmandu", [1, 3])):
        asked = {"from": "2026-11-03", "to": "2026-11-04", "zone": zone, "bin": "day"}
        assert [runs for runs, _ in counts(well(client.get("/api/analytics", params=asked)))] == expected


@pytest.mark.parametrize(
    ("zone", "day", "hours", "since"),
    [
        ("Europe/Berlin", "2026-03-29", 23, "2026-03-28T23:00:00Z"),
        ("Europe/Berlin", "2026-10-25", 25, "2026-10-24T22:00:00Z"),
        ("America/Santiago", "2026-09-06", 23, "2026-09-06T04:00:00Z"),
        ("Africa/Cairo", "2026-04-24", 23, "2026-04-23T22:00:00Z"),
        ("Australia/Lord_Howe", "2026-10-04", 24, "2026-10-03T13:30:00Z"),
    ],
)
def test_a_day_with_a_clock_change_is_as_long_as_it_is(
    world: World, zone: str, day: str, hours: int, since: str
) -> None:
    client = world.person()
    found = well(client.get("/api/analytics", params={"from": day, "zone": zone, "bin": "hour"}))
    assert (len(found["points"]), found["range"]["since"]) == (hours, since)


def test_days_begin_at_midnight_on_both_sides_of_a_clock_change(world: World) -> None:
    asked = {"from": "2022-10-27", "to": "2022-11-02", "zone": "Europe/Athens", "bin": "day"}
    points = well(world.person().get("/api/analytics", params=asked))["points"]
    begins = [datetime.fromisoformat(one["since"]).astimezone(ZoneInfo("Europe/Athens")) for one in points]
    assert [(one.day, one.hour) for one in begins] == [(27, 0), (28, 0), (29, 0), (30, 0), (31, 0), (1, 0), (2, 0)]


@pytest.mark.parametrize(("first", "last", "bins"), [("2011-12-29", "2011-12-31", 2), ("2011-12-30", "2011-12-30", 0)])
def test_a_day_that_a_zone_left_out_has_no_bin(world: World, first: str, last: str, bins: int) -> None:
    asked = {"from": first, "to": last, "zone": "Pacific/Apia", "bin": "day"}
    assert len(well(world.person().get("/api/analytics", params=asked))["points"]) == bins


def test_this_period_is_compared_with_as_much_of_the_one_before(world: World) -> None:
    now = datetime.now(UTC)
    for name, days in (("7d", 7), ("30d", 30), ("90d", 90)):
        told = well(world.person().get("/api/analytics", params={"range": name}))["range"]
        passed = datetime.fromisoformat(told["previousUntil"]) - datetime.fromisoformat(told["previousSince"])
        gone = now - datetime.fromisoformat(told["since"])
        assert timedelta() <= passed - gone <= timedelta(minutes=20)
        assert datetime.fromisoformat(told["until"]) - datetime.fromisoformat(told["since"]) == timedelta(days=days)
    told = well(world.person().get("/api/analytics", params={"range": "24h"}))
    assert len(told["points"]) == 24
    assert len(well(world.person().get("/api/analytics", params={"range": "12m"}))["points"]) in (53, 54)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"from": "2026-11-04", "to": "2026-11-02"}, "to"),
        ({"from": "2024-01-01", "to": "2026-11-02"}, "from"),
        ({"from": "0001-01-01", "to": "0001-01-02"}, "from"),
        ({"from": "9999-12-31"}, "from"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"zone": "../etc/passwd"}, "zone"),
        ({"range": "90d", "bin": "hour"}, "bin"),
        ({"range": "1y"}, "range"),
        ({"from": "2026-02-30"}, "from"),
        ({"nodeId": "a"}, "nodeId"),
        ({"nodeId": "a b", "workflowId": str(uuid.UUID(int=1))}, "nodeId"),
        ({"version": 0}, "version"),
        ({"trigger": "x' OR 1=1"}, "trigger"),
    ],
)
def test_what_is_no_range_is_refused_by_its_name(world: World, asked: dict[str, Any], field: str) -> None:
    answer = world.person().get("/api/analytics", params=asked)
    assert is_problem(answer, 422, "invalid_request")
    assert field in answer.json()["errors"][0]["field"]


def test_rankings_and_filters(world: World, past: Past) -> None:
    client = world.person()
    quick, slow = (created(client, {**orders(), "name": name}) for name in ("Quick", "Slow"))
    moment = "2026-11-03T10:00:00+00:00"
    for _ in range(3):
        past.run(client, quick, moment, 1, money="0.5")
    past.run(client, slow, moment, 60, trigger="schedule", workflowVersion=2)
    past.run(client, slow, moment, 60, error=ERROR)
    past.count()
    asked = {"from": "2026-11-01", "to": "2026-11-30"}

    def ranked(what: str, **more: Any) -> list[str]:
        items = well(client.get(f"/api/analytics/{what}", params={**asked, **more}))["items"]
        return [one["workflowName"] for one in items]

    assert ranked("workflows") == ["Slow", "Quick"]
    assert ranked("workflows", sort="costliest") == ["Quick", "Slow"]
    assert ranked("workflows", sort="busiest") == ["Quick", "Slow"]
    assert ranked("nodes", sort="failing") == ["Slow", "Quick"]
    assert ranked("nodes", workflowId=quick) == ["Quick"]
    first = well(client.get("/api/analytics/nodes", params=asked))["items"][0]
    assert (first["nodeId"], first["nodeName"], first["figures"]["runs"]) == ("fetch", None, 2)
    narrower: list[tuple[dict[str, Any], int]] = [
        ({"workflowId": slow}, 2),
        ({"workflowId": slow, "version": 2}, 1),
        ({"workflowId": slow, "nodeId": "fetch"}, 2),
        ({"trigger": "schedule"}, 1),
        ({"projectId": str(uuid.uuid4())}, 0),
    ]
    for more, runs in narrower:
        assert well(client.get("/api/analytics", params={**asked, **more}))["current"]["runs"] == runs, more
    assert well(client.get("/api/analytics", params=asked))["current"]["money"] == "1.5"
    well(client.delete(f"/api/workflows/{slow}"), 204)
    assert ranked("workflows") == [None, "Quick"]


def test_what_runs_save(world: World, past: Past) -> None:
    client = world.person()
    workflow = created(client, orders())
    for error in (None, None, ERROR):
        past.run(client, workflow, "2026-11-03T10:00:00+00:00", error=error)
    past.run(client, workflow, "2026-11-03T10:00:00+00:00", trigger="error")  # it dealt with a failure
    past.count()
    asked = {"from": "2026-11-01", "to": "2026-11-30"}
    assert well(client.get("/api/analytics", params=asked))["current"]["savedMinutes"] is None
    address = f"/api/workflows/{workflow}/time-saved"
    well(client.put(address, json={"minutes": 7.5}), 204)
    found = well(client.get("/api/analytics", params=asked))
    assert (found["current"]["savedMinutes"], found["previous"]["savedMinutes"]) == (15, 0)
    row = well(client.get("/api/analytics/workflows", params=asked))["items"][0]
    assert (row["minutesPerRun"], row["figures"]["savedMinutes"]) == (7.5, 15)
    for odd in (-1, 10_081, "much", "NaN", 1e300, 0.001):
        assert is_problem(client.put(address, json={"minutes": odd}), 422, "invalid_request")
    well(client.put(address, json={"minutes": None}), 204)
    assert well(client.get("/api/analytics", params=asked))["current"]["savedMinutes"] is None
    assert is_problem(world.person().put(address, json={"minutes": 1}), 404, "not_found")


def test_a_fault_is_resolved_and_comes_back(world: World, past: Past) -> None:
    client = world.person()
    workflow = created(client, orders())
    now = datetime.now(UTC)
    first = past.run(client, workflow, now - timedelta(hours=2), error=ERROR)
    last = past.run(client, workflow, now - timedelta(hours=1), error={**ERROR, "message": "Row 8 is not there"})
    past.run(client, workflow, now - timedelta(hours=1), error={**ERROR, "type": "Other"})
    past.count()
    found = well(client.get("/api/analytics/errors"))["items"]
    assert [(one["type"], one["count"]) for one in found] == [("NotThere", 2), ("Other", 1)]
    one = found[0]
    assert (one["message"], one["sample"], one["state"]) == ("Row <n> is not there", "Row 8 is not there", "open")
    assert (one["nodeId"], one["firstExecutionId"], one["lastExecutionId"]) == ("fetch", first, last)
    address = f"/api/analytics/errors/{one['id']}"
    done = well(client.put(address, json={"resolved": True}))
    assert (done["group"]["state"], [it["executionId"] for it in done["examples"]]) == ("resolved", [last, first])
    assert [one["type"] for one in well(client.get("/api/analytics/errors"))["items"]] == ["Other"]
    past.run(client, workflow, datetime.now(UTC) + timedelta(seconds=1), error=ERROR)
    past.count()
    asked = {"state": "open", "workflowId": workflow}
    assert well(client.get("/api/analytics/errors", params=asked))["items"][0]["state"] == "returned"
    assert well(client.put(address, json={"resolved": False}))["group"]["state"] == "open"
    stranger = world.person()
    assert is_problem(stranger.get(address), 404, "not_found")
    assert is_problem(stranger.put(address, json={"resolved": True}), 404, "not_found")


def test_an_owner_has_everything_counted_anew(world: World, past: Past) -> None:
    client = world.person()
    past.run(client, created(client, orders()), "2026-11-03T10:00:00+00:00")
    past.count()
    asked = {"from": "2026-11-01", "to": "2026-11-30"}
    before = well(client.get("/api/analytics", params=asked))["current"]
    assert well(client.post("/api/analytics/rebuild"), 202) == {"days": 1}
    assert well(client.get("/api/analytics", params=asked))["rebuilding"] == 1
    past.count()
    found = well(client.get("/api/analytics", params=asked))
    assert (found["rebuilding"], found["current"]) == (0, before)


def test_what_waits_to_be_counted_is_said(world: World, past: Past) -> None:
    client = world.person()
    past.count()
    began = datetime.now(UTC)
    past.run(client, created(client, orders()), began)
    shown = well(client.get("/api/analytics"))
    assert shown["current"]["runs"] == 0
    assert abs(datetime.fromisoformat(shown["countedUpTo"]) - began) < timedelta(minutes=1)


def test_who_is_in_one_project_sees_its_sums_only(world: World, past: Past) -> None:
    owner = world.person()
    viewer = joined(world, owner, "viewer")
    project = well(owner.post("/api/projects", json={"name": "Books"}), 201)["id"]
    hidden = well(owner.post(f"/api/workflows?projectId={project}", json=orders()), 201)["id"]
    seen = created(owner, orders())
    for workflow in (hidden, hidden, seen):
        past.run(owner, workflow, "2026-11-03T10:00:00+00:00", error=ERROR)
    past.count()
    asked = {"from": "2026-11-01", "to": "2026-11-30"}

    def told(client: TestClient, **more: str) -> list[int]:
        whole = well(client.get("/api/analytics", params=asked | more))["current"]["runs"]
        ranked = well(client.get("/api/analytics/nodes", params=asked | more))["items"]
        faults = well(client.get("/api/analytics/errors", params=asked | more))["items"]
        return [whole, sum(one["figures"]["runs"] for one in ranked), sum(one["count"] for one in faults)]

    assert told(owner) == [3, 3, 3]
    assert told(owner, projectId=project) == [2, 2, 2]
    assert told(viewer) == [1, 1, 1]
    assert told(viewer, workflowId=hidden) == [0, 0, 0]
    group = well(owner.get("/api/analytics/errors", params=asked | {"workflowId": hidden}))["items"][0]["id"]
    assert is_problem(viewer.get(f"/api/analytics/errors/{group}"), 404, "not_found")
    assert is_problem(viewer.post("/api/analytics/rebuild"), 403, "not_allowed")
    assert is_problem(viewer.put(f"/api/workflows/{seen}/time-saved", json={"minutes": 1}), 403, "not_allowed")
