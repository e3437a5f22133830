"""Published vulnerabilities of products like this one: at the doors of the API (docs/security/published-cves.md)."""

import uuid
from typing import Any, Final

from fastapi.testclient import TestClient

from tests.api.conftest import PASSWORD, World
from tests.api.test_examples import created, node, orders, well
from tests.api.test_options import ACCOUNT, credential, tables
from tests.api.test_rights import member, operations
from tests.api.test_routes import is_problem
from tests.fixtures.servers import Databases

ID: Final = str(uuid.UUID(int=7))


def tenant_of(client: TestClient) -> str:
    return str(well(client.get("/api/me"))["tenant"]["id"])


def test_cve_2026_53576_no_ending_and_no_spelling_of_a_path_goes_past_the_log_in(world: World) -> None:
    """Kestra let in whoever asked for a path that ended in `/configs`, for that of an open route does."""
    client = world.anonymous()
    client.event_hooks = {}
    open_ways = (
        "/configs",
        "/auth/login",
        "/auth/sign-in",
        ";/api/auth/login",
        "%2f..%2fauth%2flogin",
        "?/api/auth/login",
        "/",
    )
    protected = [path.replace("{", "").replace("}", "") for _, path, one in operations() if one.get("x-permission")]
    assert len(set(protected)) > 60
    for number, path in enumerate(sorted(set(protected))):
        for way in open_ways[number % 2 :: 2]:  # each way with every second path
            answer = client.get(f"{path}{way}")
            assert answer.status_code in (401, 404, 405), (path, way, answer.status_code)
        for spelled in (path.upper(), path.replace("/api/", "/api//", 1), path.replace("/api/", "/api/x/../", 1)):
            assert client.get(spelled).status_code in (401, 404, 405, 422), spelled


INJECTIONS: Final = (
    "' OR '1'='1",
    "x' UNION SELECT email FROM users--",
    "'; SELECT pg_sleep(9)--",
    "\\'; DROP TABLE tags;--",
    "%' OR 1=1)--",
)


def test_cve_2026_38428_what_stands_in_a_query_is_a_value_and_no_sql(world: World) -> None:
    """Kestra put a parameter of a GET into its SQL as it was."""
    other, client = world.person(), world.person()
    created(other, {**orders(), "name": "Secret of another"})
    created(client, {**orders(), "name": "Mine"})
    asked = 0
    for method, path, operation in operations():
        texts = [
            one["name"]
            for one in operation.get("parameters", [])
            if one["in"] == "query" and "string" in str(one["schema"]) and "uuid" not in str(one["schema"])
        ]
        if method != "GET" or "{" in path or not texts:
            continue
        for number, name in enumerate(texts):
            answer = client.get(path, params={name: INJECTIONS[(asked + number) % len(INJECTIONS)]})
            assert answer.status_code in (200, 400, 404, 422), (path, name, answer.text)
            assert "Secret of another" not in answer.text, (path, name)
        asked += 1
    assert asked > 8
    for text in INJECTIONS:
        assert well(client.get("/api/workflows", params={"search": text}))["items"] == [], text


def test_cve_2026_41277_and_others_no_body_says_whose_something_is(world: World) -> None:
    """Flowise and n8n kept whatever fields a body had: the workspace, the id, whether a log-in needs the provider."""
    other, client = world.person(), world.person()
    theirs = well(other.post("/api/folders", json={"name": "Theirs"}), 201)["id"]
    whose = tenant_of(other)
    bodies: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/api/folders", {"name": "F"}),
        ("POST", "/api/tags", {"name": "T", "color": "blue"}),
        ("POST", "/api/tables", {"name": "T", "columns": [{"name": "A", "type": "text"}]}),
        ("POST", "/api/credentials", {"name": "C", "type": "postgres", "data": ACCOUNT}),
        ("PATCH", "/api/me", {"name": "P"}),
        ("PATCH", "/api/tenant", {"name": "T"}),
        ("POST", "/api/invitations", {"email": "a@example.com", "role": "viewer"}),
    ]
    for method, path, body in bodies:
        for more in (
            {"id": theirs}, {"tenantId": whose}, {"tenant_id": whose}, {"workspaceId": whose}, {"role": "owner"},
            {"isOwner": True}, {"ssoOnly": False}, {"emailVerified": True}, {"__proto__": {"role": "owner"}},
        ):  # fmt: skip
            if more.keys() & body.keys():
                continue  # an invitation has a role
            answer = client.request(method, path, json={**body, **more})
            assert is_problem(answer, 422, "invalid_request"), (path, more, answer.text)
    assert [one["name"] for one in well(other.get("/api/folders"))["items"]] == ["Theirs"]
    assert well(client.get("/api/folders"))["items"] == []


