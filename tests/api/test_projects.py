"""Projects within a workspace: who is in one sees what is in it, and nobody else does, anywhere."""

import re
import uuid
from typing import Any, Final, NamedTuple

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.openapi import PERMISSION
from functions.system.starter import callees
from stepweave_data.history.store import History
from stepweave_data.link import Link
from tests.api.conftest import World
from tests.api.test_apis import SHELF
from tests.api.test_people import joined, me
from tests.api.test_rights import operations
from tests.api.test_routes import is_problem, made, workflow
from tests.fixtures.servers import Databases

CREDENTIAL: Final = {
    "name": "Till",
    "type": "postgres",
    "data": {"host": "db.example", "database": "d", "user": "u", "password": "sec-ret-7"},
}
SECRET: Final = "Quarterly numbers"
"""What is in the names of all that nobody else may see."""


class Stage(NamedTuple):
    """A workspace with a project of which nobody but the owner is."""

    world: World
    owner: TestClient
    tenant: str
    project: str
    default: str
    ids: dict[str, str]


@pytest.fixture
def stage(world: World, databases: Databases) -> Stage:
    owner = world.person()
    tenant = me(owner)["tenant"]["id"]
    (default,) = owner.get("/api/projects").json()["items"]
    project = owner.post("/api/projects", json={"name": SECRET}).json()["id"]
    answer = owner.post(f"/api/workflows?projectId={project}", json=workflow() | {"name": SECRET})
    assert answer.status_code == 201, answer.text
    body = CREDENTIAL | {"name": SECRET, "projectId": project}
    ids = {"workflow_id": answer.json()["id"], "project_id": project}
    ids["credential_id"] = owner.post("/api/credentials", json=body).json()["id"]
    with psycopg.connect(databases.owner) as connection:
        values = {"tenant": tenant, "project": project, "workflow": ids["workflow_id"], "name": SECRET}
        for name, statement in ROWS.items():
            row = connection.execute(statement.encode(), values | ids).fetchone()
            assert row is not None
            ids[name] = str(row[0])
    return Stage(world, owner, tenant, project, default["id"], ids)


ROWS: Final = {
    "execution_id": """INSERT INTO executions (id, tenant_id, workflow_id, mode, trigger, status, machine_type,
        started_at, ended_at, error) VALUES (gen_random_uuid(), %(tenant)s, %(workflow)s, 'draft', 'manual', 'failed',
        'standard', now(), now(), '{"type": "E", "message": "Quarterly numbers"}') RETURNING id""",
    "approval_id": """INSERT INTO waits (tenant_id, execution_id, workflow_id, node_id, kind, token, created_at,
        details)
        VALUES (%(tenant)s, %(execution_id)s, %(workflow)s, 'a', 'approval', 't', now(),
        '{"title": "Quarterly numbers", "approvers": [], "required": 1, "message": "", "form": [],
        "nodeName": "Quarterly numbers"}') RETURNING id""",
    "schedule_id": """INSERT INTO schedules (tenant_id, workflow_id, node_id, expression, time_zone, names, target)
        VALUES (%(tenant)s, %(workflow)s, 'n', '* * * * *', 'UTC', '{}', '{}') RETURNING id""",
    "folder_id": """INSERT INTO folders (tenant_id, project_id, name) VALUES (%(tenant)s, %(project)s, %(name)s)
        RETURNING id""",
    "table_id": """INSERT INTO store_tables (tenant_id, project_id, name) VALUES (%(tenant)s, %(project)s, %(name)s)
        RETURNING id""",
    "api_id": """INSERT INTO apis (tenant_id, project_id, name, version, words, base_url, servers, schemes, operations,
        problems, document) VALUES (%(tenant)s, %(project)s, %(name)s, '1', '', '', '[]', '[]', '[]', '[]', '{}')
        RETURNING id""",
    "talk_id": """INSERT INTO memory_sessions (tenant_id, workflow_id, session)
        VALUES (%(tenant)s, %(workflow)s, %(name)s) RETURNING id""",
}
"""What there is in the project besides."""


def tried(client: TestClient, ids: dict[str, str]) -> list[tuple[str, str, dict[str, Any], Any]]:
    """Return each operation that names something of a project, with what a client is answered."""
    found = []
    for method, path, operation in operations():
        names = re.findall(r"{(\w+)}", path)
        if not set(names) & set(ids) or operation.get(PERMISSION) in (None, "projects.write"):
            continue
        place = re.sub(r"{(\w+)}", lambda name: ids.get(name[1]) or _some(name[1]), path)
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
        found.append(
            (method, path, operation, client.request(method, place, **({} if body is None else {"json": body})))
        )
    return found


