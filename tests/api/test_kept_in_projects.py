"""What workflows keep by a name is their project's: values, files, tables, memories; and what members watch of them."""

import json
import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Final

import psycopg
import pytest
from fastapi.testclient import TestClient

from functions.system.live.channels import Caller, Live
from functions.system.recorder.pushing import Pusher
from functions.system.starter import callees
from functions.system.store.serving import serve
from functions.system.vault.errors import CredentialNotShared
from functions.system.vault.opening import open_credential
from stepweave_data.history.live import Watchers, connect
from stepweave_data.history.store import History, Recorded
from stepweave_data.link import Link
from tests.api.conftest import World
from tests.api.test_people import joined, me
from tests.api.test_projects import CREDENTIAL, SECRET, Stage, stage
from tests.api.test_routes import is_problem, made, workflow
from tests.fixtures.servers import Databases

__all__ = ["stage"]
FILE: Final = {"size": 1, "sha256": "0" * 64, "mimeType": "text/plain"}
TURN: Final = [{"role": "user", "content": "Hello"}]


@pytest.fixture
def link(databases: Databases) -> Iterator[Link]:
    opened = Link(databases.app)
    yield opened
    opened.close()


class Run:
    """A workflow that runs, as its nodes reach the store."""

    def __init__(self, link: Link, tenant: str, workflow_id: str) -> None:
        self.link, self.tenant, self.workflow_id = link, tenant, workflow_id

    def do(self, do: str, **operation: Any) -> Any:
        """Return what an operation gives, or the code that it is refused with."""
        request = {"tenantId": self.tenant, "workflowId": self.workflow_id, "operations": [{"do": do, **operation}]}
        (result,) = serve(json.loads(json.dumps(request)), self.link)["results"]
        return result["error"]["code"] if "error" in result else result["value"]


@pytest.fixture
def there(stage: Stage, link: Link) -> Run:
    """The workflow of the project."""
    return Run(link, stage.tenant, stage.ids["workflow_id"])


@pytest.fixture
def here(stage: Stage, link: Link) -> Run:
    """A workflow of the default project."""
    return Run(link, stage.tenant, made(stage.owner)["id"])


def everything_of(run: Run, **more: Any) -> dict[str, Any]:
    """Return what a workflow reads and lists of what the other one keeps."""
    return {
        "value": run.do("get", store="s", key="k", **more)["value"],
        "keys": [one["key"] for one in run.do("list", store="s", **more)["entries"]],
        "stores": [one["name"] for one in run.do("stores", **more)],
        "file": run.do("getFile", path="a/b", **more),
        "files": run.do("files", **more)["files"],
        "tables": [one["name"] for one in run.do("tables", **more) if one["name"] != SECRET],
        "rows": run.do("query", table="T", **more),
        "talk": run.do("recall", shared="m", session="1", window=5, **more)["messages"],
    }


NOTHING: Final[dict[str, Any]] = {
    "value": None, "keys": [], "stores": [], "file": None, "files": [], "tables": [], "rows": "TableNotFound",
    "talk": [],
}  # fmt: skip


def keep(run: Run, tenant: str, **more: Any) -> None:
    """Have a workflow keep one of each."""
    run.do("set", store="s", key="k", value=1, **more)
    run.do("putFile", path="a/b", file={"key": f"{tenant}/x", **FILE}, **more)
    run.do("insert", table="T", values={"a": 1}, missing="create", **more)
    run.do("remember", shared="m", session="1", messages=TURN, **more)


@pytest.mark.parametrize("keeper", ["here", "there"])
def test_a_workflow_reaches_nothing_that_another_project_keeps(
    stage: Stage, here: Run, there: Run, keeper: str
) -> None:
    mine, other = (here, there) if keeper == "here" else (there, here)
    keep(mine, stage.tenant)
    assert everything_of(other) == NOTHING
    assert everything_of(mine)["value"] == 1
    assert [len(everything_of(mine)[name]) for name in ("keys", "files", "talk")] == [1, 1, 1]
    # What it writes, counts and deletes under the same names is its own.
    assert other.do("increment", store="s", key="k", by=5)["value"] == 5
    assert other.do("delete", store="s", key="k")["deleted"] is True
    assert other.do("deleteFile", path="a/b") == {"deleted": False}
    assert other.do("shareFile", path="a/b", seconds=60) is None
    assert other.do("deleteRows", table="T", all=True) == "TableNotFound"
    assert other.do("insert", table="T", values={"b": 1}, missing="create")["b"] == 1
    other.do("remember", shared="m", session="1", messages=TURN)
    assert mine.do("get", store="s", key="k")["value"] == 1
    assert [row["a"] for row in mine.do("query", table="t")["rows"]] == [1]
    assert len(mine.do("recall", shared="m", session="1", window=5)["messages"]) == 1