def test_a_document_may_not_say_whose_it_is_either(world: World) -> None:
    """A workflow's document is the one body that takes more than it names: none of it means anything to us."""
    other, client = world.person(), world.person()
    theirs = created(other, orders())
    document = {
        **orders(),
        "id": theirs,
        "tenantId": tenant_of(other),
        "createdAt": "2001-01-01T00:00:00Z",
        "live": True,
    }
    answer = client.post("/api/workflows", json=document)
    if answer.status_code == 201:
        made = answer.json()
        assert made["id"] != theirs
        assert is_problem(other.get(f"/api/workflows/{made['id']}"), 404, "not_found")
    assert well(other.get(f"/api/workflows/{theirs}"))["revision"] == 1


def test_ghsa_f6hc_c5jr_878p_a_reset_needs_the_token_that_was_mailed(world: World) -> None:
    """Flowise compared the token of a reset with the none that an account had that never asked for one."""
    client, anonymous = world.person(), world.anonymous()
    address = well(client.get("/api/me"))["user"]["email"]
    tokens: list[Any] = [None, "", " ", "null", "undefined", [], {}, True, 0, "0" * 43, {"$ne": None}]
    for token in tokens:
        answer = anonymous.post("/api/auth/reset", json={"token": token, "password": "another horse 10"})
        assert answer.status_code in (410, 422), (token, answer.text)
    assert anonymous.post("/api/auth/reset", json={"password": "another horse 10"}).status_code == 422
    assert well(anonymous.post("/api/auth/login", json={"email": address, "password": PASSWORD}))["accessToken"]


def test_cve_2025_58434_who_asks_for_a_reset_is_told_nothing(world: World) -> None:
    """Flowise answered the request for a reset with the token that belongs into the mail."""
    client = world.person()
    address = well(client.get("/api/me"))["user"]["email"]
    answer = world.anonymous().post("/api/auth/reset-mail", json={"email": address})
    assert answer.status_code in (200, 202, 204), answer.text
    token = world.mails.sent[-1][2].split("#")[1].split()[0]
    assert len(token) > 30
    assert token not in answer.text + str(answer.headers)


def test_cve_2026_42226_choices_are_asked_for_with_a_credential_of_ones_own(world: World, databases: Databases) -> None:
    """n8n filled in a field's choices with anybody's credential, at a server that the caller named."""
    owner, stranger = world.person(), world.person()
    world.nodes.answer = lambda payload: {"options": []}
    id = credential(owner)
    for answer in (tables(stranger, id), tables(member(world, databases, "viewer"), id)):
        assert answer.status_code in (403, 404, 422), answer.text
    assert world.nodes.asked == []


def test_ghsa_h3jj_5f3v_3685_who_only_looks_runs_nothing_again(world: World, databases: Databases) -> None:
    """n8n asked for the right to read where an execution was run again."""
    viewer = member(world, databases, "viewer")
    for path in (f"/api/executions/{ID}/rerun", f"/api/executions/{ID}/cancel", f"/api/workflows/{ID}/run"):
        answer = viewer.post(path, json={})
        assert answer.status_code in (403, 404, 405), (path, answer.text)
    assert is_problem(viewer.post("/api/executions/bulk", json={"action": "rerun", "ids": [ID]}), 403, "not_allowed")
    assert world.starts.started == []


