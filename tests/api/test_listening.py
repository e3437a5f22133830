"""Trying out triggers: the newest things at once, or the first event of a provider, and nothing left there after."""

import json
import uuid
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from functions.system.webhook import addresses
from functions.system.webhook.addresses import hear_database
from stepweave.aws import AwsError
from stepweave.aws.control.node_functions import AskFailed
from stepweave_data.link import Link
from tests.api.conftest import World
from tests.api.test_polling import Lists, watching
from tests.api.test_publishing import publish
from tests.api.test_registrations import listening
from tests.api.test_routes import is_problem, made
from tests.fakes.providers import Provider, away, refused
from tests.fixtures.servers import Databases


@pytest.fixture
def client(world: World) -> TestClient:
    return world.person()


@pytest.fixture
def provider(world: World) -> Provider:
    there = Provider()
    world.nodes.answer = there.answer
    return there


@pytest.fixture
def lists(world: World) -> Lists:
    there = Lists()
    world.nodes.answer = there.answer
    return there


def listen(client: TestClient, id: str, node: str) -> Any:
    return client.post(f"/api/workflows/{id}/triggers/{node}/listen")


def place(id: str, heard: dict[str, Any]) -> str:
    return f"/api/workflows/{id}/listens/{heard['id']}"


def rows(databases: Databases, id: str, columns: str = "node_id, status") -> list[Any]:
    with psycopg.connect(databases.owner) as connection:
        query = f"SELECT {columns} FROM registrations WHERE workflow_id = %s ORDER BY node_id"
        return connection.execute(query.encode(), (id,)).fetchall()


def change(databases: Databases, statement: str, *values: Any) -> None:
    with psycopg.connect(databases.owner) as connection:
        connection.execute(statement.encode(), values)


def event(databases: Databases, url: str, monkeypatch: pytest.MonkeyPatch, items: Any) -> dict[str, Any]:
    """Have the webhook function hear of an event at an address, as its receiver does; return who listens there."""
    _, _, slug, _, address = url.rsplit("/", 4)
    link = Link(databases.app)
    with monkeypatch.context() as patch:
        patch.setattr(addresses, "_link", lambda: link)
        found = addresses.from_database(slug, address)
        assert found is not None
        if found["testUntil"] is not None:
            hear_database(found, items)
    link.close()
    return dict(found)


def test_a_trigger_that_polls_gives_the_newest_things_and_keeps_nothing(
    client: TestClient, lists: Lists, databases: Databases
) -> None:
    lists.things = ["a", "b", "c", "d"]
    id = made(client, watching("orders"))["id"]
    answer = listen(client, id, "orders")
    assert answer.status_code == 200
    things = [{"json": {"id": name}} for name in ("b", "c", "d")]
    assert answer.json() == {"id": None, "state": "heard", "until": None, "items": things}
    [asked] = lists.asked
    assert asked["given"] == {"cursor": None, "first": False, "limit": 3}
    assert rows(databases, id) == []


def test_looking_at_a_live_trigger_moves_no_cursor(client: TestClient, lists: Lists, databases: Databases) -> None:
    id = made(client, watching("orders"))["id"]
    publish(client, id)
    before = rows(databases, id, "cursor, number, claim")
    lists.things.append("c")
    listen(client, id, "orders")
    assert rows(databases, id, "cursor, number, claim") == before


def test_an_empty_list_is_heard_as_nothing(client: TestClient, lists: Lists) -> None:
    lists.things = []
    id = made(client, watching("orders"))["id"]
    assert listen(client, id, "orders").json()["items"] == []


def test_a_list_that_cannot_be_read_says_why_at_its_field(client: TestClient, lists: Lists) -> None:
    id = made(client, watching("orders"))["id"]
    lists.error = AskFailed({"type": "ResponseInvalid", "message": "No list.", "details": {"field": "params.listAt"}})
    answer = listen(client, id, "orders")
    assert is_problem(answer, 422, "trigger_refused")
    assert answer.json()["diagnostics"][0]["field"] == "params.listAt"
    lists.error = AwsError("TooManyRequestsException", "arn:secret")
    answer = listen(client, id, "orders")
    assert is_problem(answer, 503, "trigger_unavailable")
    assert "arn:secret" not in answer.text