def test_what_the_workspace_shares_is_kept_in_the_default_project(stage: Stage, here: Run, there: Run) -> None:
    keep(there, stage.tenant, within="workspace")
    assert everything_of(there) == NOTHING
    assert everything_of(here) == everything_of(there, within="workspace")
    assert everything_of(here)["value"] == 1
    assert there.do("increment", store="s", key="k", by=1, within="workspace")["value"] == 2


def test_a_workflow_keeps_where_it_is_and_only_its_own_talks(stage: Stage, here: Run, there: Run) -> None:
    here.do("set", store="s", key="k", value=1)
    here.do("remember", workflowId=here.workflow_id, session="1", messages=TURN)
    # Whatever workflow an operation names: it is the one that runs.
    assert there.do("recall", workflowId=here.workflow_id, session="1", window=5)["messages"] == []
    path = f"/api/workflows/{here.workflow_id}/project"
    assert stage.owner.put(path, json={"projectId": stage.project}).status_code == 204
    assert here.do("get", store="s", key="k")["found"] is False
    assert len(here.do("recall", workflowId=here.workflow_id, session="1", window=5)["messages"]) == 1
    gone = Run(here.link, stage.tenant, str(uuid.uuid4()))
    assert gone.do("get", store="s", key="k") == "ContextRefused"
    assert Run(here.link, str(uuid.uuid4()), here.workflow_id).do("stores") == "ContextRefused"


def test_people_see_the_data_of_their_projects_only(stage: Stage, here: Run, there: Run) -> None:
    keep(there, stage.tenant)
    keep(here, stage.tenant)
    member = joined(stage.world, stage.owner, "editor")
    assert [one["projectId"] for one in member.get("/api/stores").json()["items"]] == [stage.default]
    assert {one["projectId"] for one in stage.owner.get("/api/stores").json()["items"]} == {
        stage.default,
        stage.project,
    }
    talks = member.get("/api/memory/talks").json()["items"]
    assert [(one["shared"], one["projectId"]) for one in talks] == [("m", stage.default)]
    there_too = f"/api/stores/entries?store=s&projectId={stage.project}"
    assert is_problem(member.get(there_too), 404, "not_found")
    assert is_problem(member.delete(f"{there_too}&key=k"), 404, "not_found")
    assert is_problem(member.delete(f"/api/stores?store=s&projectId={stage.project}"), 404, "not_found")
    body = {"store": "s", "key": "k", "value": 9}
    assert is_problem(member.put("/api/stores/entries", json={**body, "projectId": stage.project}), 404, "not_found")
    assert member.put("/api/stores/entries", json=body).status_code == 200
    assert there.do("get", store="s", key="k")["value"] == 1
    assert here.do("get", store="s", key="k")["value"] == 9
    path = f"/api/projects/{stage.project}/members/{me(member)['user']['id']}"
    stage.owner.put(path, json={"role": "viewer"})
    assert member.get(there_too).json()["items"][0]["value"] == 1
    assert is_problem(member.put("/api/stores/entries", json={**body, "projectId": stage.project}), 403, "not_allowed")
    assert is_problem(member.delete(f"{there_too}&key=k"), 403, "not_allowed")