def test_cve_2026_40933_and_cve_2026_56274_opening_an_import_asks_no_node(world: World) -> None:
    """Flowise started the programs that an imported flow named, to list their tools while it was opened."""
    client = world.person()
    server = {"command": "npx", "args": ["-c", "touch /tmp/owned"], "transport": "stdio"}
    agent = node("agent", "agent", "Agent", tools=[server], mcpServers={"x": server}, command="npx", args=["-c", "id"])
    document = {**orders(), "nodes": [*orders()["nodes"], agent]}
    answer = client.post("/api/workflows", json=document)
    if answer.status_code == 201:
        id = answer.json()["id"]
        well(client.get(f"/api/workflows/{id}"))
        assert client.post(f"/api/workflows/{id}/publish", json={}).status_code == 422
    client.post("/api/workflows/validate", json=document)
    assert world.nodes.asked == []


SQL: Final = (
    "x' OR '1'='1",
    "u/a') || (SELECT version()) || ('",
    '{"a": true}\'::jsonb; DROP TABLE projects; --',
    "$1",
    "%s",
)


def test_cve_2026_23696_names_in_projects_and_folders_are_values(world: World) -> None:
    """Windmill: an owner's name stood in the SQL that gives a folder its rights."""
    client, other = world.person(), world.person()
    before = well(other.get("/api/projects"))
    for text in SQL:
        project = well(client.post("/api/projects", json={"name": text}), 201)
        assert project["name"] == text
        folder = well(client.post("/api/folders", json={"name": text, "projectId": project["id"]}), 201)
        assert folder["name"] == text
        for person in (text, f"{ID}' OR '1'='1"):
            answer = client.put(f"/api/projects/{project['id']}/members/{person}", json={"role": "viewer"})
            assert answer.status_code in (404, 405, 422), answer.text
        answer = client.put(f"/api/projects/{project['id']}/members/{ID}", json={"role": text})
        assert answer.status_code in (404, 422), answer.text
    assert well(other.get("/api/projects")) == before
    assert {one["name"] for one in well(client.get("/api/projects"))["items"]} >= set(SQL)


def test_a_key_that_may_only_read_runs_nothing_by_any_way(world: World) -> None:
    """Windmill#9198, #9202: a preview, and a run by its version, forgot to ask for the right to run."""
    client = world.person()
    id = well(client.post("/api/workflows", json=orders()), 201)["id"]
    body = {"name": "R", "permissions": ["workflows.read", "executions.read"]}
    key = world.anonymous()
    key.headers["Authorization"] = f"Bearer {well(client.post('/api/keys', json=body), 201)['text']}"
    asks: tuple[tuple[str, dict[str, object]], ...] = (
        (f"/api/workflows/{id}/run", {}),
        (f"/api/workflows/{id}/publish", {}),
        (f"/api/executions/{ID}/rerun", {}),
        (f"/api/workflows/{id}/versions/1/restore", {}),
    )
    for path, content in asks:
        answer = key.post(path, json=content)
        assert answer.status_code in (403, 404), (path, answer.text)
    assert world.starts.started == []


def test_what_is_open_tells_nothing_of_a_workspace(world: World) -> None:
    """CVE-2025-63387 (Dify), CVE-2026-21445, CVE-2026-9198 (Langflow), Windmill#9203: told to anybody."""
    owner = world.person()
    tenant = tenant_of(owner)
    stranger = world.anonymous()
    for method, path, operation in operations():
        if operation.get("x-permission"):
            continue
        answer = stranger.request(method, path.replace("{", "").replace("}", ""), json={})
        assert tenant not in answer.text, path
        assert "accessToken" not in answer.text, path
        assert "stepweave_refresh=" not in answer.headers.get("set-cookie", "").replace('stepweave_refresh=""', ""), (
            path
        )
