"""Credentials that another project uses without seeing them, and what becomes of it when they are taken back."""

import uuid
from typing import Any, NamedTuple

import psycopg
import pytest
from fastapi.testclient import TestClient

from functions.system.vault.errors import CredentialNotShared
from functions.system.vault.opening import open_credential
from functions.system.vault.types import types
from stepweave_data.database import database_url
from stepweave_data.link import Link
from tests.api.conftest import World
from tests.api.test_people import joined, me
from tests.api.test_routes import is_problem, made, workflow
from tests.fixtures.servers import Databases

TOKEN = "sec-ret-token-7"


class Stage(NamedTuple):
    """Two projects beside the default one: who manages the one has a credential, who edits in the other needs it."""

    world: World
    owner: TestClient
    keeper: TestClient
    borrower: TestClient
    home: str
    other: str
    credential: str
    workflow: str

    @property
    def path(self) -> str:
        return f"/api/credentials/{self.credential}"

    @property
    def share(self) -> str:
        return f"{self.path}/shares/{self.other}"

    def open(self) -> dict[str, Any]:
        """Ask the vault as a run of the borrower's workflow does."""
        link = Link(database_url())
        request = {"tenantId": me(self.owner)["tenant"]["id"], "workflowId": self.workflow, "type": "http_bearer"}
        try:
            return open_credential({**request, "credentialId": self.credential}, types(), link, self.world.keys)
        finally:
            link.close()


def asking(credential: str) -> dict[str, Any]:
    """Return a workflow whose node uses a credential."""
    document = workflow()
    params = {"url": "https://api.example.com", "authentication": credential}
    document["nodes"].append({"id": "q", "type": "http_request", "version": 1, "name": "Ask", "params": params})
    return document


@pytest.fixture
def stage(world: World) -> Stage:
    owner = world.person()
    keeper, borrower = (joined(world, owner, "viewer") for _ in range(2))
    home, other = (owner.post("/api/projects", json={"name": name}).json()["id"] for name in ("Home", "Other"))
    for client, project, role in ((keeper, home, "manager"), (keeper, other, "viewer"), (borrower, other, "editor")):
        user = me(client)["user"]["id"]
        assert owner.put(f"/api/projects/{project}/members/{user}", json={"role": role}).status_code == 204
    data = {"token": TOKEN, "allowedHosts": "api.example.com", "testUrl": "https://api.example.com/me"}
    body = {"name": "Till", "type": "http_bearer", "data": data, "projectId": home}
    credential = keeper.post("/api/credentials", json=body)
    assert credential.status_code == 201, credential.text
    id = credential.json()["id"]
    made_there = borrower.post(f"/api/workflows?projectId={other}", json=asking(id) | {"name": "Orders"})
    assert made_there.status_code == 201, made_there.text
    return Stage(world, owner, keeper, borrower, home, other, id, made_there.json()["id"])


def listed(client: TestClient) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get("/api/credentials").json()["items"]
    return items


def test_a_shared_credential_is_used_and_not_seen(stage: Stage) -> None:
    run = f"/api/workflows/{stage.workflow}/run"
    assert listed(stage.borrower) == []
    assert is_problem(stage.borrower.get(f"{stage.path}/uses"), 404, "not_found")
    assert is_problem(stage.borrower.post(run, json={}), 409, "credential_elsewhere")
    with pytest.raises(CredentialNotShared, match="not, or no longer, shared"):
        stage.open()
    assert stage.keeper.put(stage.share).status_code == 204
    assert stage.keeper.put(stage.share).status_code == 204  # shared once
    assert stage.open()["data"]["token"] == TOKEN
    ran = stage.borrower.post(run, json={})
    assert ran.json().get("code") != "credential_elsewhere", ran.text
    (shown,) = listed(stage.borrower)
    assert (shown["name"], shown["type"], shown["mine"], shown["hint"]) == ("Till", "http_bearer", False, "")
    assert shown["sharedWith"] == [stage.other]
    # Used by: what they see of it themselves.
    assert stage.borrower.get(f"{stage.path}/uses").json()["workflows"][0]["workflowName"] == "Orders"
    data = {"token": "mine", "allowedHosts": "evil.example"}
    for method, path, body in (
        ("GET", stage.path, None),
        ("PUT", stage.path, {"name": "X", "data": data}),
        ("PUT", stage.path, {"name": "X"}),
        ("DELETE", f"{stage.path}?force=true", None),
        ("POST", f"{stage.path}/test", None),
        ("POST", f"{stage.path}/connect", None),
        ("PUT", f"{stage.path}/project", {"projectId": stage.other}),
        ("GET", f"{stage.path}/shares", None),
        ("PUT", f"{stage.path}/shares/{stage.other}", None),
        ("DELETE", f"{stage.path}/shares/{stage.other}?force=true", None),
    ):
        answer = stage.borrower.request(method, path, json=body)
        assert answer.status_code in (403, 404), (method, path, answer.text)
        assert TOKEN not in answer.text
        assert "api.example.com" not in answer.text
    # Nor does who manages the project that it is shared with.
    user = me(stage.borrower)["user"]["id"]
    stage.owner.put(f"/api/projects/{stage.other}/members/{user}", json={"role": "manager"})
    for method, path in (("GET", stage.path), ("DELETE", f"{stage.path}?force=true"), ("DELETE", stage.share)):
        assert is_problem(stage.borrower.request(method, path), 403, "not_allowed"), (method, path)
    assert is_problem(stage.borrower.put(stage.path, json={"name": "X", "data": data}), 403, "not_allowed")
    assert stage.open()["hosts"] == ["api.example.com"]