def test_stores_and_tables_go_from_one_project_into_another(stage: Stage, here: Run, there: Run) -> None:
    keep(here, stage.tenant)
    owner, to = stage.owner, {"projectId": stage.project}
    (table,) = [one for one in owner.get("/api/tables").json()["items"] if one["projectId"] == stage.default]
    assert owner.put("/api/stores/project?store=s", json=to).status_code == 204
    assert owner.put(f"/api/tables/{table['id']}/project", json=to).status_code == 204
    assert there.do("get", store="s", key="k")["value"] == 1
    assert [row["a"] for row in there.do("query", table="T")["rows"]] == [1]
    assert (here.do("get", store="s", key="k")["found"], here.do("count", table="T")) == (False, "TableNotFound")
    keep(here, stage.tenant)
    told = owner.put("/api/stores/project?store=s", json=to)
    assert is_problem(told, 409, "name_taken")
    (table,) = [one for one in owner.get("/api/tables").json()["items"] if one["projectId"] == stage.default]
    assert is_problem(owner.put(f"/api/tables/{table['id']}/project", json=to), 409, "name_taken")
    assert is_problem(owner.put("/api/stores/project?store=none", json=to), 404, "not_found")
    member = joined(stage.world, owner, "editor")
    assert is_problem(member.put("/api/stores/project?store=s", json=to), 404, "not_found")
    assert is_problem(member.put(f"/api/tables/{table['id']}/project", json=to), 404, "not_found")
    # A key past its time is in nobody's way.
    there.do("set", store="late", key="k", value=1, ttl=0.001)
    here.do("set", store="late", key="k", value=2)
    assert owner.put("/api/stores/project?store=late", json=to).status_code == 204
    assert there.do("get", store="late", key="k")["value"] == 2


def test_a_project_goes_when_its_data_is_gone(stage: Stage, link: Link) -> None:
    owner = stage.owner
    other = owner.post("/api/projects", json={"name": "Other"}).json()["id"]
    id = owner.post(f"/api/workflows?projectId={other}", json=workflow()).json()["id"]
    run, path = Run(link, stage.tenant, id), f"/api/projects/{other}"
    keep(run, stage.tenant)
    owner.delete(f"/api/workflows/{id}")
    told = owner.delete(path)
    assert is_problem(told, 409, "project_not_empty")
    assert all(word in told.json()["detail"] for word in ("tables", "values in stores", "shared memories"))
    (table,) = [one for one in owner.get("/api/tables").json()["items"] if one["projectId"] == other]
    owner.delete(f"/api/tables/{table['id']}")
    owner.delete(f"/api/stores?store=s&projectId={other}")
    (talk,) = owner.get("/api/memory/talks").json()["items"][:1]
    assert talk["projectId"] == other
    owner.delete(f"/api/memory/talks/{talk['id']}")
    assert owner.delete(path).status_code == 204


WITHIN: Final = {
    "id": "s", "type": "store", "version": 1, "name": "Count", "params": {
        "operation": "increment", "key": "k", "within": "workspace",
    },
}  # fmt: skip


def test_who_may_not_change_the_workspaces_data_does_not_by_a_workflow(stage: Stage) -> None:
    """grafana#11553: who edits one folder and views the rest must not write into the rest, by whatever way."""
    member = joined(stage.world, stage.owner, "viewer")
    path = f"/api/projects/{stage.project}/members/{me(member)['user']['id']}"
    stage.owner.put(path, json={"role": "editor"})
    document = workflow()
    document["nodes"].append(WITHIN)
    id = member.post("/api/workflows", json=document).json()["id"]
    told = member.post(f"/api/workflows/{id}/run", json={"onlyNodeId": "a"})
    assert is_problem(told, 403, "not_allowed")
    assert (told.json()["errors"][0]["nodeId"], "store.write" in told.json()["detail"]) == ("s", True)
    assert is_problem(member.post(f"/api/workflows/{id}/publish"), 403, "not_allowed")
    moved = member.put(f"/api/workflows/{id}/project", json={"projectId": stage.default})
    assert is_problem(moved, 403, "not_allowed")
    mine = made(stage.owner, document)["id"]
    assert stage.owner.put(f"/api/workflows/{mine}/project", json={"projectId": stage.project}).status_code == 204
    # Who may change the workspace's data publishes it; who may only run it runs what they published.
    stage.owner.patch(f"/api/members/{me(member)['user']['id']}", json={"role": "editor"})
    assert member.post(f"/api/workflows/{id}/publish").status_code == 200


def test_a_documents_ids_take_nothing_from_another_project(stage: Stage) -> None:
    """grafana#13912: a copy that is saved into one's own folder with the id of a dashboard took that one away."""
    member = joined(stage.world, stage.owner, "editor")
    document = workflow() | {"id": stage.ids["workflow_id"], "projectId": stage.project}
    answer = member.post("/api/workflows", json=document)
    assert answer.status_code == 422 or answer.json()["id"] != stage.ids["workflow_id"]
    assert stage.owner.get(f"/api/workflows/{stage.ids['workflow_id']}").json()["name"] == SECRET


