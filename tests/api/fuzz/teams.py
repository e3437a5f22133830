"""Tenants that have one of everything, marked so that what leaks out of one is found wherever it turns up."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from fastapi.testclient import TestClient
from psycopg import sql

from tests.api.conftest import PASSWORD, World
from tests.api.test_apis import SHELF
from tests.api.test_examples import created, node, orders, well
from tests.api.test_routes import recorded
from tests.fixtures.servers import Databases
from tests.fixtures.talks import remember

KEPT_IN: Final = {
    "workflow_id": "workflows",
    "execution_id": "executions",
    "credential_id": "credentials",
    "folder_id": "folders",
    "tag_id": "tags",
    "table_id": "store_tables",
    "api_id": "apis",
    "talk_id": "memory_sessions",
    "schedule_id": "schedules",
    "registration_id": "registrations",
}
"""Where the objects lie that paths name, by the parameter."""
KEPT_NEWER: Final = {
    "project_id": "projects",
    "with_project_id": "projects",
    "session_id": "sessions",
    "variable_id": "variables",
    "group_id": "error_groups",
    "share_id": "workflow_shares",
    "stop_id": "debug_stops",
    "approval_id": "waits",
    "invitation_id": "invitations",
    "role_id": "roles",
    "key_id": "api_keys",
    "rule_id": "alert_rules",
    "alert_id": "alerts",
    "release_id": "releases",
    "template_id": "templates",
}
"""The same of what `_fill_newer` makes."""
FIXED: Final = {"number": "1", "node_id": "hook", "row_id": "1", "type": "database", "environment": "staging"}
"""What the other parameters of paths may be."""
OWN: Final = {"clerk": ["store.read", "store.write"], "keeper": ["members.read", "keys.read", "audit.read"], "idle": []}
"""Roles of the workspace's own: what each allows."""
MADE_AT: Final = {
    "/api/workflows": "workflow_id",
    "/api/credentials": "credential_id",
    "/api/folders": "folder_id",
    "/api/tags": "tag_id",
    "/api/tables": "table_id",
    "/api/apis": "api_id",
    "/api/invitations": "invitation_id",
    "/api/roles": "role_id",
    "/api/service-accounts": "service_account_id",
}
"""Where something is made -> the parameter that later paths name it by."""
MOST_LEARNT: Final = 6
_STANDING: Final = (
    """INSERT INTO debug_stops (id, tenant_id, execution_id, workflow_id, node_id, iteration, number, reason, details,
                                token, created_at, expires_at, state)
       VALUES (gen_random_uuid(), %(tenant)s, %(run)s, %(workflow)s, 'a', '', 0, 'node',
               json_build_object('inputs', json_build_object('main', json_build_array(json_build_object('count', 1,
                 'items', json_build_array(json_build_object('json', json_build_object('of', %(mark)s::text))))))),
               %(mark)s, now(), now() + interval '1 hour', 'open')""",
    """INSERT INTO waits (tenant_id, execution_id, workflow_id, node_id, iteration, attempt, kind, token, details,
                          created_at, state)
       VALUES (%(tenant)s, %(run)s, %(workflow)s, 'w', '', 1, 'approval', %(mark)s,
               json_build_object('title', %(mark)s::text, 'message', %(mark)s::text, 'form', '[]'::json,
                 'approvers', '[]'::json, 'required', 1, 'resume', json_build_object('inlineLimit', 32768, 'input',
                   json_build_object('count', 1, 'items', json_build_array(json_build_object('json', '{}'::json)))
                 )), now(), 'open')""",
    """INSERT INTO error_groups (id, tenant_id, workflow_id, node_id, type, message, sample, first_seen, last_seen,
                                 first_execution_id, last_execution_id)
       VALUES (gen_random_uuid(), %(tenant)s, %(workflow)s, 'a', 'HttpError', %(mark)s, %(mark)s, now(), now(),
               %(run)s, %(run)s)""",
    """INSERT INTO alerts (tenant_id, rule_id, rule_name, kind, key, workflow_id, opened_at, last_at)
       SELECT %(tenant)s, id, %(mark)s, 'failure', %(mark)s, %(workflow)s, now(), now() FROM alert_rules
       WHERE tenant_id = %(tenant)s""",
    """INSERT INTO releases (tenant_id, workflow_id, version, environment, note, asked_by)
       SELECT %(tenant)s, workflow_id, number, 'production', %(mark)s, created_by FROM workflow_versions
       WHERE tenant_id = %(tenant)s""",
)
"""What a debug run that stands, a person who is asked, a fault, an alert, and who waits for a second person leave in
rows."""


