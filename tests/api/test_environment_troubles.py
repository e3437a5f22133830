"""What trackers tell of variables, environments, promotion and shared credentials elsewhere, tried on ours (ADR 69)."""

import json
import uuid
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from functions.system.vault.errors import CredentialNotFound, CredentialNotShared
from functions.system.vault.mapping import mapped
from functions.system.vault.opening import open_credential
from functions.system.vault.types import types
from stepweave.aws.passes import Bearer
from stepweave.runtime.starting import Start, Target
from stepweave_data.database import database_url
from stepweave_data.link import Link
from stepweave_data.variables import Preparing
from tests.api.conftest import World
from tests.api.test_credential_shares import Stage, stage
from tests.api.test_environments import credential, environment, live, promote
from tests.api.test_environments import published as made_live
from tests.api.test_people import me
from tests.api.test_routes import is_problem, made, workflow
from tests.api.test_variables import reading, variable
from tests.fixtures.servers import Databases

__all__ = ["stage"]


def given(client: TestClient, name: str, kind: str = "text", **values: Any) -> Any:
    body = {"name": name, "kind": kind, "description": "", "values": values}
    return client.post("/api/variables", json=body)


def changed(client: TestClient, one: dict[str, Any], **values: Any) -> Any:
    body = {"name": one["name"], "kind": one["kind"], "description": "", "values": values}
    return client.put(f"/api/variables/{one['id']}", json=body)


def asking(credential_id: str, kind: str = "header") -> dict[str, Any]:
    """Return a workflow whose second node asks with a credential."""
    document = workflow("orders")
    params = {"url": "https://api.example.com", "authentication": kind, f"{kind}Credential": credential_id}
    document["nodes"][1] |= {"type": "http_request", "params": params}
    return document


def read(client: TestClient, databases: Databases, key: str, *names: str) -> dict[str, Any]:
    """Return what an execution in an environment reads."""
    link, tenant_id = Link(databases.app), me(client)["tenant"]["id"]
    target = Target(tenant_id, str(made(client)["id"]), "W", 1, "arn", "standard", environment=key, variables=names)
    try:
        return Preparing(lambda: link)(Start(target=target, trigger="manual", node_id="t", items=[{"json": {}}]))
    finally:
        link.close()


@pytest.mark.parametrize(
    "text",
    [
        " 371341abc ",  # travis-ci/travis-ci#4139, cylc/cylc-flow#5080: spaces around are gone
        "1.2.3",  # kestra-io/kestra#13310: read as JSON
        "007",
        "true",
        "null",
        "",  # an empty value is one
        "line\nline\r\n\tend\n",
        "{{ $vars.other }}",  # a value is no expression
        "$HOME ${HOME} %PATH%",
        "пароль 🧶 \u202e",
    ],
)
def test_a_text_comes_out_as_it_went_in(world: World, databases: Databases, text: str) -> None:
    client = world.person()
    assert given(client, "v", production=text).json()["values"] == {"production": text}
    assert read(client, databases, "production", "v") == {"v": text}


def test_changing_one_environment_leaves_the_others(world: World, databases: Databases) -> None:
    # nuxt-hub/core#603, NangoHQ/nango#1339: both have the one that was written last.
    client = world.person()
    environment(client, "staging")
    one = given(client, "url", production="https://a.example", staging="https://b.example").json()
    assert changed(client, one, production="https://a.example", staging="https://c.example").status_code == 200
    assert read(client, databases, "production", "url") == {"url": "https://a.example"}
    assert read(client, databases, "staging", "url") == {"url": "https://c.example"}


def test_promotion_brings_no_values_along(world: World, databases: Databases) -> None:
    # n8n-io/n8n#25243, mozilla/learning.mozilla.org#2278: production runs with what staging had.
    client = world.person()
    environment(client, "staging")
    given(client, "url", production="https://live.example", staging="https://trial.example")
    id = made_live(client, reading("{{ $vars.url }}"))
    assert promote(client, id, "production").status_code == 200
    assert live(client, id) == {"staging": 1, "production": 1}
    assert read(client, databases, "production", "url") == {"url": "https://live.example"}


