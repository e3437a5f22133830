"""Environments: their order, versions that are live in them, what they need there, and what is apart."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.settings import settings
from functions.system.starter import callees
from functions.system.vault.errors import CredentialNotFound
from functions.system.vault.mapping import mapped
from stepweave.aws.passes import Bearer
from stepweave.runtime.starting import Start, Target
from stepweave_data.link import Link
from stepweave_data.variables import Preparing
from tests.api.conftest import World
from tests.api.test_routes import is_problem, made, workflow
from tests.fixtures.servers import Databases


def environment(client: TestClient, key: str, *, falls_back: bool = False) -> dict[str, Any]:
    body = {"key": key, "name": key.capitalize(), "fallsBack": falls_back}
    answer = client.post("/api/environments", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def keys(client: TestClient) -> list[str]:
    return [one["key"] for one in client.get("/api/environments").json()["items"]]


def published(client: TestClient, document: dict[str, Any]) -> str:
    id = str(made(client, document)["id"])
    answer = client.post(f"/api/workflows/{id}/publish", json={})
    assert answer.status_code == 200, answer.text
    return id


def promote(client: TestClient, id: str, key: str, number: int = 1) -> Any:
    return client.post(f"/api/workflows/{id}/versions/{number}/publish", params={"environment": key})


def live(client: TestClient, id: str) -> dict[str, int | None]:
    found = client.get(f"/api/workflows/{id}/environments").json()["items"]
    return {one["key"]: one["version"] for one in found}


def credential(client: TestClient, name: str) -> str:
    data = {"name": "x-key", "value": "s", "allowedHosts": "*"}
    answer = client.post("/api/credentials", json={"name": name, "type": "http_header", "data": data})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_what_is_live_in_another_environment_alone_is_no_draft_in_the_list(world: World) -> None:
    client = world.person()

    def listed() -> dict[str, list[str]]:
        found = {}
        for status in ("published", "disabled", "draft"):
            items = client.get("/api/workflows", params={"status": status}).json()["items"]
            found[status] = [one["name"] for one in items]
        return found

    def turn(key: str, *, on: bool) -> None:
        answer = client.put(f"/api/workflows/{id}/environments/{key}", json={"enabled": on})
        assert answer.status_code in (200, 204), answer.text

    for key in ("qa", "staging"):
        environment(client, key)
    made(client, {**workflow(), "name": "Drawn"})
    id = published(client, {**workflow("orders"), "name": "Orders"})
    first, second, _ = keys(client)
    everything = client.get("/api/workflows").json()["items"]
    assert {one["name"]: one["elsewhere"] for one in everything} == {
        "Drawn": [],
        "Orders": [{"environment": first, "version": 1, "enabled": True}],
    }
    assert listed() == {"published": ["Orders"], "disabled": [], "draft": ["Drawn"]}
    turn(first, on=False)
    assert listed() == {"published": [], "disabled": ["Orders"], "draft": ["Drawn"]}
    assert promote(client, id, second).status_code == 200
    assert listed() == {"published": ["Orders"], "disabled": [], "draft": ["Drawn"]}
    assert promote(client, id, "production").status_code == 200
    turn("production", on=False)
    assert listed() == {"published": [], "disabled": ["Orders"], "draft": ["Drawn"]}, "production's word counts first"
    [row] = [one for one in client.get("/api/workflows").json()["items"] if one["name"] == "Orders"]
    assert [one["environment"] for one in row["elsewhere"]] == [first, second]


def asking(credential_id: str) -> dict[str, Any]:
    document = workflow("orders")
    params = {"url": "{{ $vars.url }}", "authentication": "header", "headerCredential": credential_id}
    document["nodes"][1] |= {"type": "http_request", "params": params}
    return document


def test_a_workspace_has_production_and_may_have_more(world: World) -> None:
    client = world.person()
    assert keys(client) == ["production"]
    environment(client, "dev")
    environment(client, "staging", falls_back=True)
    assert keys(client) == ["dev", "staging", "production"]
    answer = client.put("/api/environments", json={"keys": ["staging", "dev", "production"]})
    assert [one["key"] for one in answer.json()["items"]] == ["staging", "dev", "production"]
    assert is_problem(client.put("/api/environments", json={"keys": ["dev"]}), 422, "invalid_request")
    changed = client.put("/api/environments/dev", json={"name": "Development", "fallsBack": True}).json()
    assert (changed["name"], changed["fallsBack"]) == ("Development", True)
    taken = {"key": "other", "name": "DEVELOPMENT", "fallsBack": False}
    assert is_problem(client.post("/api/environments", json=taken), 409, "name_taken")
    assert is_problem(client.post("/api/environments", json={**taken, "key": "dev", "name": "X"}), 409, "name_taken")
    assert client.delete("/api/environments/dev").status_code == 204
    assert is_problem(client.delete("/api/environments/production"), 409, "environment_in_use")
    assert keys(client) == ["staging", "production"]


@pytest.mark.parametrize("key", ["", "Test", "test", "a b", "../x", "~x", "-a", "x" * 33, "a\n"])
def test_keys_that_no_address_could_have_are_refused(world: World, key: str) -> None:
    answer = world.person().post("/api/environments", json={"key": key, "name": "X", "fallsBack": False})
    assert is_problem(answer, 422, "invalid_request")


def test_without_more_environments_a_publish_is_what_it_was(world: World, databases: Databases) -> None:
    client = world.person()
    id = published(client, workflow("orders"))
    assert live(client, id) == {"production": 1}
    with psycopg.connect(databases.owner) as connection:
        row = connection.execute(
            "SELECT path, environment, target FROM webhooks WHERE workflow_id = %s", (id,)
        ).fetchone()
    assert row is not None
    assert row[:2] == ("orders", "production")
    assert row[2]["start"]["machine_arn"].endswith(":live")


def test_a_new_version_is_live_in_the_first_and_goes_on_from_there(world: World, databases: Databases) -> None:
    client = world.person()
    environment(client, "staging")
    id = published(client, workflow("orders/:id"))
    assert live(client, id) == {"staging": 1, "production": None}
    assert world.machines.live == {}, "the alias is production's"
    assert promote(client, id, "production").status_code == 200
    assert live(client, id) == {"staging": 1, "production": 1}
    saved = client.get(f"/api/workflows/{id}").json()
    document = {**saved["document"], "name": "Second"}
    client.put(f"/api/workflows/{id}", json={"document": document, "revision": saved["revision"]})
    assert client.post(f"/api/workflows/{id}/publish", json={}).status_code == 200
    assert live(client, id) == {"staging": 2, "production": 1}
    with psycopg.connect(databases.owner) as connection:
        query = "SELECT environment, path, target -> 'start' ->> 'workflow_version', target ->> 'path' FROM webhooks"
        found = connection.execute(f"{query} WHERE workflow_id = %s ORDER BY 1".encode(), (id,)).fetchall()
    assert found == [
        ("production", "orders/:id", "1", "orders/:id"),
        ("staging", "~staging/orders/:id", "2", "~staging/orders/:id"),
    ]
    assert promote(client, id, "staging", 1).status_code == 200, "back to the version before"
    assert live(client, id) == {"staging": 1, "production": 1}
    urls = [one["urls"] for one in client.get(f"/api/workflows/{id}/environments").json()["items"]]
    assert [url.split("/hooks/")[1].split("/", 1)[1] for found in urls for url in found] == [
        "~staging/orders/:id",
        "orders/:id",
    ]
    assert {url.partition("/hooks/")[0] for found in urls for url in found} == {f"POST {settings().content_origin}"}
    assert is_problem(client.delete("/api/environments/staging"), 409, "environment_in_use")
    assert client.delete(f"/api/workflows/{id}/environments/staging").status_code == 204
    assert live(client, id) == {"staging": None, "production": 1}
    assert client.delete("/api/environments/staging").status_code == 204


def test_what_is_missing_is_said_in_one_list_before_anything_moves(world: World) -> None:
    client = world.person()
    real, trial = credential(client, "Shop"), credential(client, "Trial shop")
    body = {"name": "url", "kind": "text", "description": "", "values": {"production": "https://a.example"}}
    url = client.post("/api/variables", json=body).json()
    id = published(client, asking(real))
    environment(client, "staging")
    place = f"/api/workflows/{id}/versions/1/readiness"
    found = client.get(place, params={"environment": "staging"}).json()
    assert found["ready"] is False
    assert [(one["kind"], one["name"], one["state"], one["nodes"]) for one in found["needs"]] == [
        ("credential", "Shop", "missing", ["A"]),
        ("variable", "url", "missing", ["A"]),
    ]
    refused = promote(client, id, "staging")
    assert is_problem(refused, 422, "not_ready")
    assert [(one["kind"], one["name"]) for one in refused.json()["needs"]] == [
        ("credential", "Shop"),
        ("variable", "url"),
    ]
    assert live(client, id) == {"staging": None, "production": 1}
    body["values"] = {"production": "https://a.example", "staging": "https://b.example"}
    assert client.put(f"/api/variables/{url['id']}", json=body).status_code == 200
    mapping = f"/api/credentials/{real}/mappings/staging"
    assert client.put(mapping, json={"credentialId": trial}).status_code == 204
    found = client.get(place, params={"environment": "staging"}).json()
    assert (found["ready"], [one["standsIn"] for one in found["needs"]]) == (True, ["Trial shop", None])
    assert promote(client, id, "staging").status_code == 200
    assert client.get("/api/credentials/mappings").json()["items"] == [
        {"credentialId": real, "environment": "staging", "mappedId": trial}
    ]
    assert is_problem(client.delete(f"/api/credentials/{trial}"), 409, "credential_in_use")
    refused = client.put(mapping, json={"credentialId": None})
    assert is_problem(refused, 409, "credential_in_use")
    assert workflow()["name"] in refused.json()["detail"]
    assert client.put("/api/environments/staging", json={"name": "Staging", "fallsBack": True}).status_code == 200
    assert client.put(mapping, json={"credentialId": None}).status_code == 204
    found = client.get(place, params={"environment": "staging"}).json()
    assert (found["ready"], [one["state"] for one in found["needs"]]) == (True, ["fallback", "there"])


def test_a_credential_of_another_type_stands_for_none(world: World) -> None:
    client = world.person()
    environment(client, "staging")
    real = credential(client, "Shop")
    data = {"token": "t", "allowedHosts": "*"}
    other = client.post("/api/credentials", json={"name": "B", "type": "http_bearer", "data": data}).json()["id"]
    place = f"/api/credentials/{real}/mappings"
    assert is_problem(client.put(f"{place}/staging", json={"credentialId": other}), 422, "invalid_request")
    assert is_problem(client.put(f"{place}/production", json={"credentialId": real}), 422, "invalid_request")
    assert is_problem(client.put(f"{place}/gone", json={"credentialId": real}), 404, "not_found")
    stranger = {"credentialId": credential(world.person(), "Theirs")}
    assert is_problem(client.put(f"{place}/staging", json=stranger), 404, "not_found")


def test_the_vault_opens_what_stands_for_a_credential(world: World, databases: Databases) -> None:
    client = world.person()
    real, trial = credential(client, "Shop"), credential(client, "Trial shop")
    environment(client, "staging")
    tenant_id = client.get("/api/me").json()["tenant"]["id"]
    link, bearer = Link(databases.app), Bearer(tenant_id, environment="staging")
    with pytest.raises(CredentialNotFound, match="Staging"):
        mapped(bearer, real, link)
    client.put(f"/api/credentials/{real}/mappings/staging", json={"credentialId": trial})
    assert mapped(bearer, real, link) == trial
    with pytest.raises(CredentialNotFound, match="gone"):
        mapped(Bearer(tenant_id, environment="gone"), real, link)
    client.put("/api/environments/staging", json={"name": "Staging", "fallsBack": True})
    assert mapped(bearer, trial, link) == trial
    link.close()


def test_a_start_elsewhere_reads_and_notes_its_environment(world: World, databases: Databases) -> None:
    client = world.person()
    environment(client, "staging")
    for name, values in {"a": {"production": "p", "staging": "s"}, "b": {"production": "p"}}.items():
        body = {"name": name, "kind": "text", "description": "", "values": values}
        assert client.post("/api/variables", json=body).status_code == 201
    unknown = {"name": "c", "kind": "text", "description": "", "values": {"gone": "x"}}
    assert is_problem(client.post("/api/variables", json=unknown), 422, "invalid_request")
    id = published(client, workflow("orders"))
    tenant_id, link = client.get("/api/me").json()["tenant"]["id"], Link(databases.app)
    target = Target(tenant_id, id, "W", 1, "arn", "standard", environment="staging", variables=["*"])
    it = Start(target=target, trigger="webhook", node_id="t", items=[{"json": {}}])
    assert Preparing(lambda: link)(it) == {"a": "s"}
    client.put("/api/environments/staging", json={"name": "Staging", "fallsBack": True})
    assert Preparing(lambda: link)(it) == {"a": "s", "b": "p"}
    link.close()
    found = client.get("/api/executions", params={"environment": "staging"}).json()["items"]
    assert [(one["id"], one["environment"]) for one in found] == [(it.execution_id, "staging")]
    assert client.get("/api/executions", params={"environment": "production"}).json()["items"] == []


def test_what_is_called_runs_where_its_caller_runs(world: World, databases: Databases) -> None:
    client = world.person()
    called = workflow()
    called["nodes"][0] |= {"type": "workflow_trigger"}
    id = published(client, called)
    environment(client, "staging")
    caller = workflow("orders")
    caller["nodes"][1] |= {"type": "execute_workflow", "params": {"workflowId": id}}
    mine = str(made(client, caller)["id"])
    refused = client.post(f"/api/workflows/{mine}/publish", json={})
    assert is_problem(refused, 422, "not_ready")
    assert [one["kind"] for one in refused.json()["needs"]] == ["workflow"]
    tenant_id, link = client.get("/api/me").json()["tenant"]["id"], Link(databases.app)

    def found(key: str) -> dict[str, Any]:
        return link.tenant(tenant_id, lambda it: callees.find(it, tenant_id, mine, id, "workflow_trigger", key)).target

    assert found("production")["machine_arn"].endswith(":live")
    with pytest.raises(callees.Refused, match="staging"):
        found("staging")
    assert promote(client, id, "staging").status_code == 200
    target = found("staging")
    assert (target["environment"], target["machine_arn"].endswith(":live")) == ("staging", False)
    link.close()
    assert client.post(f"/api/workflows/{mine}/publish", json={}).status_code == 200


def test_an_environment_is_switched_off_by_itself(world: World, databases: Databases) -> None:
    client = world.person()
    id = published(client, workflow("orders"))
    environment(client, "staging")
    assert promote(client, id, "staging").status_code == 200
    slug = client.get("/api/me").json()["tenant"]["slug"]

    def paused(path: str) -> bool:
        with psycopg.connect(databases.owner) as connection:
            row = connection.execute("SELECT target FROM hook_targets(%s, %s)", (slug, path)).fetchone()
        assert row is not None
        return bool(row[0].get("paused"))

    place = f"/api/workflows/{id}/environments"
    assert client.put(f"{place}/staging", json={"enabled": False}).status_code == 204
    assert (paused("~staging/orders"), paused("orders")) == (True, False)
    assert client.put(f"{place}/staging", json={"enabled": True}).status_code == 204
    assert client.put(f"{place}/production", json={"enabled": False}).status_code == 204
    assert (paused("~staging/orders"), paused("orders")) == (False, True)
    assert is_problem(client.put(f"{place}/gone", json={"enabled": True}), 409, "not_published")
    assert is_problem(client.delete(f"{place}/gone"), 404, "not_found")


def test_schedules_are_apart_and_go_with_the_workflow(world: World, databases: Databases) -> None:
    client = world.person()
    document = workflow()
    document["nodes"][0] |= {"type": "schedule_trigger", "params": {"expression": "0 9 * * *"}}
    id = published(client, document)
    environment(client, "staging")
    assert promote(client, id, "staging").status_code == 200
    with psycopg.connect(databases.owner) as connection:
        query = "SELECT environment, target ->> 'environment', id FROM schedules WHERE workflow_id = %s ORDER BY 1"
        found = connection.execute(query.encode(), (id,)).fetchall()
    assert [row[:2] for row in found] == [("production", "production"), ("staging", "staging")]
    listed = client.get("/api/schedules").json()["items"]
    assert sorted((one["environment"], one["environmentName"], one["nodeName"]) for one in listed) == [
        ("production", "Production", document["nodes"][0]["name"]),
        ("staging", "Staging", document["nodes"][0]["name"]),
    ]
    assert client.put(f"/api/workflows/{id}/environments/staging", json={"enabled": False}).status_code == 204
    listed = client.get("/api/schedules").json()["items"]
    assert {one["environment"]: (one["workflowEnabled"], bool(one["next"])) for one in listed} == {
        "production": (True, True),
        "staging": (False, False),
    }
    day = datetime.now(UTC)
    span = {"from": day.isoformat(), "to": (day + timedelta(days=3)).isoformat()}
    fires = client.get("/api/schedules/fires", params=span).json()["items"]
    on = [one["id"] for one in listed if one["environment"] == "production"]
    assert [one["scheduleId"] for one in fires] == on, "the calendar has what the list has, and nothing that is off"
    assert len(client.get("/api/home").json()["fires"]) == 1, "Home has production's"
    names = set(map(str, (row[2] for row in found)))
    assert names <= set(world.schedules.there)
    assert client.delete(f"/api/workflows/{id}").status_code == 204
    assert not names & set(world.schedules.there)
    assert client.delete("/api/environments/staging").status_code == 204


def test_drafts_run_in_the_first_environment(world: World) -> None:
    client = world.person()
    environment(client, "dev")
    id = made(client)["id"]
    assert client.post(f"/api/workflows/{id}/run", json={"mode": "draft"}).status_code in (200, 201, 202)
    assert world.starts.started[0]["target"].environment == "dev"
    assert client.post(f"/api/workflows/{id}/publish", json={}).status_code == 200
    refused = client.post(f"/api/workflows/{id}/run", json={"mode": "live"})
    assert is_problem(refused, 422, "not_published") or is_problem(refused, 409, "not_published")
    run = client.post(f"/api/workflows/{id}/run", json={"mode": "live", "environment": "dev"})
    assert run.status_code in (200, 201, 202), run.text
    assert world.starts.started[1]["target"].environment == "dev"
    gone = client.post(f"/api/workflows/{id}/run", json={"mode": "draft", "environment": "gone"})
    assert is_problem(gone, 404, "not_found")
    found = client.get("/api/executions", params={"environment": "dev"}).json()["items"]
    assert [one["environment"] for one in found] == ["dev", "dev"]


def test_editors_make_no_environment_and_strangers_see_none(world: World, databases: Databases) -> None:
    client, other = world.person(), world.person()
    environment(client, "staging")
    assert keys(other) == ["production"]
    with psycopg.connect(databases.owner) as connection:
        connection.execute("UPDATE memberships SET role = 'editor'")
    world.redis.flushdb()
    body = {"key": "qa", "name": "QA", "fallsBack": False}
    assert is_problem(client.post("/api/environments", json=body), 403, "not_allowed")
    assert keys(client) == ["staging", "production"]
    id, foreign = published(client, workflow("orders")), str(uuid.uuid4())
    assert json.dumps(live(client, id)) == '{"staging": 1, "production": null}'
    assert is_problem(other.get(f"/api/workflows/{id}/environments"), 404, "not_found")
    assert is_problem(promote(other, id, "production"), 404, "not_found")
    assert is_problem(promote(client, foreign, "production"), 404, "not_found")