def test_who_may_only_read_data_sees_that_of_their_projects(stage: Stage, here: Run, there: Run) -> None:
    """kestra#16744: with the right to values alone one found no namespace to look into."""
    keep(there, stage.tenant)
    keep(here, stage.tenant)
    role = {"name": "Reads data", "permissions": ["store.read"]}
    role_id = stage.owner.post("/api/roles", json=role).json()["id"]
    member = joined(stage.world, stage.owner, "viewer")
    who = me(member)["user"]["id"]
    stage.owner.patch(f"/api/members/{who}", json={"role": "custom", "roleId": role_id})
    assert [one["projectId"] for one in member.get("/api/stores").json()["items"]] == [stage.default]
    assert [one["name"] for one in member.get("/api/tables").json()["items"]] == ["T"]
    stage.owner.put(f"/api/projects/{stage.project}/members/{who}", json={"role": "custom", "roleId": role_id})
    assert len(member.get("/api/stores").json()["items"]) == 2
    found = member.get(f"/api/stores/entries?store=s&projectId={stage.project}").json()["items"]
    assert [one["value"] for one in found] == [1]


def test_shares_stay_when_a_workflow_moves(stage: Stage) -> None:
    """grafana#92234, #88324: a dashboard that was moved had lost who may see it."""
    member, path = joined(stage.world, stage.owner, "viewer"), f"/api/workflows/{stage.ids['workflow_id']}"
    stage.owner.put(f"{path}/shares", json={"userId": me(member)["user"]["id"], "role": "editor"})
    other = stage.owner.post("/api/projects", json={"name": "Other"}).json()["id"]
    assert stage.owner.put(f"{path}/project", json={"projectId": other}).status_code == 204
    assert "workflows.write" in member.get(path).json()["permissions"]


def test_the_vault_opens_credentials_of_the_workflows_project_only(stage: Stage, here: Run, there: Run) -> None:
    request = {"tenantId": stage.tenant, "credentialId": stage.ids["credential_id"], "type": "postgres"}

    def opened(run: Run) -> Mapping[str, Any]:
        asked = {**request, "workflowId": run.workflow_id}
        return open_credential(asked, {}, run.link, stage.world.keys)["data"]  # type: ignore[no-any-return]

    assert opened(there)["password"] == CREDENTIAL["data"]["password"]  # type: ignore[index]
    with pytest.raises(CredentialNotShared, match="project"):
        opened(here)
    stage.owner.put(
        f"/api/workflows/{stage.ids['workflow_id']}/shares", json={"projectId": stage.default, "role": "editor"}
    )
    with pytest.raises(CredentialNotShared):  # a share of the workflow is none of its credential
        opened(here)
    stage.owner.delete(f"/api/workflows/{stage.ids['workflow_id']}")
    path = f"/api/credentials/{stage.ids['credential_id']}/project"
    assert stage.owner.put(path, json={"projectId": stage.default}).status_code == 204
    assert opened(here)["user"] == "u"


@pytest.mark.parametrize("trigger", ["error_trigger", "workflow_trigger"])
def test_workflows_of_other_projects_are_started_where_they_are_shared_to_be_run(
    stage: Stage, here: Run, databases: Databases, trigger: callees.TriggerType
) -> None:
    """Called workflows and tools of agents ask for `workflow_trigger`, failures for `error_trigger`."""
    callee = stage.ids["workflow_id"]
    shares = f"/api/workflows/{callee}/shares"

    def refused(caller: str) -> str:
        with pytest.raises(callees.Refused) as raised:
            here.link.tenant(stage.tenant, lambda it: callees.find(it, stage.tenant, caller, callee, trigger))
        return raised.value.type

    assert refused(here.workflow_id) == "WorkflowNotFound"
    assert refused(callee) == "WorkflowNotCallable"  # of its own project; it is not published
    share = stage.owner.put(shares, json={"projectId": stage.default, "role": "viewer"}).json()["items"][0]["id"]
    assert refused(here.workflow_id) == "WorkflowNotFound"
    stage.owner.put(shares, json={"projectId": stage.default, "role": "operator"})
    assert refused(here.workflow_id) == "WorkflowNotCallable"
    stage.owner.delete(f"{shares}/{share}")
    assert refused(here.workflow_id) == "WorkflowNotFound"
    # A share with a person is none with the project.
    stage.owner.put(shares, json={"userId": me(stage.owner)["user"]["id"], "role": "editor"})
    assert refused(here.workflow_id) == "WorkflowNotFound"


