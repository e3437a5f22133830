"""Templates of a workspace's own: made of workflows, without what is its owner's alone; versions; who sees them."""

import json
import uuid
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.services.templates.stripping import stripped
from tests.api.conftest import World
from tests.api.test_routes import is_problem
from tests.api.test_templates import credential, errors, ids, project
from tests.fixtures.servers import Databases

HOST = "https://api.example.com"


def node(id: str, type: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "type": type, "version": 1, "name": id.title(), "position": {"x": 0, "y": 0}, **more}


def document(*nodes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"schema": 1, "name": "Orders", "nodes": list(nodes), "edges": [], **more}


def made(client: TestClient, whole: dict[str, Any], project_id: str = "") -> str:
    answer = client.post("/api/workflows", json=whole, params={"projectId": project_id} if project_id else {})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def save(client: TestClient, workflow: str, name: str = "Orders", **more: Any) -> Any:
    return client.post("/api/templates", json={"workflowId": workflow, "name": name, **more})


def http(**params: Any) -> dict[str, Any]:
    return document(node("call", "http_request", params={"url": HOST, **params}))


SECRETS = [
    http(headers=[{"name": "Authorization", "value": "topsecret"}]),
    http(headers=[{"name": "X-Api-Key", "value": "topsecret"}]),
    http(query=[{"name": "access_token", "value": "topsecret"}]),
    http(url="https://ada:topsecret@api.example.com/x"),
    http(jsonBody={"deep": [{"clientSecret": "topsecret"}]}, bodyKind="json"),
    http(headers=[{"name": "X-Any", "value": "Bearer topsecret123456"}]),
    http(textBody="call me with sk-proj-topsecretABCDEFGH1234567890", bodyKind="text"),
    document(
        node("chat", "chat_trigger", params={"path": "a", "title": "b", "access": "password", "password": "topsecret"})
    ),
    document(node("run", "code", params={"code": "const key = 'xoxb-topsecret-1234567890';"})),
    document(node("set", "set_fields", pinned={"main": [{"json": {"mail": "topsecret"}}]})),
    document(node("set", "set_fields", expected={"main": [{"json": {"mail": "topsecret"}}]})),
    document(node("start", "manual_trigger", params={"items": [{"card": "topsecret"}]})),
    document(node("old", "gone_node", params={"password": "topsecret"})),
]


@pytest.mark.parametrize("whole", SECRETS)
def test_secrets_and_recorded_data_go_and_it_is_said_where(whole: dict[str, Any]) -> None:
    before = json.dumps(whole)
    found = stripped(whole, {})
    assert "topsecret" not in json.dumps(found.workflow)
    assert "topsecret" not in repr(found.removed)
    assert [one.node for one in found.removed] == [whole["nodes"][0]["name"]]
    assert json.dumps(whole) == before


def test_what_is_no_secret_stays() -> None:
    whole = http(
        headers=[{"name": "Authorization", "value": "{{ $json.token }}"}, {"name": "Accept", "value": "text/plain"}],
        jsonBody={"tokens": 5, "sku": "sk-7", "mail": "ada@example.com"},
    )
    found = stripped(whole, {})
    assert found.workflow["nodes"] == whole["nodes"]
    assert found.removed == []


def test_a_workflow_becomes_a_template_and_a_template_a_workflow(world: World) -> None:
    client = world.person()
    shop = credential(client)
    insert = {"credential": shop, "operation": "insert", "table": "orders"}
    whole = document(
        node("start", "manual_trigger", params={"items": [{"id": 7}]}),
        node("save", "database", params=insert, pinned={"main": [{"json": {"id": 7}}]}),
        node("again", "database", params={**insert, "table": f"log {shop}"}),
        node("call", "execute_workflow", params={"workflowId": str(uuid.uuid4())}),
        settings={"errorWorkflowId": str(uuid.uuid4())},
    )
    workflow = made(client, whole)
    seen = client.get(f"/api/workflows/{workflow}/template").json()
    assert (seen["credentials"], seen["parameters"]) == (["Shop"], ["Call: Workflow"])
    assert ids(client, source="own") == []
    answer = save(client, workflow, "Shop orders", summary="Saves orders.", uses=["data"])
    assert answer.status_code == 201, answer.text
    assert answer.json()["removed"] == seen["removed"]
    template = answer.json()["id"]
    whole_answer = client.get(f"/api/templates/{template}").json()
    assert shop not in json.dumps(whole_answer)
    assert (whole_answer["own"], whole_answer["version"], whole_answer["uses"]) == (True, 1, ["data"])
    assert whole_answer["credentials"][0]["types"] == ["postgres"]
    assert ids(client, source="own") == [template]
    assert ids(client, search="shop orders") == [template]
    body: dict[str, Any] = {"credentials": {"credential-1": shop}, "parameters": {}}
    refused = client.post(f"/api/templates/{template}/use", json=body)
    assert list(errors(refused)) == ["parameters.call.workflowId"]
    body["parameters"] = {"call.workflowId": workflow}
    used = client.post(f"/api/templates/{template}/use", json=body).json()
    nodes = {one["id"]: one for one in client.get(f"/api/workflows/{used['id']}").json()["document"]["nodes"]}
    assert [nodes[id]["params"]["credential"] for id in ("save", "again")] == [shop, shop]
    actions = [one["action"] for one in client.get("/api/audit").json()["items"]]
    assert actions.count("template.created") == 1


