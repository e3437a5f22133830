"""The audit: every change leaves an entry, entries are bound to one another, and nobody changes them."""

import csv
import hashlib
import io
import json
import threading
import uuid
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from api import audited
from api.openapi import complete
from api.repositories.rows import rows_of
from local.cli.auditing import faults_of
from tests.api.conftest import PASSWORD, World, email
from tests.api.test_examples import created, orders, well
from tests.api.test_routes import is_problem
from tests.fixtures.servers import Databases


def audit(client: TestClient, **params: Any) -> list[dict[str, Any]]:
    return list(well(client.get("/api/audit", params=params))["items"])


def tenant_of(client: TestClient) -> uuid.UUID:
    return uuid.UUID(well(client.get("/api/me"))["tenant"]["id"])


def test_an_entry_says_who_what_when_from_where_and_what_it_was_before(world: World) -> None:
    client = world.person()
    folder = well(client.post("/api/folders", json={"name": "Shop"}), 201)["id"]
    headers = {"User-Agent": "curl/8.5", "X-Forwarded-For": "203.0.113.9, 198.51.100.1"}
    answer = client.put(f"/api/folders/{folder}", json={"name": "Shops"}, headers=headers)
    [changed, made] = audit(client, subject=folder)
    me = well(client.get("/api/me"))["user"]
    assert (changed["action"], changed["actorKind"], changed["actor"]) == ("folder.changed", "person", me["email"])
    assert (changed["userId"], changed["requestId"]) == (me["id"], answer.headers["x-request-id"])
    assert changed["address"] == "203.0.113.9"
    assert changed["agent"].startswith("curl/8.5")
    assert (changed["before"]["name"], changed["after"]["name"]) == ("Shop", "Shops")
    assert (made["before"], made["after"]["name"]) == (None, "Shop")
    assert changed["seq"] == made["seq"] + 1
    well(client.delete(f"/api/folders/{folder}"), 204)
    assert audit(client, subject=folder)[0]["before"]["name"] == "Shops"


def test_a_secret_is_never_told(world: World) -> None:
    client = world.person()
    data = {"host": "db.example.com", "database": "shop", "user": "app", "password": "hush-canary-1"}
    id = well(client.post("/api/credentials", json={"name": "Shop", "type": "postgres", "data": data}), 201)["id"]
    well(client.put(f"/api/credentials/{id}", json={"name": "Shop 2", "data": {**data, "password": "hush-canary-2"}}))
    well(client.delete(f"/api/credentials/{id}"), 204)
    actions = [one["action"] for one in audit(client, subject=id)]
    assert actions == ["credential.deleted", "credential.updated", "credential.created"]
    text = well(client.get("/api/audit/export"))["text"]
    assert "hush-canary" not in text
    assert "ciphertext" not in text


def test_logins_and_those_that_failed_are_written_down(world: World) -> None:
    address = email()
    client = world.anonymous()
    world.redis.flushdb()
    body = {"email": address, "password": PASSWORD, "name": "P", "tenantName": "T"}
    well(client.post("/api/auth/register", json=body), 201)
    is_problem(client.post("/api/auth/login", json={"email": address, "password": "guess 1 guess"}), 401, "wrong_login")
    session = well(client.post("/api/auth/login", json={"email": address, "password": PASSWORD}))
    client.headers["Authorization"] = f"Bearer {session['accessToken']}"
    found = [(one["action"], one["actorKind"]) for one in audit(client)]
    assert found == [
        ("session.began", "person"), ("session.refused", "visitor"), ("session.began", "person"),
        ("account.registered", "person"),
    ]  # fmt: skip


def test_whoever_may_not_is_written_down(world: World, databases: Databases) -> None:
    client = world.person()
    with psycopg.connect(databases.owner) as connection:
        connection.execute("UPDATE memberships SET role = 'viewer' WHERE tenant_id = %s", (tenant_of(client),))
    viewer = world.anonymous()
    me = well(client.get("/api/me"))["user"]
    session = well(viewer.post("/api/auth/login", json={"email": me["email"], "password": PASSWORD}))
    viewer.headers["Authorization"] = f"Bearer {session['accessToken']}"
    assert is_problem(viewer.post("/api/folders", json={"name": "x"}), 403, "not_allowed")
    assert is_problem(viewer.get("/api/audit"), 403, "not_allowed")
    with psycopg.connect(databases.owner) as connection:
        rows = connection.execute(
            "SELECT details ->> 'operation' FROM audit WHERE tenant_id = %s AND action = 'call.refused' ORDER BY at",
            (tenant_of(client),),
        ).fetchall()
    assert rows == [("createFolder",), ("listAudit",)]