class Sockets:
    """What connections were sent."""

    def __init__(self) -> None:
        self.sent: dict[str, list[dict[str, Any]]] = {}

    def post(self, connection_id: str, message: str) -> None:
        self.sent.setdefault(connection_id, []).append(json.loads(message))

    def close(self, connection_id: str) -> None:
        self.sent.setdefault(connection_id, []).append({"type": "closed"})

    def told(self, connection_id: str) -> list[str]:
        """The workflows of whose executions a connection heard since it was asked last."""
        messages = self.sent.pop(connection_id, [])
        return [one["execution"]["workflowId"] for one in messages if one["type"] == "execution"]


def test_a_members_lists_follow_live_what_they_see(
    world: World, stage: Stage, here: Run, databases: Databases, redis_url: str
) -> None:
    member = joined(world, stage.owner, "editor")
    redis, history, sockets = connect(redis_url), History(databases.app), Sockets()
    live, pusher = Live(Watchers(redis), history, sockets), Pusher(redis, lambda: sockets, history.projects_of)
    channel, hidden, seen = f"tenant:{stage.tenant}", stage.ids["workflow_id"], here.workflow_id

    def watches(client: TestClient, connection_id: str, channel: str = channel) -> str:
        (session,) = [one for one in client.get("/api/sessions").json()["items"] if one["current"]]
        caller = Caller(connection_id, stage.tenant, me(client)["user"]["id"], session["id"])
        live.message(caller, json.dumps({"action": "subscribe", "channel": channel}))
        answer = sockets.sent[connection_id].pop()
        return str(answer.get("code") or answer["type"])

    def happens() -> None:
        for id in (hidden, seen):
            execution = {
                "id": str(uuid.uuid4()), "workflowId": id, "workflowName": id, "status": "running", "lastSeq": 1,
                "trigger": "manual", "machineType": "standard", "mode": "draft", "startedAt": "2026-01-01T00:00:00Z",
            }  # fmt: skip
            event: Any = {"seq": 1, "id": "e", "type": "execution.started", "at": "2026-01-01T00:00:00Z"}
            pusher.push(stage.tenant, Recorded({str(execution["id"]): [event]}, [execution]))

    assert watches(stage.owner, "owner") == "subscribed"
    assert watches(member, "member") == "subscribed"
    assert watches(member, "member", f"tenant:{uuid.uuid4()}") == "not_found"
    assert watches(member, "member") == "subscribed"
    happens()
    assert (sockets.told("owner"), sockets.told("member")) == ([hidden, seen], [seen])
    # Shared one by one, then let in, then moved: what counts is what is so when it happens.
    path = f"/api/workflows/{hidden}/shares"
    share = stage.owner.put(path, json={"userId": me(member)["user"]["id"], "role": "viewer"}).json()["items"][0]["id"]
    watches(member, "member")
    happens()
    assert sockets.told("member") == [hidden, seen]
    stage.owner.delete(f"{path}/{share}")
    happens()
    assert sockets.told("member") == []  # cut off until it subscribes again, as it does all the time
    watches(member, "member")
    stage.owner.put(f"/api/workflows/{seen}/project", json={"projectId": stage.project})
    happens()
    assert sockets.told("member") == []
    inside = f"/api/projects/{stage.project}/members/{me(member)['user']['id']}"
    stage.owner.put(inside, json={"role": "viewer"})
    watches(member, "member")
    happens()
    assert sockets.told("member") == [hidden, seen]
    # Who becomes an admin hears of all, once.
    stage.owner.patch(f"/api/members/{me(member)['user']['id']}", json={"role": "admin"})
    watches(member, "member")
    happens()
    assert sockets.told("member") == [hidden, seen]
    live.message(
        Caller("member", stage.tenant, me(member)["user"]["id"], ""),
        json.dumps({"action": "unsubscribe", "channel": channel}),
    )
    happens()
    assert sockets.told("member") == []
    history.close()
    redis.close()


def test_what_was_kept_before_there_were_projects_is_in_the_default_one(
    stage: Stage, here: Run, databases: Databases
) -> None:
    with psycopg.connect(databases.owner) as connection:
        connection.execute(
            "INSERT INTO store_entries (tenant_id, store, key, value) VALUES (%s, 'old', 'k', '1')", (stage.tenant,)
        )
    assert here.do("get", store="old", key="k")["value"] == 1
