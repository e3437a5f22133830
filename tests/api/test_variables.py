"""Variables: made, changed, read by workflows, and refused where they cannot be."""

import uuid
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from stepweave.runtime.starting import Start, Target
from stepweave_data.link import Link
from stepweave_data.variables import Preparing
from tests.api.conftest import World
from tests.api.test_routes import is_problem, made, workflow
from tests.fixtures.servers import Databases


def variable(client: TestClient, name: str, value: Any = "x", kind: str = "text") -> dict[str, Any]:
    body = {"name": name, "kind": kind, "description": "", "values": {"production": value}}
    answer = client.post("/api/variables", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def reading(text: str) -> dict[str, Any]:
    document = workflow()
    params = {"assignments": [{"name": "url", "value": text}]}
    document["nodes"][1] |= {"type": "set_fields", "params": params}
    return document


def test_variables_are_made_changed_and_deleted(world: World) -> None:
    client = world.person()
    url = variable(client, "url", "https://a.example")
    variable(client, "Limits", {"most": 3}, "json")
    found = client.get("/api/variables").json()["items"]
    assert [(one["name"], one["values"]["production"]) for one in found] == [
        ("Limits", {"most": 3}),
        ("url", "https://a.example"),
    ]
    body = {"name": "url", "kind": "number", "description": "How many", "values": {"production": 5}}
    changed = client.put(f"/api/variables/{url['id']}", json=body).json()
    assert (changed["kind"], changed["values"], changed["description"]) == ("number", {"production": 5}, "How many")
    assert client.delete(f"/api/variables/{url['id']}").status_code == 204
    assert [one["name"] for one in client.get("/api/variables").json()["items"]] == ["Limits"]
    entries = [one for one in client.get("/api/audit").json()["items"] if one["action"].startswith("variable.")]
    assert [one["action"] for one in entries] == [
        "variable.deleted",
        "variable.changed",
        "variable.created",
        "variable.created",
    ]
    assert (entries[1]["before"]["values"], entries[1]["after"]["values"]) == (
        {"production": "https://a.example"},
        {"production": 5},
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "a-b"},
        {"name": "1a"},
        {"name": "a\n"},
        {"name": ""},
        {"name": "x" * 65},
        {"name": "constructor"},
        {"name": "__proto__"},
        {"kind": "secret"},
        {"values": {"production": None}},
        {"values": {"production": 5}},
        {"kind": "number", "values": {"production": True}},
        {"kind": "number", "values": {"production": 2**53 + 1}},
        {"kind": "number", "values": {"production": "5"}},
        {"kind": "json", "values": {"production": "text"}},
        {"values": {"production": "x" * 4000}},
        {"values": {"../x": "a"}},
        {"values": {"production": "a\x00b"}},
    ],
)
def test_what_no_variable_can_be_is_refused(world: World, wrong: dict[str, Any]) -> None:
    body = {"name": "url", "kind": "text", "description": "", "values": {"production": "x"}, **wrong}
    answer = world.person().post("/api/variables", json=body)
    assert answer.status_code in (400, 422), answer.text  # 400: JSON that cannot be stored


def test_a_name_is_taken_whatever_its_case(world: World) -> None:
    client = world.person()
    variable(client, "url")
    body = {"name": "URL", "kind": "text", "description": "", "values": {"production": "x"}}
    assert is_problem(client.post("/api/variables", json=body), 409, "name_taken")


def test_all_together_are_limited(world: World) -> None:
    client = world.person()
    for number in range(8):
        variable(client, f"v{number}", "x" * 3900)
    body = {"name": "v8", "kind": "text", "description": "", "values": {"production": "x" * 3900}}
    assert is_problem(client.post("/api/variables", json=body), 422, "invalid_request")
    assert len(client.get("/api/variables").json()["items"]) == 8


