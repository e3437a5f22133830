"""Nodes in loops: what an execution shows of them, their runs page by page, and the items of one."""

import uuid
from typing import Any

from fastapi.testclient import TestClient

from stepweave.model.events import Event, EventType
from stepweave.runtime.events import event
from stepweave_data.history.store import History
from tests.api.conftest import World
from tests.api.test_routes import is_problem, made
from tests.fixtures.servers import Databases


def execution_of(client: TestClient, databases: Databases, *events: Event, **changes: Any) -> str:
    """Record an execution of a new workflow whose nodes told `events`; return its id."""
    id = str(uuid.uuid4())
    context: Any = {
        "tenantId": client.get("/api/me").json()["tenant"]["id"],
        "executionId": id,
        "workflowId": made(client)["id"],
        "workflowName": "W",
        "workflowVersion": None,
        "trigger": "manual",
        "mode": "draft",
        "startedAt": "2026-11-23T12:00:00.000Z",
        "timeZone": "UTC",
        **changes,
    }
    arn = f"arn:aws:states:us-east-1:1:execution:m:{id}"
    begun = event(EventType.EXECUTION_STARTED, trigger={"machineType": "standard", "executionArn": arn})
    history = History(databases.app)
    history.record(context["tenantId"], [{"context": context, "events": [begun, *events]}])
    history.close()
    return id


def run(kind: EventType, iteration: str, **fields: Any) -> Event:
    """Return an event of node `a` in a loop."""
    return event(kind, nodeId="a", attempt=1, iteration=iteration, **fields)


def loop(rounds: int) -> list[Event]:
    """Return the events of a node that ran so many times; the last one runs yet, the first one failed."""
    told = [run(EventType.NODE_STARTED, str(number)) for number in range(rounds)]
    told.append(run(EventType.NODE_FAILED, "0", error={"type": "X", "message": "x"}))
    for number in range(1, rounds - 1):
        output = {"main": {"count": 1, "items": [{"json": {"n": number}}]}}
        told.append(run(EventType.NODE_SUCCEEDED, str(number), input={}, output=output))
    return told


def test_a_node_in_a_loop_shows_its_latest_run_and_how_many_there_are(world: World, databases: Databases) -> None:
    client = world.person()
    id = execution_of(client, databases, *loop(12), event(EventType.NODE_STARTED, nodeId="b", attempt=1))
    a, b = client.get(f"/api/executions/{id}").json()["nodeRuns"]
    assert (a["nodeId"], a["iteration"], a["status"]) == ("a", "11", "running")
    assert a["runs"] == {"total": 12, "succeeded": 10, "failed": 1}
    assert (b["nodeId"], b["iteration"], b["runs"]) == ("b", "", None)


def test_a_node_that_waits_says_for_what_and_until_when(world: World, databases: Databases) -> None:
    client = world.person()
    first = run(EventType.NODE_WAITING, "0", waiting={"kind": "time", "until": "2027-01-01"})
    told = run(EventType.NODE_WAITING, "1", waiting={"kind": "callback", "token": "secret", "expiresAt": "2027-01-02"})
    id = execution_of(client, databases, first, told)
    (found,) = client.get(f"/api/executions/{id}").json()["nodeRuns"]
    assert (found["status"], found["waiting"]) == ("waiting", {"kind": "callback", "expiresAt": "2027-01-02"})
    rounds = client.get(f"/api/executions/{id}/node-runs", params={"nodeId": "a"}).json()["items"]
    assert [entry["waiting"]["kind"] for entry in rounds] == ["time", "callback"]


def test_runs_come_page_by_page_in_the_order_of_their_iterations(world: World, databases: Databases) -> None:
    client = world.person()
    rounds = ["10", "9", "9.10", "9.9", "0"]
    id = execution_of(client, databases, *(run(EventType.NODE_STARTED, name) for name in rounds))
    found, after = [], None
    for _ in range(3):
        params: dict[str, str | int] = {"nodeId": "a", "limit": 2}
        if after is not None:
            params["after"] = after
        page = client.get(f"/api/executions/{id}/node-runs", params=params).json()
        found += [entry["iteration"] for entry in page["items"]]
        after = page["next"]
    assert (found, after) == (["0", "9", "9.9", "9.10", "10"], None)
    bad = client.get(f"/api/executions/{id}/node-runs", params={"nodeId": "a", "after": "x"})
    assert is_problem(bad, 422, "invalid_request")
    other = world.person().get(f"/api/executions/{id}/node-runs", params={"nodeId": "a"})
    assert is_problem(other, 404, "not_found")


def test_items_are_of_one_iteration(world: World, databases: Databases) -> None:
    client = world.person()
    id = execution_of(client, databases, *loop(4))
    params = {"nodeId": "a", "iteration": "2"}
    assert client.get(f"/api/executions/{id}/items", params=params).json() == {
        "items": [{"json": {"n": 2}}],
        "total": 1,
    }
    assert is_problem(client.get(f"/api/executions/{id}/items", params={"nodeId": "a"}), 404, "not_found")


def test_the_items_of_a_round_may_be_a_part_of_what_is_stored(world: World, databases: Databases) -> None:
    client = world.person()
    tenant = client.get("/api/me").json()["tenant"]["id"]
    world.storage.objects[f"{tenant}/x"] = b'[{"json":{"n":1}}][{"json":{"n":2}}]'
    ref = {"bucket": "b", "key": f"{tenant}/x", "size": 36, "sha256": "of the whole", "range": [18, 18]}
    told = run(EventType.NODE_SUCCEEDED, "1", input={"main": [{"count": 1, "ref": ref}]}, output={})
    id = execution_of(client, databases, told)
    params = {"nodeId": "a", "iteration": "1", "direction": "in"}
    assert client.get(f"/api/executions/{id}/items", params=params).json()["items"] == [{"json": {"n": 2}}]
