"""Schedules: when they fire, pausing them, the calendar; the home page; the filters of the list of executions."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient

from api.services.cron import CronInvalid, next_fires
from stepweave.model.events import EventType
from stepweave.runtime.events import event
from tests.api.conftest import World
from tests.api.test_iterations import execution_of
from tests.api.test_routes import is_problem, made
from tests.fixtures.servers import Databases


def clock(expression: str = "30 9 * * 1-5", zone: str = "Europe/Berlin") -> dict[str, Any]:
    """A workflow that a schedule starts."""
    params = {"expression": expression, "timeZone": zone}
    nodes = [
        {"id": "tick", "type": "schedule_trigger", "version": 1, "name": "Each morning", "params": params},
        {"id": "end", "type": "no_op", "version": 1, "name": "End", "params": {}},
    ]
    return {"schema": 1, "name": "Mornings", "nodes": nodes, "edges": [{"id": "e", "source": "tick", "target": "end"}]}


def published(client: TestClient, document: dict[str, Any]) -> str:
    id: str = made(client, document)["id"]
    assert client.post(f"/api/workflows/{id}/publish").status_code == 200
    return id


def listed(client: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/api/schedules").json()["items"]
    return found


def test_fires_follow_the_time_zone_through_the_changes_of_its_clocks() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 3, 27, 12, tzinfo=UTC)
    found = next_fires("30 9 * * *", "Europe/Berlin", before, 3)
    assert [at.astimezone(berlin).hour for at in found] == [9, 9, 9]
    assert [at.hour for at in found] == [8, 7, 7]  # summer time began on 29 March
    # 02:30 on the day it is repeated: once.
    autumn = next_fires("30 2 * * *", "Europe/Berlin", datetime(2026, 10, 24, 12, tzinfo=UTC), 3)
    assert [at.astimezone(berlin).date().day for at in autumn] == [25, 26, 27]
    # 02:30 on the day it is skipped: not at all.
    spring = next_fires("30 2 * * *", "Europe/Berlin", datetime(2026, 3, 27, 12, tzinfo=UTC), 3)
    assert [at.astimezone(berlin).date().day for at in spring] == [28, 30, 31]


def test_rates_and_lines_that_never_fire_or_cannot_be_read() -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert next_fires("rate(5 minutes)", "UTC", now, 2) == [now + timedelta(minutes=5), now + timedelta(minutes=10)]
    assert next_fires("0 0 30 2 *", "UTC", now, 2) == []
    with pytest.raises(CronInvalid):
        next_fires("every day", "UTC", now, 1)


def test_a_line_that_is_written_is_told_when_it_would_fire(world: World) -> None:
    client = world.person()
    answer = client.post("/api/schedules/next", json={"expression": "0 6 * * *", "timeZone": "Asia/Tokyo"}).json()
    assert answer["error"] is None
    assert {datetime.fromisoformat(at).astimezone(UTC).hour for at in answer["next"]} == {21}
    for body, words in (
        ({"expression": "0 6 *"}, "five"),
        ({"expression": "0 6 * * *", "timeZone": "Mars/Olympus"}, "Mars"),
    ):
        assert words in client.post("/api/schedules/next", json=body).json()["error"]


def test_a_schedule_is_listed_paused_and_resumed(world: World) -> None:
    client = world.person()
    id = published(client, clock())
    [one] = listed(client)
    assert (one["workflowId"], one["nodeName"], one["expression"]) == (id, "Each morning", "30 9 * * 1-5")
    assert len(one["next"]) == 5
    assert client.put(f"/api/schedules/{one['id']}", json={"enabled": False}).status_code == 204
    assert world.schedules.paused == {one["id"]}
    assert (listed(client)[0]["enabled"], listed(client)[0]["next"]) == (False, [])
    # Publishing again leaves it paused.
    client.post(f"/api/workflows/{id}/publish")
    assert world.schedules.paused == {one["id"]}
    assert client.put(f"/api/schedules/{one['id']}", json={"enabled": True}).status_code == 204
    assert world.schedules.paused == set()
    assert len(listed(client)[0]["next"]) == 5


def test_other_tenants_schedules_are_nobodys_business(world: World) -> None:
    owner = world.person()
    published(owner, clock())
    [one] = listed(owner)
    stranger = world.person()
    assert listed(stranger) == []
    is_problem(stranger.put(f"/api/schedules/{one['id']}", json={"enabled": False}), 404, "not_found")
    is_problem(stranger.put(f"/api/schedules/{uuid.uuid4()}", json={"enabled": False}), 404, "not_found")


def test_a_calendar_has_every_fire_of_its_range(world: World) -> None:
    client = world.person()
    published(client, clock("0 12 * * *", "UTC"))
    start = datetime.now(UTC) + timedelta(days=1)
    span = {"from": start.isoformat(), "to": (start + timedelta(days=7)).isoformat()}
    [fires] = client.get("/api/schedules/fires", params=span).json()["items"]
    assert (len(fires["at"]), fires["more"]) == (7, False)
    published(client, clock("* * * * *", "UTC"))
    assert sorted(one["more"] for one in client.get("/api/schedules/fires", params=span).json()["items"]) == [
        False,
        True,
    ]
    is_problem(
        client.get("/api/schedules/fires", params={"from": span["to"], "to": span["from"]}), 422, "invalid_request"
    )


FAILED = {"type": "OrderError", "message": "the 50% order is wrong"}


def failed_execution(client: TestClient, databases: Databases) -> str:
    end = event(EventType.EXECUTION_FAILED, error=FAILED)
    return execution_of(client, databases, end, startedAt=datetime.now(UTC).isoformat())


def test_the_home_page_tells_what_runs_what_failed_and_what_comes(world: World, databases: Databases) -> None:
    client = world.person()
    assert client.get("/api/home").json()["workflows"] == 0
    published(client, clock())
    failed = failed_execution(client, databases)
    running = execution_of(
        client, databases, event(EventType.NODE_STARTED, nodeId="a", attempt=1), startedAt=datetime.now(UTC).isoformat()
    )
    found = client.get("/api/home").json()
    assert found["workflows"] == 3
    assert ([one["id"] for one in found["running"]], found["runningCount"]) == ([running], 1)
    assert found["failedCount"] == 1
    [failure] = found["failures"]
    assert (failure["count"], failure["last"]["id"], failure["last"]["error"]) == (1, failed, FAILED)
    assert found["fires"][0]["nodeName"] == "Each morning"
    assert (len(found["days"]), found["days"][-1]["failed"], found["days"][-1]["other"]) == (14, 1, 1)


def test_executions_are_found_by_states_time_and_text_of_the_error(world: World, databases: Databases) -> None:
    client = world.person()
    failed = failed_execution(client, databases)
    running = execution_of(client, databases, startedAt=datetime.now(UTC).isoformat())
    old = execution_of(client, databases, startedAt="2026-01-01T00:00:00.000Z")

    def ids(**params: Any) -> list[str]:
        answer = client.get("/api/executions", params=params)
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["items"]]

    assert ids(status=["failed", "succeeded"]) == [failed]
    assert set(ids(status=["failed", "running"])) == {failed, running, old}
    assert set(ids(**{"from": "2026-06-01T00:00:00Z"})) == {failed, running}
    assert ids(to="2026-06-01T00:00:00") == [old]
    assert ids(error="50% ORDER") == [failed]
    assert ids(error="ordererror") == [failed]
    assert ids(error="5_% order") == []