def test_publishing_wants_what_is_read_and_then_keeps_it(world: World) -> None:
    client = world.person()
    id = made(client, reading("{{ $vars.url }}"))["id"]
    told = client.post("/api/workflows/validate", json=reading("{{ $vars.url }}")).json()["diagnostics"]
    assert [(one["code"], one["severity"], one["nodeId"]) for one in told] == [
        ("variable_missing", "warning", workflow()["nodes"][1]["id"])
    ]
    refused = client.post(f"/api/workflows/{id}/publish", json={})
    assert is_problem(refused, 422, "not_ready")
    assert refused.json()["needs"] == [{"kind": "variable", "name": "url", "nodes": [workflow()["nodes"][1]["name"]]}]
    url = variable(client, "url")
    assert client.post(f"/api/workflows/{id}/publish", json={}).status_code in (200, 201)
    refused = client.delete(f"/api/variables/{url['id']}")
    assert is_problem(refused, 409, "variable_in_use")
    assert refused.json()["workflows"] == [workflow()["name"]]
    renamed = {"name": "address", "kind": "text", "description": "", "values": {"production": "y"}}
    assert is_problem(client.put(f"/api/variables/{url['id']}", json=renamed), 409, "variable_in_use")
    assert client.put(f"/api/variables/{url['id']}", json={**renamed, "name": "url"}).json()["workflows"] == [
        workflow()["name"]
    ]


def test_what_may_be_missing_is_not_asked_for(world: World) -> None:
    client = world.person()
    id = made(client, reading("{{ $vars?.url ?? 'none' }}"))["id"]
    assert client.post(f"/api/workflows/{id}/publish", json={}).status_code in (200, 201)


def test_a_run_is_told_which_variables_it_reads(world: World) -> None:
    client = world.person()
    variable(client, "url")
    id = made(client, reading("{{ $vars.url }} {{ $vars?.more }}"))["id"]
    assert client.post(f"/api/workflows/{id}/run", json={"mode": "draft"}).status_code in (200, 201, 202)
    assert list(world.starts.started[0]["target"].variables) == ["more", "url"]


def test_previews_show_what_variables_are(world: World) -> None:
    client = world.person()
    variable(client, "limits", {"most": 3}, "json")
    body = {"text": "{{ $vars.limits.most + 1 }}", "names": {}, "input": [], "pinned": {}, "timeZone": "UTC"}
    shown = client.post("/api/expressions/preview", json={**body, "workflowId": "w", "workflowName": "W"})
    assert shown.json()["value"] == 4, shown.text


def test_starts_read_the_variables_of_their_own_tenant(world: World, databases: Databases) -> None:
    client, other = world.person(), world.person()
    variable(client, "url", "mine")
    variable(client, "more", [1, "ä"], "json")
    variable(other, "url", "theirs")
    tenant_id = client.get("/api/me").json()["tenant"]["id"]
    link = Link(databases.app)
    read = Preparing(lambda: link)

    def it(*names: str) -> Start:
        target = Target(tenant_id, str(uuid.uuid4()), "W", 1, "arn", "standard", variables=names)
        return Start(target=target, trigger="manual", node_id="t", items=[{"json": {}}])

    assert read(it("url", "gone")) == {"url": "mine"}
    assert read(it("*")) == {"url": "mine", "more": [1, "ä"]}
    link.close()


def test_viewers_see_variables_and_change_none(world: World, databases: Databases) -> None:
    client = world.person()
    variable(client, "url")
    with psycopg.connect(databases.owner) as connection:
        tenant = client.get("/api/me").json()["tenant"]["id"]
        connection.execute("UPDATE memberships SET role = 'viewer' WHERE tenant_id = %s", (tenant,))
    world.redis.flushdb()
    assert len(client.get("/api/variables").json()["items"]) == 1
    body = {"name": "b", "kind": "text", "description": "", "values": {"production": "x"}}
    assert is_problem(client.post("/api/variables", json=body), 403, "not_allowed")
