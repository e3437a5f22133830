"""Deletion and export: all of a workspace's rows go, and nobody else's; whoever goes takes their data along."""

import asyncio
import json
import uuid
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from functions.system.sweeper.erasing import PATIENCE, Erasing
from local.cli import exporting
from local.cli.running import Target
from stepweave.aws import AwsError
from stepweave_data.link import Link
from tests.api.conftest import PASSWORD, World
from tests.api.test_api_keys import made, with_key
from tests.api.test_audit import audit, tenant_of
from tests.api.test_examples import created, orders, well
from tests.api.test_routes import is_problem, recorded
from tests.fixtures.servers import Databases

ITEMS = {"main": {"count": 1, "items": [{"json": {"order": 1042}}]}}
TABLES = """
SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
WHERE c.table_schema = 'public' AND c.column_name = 'tenant_id' AND t.table_type = 'BASE TABLE' ORDER BY 1
"""


def run(databases: Databases, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(databases.owner) as connection:
        done = connection.execute(query.encode(), values or None)
        return done.fetchall() if done.description else []


def counts(databases: Databases, tenant: uuid.UUID) -> dict[str, int]:
    """Return how many rows each table has of a tenant, whatever tables there are."""
    tables = [name for (name,) in run(databases, TABLES)]
    return {name: run(databases, f"SELECT count(*) FROM {name} WHERE tenant_id = %s", tenant)[0][0] for name in tables}


def busy(world: World, databases: Databases) -> TestClient:
    """Return the client of a workspace that has a bit of everything."""
    client = world.person()
    id = created(client, orders())
    well(client.post(f"/api/workflows/{id}/publish", json={"note": ""}))
    recorded(client, databases, id, **ITEMS)
    data = {"host": "db.example.com", "database": "shop", "user": "app", "password": "hush-canary-9"}
    well(client.post("/api/credentials", json={"name": "Shop", "type": "postgres", "data": data}), 201)
    well(client.post("/api/folders", json={"name": "F"}), 201)
    tag = well(client.post("/api/tags", json={"name": "t", "color": "blue"}), 201)["id"]
    well(client.post("/api/workflows/bulk", json={"action": "tag", "ids": [id], "addTagIds": [tag]}))
    well(client.put("/api/stores/entries", json={"store": "s", "key": "k", "value": 1}))
    account = well(client.post("/api/service-accounts", json={"name": "D", "role": "editor"}), 201)["id"]
    made(client, serviceAccountId=account)
    made(client)
    return client


class Cloud:
    """What AWS has of workspaces."""

    def __init__(self) -> None:
        self.machines: list[str] = []
        self.schedules: list[str] = []
        self.objects: dict[str, int] = {}
        self.down = False

    def sweep(self, databases: Databases) -> int:
        link = Link(databases.app)
        try:
            return Erasing(link, self.delete_machine, self.schedules.append, self.delete_objects).sweep()
        finally:
            link.close()

    def delete_machine(self, arn: str) -> None:
        if self.down:
            raise AwsError("ConnectionFailed", "down", retryable=True)
        self.machines.append(arn)

    def delete_objects(self, prefix: str) -> int:
        left = self.objects.pop(prefix, 0)
        if left > 1000:
            self.objects[prefix] = left - 1000
        return min(left, 1000)


def due(databases: Databases, tenant: uuid.UUID, ago: timedelta = timedelta(minutes=1)) -> None:
    run(databases, "UPDATE tenants SET delete_after = now() - %s WHERE id = %s", ago, tenant)


def test_a_workspace_goes_with_every_row_and_anothers_stays(world: World, databases: Databases) -> None:
    mine, theirs = busy(world, databases), busy(world, databases)
    tenant, other = tenant_of(mine), tenant_of(theirs)
    before = counts(databases, other)
    assert sum(counts(databases, tenant).values()) > 20
    me = well(mine.get("/api/me"))
    name, person = me["tenant"]["name"], me["user"]["id"]
    account = well(mine.get("/api/service-accounts"))["items"][0]["id"]
    asked = well(mine.post("/api/tenant/deletion", json={"name": name}))
    assert asked["deleteAfter"] == well(mine.get("/api/tenant/deletion"))["deleteAfter"]
    cloud = Cloud()
    cloud.objects = {f"{tenant}/": 2500, f"{other}/": 1}
    assert cloud.sweep(databases) == 0  # its time is not over
    due(databases, tenant)
    world.changed.clear()  # the entries go, too
    cloud.down = True
    assert cloud.sweep(databases) == 0
    cloud.down = False
    assert cloud.sweep(databases) == 1
    gone = counts(databases, tenant)
    assert len(gone) > 35
    assert {name: rows for name, rows in gone.items() if rows} == {}
    assert run(databases, "SELECT count(*) FROM tenants WHERE id = %s", tenant) == [(0,)]
    assert counts(databases, other) == before
    assert len(cloud.machines) == 1
    assert cloud.objects == {f"{other}/": 1}
    world.redis.flushdb()  # what somebody may do is kept for some seconds
    assert mine.get("/api/workflows").status_code == 401
    assert well(theirs.get("/api/audit/verify"))["ok"]
    left = "SELECT count(*) FROM users WHERE id = %s OR id = %s"
    assert run(databases, left, person, account) == [(0,)]


def test_what_providers_know_is_waited_for_but_not_for_ever(world: World, databases: Databases) -> None:
    client = world.person()
    tenant, id = tenant_of(client), created(client, orders())
    run(
        databases,
        """INSERT INTO registrations (tenant_id, workflow_id, node_id, type, version, params, address, status)
           VALUES (%s, %s, 'hook', 'github_trigger', 1, '{}', %s, 'active')""",
        *(tenant, id, uuid.uuid4().hex),
    )
    due(databases, tenant)
    world.changed.clear()
    assert Cloud().sweep(databases) == 0
    assert run(databases, "SELECT status FROM registrations WHERE tenant_id = %s", tenant) == [("leaving",)]
    due(databases, tenant, PATIENCE + timedelta(hours=1))
    assert Cloud().sweep(databases) == 1


def test_a_deletion_is_asked_for_by_name_by_the_owner_and_can_be_taken_back(world: World, databases: Databases) -> None:
    client = world.person()
    name = well(client.get("/api/me"))["tenant"]["name"]
    for wrong in ("", name.lower(), f" {name}"):
        assert is_problem(client.post("/api/tenant/deletion", json={"name": wrong}), 422, "invalid_request")
    key = with_key(world, made(client, ["tenant.export", "tenant.write"])["text"])
    assert is_problem(key.post("/api/tenant/deletion", json={"name": name}), 403, "not_allowed")
    first = well(client.post("/api/tenant/deletion", json={"name": name}))["deleteAfter"]
    assert well(client.post("/api/tenant/deletion", json={"name": name}))["deleteAfter"] == first
    well(client.delete("/api/tenant/deletion"), 204)
    assert well(client.get("/api/tenant/deletion"))["deleteAfter"] is None
    assert [one["action"] for one in audit(client, action="tenant.")] == [
        "tenant.deletion_cancelled", "tenant.deletion_requested", "tenant.deletion_requested",
    ]  # fmt: skip
    run(databases, "UPDATE memberships SET role = 'admin' WHERE tenant_id = %s", tenant_of(client))
    session = well(client.post("/api/auth/login", json={"email": well(client.get("/api/me"))["user"]["email"],
                                                        "password": PASSWORD}))  # fmt: skip
    client.headers["Authorization"] = f"Bearer {session['accessToken']}"
    assert is_problem(client.post("/api/tenant/deletion", json={"name": name}), 403, "not_allowed")


def test_the_application_cannot_have_a_workspace_gone_today(world: World, databases: Databases) -> None:
    tenant = tenant_of(world.person())
    for statement in (
        "UPDATE tenants SET delete_after = now() - interval '1 day'", "DELETE FROM tenants", "DELETE FROM audit",
    ):  # fmt: skip
        with psycopg.connect(databases.app) as connection:
            connection.execute("SELECT set_config('app.tenant_id', %s, true)", (str(tenant),))
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())
    with psycopg.connect(databases.app) as connection:
        connection.execute("SELECT set_config('app.tenant_id', %s, true)", (str(tenant),))
        connection.execute("SELECT request_deletion(%s, interval '-9 days')", (tenant,))
        assert connection.execute("SELECT erase_rows(%s, 100)", (tenant,)).fetchone() == (0,)
        with pytest.raises(psycopg.errors.RaiseException):
            connection.execute("SELECT erase_begin(%s)", (tenant,))