def test_what_is_live_in_staging_alone_keeps_its_variable(world: World) -> None:
    # OctopusDeploy/Issues#1329, #4422: renamed or deleted, it breaks what is deployed.
    client = world.person()
    environment(client, "staging")
    one = given(client, "url", staging="x").json()
    made_live(client, reading("{{ $vars.url }}"))
    assert client.get("/api/variables").json()["items"][0]["workflows"] == [workflow()["name"]]
    assert is_problem(client.delete(f"/api/variables/{one['id']}"), 409, "variable_in_use")
    assert is_problem(changed(client, {**one, "name": "address"}, staging="x"), 409, "variable_in_use")
    refused = changed(client, one, production="x")
    assert is_problem(refused, 409, "variable_in_use")
    assert "left without a value in Staging" in refused.json()["detail"]
    assert changed(client, one, production="y", staging="z").status_code == 200
    # Where it falls back, production's is what it reads; then production's is what it cannot lose.
    assert client.put("/api/environments/staging", json={"name": "Staging", "fallsBack": True}).status_code == 200
    assert changed(client, one, production="y").status_code == 200
    assert is_problem(changed(client, one), 409, "variable_in_use")
    refused = client.put("/api/environments/staging", json={"name": "Staging", "fallsBack": False})
    assert is_problem(refused, 409, "environment_in_use")
    assert "the variable 'url'" in refused.json()["detail"]
    assert client.put("/api/environments/staging", json={"name": "Trial", "fallsBack": True}).status_code == 200


def test_an_environment_does_not_lose_the_credentials_that_fall_back(world: World) -> None:
    client = world.person()
    environment(client, "staging", falls_back=True)
    shop = credential(client, "Shop")
    made_live(client, asking(shop))
    body = {"name": "Staging", "fallsBack": False}
    refused = client.put("/api/environments/staging", json=body)
    assert is_problem(refused, 409, "environment_in_use")
    assert "the credential 'Shop'" in refused.json()["detail"]
    assert client.put(f"/api/credentials/{shop}/mappings/staging", json={"credentialId": shop}).status_code == 204
    assert client.put("/api/environments/staging", json=body).status_code == 200


def test_uses_of_a_credential_tell_of_every_environment(world: World) -> None:
    client = world.person()
    environment(client, "staging", falls_back=True)
    shop = credential(client, "Shop")
    id = made_live(client, asking(shop))
    saved = client.get(f"/api/workflows/{id}").json()
    without = {**saved["document"], "nodes": workflow("orders")["nodes"]}
    assert client.put(f"/api/workflows/{id}", json={"document": without, "revision": saved["revision"]}).is_success
    (use,) = client.get(f"/api/credentials/{shop}/uses").json()["workflows"]
    assert (use["live"], use["draft"], use["enabled"]) == (True, False, True)
    refused = client.delete(f"/api/credentials/{shop}")
    assert is_problem(refused, 409, "credential_in_use")
    assert "1 published" in refused.json()["detail"]
    # Nor does it move away from a workflow that only staging runs, or that away from it.
    other = client.post("/api/projects", json={"name": "Other"}).json()["id"]
    moved = client.put(f"/api/credentials/{shop}/project", json={"projectId": other})
    assert is_problem(moved, 409, "credential_in_use")
    moved = client.put(f"/api/workflows/{id}/project", json={"projectId": other})
    assert is_problem(moved, 409, "credential_elsewhere")


def test_what_stands_for_a_credential_stays_with_it(world: World) -> None:
    client = world.person()
    environment(client, "staging")
    shop, trial = credential(client, "Shop"), credential(client, "Trial shop")
    other = client.post("/api/projects", json={"name": "Other"}).json()["id"]
    place = f"/api/credentials/{shop}/mappings/staging"
    assert client.put(place, json={"credentialId": trial}).status_code == 204
    for one, told in ((trial, "'Shop' in 'Staging'"), (shop, "'Trial shop' in 'Staging'")):
        refused = client.put(f"/api/credentials/{one}/project", json={"projectId": other})
        assert is_problem(refused, 409, "credential_in_use")
        assert told in refused.json()["detail"]
    assert client.put(place, json={"credentialId": shop}).status_code == 204
    for one in (trial, shop):  # itself goes along
        assert client.put(f"/api/credentials/{one}/project", json={"projectId": other}).status_code == 204
    assert client.get("/api/credentials/mappings").json()["items"][0]["mappedId"] == shop