def test_versions_are_kept_and_named(world: World) -> None:
    client = world.person()
    workflow = made(client, http())
    template = save(client, workflow).json()["id"]
    place = f"/api/templates/{template}"
    client.put(f"/api/workflows/{workflow}", json={"document": http(method="POST"), "revision": 1})
    added = client.post(f"{place}/versions", json={"workflowId": workflow, "note": "Sends"})
    assert (added.status_code, added.json()["version"]) == (201, 2)
    listed = client.get(f"{place}/versions").json()["items"]
    assert [(one["number"], one["note"]) for one in listed] == [(2, "Sends"), (1, "")]
    first, latest = (client.get(place, params=params).json() for params in ({"version": 1}, {}))
    assert "method" not in first["workflow"]["nodes"][0]["params"]
    assert latest["workflow"]["nodes"][0]["params"]["method"] == "POST"
    assert is_problem(client.get(place, params={"version": 3}), 404, "not_found")
    used = client.post(f"{place}/use", json={"version": 1}).json()
    assert "method" not in client.get(f"/api/workflows/{used['id']}").json()["document"]["nodes"][0]["params"]
    changed = client.put(place, json={"name": "Better", "summary": "New", "uses": ["sales"]})
    assert (changed.status_code, changed.json()["name"]) == (200, "Better")
    assert client.delete(place).status_code == 204
    assert is_problem(client.get(place), 404, "not_found")
    assert client.get(f"/api/workflows/{used['id']}").status_code == 200


def test_what_cannot_be_is_refused_by_name(world: World) -> None:
    client = world.person()
    workflow = made(client, http())
    template = save(client, workflow).json()["id"]
    assert is_problem(save(client, workflow, "ORDERS"), 409, "name_taken")
    assert list(errors(save(client, workflow, "Other", uses=["magic"]))) == ["uses"]
    assert is_problem(save(client, str(uuid.uuid4()), "Other"), 404, "not_found")
    other = made(client, http(), project(client, "Other"))
    answer = client.post(f"/api/templates/{template}/versions", json={"workflowId": other})
    assert list(errors(answer)) == ["workflowId"]
    assert is_problem(client.put(f"/api/templates/{uuid.uuid4()}", json={"name": "x"}), 404, "not_found")
    assert is_problem(client.delete(f"/api/templates/{uuid.uuid4()}"), 404, "not_found")
    assert is_problem(client.delete("/api/templates/stale-issues"), 422, "invalid_request")


def test_another_workspace_sees_nothing(world: World, databases: Databases) -> None:
    client, stranger = world.person(), world.person()
    template = save(client, made(client, http())).json()["id"]
    assert ids(stranger, source="own") == []
    for answer in (
        stranger.get(f"/api/templates/{template}"),
        stranger.get(f"/api/templates/{template}/versions"),
        stranger.post(f"/api/templates/{template}/use", json={}),
        stranger.put(f"/api/templates/{template}", json={"name": "Mine"}),
        stranger.delete(f"/api/templates/{template}"),
    ):
        assert is_problem(answer, 404, "not_found")
    with psycopg.connect(databases.owner) as connection:
        kept = connection.execute("SELECT name FROM templates WHERE id = %s", (template,)).fetchall()
    assert kept == [("Orders",)]
