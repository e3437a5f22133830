"""Releases: what versions are called."""

from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import World
from tests.api.test_routes import is_problem, made, workflow
from tests.fixtures.servers import Databases


def published(client: TestClient, **said: Any) -> str:
    id = str(made(client, workflow("orders"))["id"])
    answer = client.post(f"/api/workflows/{id}/publish", json=said)
    assert answer.status_code == 200, answer.text
    return id


def version(client: TestClient, id: str, number: int = 1) -> tuple[str, str]:
    listed = {one["number"]: one for one in client.get(f"/api/workflows/{id}/versions").json()["items"]}
    one = client.get(f"/api/workflows/{id}/versions/{number}").json()
    assert {name: one[name] for name in listed[number]} == listed[number]
    return one["name"], one["note"]


def test_a_version_is_named_at_publish_and_later(world: World) -> None:
    client = world.person()
    id = published(client, name="  Christmas prices ", note="Asked for by sales.\n\nBack on the 27th.")
    assert version(client, id) == ("Christmas prices", "Asked for by sales.\n\nBack on the 27th.")
    place = f"/api/workflows/{id}/versions/1"
    assert client.put(place, json={"name": "Winter prices 🎄"}).json()["name"] == "Winter prices 🎄"
    assert version(client, id)[1] == "Asked for by sales.\n\nBack on the 27th.", "what is left out stays"
    assert client.put(place, json={"note": ""}).status_code == 200
    assert version(client, id) == ("Winter prices 🎄", "")
    assert is_problem(client.put(f"/api/workflows/{id}/versions/2", json={"name": "x"}), 404, "not_found")


def test_what_was_said_before_is_in_the_audit(world: World) -> None:
    client = world.person()
    id = published(client, name="One", note="First")
    client.put(f"/api/workflows/{id}/versions/1", json={"name": "Two"})
    client.put(f"/api/workflows/{id}/versions/1", json={"name": "Two"})
    entries = client.get("/api/audit", params={"action": "version.described"}).json()["items"]
    told = [(one["before"], one["after"]) for one in entries if one["before"]]
    assert told == [({"name": "One", "note": "First"}, {"name": "Two", "note": "First"})]


@pytest.mark.parametrize(
    "said",
    [
        {"name": "x" * 81},
        {"note": "x" * 2001},
        {"name": "two\nlines"},
        {"name": "nul\x00"},
        {"note": "nul\x00"},
        {"name": "line\u2028separator"},
        {"name": 7},
    ],
)
def test_what_no_list_could_show_is_refused_and_nothing_is_published(world: World, said: dict[str, Any]) -> None:
    client = world.person()
    id = str(made(client, workflow("orders"))["id"])
    assert client.post(f"/api/workflows/{id}/publish", json=said).status_code in (400, 422)
    assert client.get(f"/api/workflows/{id}/versions").json()["items"] == []
    client.post(f"/api/workflows/{id}/publish", json={"name": "x" * 80, "note": "x" * 2000})
    assert client.put(f"/api/workflows/{id}/versions/1", json=said).status_code in (400, 422)
    assert version(client, id) == ("x" * 80, "x" * 2000)


def test_executions_say_what_their_version_is_called_now(world: World, databases: Databases) -> None:
    client = world.person()
    id = published(client, name="One")
    rows = """
        INSERT INTO executions
          (id, tenant_id, workflow_id, workflow_version, mode, trigger, machine_type, status, started_at)
        SELECT gen_random_uuid(), tenant_id, id, version, mode, 'manual', 'standard', 'succeeded', now()
        FROM workflows, (VALUES (1, 'live'), (NULL, 'draft')) AS ran (version, mode) WHERE id = %s
    """
    with psycopg.connect(databases.owner) as connection:
        connection.execute(rows, (id,))
    client.put(f"/api/workflows/{id}/versions/1", json={"name": "Uno"})
    listed = client.get("/api/executions").json()["items"]
    assert sorted((one["workflowVersion"] or 0, one["versionName"]) for one in listed) == [(0, ""), (1, "Uno")]
    for one in listed:
        assert client.get(f"/api/executions/{one['id']}").json()["versionName"] == one["versionName"]
