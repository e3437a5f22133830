"""Many executions at once: stopped, run again, retried from the node that failed."""

import uuid
from typing import Any

from fastapi.testclient import TestClient

from stepweave.model.events import Event, EventType
from stepweave.runtime.events import event
from stepweave_data.history.store import History
from tests.api.conftest import World
from tests.api.test_partial_runs import chain
from tests.api.test_routes import made, recorded
from tests.fixtures.servers import Databases


def told(databases: Databases, client: TestClient, id: str, *events: Event) -> None:
    """Add events to an execution."""
    tenant = client.get("/api/me").json()["tenant"]["id"]
    known = client.get(f"/api/executions/{id}").json()
    context: Any = {
        "tenantId": tenant,
        "executionId": id,
        "workflowId": known["workflowId"],
        "workflowName": "W",
        "workflowVersion": known["workflowVersion"],
        "trigger": known["trigger"],
        "mode": known["mode"],
        "startedAt": known["startedAt"],
        "timeZone": "UTC",
    }
    history = History(databases.app)
    history.record(tenant, [{"context": context, "events": list(events)}])
    history.close()


def failed(databases: Databases, client: TestClient, workflow_id: str, *nodes: str) -> str:
    """Record an execution in which `a` gave an item and `nodes` failed one after the other; return its id."""
    id = recorded(client, databases, workflow_id, main={"count": 1, "items": [{"json": {"n": 1}}]})
    error: Any = {"type": "HttpError", "message": "no"}
    for node in nodes:
        about: Any = {"nodeId": node, "attempt": 1}
        told(databases, client, id, event(EventType.NODE_STARTED, **about))
        told(databases, client, id, event(EventType.NODE_FAILED, **about, error=error))
    told(databases, client, id, event(EventType.EXECUTION_FAILED, error=error))
    return id


def bulk(client: TestClient, action: str, *ids: str) -> list[dict[str, Any]]:
    answer = client.post("/api/executions/bulk", json={"action": action, "ids": ids})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_those_that_run_are_stopped_and_the_others_say_why_not(world: World, databases: Databases) -> None:
    client = world.person()
    workflow_id = made(client, chain())["id"]
    running, over, nobodys = (
        recorded(client, databases, workflow_id),
        failed(databases, client, workflow_id),
        str(uuid.uuid4()),
    )
    done = bulk(client, "cancel", running, over, nobodys, running)
    assert [(one["id"], one["ok"], one["code"]) for one in done] == [
        (running, True, None),
        (over, False, "already_ended"),
        (nobodys, False, "not_found"),
    ]
    assert world.machines.stopped == [f"arn:aws:states:us-east-1:1:execution:m:{running}"]


def test_each_is_run_again_with_what_it_began_with(world: World, databases: Databases) -> None:
    client = world.person()
    workflow_id = made(client, chain())["id"]
    over, running = failed(databases, client, workflow_id), recorded(client, databases, workflow_id)
    again, refused = bulk(client, "runAgain", over, running)
    assert (again["ok"], again["executionId"]) == (True, world.starts.started[-1]["id"])
    assert world.starts.started[-1]["mode"] == "draft"
    assert "seed" not in world.starts.started[-1]
    assert (refused["code"], refused["executionId"]) == ("still_open", None)
    assert len(world.starts.started) == 1


def test_each_is_retried_from_the_node_that_failed_first(world: World, databases: Databases) -> None:
    client = world.person()
    workflow_id = made(client, chain())["id"]
    whole, none = failed(databases, client, workflow_id, "b", "side"), failed(databases, client, workflow_id)
    retried, refused = bulk(client, "retry", whole, none)
    assert retried["ok"] is True
    seed = world.starts.started[-1]["seed"]
    assert set(seed) == {"a", "side"}
    assert seed["a"]["output"]["main"]["items"] == [{"json": {"n": 1}}]
    assert (refused["code"], refused["message"]) == (
        "nothing_failed",
        "No node outside a loop failed; run the execution again as a whole.",
    )


def test_executions_of_others_are_not_touched(world: World, databases: Databases) -> None:
    client, stranger = world.person(), world.person()
    workflow_id = made(client, chain())["id"]
    running, over = recorded(client, databases, workflow_id), failed(databases, client, workflow_id, "b")
    for action in ("cancel", "runAgain", "retry"):
        assert [one["code"] for one in bulk(stranger, action, running, over)] == ["not_found", "not_found"]
    assert (world.machines.stopped, world.starts.started) == ([], [])


def test_a_request_without_ids_or_with_too_many_is_refused(world: World) -> None:
    client = world.person()
    ids = [str(uuid.uuid4()) for _ in range(101)]
    for body in ({"action": "cancel", "ids": []}, {"action": "cancel", "ids": ids}, {"action": "stop", "ids": ids[:1]}):
        assert client.post("/api/executions/bulk", json=body).status_code == 422