@dataclass(frozen=True)
class Team:
    """A tenant with one of everything."""

    client: TestClient
    email: str
    id: uuid.UUID
    mark: str
    """Stands in everything that it wrote."""
    secret: str
    """Stands in its credential, and may never be seen again."""
    ids: dict[str, list[str]]
    """What paths may name, by the parameter."""


def make_team(world: World, databases: Databases, *, newer: bool = False) -> Team:
    """Make a tenant with one of everything, and a client of its owner; with what is `newer`, too, where wanted."""
    client = world.person()
    mark, secret = f"mark{uuid.uuid4().hex[:12]}", f"canary{uuid.uuid4().hex}"
    me = well(client.get("/api/me"))
    workflows = _fill(client, databases, mark, secret)
    if newer:
        _fill_newer(client, databases, mark, *workflows)
    tenant = uuid.UUID(me["tenant"]["id"])
    ids = _ids(databases, tenant, {**KEPT_IN, **(KEPT_NEWER if newer else {})})
    return Team(client, me["user"]["email"], tenant, mark, secret, ids)


def become(team: Team, world: World, databases: Databases, role: str) -> None:
    """Have the team's person be of another role, and log in anew."""
    with psycopg.connect(databases.owner) as connection:
        if role in OWN:
            connection.execute(
                "WITH made AS (INSERT INTO roles (tenant_id, name, permissions) VALUES (%s, %s, %s) RETURNING id)"
                " UPDATE memberships SET role = 'custom', role_id = made.id FROM made WHERE memberships.tenant_id = %s",
                (team.id, role, OWN[role], team.id),
            )
        else:
            connection.execute("UPDATE memberships SET role = %s WHERE tenant_id = %s", (role, team.id))
    log_in(team, world)


def learn(team: Team, path: str, made: Any) -> None:
    """Remember what was made, for paths that name it later."""
    name = MADE_AT.get(path)
    if name and isinstance(made, dict) and len(team.ids.setdefault(name, [])) < MOST_LEARNT:
        team.ids[name].append(str(made.get("id") or ""))


def log_in(team: Team, world: World) -> None:
    """Give the team's client a fresh session, without limits that count what went before."""
    world.redis.flushdb()
    session = world.anonymous().post("/api/auth/login", json={"email": team.email, "password": PASSWORD})
    team.client.headers["Authorization"] = f"Bearer {well(session)['accessToken']}"


def digest(databases: Databases, tenant: uuid.UUID) -> dict[str, str]:
    """Return a digest of everything that a tenant has, by table."""
    with psycopg.connect(databases.owner) as connection:
        tables = connection.execute(
            "SELECT table_name FROM information_schema.columns "
            "WHERE column_name = 'tenant_id' AND table_schema = 'public'"
        ).fetchall()
        found = {}
        for (table,) in tables:
            rows = connection.execute(
                sql.SQL("SELECT row_to_json(t)::text FROM {} t WHERE tenant_id = %s").format(sql.Identifier(table)),
                (tenant,),
            )
            found[table] = hashlib.sha256("\n".join(sorted(text for (text,) in rows)).encode()).hexdigest()
        return found