def test_a_workflow_that_was_moved_is_called_from_its_new_project(world: World) -> None:
    # n8n-io/n8n#13847: the caller of the same project is refused, for sharing stayed that of the former project.
    client = world.person()
    callee = workflow()
    callee["nodes"][0] |= {"type": "workflow_trigger"}
    called = made_live(client, callee)
    caller = workflow("orders")
    caller["nodes"][1] |= {"type": "execute_workflow", "params": {"workflowId": called}}
    id = str(made(client, caller)["id"])
    other = client.post("/api/projects", json={"name": "Other"}).json()["id"]
    for one in (called, id):
        assert client.put(f"/api/workflows/{one}/project", json={"projectId": other}).status_code == 204
    assert client.post(f"/api/workflows/{id}/publish", json={}).status_code == 200


def names_it(stage: Stage) -> None:
    """Have the borrower's workflow ask with the shared credential."""
    place = f"/api/workflows/{stage.workflow}"
    body = {"document": asking(stage.credential, "bearer"), "revision": stage.borrower.get(place).json()["revision"]}
    assert stage.borrower.put(place, json=body).status_code == 200


def opened(stage: Stage, key: str) -> dict[str, Any]:
    """Ask the vault as a run of the borrower's workflow in an environment does (`vault.handler`)."""
    link, tenant_id = Link(database_url()), me(stage.owner)["tenant"]["id"]
    try:
        bearer = Bearer(tenant_id, workflow_id=stage.workflow, environment=key)
        id = mapped(bearer, stage.credential, link)
        request = {"tenantId": tenant_id, "workflowId": stage.workflow, "type": "http_bearer"}
        asked = {**request, "credentialId": id, "named": stage.credential}
        return open_credential(asked, types(), link, stage.world.keys)
    finally:
        link.close()


def kept(stage: Stage, name: str, token: str) -> str:
    data = {"token": token, "allowedHosts": "api.example.com"}
    body = {"name": name, "type": "http_bearer", "data": data, "projectId": stage.home}
    return str(stage.keeper.post("/api/credentials", json=body).json()["id"])


def test_what_stands_for_a_shared_credential_is_opened_for_the_borrower(stage: Stage) -> None:
    # n8n-io/n8n#18099, #21382: shared with the project, and "does not have access to the credential".
    environment(stage.owner, "staging")
    trial, other = kept(stage, "Trial till", "trial-token"), kept(stage, "Another", "another-token")
    assert stage.keeper.put(stage.share).status_code == 204
    names_it(stage)
    place = f"/api/workflows/{stage.workflow}/publish"
    refused = stage.borrower.post(place, json={})
    assert is_problem(refused, 422, "not_ready"), "who borrows is told, too"
    assert [(one["kind"], one["name"]) for one in refused.json()["needs"]] == [("credential", "Till")]
    mapping = f"{stage.path}/mappings/staging"
    # Who borrows says nothing of what stands for it.
    assert stage.borrower.put(mapping, json={"credentialId": stage.credential}).status_code == 403
    assert stage.keeper.put(mapping, json={"credentialId": trial}).status_code == 204
    assert stage.borrower.post(place, json={}).status_code == 200
    told = stage.borrower.get(
        f"/api/workflows/{stage.workflow}/versions/1/readiness", params={"environment": "staging"}
    )
    assert [(one["name"], one["state"], one["standsIn"]) for one in told.json()["needs"]] == [("Till", "there", None)]
    assert "Trial till" not in told.text
    assert opened(stage, "staging")["data"]["token"] == "trial-token"
    assert [one["name"] for one in stage.borrower.get("/api/credentials").json()["items"]] == ["Till"]
    assert stage.borrower.get("/api/credentials/mappings").json()["items"] == []
    # By its own name what stands for it is still nobody's but its project's.
    link, tenant_id = Link(database_url()), me(stage.owner)["tenant"]["id"]
    request = {"tenantId": tenant_id, "workflowId": stage.workflow, "type": "http_bearer"}
    for id, named in ((trial, trial), (other, other), (trial, str(uuid.uuid4())), (trial, None)):
        with pytest.raises(CredentialNotShared):
            open_credential({**request, "credentialId": id, "named": named}, types(), link, stage.world.keys)
    link.close()
    # Not while it is live there is the mapping taken away; with the share it ends.
    assert is_problem(stage.keeper.put(mapping, json={"credentialId": None}), 409, "credential_in_use")
    (share,) = stage.keeper.get(f"{stage.path}/shares").json()["items"]
    assert (share["workflows"], share["live"]) == (1, 1)
    assert stage.keeper.delete(f"{stage.share}?force=true").status_code == 204
    with pytest.raises(CredentialNotShared):
        opened(stage, "staging")