def _some(name: str) -> str:
    return str(uuid.uuid4()) if name.endswith("_id") else "1"


def test_who_is_not_in_a_project_finds_nothing_of_it(stage: Stage) -> None:
    member = joined(stage.world, stage.owner, "editor")
    owner_sees = listed(stage.owner)
    assert {name for name, text in owner_sees.items() if SECRET in text} >= {
        "listWorkflows", "listExecutions", "listCredentials", "listApprovals", "listTables", "listFolders", "listApis",
        "listTalks", "listProjects", "getHome",
    }  # fmt: skip
    leaks = {name for name, text in listed(member).items() if any(one in text for one in (SECRET, *stage.ids.values()))}
    assert leaks == set()
    asked = tried(member, stage.ids)
    wrong = [
        (method, path, answer.status_code, answer.text[:200])
        for method, path, operation, answer in asked
        if not _nothing_found(operation, answer)
    ]
    assert len(asked) > 50
    assert not wrong
    for action in ("delete", "export", "disable"):
        body = {"action": action, "ids": [stage.ids["workflow_id"]]}
        (done,) = member.post("/api/workflows/bulk", json=body).json()["items"]
        assert (done["ok"], done["code"]) == (False, "not_found")
    (done,) = member.post("/api/executions/bulk", json={"action": "cancel", "ids": [stage.ids["execution_id"]]}).json()[
        "items"
    ]
    assert done["code"] == "not_found"
    assert stage.owner.get(f"/api/workflows/{stage.ids['workflow_id']}").json()["name"] == SECRET


