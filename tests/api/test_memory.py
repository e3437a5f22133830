"""Talks over HTTP: listed, searched, shown page by page and deleted, each tenant's own."""

import uuid
from typing import Any

import psycopg
from fastapi.testclient import TestClient

from tests.api.conftest import World
from tests.api.test_examples import created, orders, well
from tests.api.test_routes import is_problem
from tests.fixtures.servers import Databases
from tests.fixtures.talks import remember


def talks(client: TestClient, **params: Any) -> list[str]:
    return [one["session"] for one in well(client.get("/api/memory/talks", params=params))["items"]]


def test_talks_are_listed_shown_and_deleted(world: World, databases: Databases) -> None:
    client = world.person()
    workflow = created(client, orders())
    assert talks(client) == []
    remember(client, databases, workflow, "customer-1042", "Where is my parcel?", "And my money?")
    [one] = well(client.get("/api/memory/talks"))["items"]
    assert (one["session"], one["messages"], one["last"]) == ("customer-1042", 4, "And my money?!")
    assert (one["workflowId"], one["shared"], one["expiresAt"] > one["updatedAt"]) == (workflow, "", True)
    whole = well(client.get(f"/api/memory/talks/{one['id']}"))
    assert (whole["summary"], whole["workflowName"]) == ("", one["workflowName"])
    found = well(client.get(f"/api/memory/talks/{one['id']}/messages"))
    said = [(message["role"], message["content"]) for message in found["items"]]
    assert said[:2] == [("user", "Where is my parcel?"), ("assistant", "Where is my parcel?!")]
    assert (len(said), found["nextBefore"]) == (4, None)
    well(client.delete(f"/api/memory/talks/{one['id']}"), 204)
    for path in ("", "/messages"):
        assert is_problem(client.get(f"/api/memory/talks/{one['id']}{path}"), 404, "not_found")
    assert is_problem(client.delete(f"/api/memory/talks/{one['id']}"), 404, "not_found")
    assert well(client.post("/api/memory/talks/delete", json={"ids": [one["id"]]})) == {"deleted": 0}


def test_talks_are_searched_and_paged_by_when_they_were_used(world: World, databases: Databases) -> None:
    client = world.person()
    workflow = created(client, orders())
    for session in ("a_1", "b%2", "c", "A-3"):
        remember(client, databases, workflow, session, "x")
    remember(client, databases, workflow, "b%2", "y")
    assert talks(client) == ["b%2", "A-3", "c", "a_1"]
    assert talks(client, search="a") == ["A-3", "a_1"]
    assert (talks(client, search="_"), talks(client, search="%"), talks(client, search="nothing")) == (
        ["a_1"],
        ["b%2"],
        [],
    )
    first = well(client.get("/api/memory/talks", params={"limit": 3}))
    assert talks(client, cursor=first["nextCursor"]) == ["a_1"]
    assert talks(client, workflowId=workflow) == talks(client)
    assert talks(client, workflowId=str(uuid.uuid4())) == []
    ids = [one["id"] for one in first["items"]]
    assert well(client.post("/api/memory/talks/delete", json={"ids": [*ids, str(uuid.uuid4())]})) == {"deleted": 3}
    assert talks(client) == ["a_1"]


def test_messages_are_given_page_by_page_from_the_newest_with_what_was_kept_beside_them(
    world: World, databases: Databases
) -> None:
    client = world.person()
    calls = [{"name": "look", "arguments": "{}"}]
    remember(client, databases, created(client, orders()), "s", "a", "b", "c", toolCalls=calls)
    [talk] = well(client.get("/api/memory/talks"))["items"]
    path = f"/api/memory/talks/{talk['id']}/messages"
    page = well(client.get(path, params={"limit": 4}))
    assert [one["content"] for one in page["items"]] == ["b", "b!", "c", "c!"]
    assert [one["more"] for one in page["items"][:2]] == [{}, {"toolCalls": calls}]
    last = well(client.get(path, params={"limit": 4, "before": page["nextBefore"]}))
    assert ([one["content"] for one in last["items"]], last["nextBefore"]) == (["a", "a!"], None)


def test_talks_past_their_time_and_of_others_are_not_there(world: World, databases: Databases) -> None:
    client, stranger = world.person(), world.person()
    remember(client, databases, created(client, orders()), "s", "a", days=1)
    remember(client, databases, created(client, orders()), "ever", "a", days=None)
    shown = well(client.get("/api/memory/talks"))["items"]
    id = next(one["id"] for one in shown if one["session"] == "s")
    assert (talks(stranger), next(one["expiresAt"] for one in shown if one["session"] == "ever")) == ([], None)
    assert is_problem(stranger.get(f"/api/memory/talks/{id}/messages"), 404, "not_found")
    assert well(stranger.post("/api/memory/talks/delete", json={"ids": [id]})) == {"deleted": 0}
    with psycopg.connect(databases.owner) as connection:
        connection.execute("UPDATE memory_sessions SET expires_at = now() - interval '1 hour' WHERE id = %s", (id,))
    assert talks(client) == ["ever"]
    assert is_problem(client.get(f"/api/memory/talks/{id}"), 404, "not_found")


def test_a_deleted_workflow_leaves_its_talks_to_be_found_and_deleted(world: World, databases: Databases) -> None:
    client = world.person()
    workflow = created(client, orders())
    remember(client, databases, workflow, "s", "a")
    well(client.delete(f"/api/workflows/{workflow}"), 204)
    [one] = well(client.get("/api/memory/talks"))["items"]
    assert (one["workflowId"], one["workflowName"]) == (workflow, None)
    well(client.delete(f"/api/memory/talks/{one['id']}"), 204)