def _fill(client: TestClient, databases: Databases, mark: str, secret: str) -> tuple[str, str]:
    """Return a workflow that is published and one that is not."""
    hook = node("hook", "webhook_trigger", "Called", path=mark, respond="immediately")
    daily = node("daily", "schedule_trigger", "Daily", expression="0 9 * * 1-5")
    workflow = created(client, {**orders(hook, daily), "name": f"Workflow {mark}"})
    well(client.post(f"/api/workflows/{workflow}/publish", json={"note": mark}))
    other = created(client, {**orders(), "name": f"By hand {mark}"})
    recorded(client, databases, other, main={"count": 1, "items": [{"json": {"of": mark}}]})
    well(client.post("/api/folders", json={"name": f"Folder {mark}", "parentId": None}), 201)
    well(client.post("/api/tags", json={"name": f"Tag {mark}", "color": "blue"}), 201)
    data = {"host": "db", "database": "d", "user": mark, "password": secret}
    well(client.post("/api/credentials", json={"name": f"DB {mark}", "type": "postgres", "data": data}), 201)
    well(client.post("/api/apis", json={"document": SHELF, "name": f"API {mark}"}), 201)
    columns = [{"name": "A", "type": "text"}]
    table = well(client.post("/api/tables", json={"name": f"T {mark}", "columns": columns}), 201)["id"]
    well(client.post(f"/api/tables/{table}/rows", json={"rows": [{"A": mark}]}), 201)
    well(client.put("/api/stores/entries", json={"store": "s", "key": "k", "value": mark}))
    remember(client, databases, other, "a talk", mark)
    return workflow, other


def _fill_newer(client: TestClient, databases: Databases, mark: str, workflow: str, other: str) -> None:
    """Environments, variables, what is shared, a debug run that stands, a fault, alerts, a template, who may come."""
    well(client.post("/api/environments", json={"key": "staging", "name": f"Stage {mark}"}), 201)
    well(client.post(f"/api/workflows/{workflow}/versions/1/publish", params={"environment": "staging"}))
    variable = {"name": "base", "kind": "text", "values": {"production": mark, "staging": f"{mark} there"}}
    well(client.post("/api/variables", json=variable), 201)
    project = well(client.post("/api/projects", json={"name": f"Project {mark}"}), 201)["id"]
    data = {"token": f"{mark}-token", "allowedHosts": "api.example.com"}
    ours, theirs = (
        well(client.post("/api/credentials", json={"name": name, "type": "http_bearer", "data": data}), 201)["id"]
        for name in (f"Ours {mark}", f"Stands in {mark}")
    )
    mapping = client.put(f"/api/credentials/{ours}/mappings/staging", json={"credentialId": theirs})
    shares = client.put(f"/api/credentials/{ours}/shares/{project}")
    assert (mapping.status_code, shares.status_code) == (204, 204), (mapping.text, shares.text)
    well(client.put(f"/api/workflows/{other}/shares", json={"projectId": project, "role": "viewer"}))
    well(client.post("/api/invitations", json={"email": f"{mark}@example.com", "role": "viewer"}), 201)
    well(client.post("/api/roles", json={"name": f"Role {mark}", "permissions": ["store.read"]}), 201)
    well(client.post("/api/keys", json={"name": f"Key {mark}", "permissions": ["workflows.read"]}), 201)
    template = {"workflowId": other, "name": f"Template {mark}", "summary": mark, "uses": ["data"]}
    well(client.post("/api/templates", json=template), 201)
    targets = [{"kind": "mail", "userIds": [well(client.get("/api/me"))["user"]["id"]]}]
    rule = {"name": f"Rule {mark}", "condition": {"kind": "failure"}, "workflowId": other, "targets": targets}
    well(client.post("/api/alert-rules", json=rule), 201)
    run = well(client.post(f"/api/workflows/{other}/run", json={"debug": {"breakpoints": []}}), 202)["executionId"]
    tenant = well(client.get("/api/me"))["tenant"]["id"]
    owned = {"tenant": tenant, "run": run, "workflow": other, "mark": mark}
    with psycopg.connect(databases.owner) as connection:
        for query in _STANDING:
            connection.execute(query, owned)


def _ids(databases: Databases, tenant: uuid.UUID, kept_in: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {name: [value] for name, value in FIXED.items()}
    with psycopg.connect(databases.owner) as connection:
        for name, table in kept_in.items():
            query = sql.SQL("SELECT id::text FROM {} WHERE tenant_id = %s").format(sql.Identifier(table))
            found[name] = [id for (id,) in connection.execute(query, (tenant,))]
        members = connection.execute("SELECT user_id::text FROM memberships WHERE tenant_id = %s", (tenant,))
        found["user_id"] = [id for (id,) in members]
        columns: Any = connection.execute("SELECT columns FROM store_tables WHERE tenant_id = %s", (tenant,)).fetchone()
    return {**found, "column_id": [column["id"] for column in columns[0]]}