def test_an_account_goes_unless_it_is_the_only_owner(world: World, databases: Databases) -> None:
    owner, member = world.person(), world.person()
    tenant = tenant_of(owner)
    me = well(member.get("/api/me"))["user"]
    key = with_key(world, made(member)["text"])
    assert is_problem(member.post("/api/me/delete", json={"password": "guess 1 guess"}), 422, "wrong_password")
    assert is_problem(member.post("/api/me/delete", json={"password": PASSWORD}), 409, "last_owner")
    own = tenant_of(member)
    user = well(owner.get("/api/me"))["user"]["id"]
    run(databases, "INSERT INTO memberships (tenant_id, user_id, role) VALUES (%s, %s, 'owner')", own, user)
    well(member.post("/api/me/delete", json={"password": PASSWORD}), 204)
    assert run(databases, "SELECT count(*) FROM users WHERE id = %s", me["id"]) == [(0,)]
    assert key.get("/api/workflows").status_code == 401
    assert member.get("/api/workflows").status_code == 401
    assert is_problem(
        world.anonymous().post("/api/auth/login", json={"email": me["email"], "password": PASSWORD}), 401, "wrong_login"
    )
    rows = run(databases, "SELECT action, actor FROM audit WHERE tenant_id = %s AND action = 'account.deleted'", own)
    assert rows == [("account.deleted", me["email"])]
    assert well(owner.get("/api/me"))["tenant"]["id"] == str(tenant)