def test_a_shared_credential_without_a_mapping_is_missing_or_falls_back(stage: Stage) -> None:
    environment(stage.owner, "staging")
    stage.keeper.put(stage.share)
    with pytest.raises(CredentialNotFound, match="Staging"):
        opened(stage, "staging")
    assert stage.owner.put("/api/environments/staging", json={"name": "Staging", "fallsBack": True}).status_code == 200
    assert opened(stage, "staging")["data"]["token"] == "sec-ret-token-7"
    names_it(stage)
    assert stage.borrower.post(f"/api/workflows/{stage.workflow}/publish", json={}).status_code == 200


def test_a_borrowers_trigger_has_what_stands_for_the_credential(stage: Stage, databases: Databases) -> None:
    """A webhook in staging must not be one of production's customers because its publisher does not see the mapping."""
    environment(stage.owner, "staging")
    data = {"user": "u", "password": "p-w-1234", "allowedHosts": "*"}
    names = ("Door", "Trial door")
    body = {"type": "http_basic", "data": data, "projectId": stage.home}
    door, trial = (stage.keeper.post("/api/credentials", json={**body, "name": one}).json()["id"] for one in names)
    assert stage.keeper.put(f"/api/credentials/{door}/shares/{stage.other}").status_code == 204
    place = f"/api/credentials/{door}/mappings/staging"
    assert stage.keeper.put(place, json={"credentialId": trial}).status_code == 204
    document = workflow("orders")
    document["nodes"][0]["params"] |= {"authentication": "basic", "basicCredential": door}
    id = stage.borrower.post(f"/api/workflows?projectId={stage.other}", json=document).json()["id"]
    answer = stage.borrower.post(f"/api/workflows/{id}/publish", json={})
    assert answer.status_code == 200, answer.text
    with psycopg.connect(databases.owner) as connection:
        row = connection.execute("SELECT target FROM webhooks WHERE workflow_id = %s", (id,)).fetchone()
    assert row is not None
    assert (trial in json.dumps(row[0]), door in json.dumps(row[0])) == (True, False)


def test_two_environments_differ_by_more_than_case_and_space(world: World) -> None:
    client = world.person()
    environment(client, "staging")
    for name in ("STAGING", " Staging ", "\tstaging"):
        body = {"key": f"k{uuid.uuid4().hex[:6]}", "name": name, "fallsBack": False}
        assert is_problem(client.post("/api/environments", json=body), 409, "name_taken")


def test_an_environment_that_was_deleted_and_made_again_begins_empty(world: World, databases: Databases) -> None:
    client = world.person()
    environment(client, "staging")
    shop, trial = credential(client, "Shop"), credential(client, "Trial shop")
    given(client, "url", production="p", staging="s")
    assert client.put(f"/api/credentials/{shop}/mappings/staging", json={"credentialId": trial}).status_code == 204
    assert client.delete("/api/environments/staging").status_code == 204
    environment(client, "staging")
    assert read(client, databases, "staging", "url") == {}
    assert client.get("/api/credentials/mappings").json()["items"] == []


def test_production_may_stand_first_and_nothing_that_is_live_moves(world: World) -> None:
    client = world.person()
    environment(client, "staging")
    id = made_live(client, workflow("orders"))
    assert client.put("/api/environments", json={"keys": ["production", "staging"]}).status_code == 200
    assert live(client, id) == {"production": None, "staging": 1}
    assert client.post(f"/api/workflows/{id}/publish", json={}).status_code == 200
    assert live(client, id)["production"] is not None
    for keys in (["staging", "staging"], ["production"], ["production", "staging", "gone"]):
        assert is_problem(client.put("/api/environments", json={"keys": keys}), 422, "invalid_request")


def test_a_variable_that_nothing_reads_any_more_goes(world: World) -> None:
    # n8n-io/n8n#18366: it cannot be deleted.
    client = world.person()
    one = variable(client, "url")
    id = made_live(client, reading("{{ $vars.url }}"))
    assert is_problem(client.delete(f"/api/variables/{one['id']}"), 409, "variable_in_use")
    assert client.post(f"/api/workflows/{id}/unpublish").is_success
    assert client.delete(f"/api/variables/{one['id']}").status_code == 204
