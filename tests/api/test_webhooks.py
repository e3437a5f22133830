"""Webhooks as they are published: what calls of them need to know, whose places are taken, and test URLs."""

import uuid
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from stepweave_data import redis_keys as keys
from stepweave_data.hooks.tries import Tries
from tests.api.conftest import World
from tests.api.test_publishing import publish
from tests.api.test_routes import is_problem, made
from tests.fixtures.servers import Databases


@pytest.fixture
def client(world: World) -> TestClient:
    return world.person()


def hooked(*hooks: dict[str, Any], name: str = "Hooked") -> dict[str, Any]:
    """Return a workflow with webhooks: `hook0`, `hook1`, ..."""
    triggers = [
        {"id": f"hook{at}", "type": "webhook_trigger", "version": 1, "name": f"Hook {at}", "params": params}
        for at, params in enumerate(hooks)
    ]
    end = {"id": "end", "type": "no_op", "version": 1, "name": "End", "params": {}}
    edges = [{"id": one["id"], "source": one["id"], "target": "end"} for one in triggers]
    return {"schema": 1, "name": name, "nodes": [*triggers, end], "edges": edges}


def stored(databases: Databases, id: str) -> dict[str, Any]:
    """Return what is published of a workflow: method and path -> target."""
    with psycopg.connect(databases.owner) as connection:
        rows = connection.execute("SELECT method, path, target FROM webhooks WHERE workflow_id = %s", (id,)).fetchall()
    return {f"{method} {path}": target for method, path, target in rows}


def test_a_webhook_is_published_for_each_of_its_methods_and_says_all_that_calls_need(
    client: TestClient, databases: Databases
) -> None:
    params = {
        "path": "orders/:id",
        "method": "POST",
        "moreMethods": ["PUT", "POST"],
        "authentication": "signature",
        "signaturePreset": "stripe",
        "signatureCredential": "c1",
        "signatureWindow": 60,
        "allowedNetworks": "203.0.113.7/24 , ::ffff:198.51.100.0/120,2001:DB8::1",
        "mostCalls": 10,
        "idempotencyKey": "{{ $json.body.id }}",
        "answerStatus": 201,
        "answerHeaders": [{"name": "X-A", "value": "b"}],
        "answerBody": "thanks",
    }
    id = made(client, hooked(params))["id"]
    answer = publish(client, id)
    assert answer.status_code == 200, answer.text
    found = stored(databases, id)
    assert sorted(found) == ["POST orders/:id", "PUT orders/:id"]
    target = found["PUT orders/:id"]
    start = target.pop("start")
    assert start["workflow_version"] == 1
    assert target == {
        "nodeId": "hook0",
        "path": "orders/:id",
        "respond": "immediately",
        "bodyType": "json",
        "maxBodyKb": 1024,
        "authentication": "signature",
        "origins": "*",
        "rawBody": False,
        "credentialId": "c1",
        "signature": {"preset": "stripe", "window": 60},
        "networks": ["203.0.113.0/24", "198.51.100.0/24", "2001:db8::1/128"],
        "rate": {"calls": 10, "seconds": 60, "per": "webhook"},
        "idempotencyKey": "{{ $json.body.id }}",
        "answer": {"status": 201, "headers": {"x-a": "b"}, "body": "thanks"},
    }
    assert [hook["method"] for hook in client.get(f"/api/workflows/{id}").json()["webhooks"]] == ["POST", "PUT"]


@pytest.mark.parametrize(
    ("first", "second", "is_free"),
    [
        ({"path": "orders/:id"}, {"path": "orders/:name"}, False),
        ({"path": ":a"}, {"path": ":b"}, False),
        ({"path": "orders/:id"}, {"path": "orders/:id", "method": "PUT", "moreMethods": ["POST"]}, False),
        ({"path": "orders/:id"}, {"path": "orders/new"}, True),
        ({"path": "orders/:id"}, {"path": ":kind/:id"}, True),
        ({"path": "orders/:id"}, {"path": "orders/:id", "method": "PUT"}, True),
        ({"path": "orders/:id"}, {"path": "orders/:id/lines"}, True),
    ],
)
def test_two_webhooks_that_the_same_calls_would_reach_are_not_both_published(
    client: TestClient, first: dict[str, Any], second: dict[str, Any], is_free: bool
) -> None:
    one = made(client, hooked(first, name="First"))["id"]
    assert publish(client, one).status_code == 200
    other = made(client, hooked(second, name="Second"))["id"]
    answer = publish(client, other)
    both = publish(client, made(client, hooked(first, second))["id"])
    if is_free:
        assert answer.status_code == 200
        return
    assert is_problem(answer, 409, "webhook_taken")
    assert "'First'" in answer.json()["detail"]
    assert answer.json()["errors"][0] | {"message": ""} == {"field": "params.path", "message": "", "nodeId": "hook0"}
    assert is_problem(both, 409, "webhook_taken")
    assert client.get(f"/api/workflows/{other}").json()["publishedVersion"] is None
    assert client.post(f"/api/workflows/{one}/unpublish").status_code == 204
    assert publish(client, other).status_code == 200


def test_publishing_makes_the_webhook_function_look_again(world: World, client: TestClient) -> None:
    slug = client.get("/api/me").json()["tenant"]["slug"]
    known = (keys.hook(slug, "orders/:id"), keys.hook_patterns(slug, 2))
    for key in known:
        world.redis.set(key, "{}")
    publish(client, made(client, hooked({"path": "orders/:id"}))["id"])
    assert world.redis.mget(*known) == [None, None]


