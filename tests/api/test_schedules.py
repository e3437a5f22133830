"""Schedules: when they fire, pausing them, the calendar; the home page; the filters of the list of executions."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

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


def test_a_line_that_is_written_is_told_when_it_would_fire(world: World) -> None:
    client = world.person()
    answer = client.post("/api/schedules/next", json={"expression": "0 6 * * *", "timeZone": "Asia/Tokyo"}).json()
    assert answer["error"] is None
    assert {datetime.fromisoformat(at).astimezone(UTC).hour for at in answer["next"]} == {21}
    for body, words in (
        ({"expression": "0 6 *"}, "there are five"),
        ({"expression": "0 9 W5 * *"}, "Day of month"),
        ({"expression": "0 0 30 2 *"}, "never fires"),
        ({"expression": "0 9 * * *", "timeZone": "Europe"}, "'Europe'"),
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


def test_two_looks_at_a_rate_give_the_same_times_and_eventbridge_counts_from_them(world: World) -> None:
    client = world.person()
    published(client, clock("rate(7 hours)", ""))
    [first], [second] = listed(client), listed(client)
    assert first["next"] == second["next"]
    asked = client.post("/api/schedules/next", json={"expression": "rate(7 hours)", "timeZone": "UTC"}).json()
    assert asked["next"][:5] == first["next"]
    assert len(asked["next"]) == 10
    assert world.schedules.starts[first["id"]] == datetime.fromisoformat(first["next"][0])


@pytest.mark.parametrize(
    ("line", "zone", "field"),
    [("0 0 30 2 *", "UTC", "expression"), ("0 9 W5 * *", "UTC", "expression"), ("0 9 * * *", "Europe", "timeZone")],
)
def test_a_schedule_that_cannot_be_is_told_by_validate_and_refused_by_publish(
    world: World, line: str, zone: str, field: str
) -> None:
    client = world.person()
    document = clock(line, zone)
    [told] = client.post("/api/workflows/validate", json=document).json()["diagnostics"]
    assert (told["code"], told["nodeId"], told["field"]) == ("schedule_invalid", "tick", f"params.{field}")
    refused = client.post(f"/api/workflows/{made(client, document)['id']}/publish")
    is_problem(refused, 422, "workflow_invalid")
    [found] = refused.json()["diagnostics"]
    assert found == {name: value for name, value in told.items() if value is not None}
    assert world.schedules.there == {}


def test_several_rules_of_one_trigger_are_one_schedule_with_a_schedule_of_eventbridge_each(world: World) -> None:
    client = world.person()
    document = clock("0 9 L * *", "Asia/Tokyo")
    document["nodes"][0]["params"] |= {
        "more": [
            {"expression": "0 9 1,15W * MON#2"},
            {"expression": "at(2090-12-24T09:00)"},
            {"expression": "0 9 L * *"},
        ],
        "overlap": "queue",
        "catchUp": "once",
    }
    id = published(client, document)
    [one] = listed(client)
    assert one["expression"].splitlines()[2] == "at(2090-12-24T09:00)"
    told = {text: (zone, payload.get("line")) for text, zone, payload in world.schedules.there.values()}
    assert told == {
        "cron(0 9 L * ? *)": ("Asia/Tokyo", "0 9 L * *"),
        "cron(0 9 1 * ? *)": ("Asia/Tokyo", "0 9 1,15W * MON#2"),
        "cron(0 9 15W * ? *)": ("Asia/Tokyo", "0 9 1,15W * MON#2"),
        "cron(0 9 ? * 2#2 *)": ("Asia/Tokyo", "0 9 1,15W * MON#2"),
        "at(2090-12-24T00:00:00)": ("UTC", "at(2090-12-24T09:00)"),
    }
    # With one rule again, the others' schedules go, and the payload names no line, as before there were several.
    body = {
        "document": clock("0 9 L * *", "Asia/Tokyo"),
        "revision": client.get(f"/api/workflows/{id}").json()["revision"],
    }
    assert client.put(f"/api/workflows/{id}", json=body).status_code == 200
    assert client.post(f"/api/workflows/{id}/publish").status_code == 200
    [(text, _, payload)] = world.schedules.there.values()
    assert (text, set(payload)) == ("cron(0 9 L * ? *)", {"tenantId", "scheduleId"})


def test_a_trigger_whose_times_are_over_is_refused_and_a_rule_that_cannot_be_is_told_at_its_row(world: World) -> None:
    client = world.person()
    refused = client.post(f"/api/workflows/{made(client, clock('at(2020-01-01T00:00)'))['id']}/publish")
    is_problem(refused, 422, "workflow_invalid")
    assert "is over" in refused.json()["diagnostics"][0]["message"]
    document = clock("at(2020-01-01T00:00)")
    document["nodes"][0]["params"]["more"] = [{"expression": "0 9 * * *"}, {"expression": "0 9 * * 1#6"}]
    [told] = client.post("/api/workflows/validate", json=document).json()["diagnostics"]
    assert (told["code"], told["field"]) == ("schedule_invalid", "params.more.1.expression")


def test_a_workflow_in_no_time_zone_is_told(world: World) -> None:
    document = {**clock("0 9 * * *", ""), "settings": {"timeZone": "Mars/Olympus"}}
    [told] = world.person().post("/api/workflows/validate", json=document).json()["diagnostics"]
    assert (told["code"], told["field"]) == ("unknown_time_zone", "settings.timeZone")


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
