"""The state of triggers: on and off one by one, next and last fires, what they started, failed, missed and skipped."""

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from stepweave.model.events import EventType
from stepweave.runtime.events import event
from tests.api.conftest import World
from tests.api.test_routes import is_problem, made
from tests.api.test_schedules import published
from tests.fixtures.servers import Databases
from tests.functions.system.messages import rows


def many() -> dict[str, Any]:
    """A workflow with a trigger of each kind that has no code."""
    kinds = {
        "tick": ("schedule_trigger", {"expression": "0 9 * * *", "timeZone": "Asia/Tokyo"}),
        "hook": ("webhook_trigger", {"method": "POST", "path": "orders", "respond": "immediately"}),
        "call": ("workflow_trigger", {}),
        "fail": ("error_trigger", {}),
        "hand": ("manual_trigger", {}),
    }
    nodes = [
        {"id": id, "type": type, "version": 1, "name": id.title(), "params": params}
        for id, (type, params) in kinds.items()
    ]
    nodes.append({"id": "end", "type": "no_op", "version": 1, "name": "End", "params": {}})
    edges = [{"id": f"e{id}", "source": id, "target": "end"} for id in kinds]
    return {"schema": 1, "name": "Many", "nodes": nodes, "edges": edges}


def states(client: Any, id: str) -> dict[str, dict[str, Any]]:
    return {one["nodeId"]: one for one in client.get(f"/api/workflows/{id}/triggers").json()["items"]}


def target_of(databases: Databases, client: Any, id: str) -> list[bool]:
    """Whether the webhook function is told that the webhook is paused."""
    slug = client.get(f"/api/workflows/{id}").json()["webhooks"][0]["url"].split("/")[-2]
    return ["paused" in found[0] for found in rows(databases, "SELECT target FROM hook_targets(%s, 'orders')", slug)]


def test_each_trigger_is_switched_off_by_itself_and_publishing_leaves_it_off(
    world: World, databases: Databases
) -> None:
    client = world.person()
    id = published(client, many())
    found = states(client, id)
    assert {node: (one["kind"], one["enabled"], one["switchable"]) for node, one in found.items()} == {
        "tick": ("schedule", True, True),
        "hook": ("webhook", True, True),
        "call": ("workflow", True, True),
        "fail": ("error", True, True),
        "hand": ("manual", True, False),
    }
    assert (len(found["tick"]["next"]), found["tick"]["missed"], found["hook"]["missed"]) == (10, 0, None)
    assert target_of(databases, client, id) == [False]
    for node in ("tick", "hook", "call", "fail"):
        assert client.put(f"/api/workflows/{id}/triggers/{node}", json={"enabled": False}).status_code == 204
        assert client.put(f"/api/workflows/{id}/triggers/{node}", json={"enabled": False}).status_code == 204
    assert len(world.schedules.paused) == 1
    assert target_of(databases, client, id) == [True]
    assert client.post(f"/api/workflows/{id}/publish").status_code == 200
    off = states(client, id)
    assert [node for node, one in off.items() if one["enabled"]] == ["hand"]
    assert off["tick"]["next"] == []
    assert client.put(f"/api/workflows/{id}/triggers/hook", json={"enabled": True}).status_code == 204
    assert target_of(databases, client, id) == [False]
    assert states(client, id)["hook"]["enabled"]
    client.post(f"/api/workflows/{id}/unpublish")
    assert states(client, id) == {}
    client.post(f"/api/workflows/{id}/publish")
    assert all(one["enabled"] for one in states(client, id).values())


@pytest.mark.parametrize(
    ("node", "code", "status"),
    [("hand", "unknown_node", 422), ("end", "unknown_node", 422), ("x", "unknown_node", 422)],
)
def test_what_is_no_trigger_that_starts_by_itself_is_refused(world: World, node: str, code: str, status: int) -> None:
    client = world.person()
    id = published(client, many())
    is_problem(client.put(f"/api/workflows/{id}/triggers/{node}", json={"enabled": False}), status, code)
    stranger = world.person()
    is_problem(stranger.get(f"/api/workflows/{id}/triggers"), 404, "not_found")
    is_problem(stranger.put(f"/api/workflows/{id}/triggers/tick", json={"enabled": False}), 404, "not_found")


def test_a_draft_has_no_triggers_that_are_live(world: World) -> None:
    client = world.person()
    id = made(client, many())["id"]
    assert states(client, id) == {}
    is_problem(client.put(f"/api/workflows/{id}/triggers/tick", json={"enabled": False}), 409, "not_published")