def _nothing_found(operation: dict[str, Any], answer: Any) -> bool:
    """404 as for what is not there; 422 for an example that does not fit; 403 where an editor's role allows less."""
    if operation["operationId"] == "stopListening":
        return True  # to have stopped listening is to have stopped, whoever's it was
    return answer.status_code in (404, 422) or (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def listed(client: TestClient) -> dict[str, str]:
    """Return what each operation says that lists something, by its name."""
    found = {}
    for method, path, operation in operations():
        if method == "GET" and "{" not in path and operation.get(PERMISSION) is not None:
            found[operation["operationId"]] = client.get(path).text
    return found


@pytest.mark.parametrize("role", ["viewer", "manager"])
def test_who_is_let_in_does_what_the_role_allows_there_and_no_more(stage: Stage, role: str) -> None:
    member = joined(stage.world, stage.owner, "viewer")
    path = f"/api/projects/{stage.project}/members/{me(member)['user']['id']}"
    assert stage.owner.put(path, json={"role": role}).status_code == 204
    (default, project) = member.get("/api/projects").json()["items"]
    assert (default["name"], project["name"]) == ("Everyone", SECRET)
    may = set(project["permissions"])
    for _, place, operation, answer in tried(member, stage.ids):
        needed = operation[PERMISSION]
        if needed not in ROLE_PERMISSIONS:
            continue
        refused = (answer.status_code, answer.json().get("code") if answer.content else "") == (403, "not_allowed")
        assert refused == (needed not in may), (place, needed, answer.text[:200])
    # What one may in a project one may not elsewhere.
    mine = made(stage.owner)["id"]
    assert member.get(f"/api/workflows/{mine}").json()["permissions"] == sorted(
        ["approvals.decide", "credentials.read", "executions.read", "store.read", "workflows.read"]
    )
    assert is_problem(member.delete(f"/api/workflows/{mine}"), 403, "not_allowed")
    answer = member.post("/api/workflows", json=workflow())
    if "workflows.write" in may:
        assert answer.json()["projectId"] == stage.project
        assert is_problem(member.post(f"/api/workflows?projectId={stage.default}", json=workflow()), 403, "not_allowed")
    else:
        assert is_problem(answer, 403, "not_allowed")
    other = stage.owner.post("/api/projects", json={"name": "Other"}).json()["id"]
    stage.owner.put(f"/api/projects/{other}/members/{me(member)['user']['id']}", json={"role": role})
    # windmill#1168: whatever one makes is made where one may, or one is asked where; no policy answers with 500.
    making = (
        ("/api/folders", {"name": "F"}),
        ("/api/tables", {"name": f"T {role}"}),
        ("/api/apis", {"document": SHELF}),
    )
    if "workflows.write" in may:
        for place, body in making:
            assert is_problem(member.post(place, json=body), 422, "project_needed")
            assert member.post(place, json={**body, "projectId": other}).status_code == 201, place
        assert is_problem(member.post("/api/workflows", json=workflow()), 422, "project_needed")
        assert is_problem(member.post("/api/credentials", json=CREDENTIAL), 422, "project_needed")
    assert stage.owner.delete(path).status_code == 204
    assert is_problem(member.get(f"/api/workflows/{stage.ids['workflow_id']}"), 404, "not_found")


ROLE_PERMISSIONS: Final = (
    "workflows.write", "workflows.publish", "executions.run", "credentials.write", "store.write", "projects.manage",
)  # fmt: skip


def test_one_workflow_is_shared_with_a_person_or_a_project(stage: Stage) -> None:
    member = joined(stage.world, stage.owner, "editor")
    path = f"/api/workflows/{stage.ids['workflow_id']}"
    user = me(member)["user"]["id"]
    (share,) = stage.owner.put(f"{path}/shares", json={"userId": user, "role": "viewer"}).json()["items"]
    assert member.get(path).json()["name"] == SECRET
    assert [one["name"] for one in member.get("/api/workflows").json()["items"]] == [SECRET]
    assert member.get(f"/api/executions/{stage.ids['execution_id']}").status_code == 200
    assert is_problem(member.get(f"/api/tables/{stage.ids['table_id']}"), 404, "not_found")
    assert is_problem(member.delete(path), 403, "not_allowed")
    assert is_problem(member.put(f"{path}/shares", json={"userId": user, "role": "editor"}), 403, "not_allowed")
    (again,) = stage.owner.put(f"{path}/shares", json={"userId": user, "role": "editor"}).json()["items"]
    assert (again["id"], again["role"]) == (share["id"], "editor")
    saved = member.put(path, json={"document": workflow() | {"name": "Mine"}, "revision": 1})
    assert saved.status_code == 200, saved.text
    assert is_problem(member.put(f"{path}/project", json={"projectId": stage.default}), 403, "not_allowed")
    assert stage.owner.delete(f"{path}/shares/{share['id']}").status_code == 204
    assert is_problem(member.get(path), 404, "not_found")
    stage.owner.put(f"{path}/shares", json={"projectId": stage.default, "role": "operator"})
    assert "executions.run" in member.get(path).json()["permissions"]
    assert "workflows.write" not in member.get(path).json()["permissions"]
    assert member.get(f"{path}/shares").json()["items"][0]["name"] == "Everyone"


def test_a_workflow_has_the_credentials_of_its_own_project(stage: Stage) -> None:
    owner, credential = stage.owner, stage.ids["credential_id"]
    document = workflow()
    node = {"id": "q", "type": "postgres", "version": 1, "name": "Ask", "params": {"credential": credential}}
    document["nodes"].append(node)
    id = made(owner, document)["id"]
    told = owner.post(f"/api/workflows/{id}/run", json={"onlyNodeId": "a"})
    assert is_problem(told, 409, "credential_elsewhere")
    assert told.json()["errors"][0]["nodeId"] == "q"
    assert is_problem(owner.post(f"/api/workflows/{id}/publish"), 409, "credential_elsewhere")
    # To where the credential is the workflow may go, and not back; the credential stays with it.
    assert owner.put(f"/api/workflows/{id}/project", json={"projectId": stage.project}).status_code == 204
    assert is_problem(
        owner.put(f"/api/workflows/{id}/project", json={"projectId": stage.default}), 409, "credential_elsewhere"
    )
    told = owner.put(f"/api/credentials/{credential}/project", json={"projectId": stage.default})
    assert is_problem(told, 409, "credential_in_use")
    assert told.json()["errors"][0]["workflowId"] == id
    owner.delete(f"/api/workflows/{id}")
    assert owner.put(f"/api/credentials/{credential}/project", json={"projectId": stage.default}).status_code == 204


def test_a_project_goes_when_nothing_is_in_it(stage: Stage) -> None:
    owner, path = stage.owner, f"/api/projects/{stage.project}"
    assert is_problem(owner.delete(path), 409, "project_not_empty")
    assert is_problem(owner.delete(f"/api/projects/{stage.default}"), 409, "default_project")
    assert is_problem(owner.post("/api/projects", json={"name": SECRET.upper()}), 409, "name_taken")
    other = owner.post("/api/projects", json={"name": "Other"}).json()["id"]
    gone = owner.post(f"/api/workflows?projectId={other}", json=workflow()).json()["id"]
    owner.post("/api/folders", json={"name": "F"})
    owner.delete(f"/api/workflows/{gone}")
    assert owner.patch(f"/api/projects/{other}", json={"name": "Else"}).status_code == 204
    assert owner.delete(f"/api/projects/{other}").status_code == 204
    assert [one["name"] for one in owner.get("/api/projects").json()["items"]] == ["Everyone", SECRET]


def test_nobody_gives_in_a_project_what_they_may_not_do_there(stage: Stage) -> None:
    manager, other = (joined(stage.world, stage.owner, "viewer") for _ in range(2))
    path = f"/api/projects/{stage.project}/members"
    ids = [me(one)["user"]["id"] for one in (manager, other)]
    role = stage.owner.post("/api/roles", json={"name": "Half", "permissions": ["projects.manage", "workflows.read"]})
    assert stage.owner.put(f"{path}/{ids[0]}", json={"role": "custom", "roleId": role.json()["id"]}).status_code == 204
    assert is_problem(manager.put(f"{path}/{ids[1]}", json={"role": "viewer"}), 403, "above_you")
    assert is_problem(manager.put(f"{path}/{ids[0]}", json={"role": "manager"}), 403, "above_you")
    assert is_problem(manager.put(f"{path}/{uuid.uuid4()}", json={"role": "viewer"}), 403, "above_you")
    stage.owner.put(f"{path}/{ids[1]}", json={"role": "editor"})
    assert is_problem(manager.delete(f"{path}/{ids[1]}"), 403, "above_you")
    assert is_problem(stage.owner.delete(f"/api/roles/{role.json()['id']}"), 409, "role_in_use")
    assert is_problem(stage.world.person().put(f"{path}/{ids[1]}", json={"role": "viewer"}), 404, "not_found")
    assert [one["role"] for one in other.get(path).json()["items"]].count("editor") == 1


def test_a_member_watches_live_what_they_may_see(stage: Stage, databases: Databases) -> None:
    member = joined(stage.world, stage.owner, "editor")
    history = History(databases.app)

    def watches(client: TestClient, kind: str, id: str) -> bool | None:
        who = me(client)["user"]["id"]
        (session,) = [one for one in client.get("/api/sessions").json()["items"] if one["current"]]
        return history.may_watch(stage.tenant, who, session["id"], kind, id)

    things = (
        ("workflow", stage.ids["workflow_id"]),
        ("execution", stage.ids["execution_id"]),
        ("tenant", stage.tenant),
    )
    assert [watches(stage.owner, *one) for one in things] == [True, True, True]
    assert [watches(member, *one) for one in things] == [False, False, False]
    mine = made(member)["id"]
    assert watches(member, "workflow", mine)
    path = f"/api/projects/{stage.project}/members/{me(member)['user']['id']}"
    stage.owner.put(path, json={"role": "viewer"})
    assert [watches(member, *one) for one in things] == [True, True, False]
    history.close()


def test_a_key_is_for_some_projects(stage: Stage) -> None:
    owner, mine = stage.owner, made(stage.owner)["id"]
    body = {"name": "CI", "permissions": ["workflows.read", "workflows.write"], "projectIds": [stage.project]}
    answer = owner.post("/api/keys", json=body)
    assert (answer.status_code, answer.json()["key"]["projectIds"]) == (201, [stage.project])
    key = stage.world.anonymous()
    key.headers["Authorization"] = f"Bearer {answer.json()['text']}"
    assert [one["name"] for one in key.get("/api/workflows").json()["items"]] == [SECRET]
    assert [one["name"] for one in key.get("/api/projects").json()["items"]] == [SECRET]
    assert is_problem(key.get(f"/api/workflows/{mine}"), 404, "not_found")
    assert key.post("/api/workflows", json=workflow()).json()["projectId"] == stage.project
    assert is_problem(key.post(f"/api/workflows?projectId={stage.default}", json=workflow()), 404, "not_found")
    member = joined(stage.world, owner, "editor")
    assert is_problem(member.post("/api/keys", json=body), 404, "not_found")


def test_a_workflow_is_called_within_its_project(stage: Stage, databases: Databases) -> None:
    caller = made(stage.owner)["id"]
    called = stage.ids["workflow_id"]
    link = Link(databases.app)

    def refused() -> str:
        answer = callees.inputs_told(link, stage.tenant, caller, called)["refused"]
        return str(answer["type"])

    assert refused() == "WorkflowNotFound"
    path = f"/api/workflows/{called}/shares"
    stage.owner.put(path, json={"projectId": stage.default, "role": "viewer"})
    assert refused() == "WorkflowNotFound"
    stage.owner.put(path, json={"projectId": stage.default, "role": "operator"})
    assert refused() == "WorkflowNotCallable"  # it is found, and not published
    link.close()
