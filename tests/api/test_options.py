"""Choices of fields, over HTTP: whose credential, what the node's function is told, what is kept, what is refused."""

import json
from collections.abc import Mapping
from typing import Any

import psycopg
import pytest
import redis
from fastapi.testclient import TestClient

from api import deps
from api.services.options import SECONDS
from stepweave.aws import AwsError
from stepweave.aws.control.node_functions import AskFailed
from tests.api.conftest import World
from tests.api.test_routes import is_problem
from tests.fixtures.servers import Databases

URL = "/api/node-types/database/options"
ACCOUNT = {"host": "db.example.com", "database": "shop", "user": "app", "password": "hush-hush"}
FOUND = {"options": [{"value": "orders", "label": "orders", "detail": "public"}]}


def credential(client: TestClient, name: str = "DB", kind: str = "postgres", **data: Any) -> str:
    answer = client.post("/api/credentials", json={"name": name, "type": kind, "data": data or ACCOUNT})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def tables(client: TestClient, credential_id: str, **more: Any) -> Any:
    return client.post(URL, json={"field": "table", "params": {"credential": credential_id}, **more})


def answers(world: World, answer: Any = FOUND) -> None:
    world.nodes.answer = lambda payload: answer


def fails(world: World, error: Exception) -> None:
    def answer(payload: Mapping[str, Any]) -> Any:
        raise error

    world.nodes.answer = answer


def test_the_nodes_function_is_asked_as_the_tenant_with_what_the_field_needs(world: World) -> None:
    client = world.person()
    id = credential(client)
    answers(world)
    params = {"credential": id, "operation": "insert", "query": "SELECT 'a secret'", "table": "x"}
    answer = client.post(URL, json={"field": "table", "params": params, "search": " ord "})
    assert answer.status_code == 200, answer.text
    one = {"value": "orders", "label": "orders", "detail": "public", "required": False}
    assert answer.json() == {"options": [one], "next": None, "cut": False}
    [(type, version, payload, seconds)] = world.nodes.asked
    assert (type, version, seconds) == ("database", 1, SECONDS)
    assert payload == {
        "ask": "options",
        "tenantId": client.get("/api/me").json()["tenant"]["id"],
        "workflowId": "",
        "node": {"id": "", "name": "Postgres", "type": "database", "version": 1},
        "params": {"credential": id},
        "given": {"loader": "tables", "search": "ord", "page": ""},
    }


def test_what_decides_whether_a_needed_field_is_shown_goes_along(world: World) -> None:
    client = world.person()
    id = credential(client)
    answers(world)
    params = {"credential": id, "operation": "update", "table": "orders", "timeoutSeconds": 3}
    client.post(URL, json={"field": "match.name", "params": params, "search": "not searched for"})
    [(_, _, payload, _)] = world.nodes.asked
    assert payload["params"] == {"credential": id, "operation": "update", "table": "orders"}
    assert payload["given"] == {"loader": "columns", "search": "", "page": ""}


def test_choices_are_kept_for_a_minute_and_loaded_anew_when_asked(world: World) -> None:
    client = world.person()
    id = credential(client)
    answers(world)
    first, second = tables(client, id), tables(client, id)
    assert first.json() == second.json()
    assert len(world.nodes.asked) == 1
    [key] = world.redis.keys("options:*")
    assert 0 < world.redis.ttl(key) <= 60
    assert "hush" not in str(world.redis.get(key))
    answers(world, {"options": []})
    assert tables(client, id, reload=True).json()["options"] == []
    assert tables(client, id).json()["options"] == []
    assert len(world.nodes.asked) == 2
    tables(client, id, search="x")
    assert len(world.nodes.asked) == 3


def test_a_changed_credential_drops_what_is_kept(world: World) -> None:
    client = world.person()
    id = credential(client)
    answers(world)
    tables(client, id)
    client.put(f"/api/credentials/{id}", json={"name": "DB", "data": {"database": "other"}})
    tables(client, id)
    assert len(world.nodes.asked) == 2
    client.delete(f"/api/credentials/{id}")
    assert is_problem(tables(client, id), 404, "not_found")