@pytest.mark.parametrize("wrong", [None, [], {"items": "x"}, {"items": [7]}])
def test_an_answer_that_is_none_is_the_nodes_mistake(client: TestClient, lists: Lists, wrong: Any) -> None:
    lists.answer_with = wrong if wrong is not None else {"cursor": 1}
    id = made(client, watching("orders"))["id"]
    assert is_problem(listen(client, id, "orders"), 422, "trigger_refused")


def test_a_node_that_hears_of_nothing_is_refused(client: TestClient, lists: Lists) -> None:
    document = watching("orders", "off")
    document["nodes"][2]["settings"] = {"disabled": True}
    id = made(client, document)["id"]
    assert is_problem(listen(client, id, "start"), 422, "cannot_listen")
    assert is_problem(listen(client, id, "off"), 422, "cannot_listen")
    assert is_problem(listen(client, id, "none"), 422, "unknown_node")
    assert is_problem(listen(client, id, "a b"), 422, "invalid_request")
    assert is_problem(listen(client, str(uuid.uuid4()), "orders"), 404, "not_found")
    assert lists.asked == []


def test_a_node_that_is_not_filled_in_is_refused_with_what_is_missing(client: TestClient, lists: Lists) -> None:
    id = made(client, watching("orders", authentication="header"))["id"]
    answer = listen(client, id, "orders")
    assert is_problem(answer, 422, "workflow_invalid")
    assert [found["field"] for found in answer.json()["diagnostics"]] == ["params.headerCredential"]