def test_a_share_that_is_used_is_taken_back_knowingly_and_runs_are_refused(stage: Stage, databases: Databases) -> None:
    stage.keeper.put(stage.share)
    (share,) = stage.keeper.get(f"{stage.path}/shares").json()["items"]
    assert (share["projectId"], share["projectName"], share["workflows"], share["live"]) == (stage.other, "Other", 1, 0)
    refused = stage.keeper.delete(stage.share)
    assert is_problem(refused, 409, "credential_in_use")
    assert refused.json()["errors"][0]["message"] == "Orders"
    assert stage.keeper.delete(f"{stage.share}?force=true").status_code == 204
    assert is_problem(stage.keeper.delete(stage.share), 404, "not_found")
    with pytest.raises(CredentialNotShared) as caught:
        stage.open()
    assert "Have it shared" in caught.value.to_json()["remedy"]
    told = stage.borrower.post(f"/api/workflows/{stage.workflow}/run", json={})
    assert is_problem(told, 409, "credential_elsewhere")
    assert told.json()["errors"][0]["nodeId"] == "q"
    assert listed(stage.borrower) == []
    actions = [one["action"] for one in stage.owner.get("/api/audit").json()["items"]]
    assert {"credential.shared", "credential.unshared"} <= set(actions)
    # Where nobody uses it, nobody is asked; nor where those who do are gone.
    stage.keeper.put(stage.share)
    stage.borrower.delete(f"/api/workflows/{stage.workflow}")
    assert stage.keeper.delete(stage.share).status_code == 204


def test_who_deletes_a_shared_credential_is_told_of_uses_that_they_do_not_see(stage: Stage) -> None:
    user = me(stage.keeper)["user"]["id"]
    stage.keeper.put(stage.share)
    stage.owner.delete(f"/api/projects/{stage.other}/members/{user}")
    (share,) = stage.keeper.get(f"{stage.path}/shares").json()["items"]
    assert (share["projectName"], share["workflows"]) == (None, 1)
    assert stage.keeper.get(f"{stage.path}/uses").json()["hidden"] == 1
    refused = stage.keeper.delete(stage.path)
    assert is_problem(refused, 409, "credential_in_use")
    assert "1 of projects that you do not see" in refused.json()["detail"]
    assert "Orders" not in refused.text
    assert "Orders" not in stage.keeper.delete(stage.share).text
    # A workflow that only names it, and with which it is not shared, keeps nobody from deleting it.
    assert stage.keeper.delete(f"{stage.share}?force=true").status_code == 204
    assert stage.keeper.get(f"{stage.path}/uses").json()["hidden"] == 0
    assert stage.keeper.delete(stage.path).status_code == 204


def test_what_cannot_be_shared_and_with_whom(stage: Stage) -> None:
    stranger = stage.world.person()
    theirs = stranger.post("/api/projects", json={"name": "Theirs"}).json()["id"]
    assert is_problem(stage.keeper.put(f"{stage.path}/shares/{stage.home}"), 422, "not_shareable")
    for project in (theirs, str(uuid.uuid4())):
        assert is_problem(stage.keeper.put(f"{stage.path}/shares/{project}"), 404, "not_found")
    assert is_problem(stranger.put(f"{stage.path}/shares/{theirs}"), 404, "not_found")
    editor = joined(stage.world, stage.owner, "viewer")
    stage.owner.put(f"/api/projects/{stage.home}/members/{me(editor)['user']['id']}", json={"role": "editor"})
    assert is_problem(editor.put(f"{stage.path}/shares/{stage.other}"), 403, "not_allowed")
    data = {"address": "https://vault.example", "token": "t"}
    body = {"name": "Vault", "type": "hashicorp_vault", "data": data, "projectId": stage.home}
    store = stage.keeper.post("/api/credentials", json=body).json()["id"]
    assert is_problem(stage.keeper.put(f"/api/credentials/{store}/shares/{stage.other}"), 422, "not_shareable")


def test_a_share_goes_with_its_credential_and_with_what_it_is_shared_with(stage: Stage, databases: Databases) -> None:
    stage.keeper.put(stage.share)
    # Moved to where it is shared, it needs no share there, and its former project has it no more.
    moved = stage.owner.put(f"{stage.path}/project", json={"projectId": stage.other})
    assert moved.status_code == 204, moved.text
    assert stage.owner.get(f"{stage.path}/shares").json()["items"] == []
    assert stage.open()["data"]["token"] == TOKEN
    assert stage.owner.put(f"{stage.path}/shares/{stage.home}").status_code == 204
    gone = stage.owner.post("/api/projects", json={"name": "Gone"}).json()["id"]
    stage.owner.put(f"{stage.path}/shares/{gone}")
    assert stage.owner.delete(f"/api/projects/{gone}").status_code == 204
    assert [one["projectId"] for one in stage.owner.get(f"{stage.path}/shares").json()["items"]] == [stage.home]
    assert stage.owner.delete(f"{stage.path}?force=true").status_code == 204
    with psycopg.connect(databases.owner) as connection:
        query = "SELECT count(*) FROM credential_shares WHERE credential_id = %s"
        assert connection.execute(query, (stage.credential,)).fetchone() == (0,)


def test_a_workflow_moves_to_where_its_credentials_are_shared(stage: Stage) -> None:
    id = made(stage.owner, asking(stage.credential))["id"]
    stage.owner.put(f"/api/workflows/{id}/project", json={"projectId": stage.home})
    body = {"projectId": stage.other}
    assert is_problem(stage.owner.put(f"/api/workflows/{id}/project", json=body), 409, "credential_elsewhere")
    stage.keeper.put(stage.share)
    assert stage.owner.put(f"/api/workflows/{id}/project", json=body).status_code == 204