def test_what_triggers_started_is_told_apart_by_node(world: World, databases: Databases) -> None:
    client = world.person()
    id = published(client, many())
    with psycopg.connect(databases.owner) as connection:
        for node, status in (("tick", "succeeded"), ("hook", "failed"), ("hook", "succeeded"), ("hook", "failed")):
            row = connection.execute(
                b"""INSERT INTO executions (id, tenant_id, workflow_id, workflow_version, mode, trigger, status,
                                            machine_type, started_at, ended_at, error)
                    SELECT gen_random_uuid(), tenant_id, id, 1, 'live', 'webhook', %s, 'standard', clock_timestamp(),
                           clock_timestamp(), CASE WHEN %s = 'failed' THEN '{"type": "E", "message": "m"}'::jsonb END
                    FROM workflows WHERE id = %s RETURNING id, tenant_id""",
                (status, status, id),
            ).fetchone()
            assert row is not None
            told = event(EventType.NODE_STARTED, id=f"{row[0]}-trigger-started", nodeId=node, attempt=1)
            connection.execute(
                b"""INSERT INTO execution_events (execution_id, tenant_id, seq, id, type, node_id, at, data)
                    VALUES (%s, %s, 1, %s, %s, %s, now(), '{}')""",
                (row[0], row[1], told["id"], told["type"], node),
            )
        connection.execute(
            b"UPDATE schedules SET missed = 7, skipped = 2, last_skip = 'still runs' WHERE workflow_id = %s", (id,)
        )
    found = states(client, id)
    assert [(found[node]["started"], found[node]["failed"]) for node in ("tick", "hook", "call")] == [
        (1, 0),
        (3, 2),
        (0, 0),
    ]
    assert found["hook"]["lastExecution"]["status"] == "failed"
    assert found["hook"]["lastError"] == {"type": "E", "message": "m"}
    assert found["tick"]["lastError"] is None
    assert datetime.fromisoformat(found["tick"]["lastFiredAt"]) <= datetime.now(UTC)
    assert (found["tick"]["missed"], found["tick"]["skipped"], found["tick"]["lastSkip"]) == (7, 2, "still runs")
    assert found["call"]["lastFiredAt"] is None


def asking(**params: Any) -> dict[str, Any]:
    """A workflow that people start, with a form."""
    fields = [
        {"name": "orderId", "type": "number", "required": True, "label": "Order"},
        {"name": "size", "type": "choice", "options": "S\nM", "default": "M"},
    ]
    nodes = [
        {"id": "hand", "type": "manual_trigger", "version": 1, "name": "Ask", "params": {"fields": fields, **params}},
        {"id": "end", "type": "no_op", "version": 1, "name": "End", "params": {}},
    ]
    return {"schema": 1, "name": "Asks", "nodes": nodes, "edges": [{"id": "e", "source": "hand", "target": "end"}]}


@pytest.mark.parametrize("mode", ["draft", "live"])
def test_what_a_manual_trigger_asks_for_is_checked_before_anything_starts(world: World, mode: str) -> None:
    client = world.person()
    id = published(client, asking(items=[{"other": 1}]))
    for body, field, says in (
        ({"items": [{"json": {"orderId": "7"}}]}, "items.0.json.orderId", "no number"),
        ({"items": [{"json": {"orderId": 7}}, {"json": {"size": "S"}}]}, "items.1.json.orderId", "missing"),
        ({"items": [{"json": {"orderId": 7, "size": "L"}}]}, "items.0.json.size", "'S', 'M'"),
        ({"items": [{"json": {"orderId": 7, "__proto__": 1}}]}, "items.0.json.__proto__", "no field"),
        ({}, "items.0.json.other", "no field"),
    ):
        refused = client.post(f"/api/workflows/{id}/run", json={"mode": mode, **body})
        is_problem(refused, 422, "invalid_request")
        told = {one["field"]: one["message"] for one in refused.json()["errors"]}
        assert says in told[field]
    assert world.starts.started == []
    good = {"mode": mode, "items": [{"json": {"orderId": 7}}]}
    assert client.post(f"/api/workflows/{id}/run", json=good).status_code == 202
    [started] = world.starts.started
    assert [one["json"] for one in started["items"]] == [{"orderId": 7, "size": "M"}]
