"""Triggers whose address people write into a provider's settings: it is the same for good."""

from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import World
from tests.api.test_listening import listen
from tests.api.test_publishing import fail, publish, save
from tests.api.test_registrations import registered
from tests.api.test_routes import is_problem, made
from tests.fakes.providers import Provider
from tests.fixtures.servers import Databases


def mentioned(*events: str) -> dict[str, Any]:
    """Return a workflow with a Slack trigger."""
    params = {"credential": "c1", "events": [{"event": event} for event in events]}
    nodes = [
        {"id": "start", "type": "manual_trigger", "version": 1, "name": "Start", "params": {}},
        {"id": "slack", "type": "slack_trigger", "version": 1, "name": "Mentioned", "params": params},
        {"id": "end", "type": "no_op", "version": 1, "name": "End", "params": {}},
    ]
    edges = [{"id": id, "source": id, "target": "end"} for id in ("start", "slack")]
    return {"schema": 1, "name": "Mentions", "nodes": nodes, "edges": edges}


@pytest.fixture
def provider(world: World) -> Provider:
    there = Provider()
    world.nodes.answer = there.answer
    return there


@pytest.fixture
def client(world: World) -> TestClient:
    return world.person()


def stored(databases: Databases, id: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(databases.owner) as connection:
        query = (
            "SELECT status, params -> 'events', target ->> 'workflow_version' FROM registrations WHERE workflow_id = %s"
        )
        return connection.execute(query, (id,)).fetchall()


def test_it_stays_when_parameters_change_and_when_it_is_published_again(
    client: TestClient, provider: Provider, databases: Databases
) -> None:
    id = made(client, mentioned("message"))["id"]
    publish(client, id)
    [first] = registered(client, id)
    assert len(first["url"].rpartition("/~/")[2]) == 32
    save(client, id, mentioned("app_mention"), 1)
    assert publish(client, id).status_code == 200
    assert registered(client, id)[0]["url"] == first["url"]
    assert stored(databases, id) == [("active", [{"event": "app_mention"}], "2")]
    assert provider.asked == [("activate", "slack")]
    assert client.post(f"/api/workflows/{id}/unpublish").status_code == 204
    assert stored(databases, id) == []
    publish(client, id)
    assert registered(client, id)[0]["url"] == first["url"]
    other = made(client, mentioned("message"))["id"]
    publish(client, other)
    assert registered(client, other)[0]["url"] != first["url"]


def test_a_publish_that_fails_changes_nothing(
    world: World, client: TestClient, provider: Provider, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = made(client, mentioned("message"))["id"]
    publish(client, id)
    before = stored(databases, id)
    save(client, id, mentioned("app_mention"), 1)
    with monkeypatch.context() as patch:
        fail(patch, world.machines, "point")
        assert is_problem(publish(client, id), 503, "aws_unavailable")
    assert stored(databases, id) == before


def test_it_is_listened_to_before_it_is_live_only(client: TestClient, provider: Provider, databases: Databases) -> None:
    id = made(client, mentioned("message"))["id"]
    assert listen(client, id, "slack").json()["state"] == "waiting"
    [address] = provider.there
    assert publish(client, id).status_code == 200, "a test is in nobody's way"
    assert registered(client, id)[0]["url"] == address
    refused = listen(client, id, "slack")
    assert refused.json()["code"] == "cannot_listen"
    assert "is live" in refused.json()["detail"]
    assert [status for status, *_ in stored(databases, id)] == ["active"]