def test_a_person_takes_their_data_along(world: World) -> None:
    client, other = world.person(), world.person()
    made(client)
    data = well(client.get("/api/me/export"))
    me = well(client.get("/api/me"))["user"]
    assert data["account"]["email"] == me["email"]
    assert (data["membership"]["role"], len(data["sessions"]), len(data["apiKeys"])) == ("owner", 1, 1)
    assert {entry["userId"] for entry in data["audit"]} == {me["id"]}
    assert well(other.get("/api/me"))["user"]["email"] not in json.dumps(data)


def test_a_workspace_is_exported_part_by_part_without_secrets(world: World, databases: Databases) -> None:
    mine, theirs = busy(world, databases), busy(world, databases)
    whole: dict[str, list[dict[str, Any]]] = {}
    for part in well(mine.get("/api/tenant/export"))["items"]:
        page = well(mine.get(f"/api/tenant/export/{part}"))
        whole[part] = [json.loads(line) for line in page["text"].splitlines()]
        assert page["nextAfter"] is None
    text = json.dumps(whole)
    assert whole["workflows"][0]["document"]["name"] == "Orders"
    assert [one["name"] for one in whole["credentials"]] == ["Shop"]
    assert {one["execution_id"] for one in whole["node-runs"]} == {one["id"] for one in whole["executions"]}
    for secret in ("hush-canary-9", "ciphertext", "key_hash", "wrapped_key", "password_hash", "token_hash"):
        assert secret not in text
    assert str(tenant_of(theirs)) not in text
    assert {one["email"] for one in whole["members"]} >= {well(mine.get("/api/me"))["user"]["email"]}
    assert well(theirs.get("/api/me"))["user"]["email"] not in text
    assert is_problem(mine.get("/api/tenant/export/passwords"), 404, "not_found")
    for bad in ("x", "e30=", "WyJ4Il0=", "W10=", "é"):
        assert is_problem(mine.get("/api/tenant/export/workflows", params={"after": bad}), 422, "invalid_request"), bad
    key = with_key(world, made(mine, ["tenant.export"])["text"])
    assert well(key.get("/api/tenant/export/tags"))["text"]


def test_the_command_puts_all_parts_into_one_file(
    world: World, databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = busy(world, databases)

    class Api:
        async def get(self, path: str, **query: Any) -> Any:
            return well(client.get(f"/api{path}", params=query))

    @asynccontextmanager
    async def connected(_: Any) -> AsyncIterator[Api]:
        yield Api()

    monkeypatch.setattr(exporting, "connected", connected)
    said: list[str] = []
    file = tmp_path / "workspace.zip"
    counted = asyncio.run(exporting.export(Target("", "", ""), file, said.append))
    with zipfile.ZipFile(file) as bundle:
        [document] = [name for name in bundle.namelist() if name.startswith("workflows/")]
        assert json.loads(bundle.read(document))["name"] == "Orders"
        assert len(bundle.read("audit.jsonl").split(b"\n")) == counted["audit"] + 1
    assert len(said) == len(counted) > 20
    assert list(tmp_path.iterdir()) == [file]


def test_an_export_goes_on_where_a_page_ended(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from api.services import erasing

    monkeypatch.setattr(erasing, "MOST_ROWS", 2)
    client = world.person()
    for name in "abcde":
        well(client.post("/api/tags", json={"name": name, "color": "blue"}), 201)
    found, after, pages = [], None, 0
    while pages == 0 or after:
        page = well(client.get("/api/tenant/export/tags", params={"after": after} if after else {}))
        found += [json.loads(line)["name"] for line in page["text"].splitlines()]
        after, pages = page["nextAfter"], pages + 1
    assert (sorted(found), pages) == (list("abcde"), 3)