@pytest.mark.parametrize(
    ("params", "field", "words"),
    [
        ({"path": "a/:x/:x"}, "path", "twice"),
        ({"path": "a/:"}, "path", ""),
        ({"path": "a/:1"}, "path", ""),
        ({"path": "a/x:y"}, "path", ""),
        ({"path": "~test/x"}, "path", ""),
        ({"path": "a", "allowedNetworks": "10.0.0.0/33"}, "allowedNetworks", "'10.0.0.0/33'"),
        ({"path": "a", "allowedNetworks": "10.0.0.1, example.com"}, "allowedNetworks", ""),
        ({"path": "a", "allowedNetworks": "10.0.0"}, "allowedNetworks", "'10.0.0'"),
        ({"path": "a", "idempotencyKey": "{{ $json.body.id + 1 }}"}, "idempotencyKey", "no plain path"),
        ({"path": "a", "idempotencyKey": "{{ $now }}"}, "idempotencyKey", "no plain path"),
        ({"path": "a", "idempotencyKey": "always"}, "idempotencyKey", "always the same"),
        (
            {"path": "a", "answerHeaders": [{"name": "Set-Cookie", "value": "a=b"}]},
            "answerHeaders.0.name",
            "set-cookie",
        ),
        ({"path": "a", "answerStatus": 99}, "answerStatus", ""),
        ({"path": "a", "authentication": "jwt"}, "jwtCredential", ""),
        ({"path": "a", "authentication": "signature"}, "signatureCredential", ""),
        ({"path": "a", "moreMethods": ["TRACE"]}, "moreMethods.0", ""),
        ({"path": "a", "mostCalls": 0}, "mostCalls", ""),
        ({"path": "a", "signatureContent": "{timestamp}.{body}"}, "signatureTimeHeader", "no header"),
        ({"path": "a", "signatureTimeHeader": "X-Time"}, "signatureContent", "not signed"),
        ({"path": "a", "signatureContent": "{timestamp}"}, "signatureContent", ""),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    client: TestClient, params: dict[str, Any], field: str, words: str
) -> None:
    custom = {"authentication": "signature", "signaturePreset": "custom", "signatureCredential": "c"}
    given = {**custom, **params} if any(name.startswith("signature") for name in params) else params
    id = made(client, hooked(given))["id"]
    answer = publish(client, id)
    assert is_problem(answer, 422, "workflow_invalid")
    found = [one for one in answer.json()["diagnostics"] if one.get("field") == f"params.{field}"]
    assert len(found) == 1, answer.text
    assert words in found[0]["message"]
    assert found[0]["remedy"]


# Test URLs


def listen(client: TestClient, id: str, node: str = "hook0") -> Any:
    return client.post(f"/api/workflows/{id}/triggers/{node}/listen")


def heard_by(world: World, client: TestClient, listen_id: str, json: dict[str, Any]) -> bool:
    """Have the webhook function hear a call, as `functions.system.webhook.trying` does."""
    slug = client.get("/api/me").json()["tenant"]["slug"]
    return Tries(world.redis).hear(slug, listen_id, {"count": 1, "items": [{"json": json}]})


def test_a_test_url_listens_until_a_call_came(world: World, client: TestClient) -> None:
    id = made(client, hooked({"path": "orders/:id", "moreMethods": ["PUT"]}))["id"]
    begun = listen(client, id)
    assert begun.status_code == 200, begun.text
    it = begun.json()
    assert (it["state"], it["items"]) == ("waiting", [])
    slug = client.get("/api/me").json()["tenant"]["slug"]
    known = Tries(world.redis).of(slug)[it["id"]]
    assert (known["path"], known["methods"], known["workflowId"]) == ("orders/:id", ["POST", "PUT"], id)
    place = f"/api/workflows/{id}/listens/{it['id']}"
    assert client.get(place).json()["state"] == "waiting"
    assert heard_by(world, client, it["id"], {"body": 1})
    assert not heard_by(world, client, it["id"], {"body": 2})
    assert (client.get(place).json()["state"], client.get(place).json()["items"]) == ("heard", [{"json": {"body": 1}}])
    assert client.delete(place).status_code == 204
    assert client.get(place).status_code == 404
    assert client.delete(place).status_code == 204
    assert Tries(world.redis).of(slug) == {}


def test_listening_is_ones_own_and_the_second_ends_the_first(world: World, client: TestClient) -> None:
    stranger = world.person()
    id = made(client, hooked({"path": "a"}, {"path": "b"}))["id"]
    first, second = listen(client, id).json()["id"], listen(client, id, "hook1").json()["id"]
    assert client.get(f"/api/workflows/{id}/listens/{first}").status_code == 404
    assert stranger.get(f"/api/workflows/{id}/listens/{second}").status_code == 404
    assert stranger.delete(f"/api/workflows/{id}/listens/{second}").status_code == 204
    assert client.get(f"/api/workflows/{id}/listens/{second}").json()["state"] == "waiting"
    other = made(client, hooked({"path": "c"}))["id"]
    assert client.get(f"/api/workflows/{other}/listens/{second}").status_code == 404
    assert client.get(f"/api/workflows/{id}/listens/{uuid.uuid4()}").status_code == 404


def test_a_webhook_that_is_not_filled_in_does_not_listen(client: TestClient) -> None:
    id = made(client, hooked({"path": "a", "allowedNetworks": "10.0.0.0/99"}, {"path": ""}))["id"]
    for node in ("hook0", "hook1"):
        answer = listen(client, id, node)
        assert is_problem(answer, 422, "workflow_invalid")
        assert {one["nodeId"] for one in answer.json()["diagnostics"]} == {node}