def test_the_first_event_is_heard_and_starts_nothing(
    world: World, client: TestClient, provider: Provider, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = made(client, listening("push"))["id"]
    begun = listen(client, id, "push").json()
    assert (begun["state"], begun["items"], len(provider.there)) == ("waiting", [], 1)
    assert client.get(place(id, begun)).json() == begun
    [url] = provider.there
    who = event(databases, url, monkeypatch, [{"json": {"ref": "main"}}])
    assert (who["joining"], who["start"]) == (False, None)
    event(databases, url, monkeypatch, [{"json": {"ref": "second"}}])
    heard = client.get(place(id, begun)).json()
    assert (heard["state"], heard["items"]) == ("heard", [{"json": {"ref": "main"}}])
    assert client.delete(place(id, begun)).status_code == 204
    assert (provider.there, rows(databases, id), world.starts.started) == ({}, [], [])
    assert client.delete(place(id, begun)).status_code == 204
    assert is_problem(client.get(place(id, begun)), 404, "not_found")


def test_an_event_with_nul_and_half_characters_is_shown_as_far_as_it_can_be(
    client: TestClient, provider: Provider, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = made(client, listening("push"))["id"]
    begun = listen(client, id, "push").json()
    [url] = provider.there
    event(databases, url, monkeypatch, [{"json": {"a": "x\x00\ud800"}}])
    assert client.get(place(id, begun)).json()["items"] == [{"json": {"a": "x\ufffd\ufffd"}}]


def test_a_large_event_is_fetched_and_never_another_tenants(
    world: World, client: TestClient, provider: Provider, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = made(client, listening("push"))["id"]
    begun = listen(client, id, "push").json()
    [url] = provider.there
    tenant = client.get("/api/me").json()["tenant"]["id"]
    content = json.dumps([{"json": {"a": "x" * 50_000}}]).encode()
    key = f"{tenant}/{begun['id']}/heard.json"
    sha256 = world.storage.put("data", key, content)
    ref = {"bucket": "data", "key": key, "size": len(content), "sha256": sha256}
    event(databases, url, monkeypatch, {"count": 1, "ref": ref})
    assert client.get(place(id, begun)).json()["items"] == json.loads(content)
    other = json.dumps({"batch": {"count": 1, "ref": {**ref, "key": "x/y"}}})
    change(databases, "UPDATE registrations SET pending = %s WHERE id = %s", other, begun["id"])
    assert client.get(place(id, begun)).status_code in (404, 410)


def test_listening_is_beside_what_is_live(
    client: TestClient, provider: Provider, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = made(client, listening("push"))["id"]
    publish(client, id)
    [live] = provider.there
    begun = listen(client, id, "push").json()
    assert len(provider.there) == 2
    assert [given["test"] for given in provider.given] == [False, True]
    assert event(databases, live, monkeypatch, [])["testUntil"] is None
    assert publish(client, id).status_code == 200, "a test is in nobody's way"
    assert client.get(place(id, begun)).json()["state"] == "waiting"
    client.delete(place(id, begun))
    assert list(provider.there) == [live]
    assert rows(databases, id) == [("push", "active")]


def test_after_two_minutes_it_is_over_and_the_sweeper_may_have_it(
    client: TestClient, provider: Provider, databases: Databases
) -> None:
    id = made(client, listening("push"))["id"]
    begun = listen(client, id, "push").json()
    [(seconds, swept)] = rows(
        databases, id, "extract(epoch FROM test_until - now())::int, leave_after - test_until = interval '15 seconds'"
    )
    assert (100 < seconds <= 120, swept) == (True, True)
    query = "UPDATE registrations SET test_until = now(), leave_after = now() - interval '1 second' WHERE id = %s"
    change(databases, query, begun["id"])
    assert client.get(place(id, begun)).json()["state"] == "timedOut"
    with psycopg.connect(databases.owner) as connection:
        query = "SELECT count(*) FROM leaving_registrations(100) WHERE id = %s"
        found = connection.execute(query, (begun["id"],)).fetchone()
        query = """SELECT hook_registration(t.slug, r.address) FROM registrations r JOIN tenants t ON t.id = r.tenant_id
                   WHERE r.id = %s"""
        nobody = connection.execute(query, (begun["id"],)).fetchone()
    assert (found, nobody) == ((1,), (None,))


def test_listening_again_ends_the_first_one(client: TestClient, provider: Provider, databases: Databases) -> None:
    id = made(client, listening("push", "other"))["id"]
    first = listen(client, id, "push").json()
    listen(client, id, "other")
    assert len(provider.there) == 1
    assert is_problem(client.get(place(id, first)), 404, "not_found")


def test_what_the_provider_refuses_leaves_nothing(client: TestClient, provider: Provider, databases: Databases) -> None:
    id = made(client, listening("push"))["id"]
    provider.says["push", "activate"] = refused("Not found.")
    assert is_problem(listen(client, id, "push"), 422, "trigger_refused")
    assert rows(databases, id) == []
    provider.says["push", "activate"] = away()
    assert is_problem(listen(client, id, "push"), 503, "trigger_unavailable")
    assert (provider.there, rows(databases, id)) == ({}, [])


def test_a_provider_that_does_not_forget_is_left_to_the_sweeper(
    client: TestClient, provider: Provider, databases: Databases
) -> None:
    id = made(client, listening("push"))["id"]
    begun = listen(client, id, "push").json()
    provider.says["push", "deactivate"] = away()
    assert client.delete(place(id, begun)).status_code == 204
    assert rows(databases, id) == [("push", "leaving")]


def test_only_who_listens_may_know_and_stop(
    world: World, client: TestClient, provider: Provider, databases: Databases
) -> None:
    id = made(client, listening("push"))["id"]
    begun = listen(client, id, "push").json()
    stranger = world.person()
    assert is_problem(stranger.get(place(id, begun)), 404, "not_found")
    assert stranger.delete(place(id, begun)).status_code == 204
    assert is_problem(listen(stranger, id, "push"), 404, "not_found")
    assert len(provider.there) == 1


def test_a_deleted_workflows_test_is_taken_away_by_the_sweeper(
    client: TestClient, provider: Provider, databases: Databases
) -> None:
    id = made(client, listening("push"))["id"]
    listen(client, id, "push")
    assert client.delete(f"/api/workflows/{id}").status_code == 204
    [(status, swept)] = rows(databases, id, "status, leave_after < now() + interval '3 minutes'")
    assert (status, swept) == ("joining", True)