def test_nobody_sees_choices_of_another_tenant(world: World) -> None:
    owner, other = world.person(), world.person()
    id = credential(owner)
    answers(world)
    assert tables(owner, id).status_code == 200
    assert is_problem(tables(other, id), 404, "not_found")
    assert len(world.nodes.asked) == 1


def test_an_editor_may_and_a_viewer_may_not(world: World, databases: Databases) -> None:
    client = world.person()
    id = credential(client)
    answers(world)
    for role, status in (("editor", 200), ("viewer", 403)):
        with psycopg.connect(databases.owner, autocommit=True) as connection:
            tenant = client.get("/api/me").json()["tenant"]["id"]
            connection.execute("UPDATE memberships SET role = %s WHERE tenant_id = %s", (role, tenant))
        session = client.post("/api/auth/refresh").json()
        client.headers["Authorization"] = f"Bearer {session['accessToken']}"
        assert tables(client, id).status_code == status


def test_pages_are_signed_and_go_on_where_they_ended(world: World) -> None:
    client = world.person()
    id = credential(client)
    answers(world, {**FOUND, "next": "https://api.example.com/?page=2"})
    after = tables(client, id).json()["next"]
    assert tables(client, id, page=after).status_code == 200
    assert world.nodes.asked[-1][2]["given"]["page"] == "https://api.example.com/?page=2"
    asked = len(world.nodes.asked)
    text, _, signature = after.partition(".")
    forged = [
        "x",
        ".",
        f"{text}.",
        f"{text}.{'0' * 64}",
        f"{text}.ä",
        f"aHR0cDovLzEyNy4wLjAuMS8=.{signature}",
        "ä.ä",
        "\ud83d.a",
    ]
    for page in forged:
        refused = client.post(
            URL,
            content=json.dumps({"field": "table", "params": {"credential": id}, "page": page}),
            headers={"content-type": "application/json"},
        )
        assert refused.status_code in (400, 422), page
    assert is_problem(tables(client, id, page=after, search="other"), 422, "invalid_request")
    assert len(world.nodes.asked) == asked


@pytest.mark.parametrize(
    ("params", "field", "words"),
    [
        ({}, "params.credential", "Fill in Database first."),
        ({"credential": ""}, "params.credential", "Fill in Database first."),
        ({"credential": None}, "params.credential", "Fill in Database first."),
        ({"credential": "ok"}, "params.table", "Fill in Table first."),
        ({"credential": "ok", "table": "x" * 3000}, "params.table", "Table is too long."),
        ({"credential": "ok", "table": ["orders"]}, "params.table", "Table is no text."),
        ({"credential": "ok", "table": {"name": "orders"}}, "params.table", "Table is no text."),
        ({"credential": "ok", "table": True}, "params.table", "Table is no text."),
        ({"credential": {"id": 1}}, "params.credential", "Database is no text."),
    ],
)
def test_a_needed_field_without_a_value_is_named(world: World, params: dict[str, Any], field: str, words: str) -> None:
    client = world.person()
    given = {**params, "credential": credential(client)} if params.get("credential") == "ok" else params
    answer = client.post(URL, json={"field": "columns.name", "params": given})
    assert is_problem(answer, 422, "options_need")
    assert answer.json()["errors"] == [{"field": field, "message": words}]
    assert world.nodes.asked == []


def test_a_needed_field_that_is_an_expression_is_named(world: World) -> None:
    client = world.person()
    id = credential(client, "GitHub", "github_token", token="ghp_hush")
    params = {"credential": id, "owner": "{{ $json.owner }}"}
    answer = client.post("/api/node-types/github/options", json={"field": "repository", "params": params})
    assert is_problem(answer, 422, "options_need")
    assert answer.json()["detail"] == "Owner is an expression, which has a value only when the workflow runs."


