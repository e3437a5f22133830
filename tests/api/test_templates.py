"""Templates: found, looked at, and made into workflows, whole or not at all."""

import uuid
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.gallery import Template, ready
from tests.api.conftest import World
from tests.api.test_routes import is_problem

POSTGRES = {"host": "db.example.com", "database": "orders", "user": "app", "password": "not-to-be-read"}
ORDERS = "/api/templates/webhook-to-database"


def credential(client: TestClient, name: str = "Shop", type: str = "postgres", **data: Any) -> str:
    body = {"name": name, "type": type, "data": data or POSTGRES}
    answer = client.post("/api/credentials", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def project(client: TestClient, name: str) -> str:
    answer = client.post("/api/projects", json={"name": name})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def ids(client: TestClient, **params: Any) -> list[str]:
    answer = client.get("/api/templates", params=params)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


def errors(answer: Any) -> dict[str, str]:
    return {one["field"]: one["message"] for one in answer.json()["errors"]}


def workflows(client: TestClient) -> list[str]:
    return [one["name"] for one in client.get("/api/workflows").json()["items"]]


def test_templates_are_found_by_words_use_and_app(world: World) -> None:
    client = world.person()
    whole = client.get("/api/templates").json()
    assert len(whole["items"]) == len(ready())
    names = [one["name"] for one in whole["items"]]
    assert names == sorted(names, key=str.lower)
    assert ids(client, search="FORM approval") == ["form-approval-mail"]
    assert ids(client, search="no such words here") == []
    assert "website-monitor" in ids(client, use="operations")
    assert "telegram-assistant" in ids(client, app="telegram", use="ai")
    assert ids(client, app="telegram", use="finance") == []
    counts = {one["key"]: one["count"] for one in whole["apps"]}
    assert counts["telegram"] == len(ids(client, app="telegram"))
    assert {one["name"] for one in whole["apps"]} >= {"Slack", "Postgres", "Google Sheets"}
    assert is_problem(client.get("/api/templates", params={"use": "No!"}), 422, "invalid_request")


def test_a_template_says_what_it_asks_for(world: World) -> None:
    client = world.person()
    got = client.get("/api/templates/stale-issues").json()
    assert [(one["id"], one["types"]) for one in got["credentials"]] == [("github", ["github_token", "github_oauth2"])]
    owner = got["parameters"][0]
    assert (owner["id"], owner["field"], owner["example"], owner["value"]) == ("list.owner", "owner", True, "octocat")
    assert all("pinned" not in node for node in got["workflow"]["nodes"][1:])
    assert got["unknownNodes"] == []
    assert is_problem(client.get("/api/templates/nowhere"), 404, "not_found")
    assert is_problem(client.post("/api/templates/nowhere/use", json={}), 404, "not_found")


def test_use_makes_a_draft_that_is_ready_to_run(world: World) -> None:
    client = world.person()
    shop = credential(client)
    body = {"name": "Shop orders", "credentials": {"postgres": shop}, "parameters": {"start.path": "shop/orders"}}
    answer = client.post(f"{ORDERS}/use", json=body)
    assert answer.status_code == 201, answer.text
    made = client.get(f"/api/workflows/{answer.json()['id']}").json()
    nodes = {node["id"]: node for node in made["document"]["nodes"]}
    assert (made["name"], made["diagnostics"], made["publishedVersion"]) == ("Shop orders", [], None)
    assert nodes["save"]["params"]["credential"] == shop
    assert (nodes["start"]["params"]["path"], nodes["save"]["params"]["table"]) == ("shop/orders", "orders")
    actions = [one["action"] for one in client.get("/api/audit").json()["items"]][:2]
    assert sorted(actions) == ["template.used", "workflow.created"]


def test_one_answer_fills_all_fields_that_it_is_for(world: World) -> None:
    client = world.person()
    body = {"credentials": {"github": None}, "parameters": {"list.owner": "ada", "list.repository": "looms"}}
    made = client.post("/api/templates/stale-issues/use", json=body).json()
    document = client.get(f"/api/workflows/{made['id']}").json()["document"]
    params = [node["params"] for node in document["nodes"] if node["type"] == "github"]
    assert [(one["owner"], one["repository"], one["credential"]) for one in params] == [("ada", "looms", "")] * 3


def test_what_is_missing_or_wrong_is_all_said_at_once_and_nothing_is_made(world: World) -> None:
    client = world.person()
    body = {
        "credentials": {"slack": None},
        "parameters": {"ask.url": "", "start.expression": "whenever", "tell.chanel": "#x"},
    }
    answer = client.post("/api/templates/website-monitor/use", json=body)
    assert is_problem(answer, 422, "invalid_request")
    assert set(errors(answer)) == {"parameters.ask.url", "parameters.tell.chanel"}
    assert "ask.url" in errors(answer)["parameters.tell.chanel"]
    body["parameters"] = {"ask.url": "https://shop.example", "start.expression": "whenever"}
    answer = client.post("/api/templates/website-monitor/use", json=body)
    assert list(errors(answer)) == ["parameters.start.expression"]
    assert workflows(client) == []


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ("a b?", "start.path"),
        (5, "start.path"),
        ("", "start.path"),
        ({"x": 1}, "save.table"),
        (None, "save.table"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(world: World, value: Any, field: str) -> None:
    client = world.person()
    answer = client.post(f"{ORDERS}/use", json={"credentials": {"postgres": None}, "parameters": {field: value}})
    assert is_problem(answer, 422, "invalid_request")
    assert list(errors(answer)) == [f"parameters.{field}"]


def test_credentials_must_be_there_and_of_a_type_that_fits(world: World) -> None:
    client, stranger = world.person(), world.person()
    token = credential(client, "Token", "http_bearer", token="s3cret", allowedHosts="api.example.com")
    theirs = credential(stranger)
    for given, words in (
        ({}, "Choose a credential"),
        ({"postgres": "shop"}, "no id of a credential"),
        ({"postgres": str(uuid.uuid4())}, "no such credential"),
        ({"postgres": theirs}, "no such credential"),
        ({"postgres": token}, "type postgres; this one is http_bearer"),
        ({"postgres": None, "mysql": None}, "does not ask for it; it asks for: postgres"),
    ):
        answer = client.post(f"{ORDERS}/use", json={"credentials": given})
        assert is_problem(answer, 422, "invalid_request")
        assert words in answer.json()["errors"][0]["message"]
    assert workflows(client) == []


def test_credentials_of_another_project_are_refused(world: World) -> None:
    client = world.person()
    other, shop = project(client, "Other"), credential(client)
    body = {"credentials": {"postgres": shop}, "projectId": other}
    answer = client.post(f"{ORDERS}/use", json=body)
    assert is_problem(answer, 409, "credential_elsewhere")
    assert list(errors(answer)) == ["credentials.postgres"]
    body["credentials"] = {"postgres": None}
    assert client.post(f"{ORDERS}/use", json=body).json()["projectId"] == other
    assert is_problem(client.post(f"{ORDERS}/use", json={**body, "projectId": str(uuid.uuid4())}), 404, "not_found")
    assert len(workflows(client)) == 1


def test_a_repeated_request_makes_one_workflow(world: World) -> None:
    client = world.person()
    body = {"credentials": {"postgres": None}}
    header = {"Idempotency-Key": str(uuid.uuid4())}
    first, second = (client.post(f"{ORDERS}/use", json=body, headers=header) for _ in range(2))
    assert first.json()["id"] == second.json()["id"]
    assert len(workflows(client)) == 1


def test_nodes_that_are_not_here_are_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.person()
    document = {"schema": 1, "name": "Odd", "nodes": [{"id": "a", "type": "fax", "version": 3, "name": "Send a fax"}]}
    odd = Template(id="odd", name="Odd", workflow=document)
    monkeypatch.setitem(ready(), "odd", odd)
    assert client.get("/api/templates/odd").json()["unknownNodes"] == ["Send a fax"]
    answer = client.post("/api/templates/odd/use", json={})
    assert is_problem(answer, 409, "template_unusable")
    assert "'fax', version 3" in errors(answer)["nodes.a"]


@pytest.mark.no_cover
def test_each_of_ours_can_be_used(world: World) -> None:
    client = world.person()
    for one in ready().values():
        given = {question.id: _answer(one, question.id) for question in one.parameters if question.example}
        body = {"credentials": {slot.id: None for slot in one.credentials}, "parameters": given}
        answer = client.post(f"/api/templates/{one.id}/use", json=body)
        assert answer.status_code == 201, (one.id, answer.text)
    assert len(ready()) == len({one.name for one in ready().values()})


def _answer(template: Template, question: str) -> Any:
    node, field = question.split(".")
    return next(one for one in template.workflow["nodes"] if one["id"] == node)["params"][field]