def test_the_chain_can_be_computed_from_an_export(world: World) -> None:
    client = world.person()
    for name in ("a", "b", "c"):
        well(client.post("/api/tags", json={"name": name, "color": "blue"}), 201)
    first = well(client.get("/api/audit/export", params={"limit": 2}))
    rest = well(client.get("/api/audit/export", params={"before": first["nextBefore"]}))
    lines = [json.loads(line) for line in (first["text"] + rest["text"]).splitlines()][::-1]
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    previous = ""
    for line in lines:
        hashed = json.loads(line["hashed"])
        assert hashlib.sha256(line["hashed"].encode()).hexdigest() == line["hash"]
        assert (hashed["previous"], hashed["action"], hashed["actor"]) == (previous, line["action"], line["actor"])
        previous = line["hash"]
    assert list(faults_of(lines)) == []
    told = [*lines[:2], {**lines[2], "actor": "somebody else"}, *lines[3:]]
    assert list(faults_of(told)) == [{"seq": 3, "problem": "says something else than was hashed"}]
    assert [fault["seq"] for fault in faults_of([lines[0], *lines[2:]])] == [3]
    verified = well(client.get("/api/audit/verify"))
    assert (verified["ok"], verified["entries"]) == (True, len(lines) + 1)
    table = list(csv.DictReader(io.StringIO(well(client.get("/api/audit/export", params={"format": "csv"}))["text"])))
    assert [row["action"] for row in table][-4:] == [*["tag.created"] * 3, "session.began", "account.registered"][-4:]


def test_what_a_spreadsheet_would_run_is_text_in_the_export(world: World) -> None:
    client = world.person()
    client.post("/api/tags", json={"name": "x", "color": "blue"}, headers={"User-Agent": "=cmd|' /C calc'!A0"})
    text = well(client.get("/api/audit/export", params={"format": "csv"}))["text"]
    assert "'=cmd" in text
    assert ",=cmd" not in text


def test_entries_are_found_by_actor_action_subject_time_and_text(world: World) -> None:
    client = world.person()
    tag = well(client.post("/api/tags", json={"name": "a_b", "color": "blue"}), 201)["id"]
    well(client.post("/api/folders", json={"name": "Shop"}), 201)
    me = well(client.get("/api/me"))["user"]["id"]
    assert [one["action"] for one in audit(client, action="tag.")] == ["tag.created"]
    assert audit(client, action="t_g.") == []
    assert len(audit(client, actor=me)) == 4
    assert audit(client, actor=str(uuid.uuid4())) == []
    assert [one["subject"] for one in audit(client, search=tag[:13])] == [tag]
    whole = audit(client)
    assert audit(client, since=whole[0]["at"]) == whole[:1]
    assert audit(client, until=whole[0]["at"]) == whole[1:]
    page = well(client.get("/api/audit", params={"limit": 2}))
    assert audit(client, cursor=page["nextCursor"]) == whole[2:]
    for bad in ({"cursor": "x"}, {"cursor": "9" * 30}, {"actor": "x"}, {"since": "yesterday"}, {"search": "\0"}):
        assert is_problem(client.get("/api/audit", params=bad), 422, "invalid_request"), bad
    assert audit(world.person()) != whole


def refuses(url: str, tenant: uuid.UUID, statement: str, *values: Any) -> bool:
    """Whether Postgres lets nobody of this role do it."""
    with psycopg.connect(url) as connection:
        connection.execute("SELECT set_config('app.tenant_id', %s, true)", (str(tenant),))
        try:
            connection.execute(statement.encode(), values or None)
        except psycopg.errors.InsufficientPrivilege:
            return True
        finally:
            connection.rollback()
    return False


def test_nobody_changes_an_entry(world: World, databases: Databases) -> None:
    client = world.person()
    tenant = tenant_of(client)
    statements = (
        "UPDATE audit SET action = 'x'", "DELETE FROM audit", "TRUNCATE audit", "UPDATE audit_chain SET seq = 7",
        "DELETE FROM audit_chain", "TRUNCATE audit_chain", "TRUNCATE tenants CASCADE",
    )  # fmt: skip
    for url in (databases.owner, databases.app):
        for statement in statements:
            assert refuses(url, tenant, statement), statement
    chained = "INSERT INTO audit_chain (tenant_id, seq, audit_id, hash) VALUES (%s, 99, gen_random_uuid(), 'x')"
    backdated = "INSERT INTO audit (tenant_id, action, subject, at) VALUES (%s, 'x', 'x', now() - interval '1 day')"
    for statement in (chained, backdated, "UPDATE audit_heads SET seq = 0 WHERE tenant_id = %s"):
        assert refuses(databases.app, tenant, statement, tenant), statement