@pytest.mark.parametrize("value", ["../../x", "1 OR 1=1", 7, "6f1c2f4e-8f0e-4c0b-9d6c-2b7c6f0c9a11"])
def test_a_credential_that_is_none_is_not_found(world: World, value: Any) -> None:
    assert is_problem(tables(world.person(), value), 404, "not_found")
    assert world.nodes.asked == []


def test_a_credential_of_another_type_is_refused(world: World) -> None:
    client = world.person()
    id = credential(client, "GitHub", "github_token", token="ghp_hush")
    assert is_problem(tables(client, id), 422, "options_need")
    assert world.nodes.asked == []


@pytest.mark.parametrize("field", ["query", "columns", "columns.value", "name", "__proto__", "table.x", "credential"])
def test_a_field_without_choices_is_refused(world: World, field: str) -> None:
    assert is_problem(world.person().post(URL, json={"field": field, "params": {}}), 422, "invalid_request")


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/api/node-types/nothing/options", 404),
        ("/api/node-types/Data-Base/options", 422),
        ("/api/node-types/..%2Fvault/options", 404),
    ],
)
def test_an_unknown_type_is_refused(world: World, url: str, status: int) -> None:
    assert world.person().post(url, json={"field": "table"}).status_code == status
    assert world.nodes.asked == []


def test_an_unknown_version_is_refused(world: World) -> None:
    assert is_problem(world.person().post(URL, json={"field": "table", "version": 99}), 404, "not_found")


@pytest.mark.parametrize(
    "body",
    [
        {"field": "table", "params": []},
        {"field": "table", "search": "x" * 201},
        {"field": "table", "page": "x" * 8001},
        {"field": "", "params": {}},
        {"params": {}},
        {"field": "table", "tenantId": "0b0e4f6c-58a5-4a6e-9a37-2f1df3a5a001"},
    ],
)
def test_a_body_that_is_none_is_refused(world: World, body: dict[str, Any]) -> None:
    assert is_problem(world.person().post(URL, json=body), 422, "invalid_request")


def test_the_nodes_error_is_told_for_the_field_and_not_kept(world: World) -> None:
    client = world.person()
    id = credential(client)
    error = {"type": "DatabaseUnavailable", "message": "No answer.", "remedy": "Try again.", "retryAfter": 7}
    fails(world, AskFailed(error))
    answer = tables(client, id)
    assert is_problem(answer, 422, "options_failed")
    assert answer.json()["detail"] == "No answer. Try again."
    assert answer.json()["errors"] == [{"field": "table", "message": "No answer. Try again."}]
    assert answer.headers["retry-after"] == "7"
    answers(world)
    assert tables(client, id).status_code == 200


def test_a_long_error_is_cut(world: World) -> None:
    client = world.person()
    id = credential(client)
    fails(world, AskFailed({"type": "HttpClientError", "message": "x" * 50_000}))
    assert len(tables(client, id).json()["detail"]) == 1001


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (AwsError("FunctionError", "Task timed out: hush"), 422, "options_failed"),
        (AwsError("ConnectionFailed", "no", retryable=True), 503, "aws_unavailable"),
    ],
)
def test_a_function_that_dies_or_is_away_is_told(world: World, error: AwsError, status: int, code: str) -> None:
    client = world.person()
    id = credential(client)
    fails(world, error)
    answer = tables(client, id)
    assert is_problem(answer, status, code)
    assert "hush" not in answer.text


def test_without_redis_choices_are_loaded_all_the_same(world: World) -> None:
    client = world.person()
    id = credential(client)
    answers(world)
    away = redis.Redis.from_url("redis://127.0.0.1:1", socket_connect_timeout=0.2)
    world.app.dependency_overrides[deps.redis_client] = lambda: away
    assert [tables(client, id).status_code for _ in range(2)] == [200, 200]
    assert len(world.nodes.asked) == 2


def test_too_many_are_refused_for_a_while(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from api.routers import options
    from api.services.limits import Rule

    monkeypatch.setattr(options, "OPTIONS", Rule("options-test", 1, 60))
    client = world.person()
    id = credential(client)
    answers(world)
    assert tables(client, id).status_code == 200
    assert is_problem(tables(client, id), 429, "too_many_tries")
