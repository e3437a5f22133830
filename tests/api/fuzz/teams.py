"""Tenants that have one of everything, marked so that what leaks out of one is found wherever it turns up."""

import hashlib
import uuid
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
FIXED: Final = {"number": "1", "node_id": "hook", "row_id": "1", "type": "database"}
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


def make_team(world: World, databases: Databases) -> Team:
    """Make a tenant with one of everything, and a client of its owner."""
    client = world.person()
    mark, secret = f"mark{uuid.uuid4().hex[:12]}", f"canary{uuid.uuid4().hex}"
    me = well(client.get("/api/me"))
    _fill(client, databases, mark, secret)
    tenant = uuid.UUID(me["tenant"]["id"])
    return Team(client, me["user"]["email"], tenant, mark, secret, _ids(databases, tenant))


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


def _fill(client: TestClient, databases: Databases, mark: str, secret: str) -> None:
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


def _ids(databases: Databases, tenant: uuid.UUID) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {name: [value] for name, value in FIXED.items()}
    with psycopg.connect(databases.owner) as connection:
        for name, table in KEPT_IN.items():
            query = sql.SQL("SELECT id::text FROM {} WHERE tenant_id = %s").format(sql.Identifier(table))
            found[name] = [id for (id,) in connection.execute(query, (tenant,))]
        columns: Any = connection.execute("SELECT columns FROM store_tables WHERE tenant_id = %s", (tenant,)).fetchone()
    return {**found, "column_id": [column["id"] for column in columns[0]]}