BREAKS = {
    "changed": 'UPDATE audit SET details = \'{"who": "not me"}\' WHERE id = %(second)s',
    "changed ": """UPDATE audit_chain SET audit_id = CASE seq WHEN 1 THEN %(second)s::uuid ELSE %(first)s::uuid END
                   WHERE seq < 3 AND tenant_id = %(tenant)s""",
    "missing": "DELETE FROM audit WHERE id = %(second)s",
    "gap": "DELETE FROM audit_chain WHERE seq = 2 AND tenant_id = %(tenant)s",
    "end": "DELETE FROM audit_chain WHERE seq = 4 AND tenant_id = %(tenant)s",
}


@pytest.mark.parametrize("kind", BREAKS)
def test_whoever_goes_around_the_locks_is_found_out(kind: str, world: World, databases: Databases) -> None:
    """As the database's superuser, with the triggers off: what an intruder there could do."""
    client = world.person()
    for name in ("a", "b"):
        well(client.post("/api/tags", json={"name": name, "color": "blue"}), 201)
    third, second, first = (one["id"] for one in audit(client)[-3:])
    with psycopg.connect(databases.owner) as connection:
        connection.execute("SET session_replication_role = replica")
        values = {"first": first, "second": second, "third": third, "tenant": tenant_of(client)}
        if kind == "changed ":
            connection.execute("DROP INDEX audit_chain_by_row")
        connection.execute(BREAKS[kind].encode(), values)
        if kind == "changed ":
            connection.execute("CREATE UNIQUE INDEX audit_chain_by_row ON audit_chain (audit_id)")
    world.changed.clear()  # the entries are not all there any more
    found = well(client.get("/api/audit/verify"))
    assert not found["ok"]
    assert kind.strip() in {fault["problem"] for fault in found["faults"]}


def test_entries_of_many_writers_are_one_chain(world: World) -> None:
    client = world.person()
    tenant = tenant_of(client)

    def write() -> None:
        for _ in range(10):
            with rows_of(tenant) as rows:
                rows.note(None, "test.one", tenant)
                rows.note(None, "test.two", tenant)

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    verified = well(client.get("/api/audit/verify"))
    assert (verified["ok"], verified["entries"], verified["faults"]) == (True, 82, [])


def test_a_change_that_is_taken_back_leaves_no_entry(world: World) -> None:
    client = world.person()
    tenant = tenant_of(client)

    def fail() -> None:
        with rows_of(tenant) as rows:
            rows.note(None, "test.one", tenant)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert [one["action"] for one in audit(client)] == ["session.began", "account.registered"]


def test_what_postgres_cannot_keep_is_kept_otherwise(world: World) -> None:
    client = world.person()
    tenant = tenant_of(client)
    with rows_of(tenant) as rows:
        rows.note(
            None, "test.odd", tenant, nul="a\0b", half="\ud800", large="x" * 5000, my_token="t", deep={"secret": 1}
        )
    [odd] = audit(client, action="test.odd")
    assert (odd["details"]["nul"], odd["details"]["half"]) == ("a\ufffdb", "?")
    assert odd["details"]["large"]["bytes"] == 5002
    assert ("my_token" in odd["details"], odd["details"]["deep"]) == (False, {"secret": "…"})


def test_a_run_and_a_save_are_written_down(world: World) -> None:
    client = world.person()
    id = created(client, orders())
    well(client.put(f"/api/workflows/{id}", json={"document": {**orders(), "name": "New"}, "revision": 1}))
    well(client.post(f"/api/workflows/{id}/run", json={"mode": "draft", "items": [{"json": {}}]}), 202)
    assert [one["action"] for one in audit(client, subject=id)] == [
        "execution.started", "workflow.saved", "workflow.created",
    ]  # fmt: skip


def operations() -> dict[str, str]:
    """Return each operation with its method."""
    paths = complete({})["paths"].values()
    return {one["operationId"]: method.upper() for methods in paths for method, one in methods.items()}


def test_nothing_that_changes_something_goes_without_an_entry() -> None:
    """The door writes what services do not say (`api.audited`): only what is listed with a reason is left out. That it
    does is looked at after each test of the API (`World.unaudited`)."""
    known = operations()
    assert len(known) > 60
    assert (audited.SILENT.keys() | audited.ACTIONS.keys()) <= known.keys()
    unwritten = {
        name for name, method in known.items()
        if method != "GET" and audited.action_of(method, name, 200) is None
    }  # fmt: skip
    assert unwritten == audited.SILENT.keys()
    assert all(len(why) > 20 for why in audited.SILENT.values())
