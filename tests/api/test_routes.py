"""Every route: what it does, what it refuses, and that one tenant never reaches another's things."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from api.app import ROUTERS
from api.routers.system import readiness
from api.services.readiness import Readiness
from stepweave_data.history.store import History
from tests.api.conftest import PASSWORD, World, email
from tests.fixtures.servers import Databases

OPEN = {
    "/api/auth/register",
    "/api/auth/login",
    "/api/auth/refresh",
    "/api/auth/logout",
    "/api/auth/oidc/find",
    "/api/auth/oidc/start",
    "/api/auth/oidc/{connection_id}/callback",
    "/api/auth/passkey",
    "/api/auth/passkey/options",
    "/api/auth/second-factor",
    "/api/auth/second-factor/options",
    "/api/auth/confirm",
    "/api/auth/reset-mail",
    "/api/auth/reset",
    "/api/auth/email",
    "/api/auth/email/undo",
    "/api/auth/invitation",
    "/api/auth/invitation/register",
    "/api/health",
    "/api/ready",
    "/api/oauth2/callback",
    "/api/shared/{token}/{name}",
    "/api/shared-status/{token}",
}


def workflow(path: str = "", **params: Any) -> dict[str, Any]:
    trigger: dict[str, Any] = {"id": "t", "type": "manual_trigger", "version": 1, "name": "Start", "params": {}}
    if path:
        trigger |= {"type": "webhook_trigger", "params": {"path": path, "respond": "lastNode", **params}}
    step = {"id": "a", "type": "no_op", "version": 1, "name": "A", "params": {}}
    edges = [{"id": "e", "source": "t", "target": "a"}]
    return {"schema": 1, "name": "W", "nodes": [trigger, step], "edges": edges}


def made(client: TestClient, given: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = client.post("/api/workflows", json=given or workflow())
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def is_problem(answer: Any, status: int, code: str) -> bool:
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "instance", "code"} <= set(body)
    return bool((answer.status_code, body["code"]) == (status, code))


def test_a_session_is_made_renewed_and_ended(world: World) -> None:
    client, who = world.anonymous(), email()
    body = {"email": who.upper(), "password": PASSWORD, "name": "Ada", "tenantName": "Analytical Engines"}
    session = client.post("/api/auth/register", json=body)
    assert session.status_code == 201
    assert session.json()["user"]["email"] == who
    assert "httponly" in session.headers["set-cookie"].lower()
    assert "samesite=strict" in session.headers["set-cookie"].lower()
    renewed = client.post("/api/auth/refresh")
    assert renewed.status_code == 200
    me = client.get("/api/me", headers={"Authorization": f"Bearer {renewed.json()['accessToken']}"})
    assert (me.json()["role"], me.json()["user"]["name"]) == ("owner", "Ada")
    assert client.post("/api/auth/logout").status_code == 204
    assert is_problem(client.post("/api/auth/refresh"), 401, "session_expired")
    assert client.post("/api/auth/login", json={"email": who, "password": PASSWORD}).status_code == 200


def test_a_refresh_token_used_twice_ends_the_session_everywhere(world: World) -> None:
    client = world.person()
    stolen = client.cookies["stepweave_refresh"]
    client.post("/api/auth/refresh")
    thief = world.anonymous()
    thief.cookies.set("stepweave_refresh", stolen)
    thief.headers["User-Agent"] = "curl/8.5"
    assert is_problem(thief.post("/api/auth/refresh"), 401, "session_reused")
    assert client.post("/api/auth/refresh").status_code == 401


def test_unknown_addresses_and_wrong_passwords_look_the_same(world: World) -> None:
    client, who = world.anonymous(), email()
    client.post("/api/auth/register", json={"email": who, "password": PASSWORD, "name": "A", "tenantName": "A"})
    answers = [
        client.post("/api/auth/login", json={"email": address, "password": "wrong password"}).json()
        for address in (who, email())
    ]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaa", "x" * 80 + "yz1"])
def test_weak_passwords_are_refused(world: World, password: str) -> None:
    body = {"email": email(), "password": password, "name": "A", "tenantName": "A"}
    assert world.anonymous().post("/api/auth/register", json=body).status_code == 422


def test_an_address_registers_once_and_equal_team_names_get_their_own_slug(world: World) -> None:
    client, who = world.anonymous(), email()
    name = f"Same {uuid.uuid4().hex[:6]}"
    body = {"email": who, "password": PASSWORD, "name": "A", "tenantName": name}
    first = client.post("/api/auth/register", json=body).json()["tenant"]["slug"]
    assert is_problem(client.post("/api/auth/register", json=body), 409, "email_taken")
    second = client.post("/api/auth/register", json={**body, "email": email()}).json()["tenant"]["slug"]
    # `/hooks/resume/...` are callback URLs.
    other = {**body, "email": email(), "tenantName": "Resume"}
    assert client.post("/api/auth/register", json=other).json()["tenant"]["slug"].startswith("resume-")
    assert first != second


def test_guessing_is_slowed_down(world: World) -> None:
    client, who = world.anonymous(), email()
    world.redis.flushdb()
    codes = [client.post("/api/auth/login", json={"email": who, "password": "x"}).status_code for _ in range(12)]
    assert codes[:10] == [401] * 10
    assert codes[-1] == 429
    world.redis.flushdb()


def test_every_route_is_open_on_purpose_or_names_its_permission(world: World) -> None:
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    guarded = [route for route in routes if f"/api{route.path}" not in OPEN]
    assert len(guarded) > 50
    for route in guarded:
        named = [getattr(dependency.call, "permission", None) for dependency in route.dependant.dependencies]
        assert any(named), route.path


def test_a_token_is_needed_and_checked(world: World) -> None:
    client = world.anonymous()
    assert is_problem(client.get("/api/workflows"), 401, "not_logged_in")
    client.headers["Authorization"] = "Bearer nonsense"
    assert is_problem(client.get("/api/workflows"), 401, "token_invalid")


def test_a_viewer_may_look_and_not_touch(world: World, databases: Databases) -> None:
    client = world.person()
    tenant = client.get("/api/me").json()["tenant"]["id"]
    with psycopg.connect(databases.owner) as connection:
        connection.execute("UPDATE memberships SET role = 'viewer' WHERE tenant_id = %s", (tenant,))
    token = client.post("/api/auth/refresh").json()["accessToken"]
    client.headers["Authorization"] = f"Bearer {token}"
    assert client.get("/api/workflows").status_code == 200
    assert is_problem(client.post("/api/workflows", json=workflow()), 403, "not_allowed")


def test_workflows_are_stored_listed_saved_and_deleted(world: World) -> None:
    client = world.person()
    ids = [made(client, {**workflow(), "name": f"W{number}"})["id"] for number in range(3)]
    first = client.get("/api/workflows", params={"limit": 2}).json()
    second = client.get("/api/workflows", params={"limit": 2, "cursor": first["nextCursor"]}).json()
    assert [row["id"] for row in (*first["items"], *second["items"])] == ids[::-1]
    assert second["nextCursor"] is None
    assert [row["name"] for row in client.get("/api/workflows", params={"search": "w1"}).json()["items"]] == ["W1"]
    changed = {**workflow(), "name": "New"}
    saved = client.put(f"/api/workflows/{ids[0]}", json={"document": changed, "revision": 1})
    assert (saved.json()["revision"], saved.json()["name"]) == (2, "New")
    stale = client.put(f"/api/workflows/{ids[0]}", json={"document": workflow(), "revision": 1})
    assert is_problem(stale, 409, "stale_revision")
    assert (stale.json()["revision"], stale.json()["document"]["name"]) == (2, "New")
    assert client.delete(f"/api/workflows/{ids[0]}").status_code == 204
    assert client.get(f"/api/workflows/{ids[0]}").status_code == 404


def test_a_draft_may_have_errors_and_a_document_must_have_its_shape(world: World) -> None:
    client = world.person()
    draft = made(client, {"schema": 1, "name": "Empty", "nodes": [], "edges": []})
    assert [(found["code"], found["severity"]) for found in draft["diagnostics"]] == [("no_trigger", "error")]
    before = len(client.get("/api/workflows").json()["items"])
    refused = client.post("/api/workflows", json={"schema": 1, "name": "", "nodes": [{"id": 5}]})
    assert is_problem(refused, 422, "invalid_document")
    assert "name" in [entry["field"] for entry in refused.json()["errors"]]
    assert client.post("/api/workflows", json={**workflow(), "description": "\u0000"}).status_code == 400
    assert len(client.get("/api/workflows").json()["items"]) == before
    checked = client.post("/api/workflows/validate", json=workflow())
    assert checked.json() == {"diagnostics": []}


def test_publishing_makes_versions_and_publishes_each_machine_once(world: World) -> None:
    client, path = world.person(), f"p-{uuid.uuid4().hex[:8]}"
    id = made(client, workflow(path))["id"]
    assert client.post(f"/api/workflows/{id}/publish", json={"note": "first"}).json()["number"] == 1
    assert client.post(f"/api/workflows/{id}/publish").json()["number"] == 2
    assert [len(versions) for versions in world.machines.versions.values()] == [1]
    whole = client.get(f"/api/workflows/{id}").json()
    slug = client.get("/api/me").json()["tenant"]["slug"]
    assert whole["publishedVersion"] == 2
    assert whole["webhooks"][0]["url"] == f"http://stepweave.test/hooks/{slug}/{path}"
    notes = [version["note"] for version in client.get(f"/api/workflows/{id}/versions").json()["items"]]
    assert notes == ["", "first"]
    other = made(client, {**workflow(path), "name": "Other"})["id"]
    taken = client.post(f"/api/workflows/{other}/publish")
    assert is_problem(taken, 409, "webhook_taken")
    assert "'W'" in taken.json()["detail"]
    assert client.post(f"/api/workflows/{id}/unpublish").status_code == 204
    assert client.post(f"/api/workflows/{other}/publish").status_code == 200


def test_a_workflow_with_errors_is_not_published(world: World) -> None:
    client = world.person()
    id = made(client, {"schema": 1, "name": "Empty"})["id"]
    refused = client.post(f"/api/workflows/{id}/publish")
    assert is_problem(refused, 422, "workflow_invalid")
    assert refused.json()["diagnostics"][0]["code"] == "no_trigger"


def test_a_failed_publish_leaves_the_former_version_live(world: World) -> None:
    client, path = world.person(), f"p-{uuid.uuid4().hex[:8]}"
    id = made(client, workflow(path))["id"]
    client.post(f"/api/workflows/{id}/publish")
    client.put(f"/api/workflows/{id}", json={"document": workflow(path + "-new"), "revision": 1})
    world.machines.broken = True
    answer = client.post(f"/api/workflows/{id}/publish")
    assert is_problem(answer, 500, "internal_error")
    assert "Step Functions is down" not in answer.text
    whole = client.get(f"/api/workflows/{id}").json()
    assert (whole["publishedVersion"], whole["webhooks"][0]["path"]) == (1, path)


def test_schedules_are_put_changed_and_removed(world: World) -> None:
    client = world.person()

    def scheduled(expression: str) -> dict[str, Any]:
        nodes = workflow()["nodes"]
        nodes[0] |= {"type": "schedule_trigger", "params": {"expression": expression, "timeZone": "Europe/Berlin"}}
        return {**workflow(), "nodes": nodes}

    id = made(client, scheduled("0 9 1 * 1"))["id"]
    client.post(f"/api/workflows/{id}/publish")
    assert sorted(entry[0] for entry in world.schedules.there.values()) == ["cron(0 9 1 * ? *)", "cron(0 9 ? * MON *)"]
    client.put(f"/api/workflows/{id}", json={"document": scheduled("rate(5 minutes)"), "revision": 1})
    client.post(f"/api/workflows/{id}/publish")
    assert [entry[:2] for entry in world.schedules.there.values()] == [("rate(5 minutes)", "Europe/Berlin")]
    client.put(f"/api/workflows/{id}", json={"document": scheduled("99 9 * * *"), "revision": 2})
    refused = client.post(f"/api/workflows/{id}/publish")
    assert is_problem(refused, 422, "workflow_invalid")
    assert client.delete(f"/api/workflows/{id}").status_code == 204
    assert world.schedules.there == {}


def test_drafts_and_published_versions_run(world: World) -> None:
    client, path = world.person(), f"p-{uuid.uuid4().hex[:8]}"
    id = made(client)["id"]
    assert is_problem(client.post(f"/api/workflows/{id}/run", json={"mode": "live"}), 409, "not_published")
    answer = client.post(f"/api/workflows/{id}/run", json={"items": [{"json": {"n": 1}}]})
    assert answer.status_code == 202
    started = world.starts.started[-1]
    assert (started["items"], started["mode"], started["target"].machine_type) == (
        [{"json": {"n": 1}}],
        "draft",
        "standard",
    )
    execution = client.get(f"/api/executions/{answer.json()['executionId']}").json()
    assert (execution["status"], execution["document"]["name"]) == ("queued", "W")
    assert is_problem(client.post(f"/api/workflows/{id}/run", json={"triggerNodeId": "a"}), 422, "no_trigger")
    assert client.post(f"/api/workflows/{id}/run", json={"items": [{"text": 1}]}).status_code == 422
    hook = made(client, workflow(path))["id"]
    client.post(f"/api/workflows/{hook}/publish")
    client.post(f"/api/workflows/{hook}/run", json={"mode": "live"})
    assert world.starts.started[-1]["target"].machine_type == "express"
    assert world.starts.started[-1]["target"].machine_arn.endswith(":live")


def recorded(client: TestClient, databases: Databases, workflow_id: str, **output: Any) -> str:
    """Record an execution as the recorder would, and return its id."""
    id, tenant = str(uuid.uuid4()), client.get("/api/me").json()["tenant"]["id"]
    start = datetime.now(UTC) - timedelta(seconds=5)
    context: Any = {
        "tenantId": tenant,
        "executionId": id,
        "workflowId": workflow_id,
        "workflowName": "W",
        "workflowVersion": None,
        "trigger": "manual",
        "mode": "draft",
        "startedAt": start.isoformat(),
        "timeZone": "UTC",
    }
    arn = f"arn:aws:states:us-east-1:1:execution:m:{id}"
    trigger = {"machineType": "standard", "executionArn": arn}
    about = {"at": start.isoformat(), "nodeId": "a", "attempt": 1}
    events: Any = [
        {"id": f"{id}-1", "type": "execution.started", "at": about["at"], "trigger": trigger},
        {**about, "id": f"{id}-2", "type": "node.started"},
        {**about, "id": f"{id}-3", "type": "node.log", "level": "warning", "message": "careful"},
        {**about, "id": f"{id}-4", "type": "node.succeeded", "durationMs": 4.0, "input": {}, "output": output,
         "usage": {"requests": 2, "bytesReceived": 812, "money": {"EUR": "0.0021"},
                   "tokens": {"gpt-4o": {"input": 812, "output": 40, "cached": 0}}}},
    ]  # fmt: skip
    history = History(databases.app)
    history.record(tenant, [{"context": context, "events": events}])
    history.close()
    return id


def test_executions_show_what_happened(world: World, databases: Databases) -> None:
    client = world.person()
    workflow_id = made(client)["id"]
    id = recorded(client, databases, workflow_id, main={"count": 2, "items": [{"json": {"n": 1}}, {"json": {"n": 2}}]})
    detail = client.get(f"/api/executions/{id}").json()
    assert [(run["nodeId"], run["status"]) for run in detail["nodeRuns"]] == [("a", "succeeded")]
    events = client.get(f"/api/executions/{id}/events", params={"after": 1}).json()["items"]
    assert [event["seq"] for event in events] == [2, 3, 4]
    logs = client.get(f"/api/executions/{id}/logs", params={"nodeId": "a", "level": "warning"}).json()["items"]
    assert [line["message"] for line in logs] == ["careful"]
    assert client.get(f"/api/executions/{id}/logs", params={"level": "error"}).json()["items"] == []
    page = client.get(f"/api/executions/{id}/items", params={"nodeId": "a", "offset": 1}).json()
    assert page == {"items": [{"json": {"n": 2}}], "total": 2}
    assert client.post(f"/api/executions/{id}/cancel").status_code == 202
    assert world.machines.stopped == [f"arn:aws:states:us-east-1:1:execution:m:{id}"]


def test_executions_are_listed_page_by_page(world: World, databases: Databases) -> None:
    client = world.person()
    workflow_id = made(client)["id"]
    ids = {recorded(client, databases, workflow_id) for _ in range(3)}
    first = client.get("/api/executions", params={"limit": 2, "workflowId": workflow_id}).json()
    second = client.get("/api/executions", params={"limit": 2, "cursor": first["nextCursor"]}).json()
    assert {row["id"] for row in (*first["items"], *second["items"])} == ids
    assert client.get("/api/executions", params={"status": "failed"}).json()["items"] == []
    assert client.get("/api/executions", params={"cursor": "x"}).status_code == 422
    summary = client.get("/api/workflows").json()["items"][0]
    assert summary["lastExecution"]["id"] in ids


def test_stored_items_are_fetched_checked_and_never_anothers(world: World, databases: Databases) -> None:
    import hashlib

    client = world.person()
    tenant = client.get("/api/me").json()["tenant"]["id"]
    content = json.dumps([{"json": {"n": 7}}]).encode()
    digest = hashlib.sha256(content).hexdigest()

    def answer(key: str, sha256: str = digest) -> Any:
        ref = {"bucket": "b", "key": key, "size": len(content), "sha256": sha256}
        id = recorded(client, databases, made(client)["id"], main={"count": 1, "ref": ref})
        return client.get(f"/api/executions/{id}/items", params={"nodeId": "a"})

    world.storage.objects[f"{tenant}/x"] = content
    world.storage.objects["other/x"] = content
    assert answer(f"{tenant}/x").json()["items"] == [{"json": {"n": 7}}]
    assert answer("other/x").status_code == 404
    assert is_problem(answer(f"{tenant}/x", "0" * 64), 410, "items_gone")
    assert is_problem(answer(f"{tenant}/gone"), 410, "items_gone")


def test_one_tenant_never_reaches_anothers_things(world: World, databases: Databases) -> None:
    one, two = world.person(), world.person()
    workflow_id = made(one)["id"]
    execution_id = recorded(one, databases, workflow_id, main={"count": 1, "items": [{"json": {}}]})
    data = {"user": "u", "password": "p"}
    credential = one.post("/api/credentials", json={"name": "C", "type": "http_basic", "data": data}).json()["id"]
    answers = [
        two.get(f"/api/workflows/{workflow_id}"),
        two.put(f"/api/workflows/{workflow_id}", json={"document": workflow(), "revision": 1}),
        two.delete(f"/api/workflows/{workflow_id}"),
        two.post(f"/api/workflows/{workflow_id}/publish"),
        two.post(f"/api/workflows/{workflow_id}/unpublish"),
        two.post(f"/api/workflows/{workflow_id}/run"),
        two.get(f"/api/workflows/{workflow_id}/versions"),
        two.get(f"/api/executions/{execution_id}"),
        two.get(f"/api/executions/{execution_id}/events"),
        two.get(f"/api/executions/{execution_id}/logs"),
        two.get(f"/api/executions/{execution_id}/items", params={"nodeId": "a"}),
        two.post(f"/api/executions/{execution_id}/cancel"),
        two.put(f"/api/credentials/{credential}", json={"name": "mine"}),
        two.delete(f"/api/credentials/{credential}"),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    lists = ("workflows", "executions", "credentials")
    assert [two.get(f"/api/{name}").json()["items"] for name in lists] == [[], [], []]
    assert one.get(f"/api/workflows/{workflow_id}").status_code == 200


def test_system_routes(world: World) -> None:
    client = world.person()
    assert client.get("/api/health").json() == {"status": "ok"}
    assert client.get("/api/ready").json()["status"] == "ok"
    world.machines.broken = True
    world.app.dependency_overrides[readiness] = Readiness
    failing = client.get("/api/ready")
    assert (failing.status_code, failing.json()["checks"]["postgres"]) == (503, "ok")
    assert "does not answer" in failing.json()["checks"]["stepFunctions"]
    assert {node["type"] for node in client.get("/api/node-types").json()["nodes"]} >= {"code", "if"}
    ticket = client.post("/api/live/ticket").json()
    assert ticket["url"] == "ws://stepweave.test/live"
    assert ticket["ticket"] not in str(list(world.redis.scan_iter("live:ticket:*")))


def test_errors_are_problem_documents_and_answers_carry_security_headers(world: World) -> None:
    client = world.person()
    assert client.get("/api/nowhere").status_code == 404
    assert client.patch("/api/workflows").status_code == 405
    broken = client.post("/api/workflows", content="{", headers={"content-type": "application/json"})
    assert is_problem(broken, 400, "invalid_json")
    large = client.post("/api/workflows", content=b"x" * (5 * 1024**2 + 1))
    assert is_problem(large, 413, "too_large")
    for answer in (broken, large, client.get("/api/health")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-request-id"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
NAMES = [
    "schema",
    "name",
    "nodes",
    "edges",
    "settings",
    "document",
    "revision",
    "items",
    "mode",
    "type",
    "data",
    "note",
]
known = st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, json_values))


@settings(max_examples=60)
@given(body=known | json_values)
def test_no_body_breaks_the_api(world: World, body: Any) -> None:
    client = world.person()
    id = made(client)["id"]
    for method, path in (
        ("POST", "/api/auth/register"),
        ("POST", "/api/workflows"),
        ("POST", "/api/workflows/validate"),
        ("PUT", f"/api/workflows/{id}"),
        ("POST", f"/api/workflows/{id}/run"),
        ("POST", f"/api/workflows/{id}/publish"),
        ("POST", "/api/credentials"),
    ):
        answer = client.request(method, path, content=json.dumps(body), headers={"content-type": "application/json"})
        assert answer.status_code < 500, (path, body, answer.text)
