"""Credentials: written, checked by type, never read back."""

import uuid
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.repositories.credentials import Credentials as Rows
from stepweave_data.database import tenant_session
from stepweave_data.models import Credential, Workflow, WorkflowVersion
from stepweave_data.vaulting import Sealed, unseal
from tests.api.conftest import World
from tests.api.test_routes import is_problem
from tests.fixtures.servers import Databases


def test_credentials_are_written_and_never_read_back(world: World) -> None:
    client = world.person()
    secret = {"host": "db", "database": "d", "user": "u", "password": "hush-hush"}
    answer = client.post("/api/credentials", json={"name": "DB", "type": "postgres", "data": secret})
    assert (answer.status_code, answer.json()["hint"]) == (201, "u@db:5432/d")
    id = answer.json()["id"]
    assert is_problem(
        client.post("/api/credentials", json={"name": "DB", "type": "postgres", "data": secret}), 409, "name_taken"
    )
    changed = client.put(f"/api/credentials/{id}", json={"name": "DB 2", "data": {**secret, "host": "other"}})
    assert changed.json()["hint"].startswith("u@other")
    listed = client.get("/api/credentials")
    assert [row["name"] for row in listed.json()["items"]] == ["DB 2"]
    assert "hush-hush" not in listed.text + answer.text + changed.text
    assert client.delete(f"/api/credentials/{id}").status_code == 204
    assert client.delete(f"/api/credentials/{id}").status_code == 404


def _naming(id: str, *, tool: bool = False) -> dict[str, Any]:
    """A workflow whose node `Ask` names a credential."""
    nodes = [
        {"id": "t", "type": "manual_trigger", "name": "Start", "params": {}, "position": {"x": 0, "y": 0}},
        {"id": "a", "type": "http_request", "name": "Ask", "params": {"url": "https://x.example", "x": {"y": [id]}}},
    ]
    edge = {"id": "e", "source": "t", "target": "a", "sourcePort": "tools" if tool else "main"}
    return {"name": "Orders", "nodes": nodes, "edges": [edge]}


def test_it_is_told_who_uses_a_credential_and_what_would_break_without_it(world: World) -> None:
    client, other = world.person(), world.person()
    credential = {"name": "Key", "type": "http_bearer", "data": {"token": "hush-hush", "allowedHosts": "x.example"}}
    id = client.post("/api/credentials", json=credential).json()["id"]
    unused = client.post("/api/credentials", json={**credential, "name": "Other"}).json()["id"]
    nobody = {"workflows": [], "total": 0, "apis": [], "hidden": 0, "credentials": []}
    assert client.get(f"/api/credentials/{id}/uses").json() == nobody
    assert is_problem(other.get(f"/api/credentials/{id}/uses"), 404, "not_found")
    made = client.post("/api/workflows", json={"name": "Orders"}).json()
    draft = {"document": _naming(id.upper(), tool=True), "revision": made["revision"]}
    saved = client.put(f"/api/workflows/{made['id']}", json=draft)
    assert saved.status_code == 200, saved.text
    with tenant_session(_tenant(client)) as session:
        for number, named in ((1, unused), (2, id), (3, id)):
            version = WorkflowVersion(workflow_id=uuid.UUID(made["id"]), number=number, document=_naming(named))
            version.tenant_id, version.compiled_hash = _tenant(client), ""
            session.add(version)
        session.get_one(Workflow, uuid.UUID(made["id"])).published_version = 3
    uses = client.get(f"/api/credentials/{id}/uses").json()
    node = {"id": "a", "name": "Ask", "type": "http_request", "tool": True}
    use = {"workflowId": made["id"], "workflowName": "Orders", "enabled": True, "draft": True, "live": True}
    assert uses == {**nobody, "workflows": [{**use, "versions": [3, 2], "nodes": [node]}], "total": 1}
    (old,) = client.get(f"/api/credentials/{unused}/uses").json()["workflows"]
    assert (old["draft"], old["live"], old["versions"]) == (False, False, [1])
    refused = client.delete(f"/api/credentials/{id}")
    assert is_problem(refused, 409, "credential_in_use")
    assert refused.json()["detail"].startswith("1 workflow uses it, 1 published: ")
    assert "“Orders” (published" in refused.text
    assert "hush-hush" not in refused.text + str(uses)
    # What runs no more keeps nothing: older versions are told of, and in nobody's way.
    assert client.delete(f"/api/credentials/{unused}").status_code == 204
    assert client.delete(f"/api/credentials/{id}", params={"force": True}).status_code == 204
    assert client.get(f"/api/credentials/{id}/uses").status_code == 404


def test_a_secret_field_may_refer_to_a_store_of_the_tenants(world: World) -> None:
    client, other = world.person(), world.person()
    vault = {"name": "Store", "type": "hashicorp_vault", "data": {"address": "https://vault.example", "token": "hvs.x"}}
    store, theirs = (who.post("/api/credentials", json=vault).json()["id"] for who in (client, other))
    body = {"name": "Key", "type": "http_bearer", "data": {"allowedHosts": "x.example"}}

    def saved(token: str, **more: Any) -> Any:
        data = {**body["data"], "token": token, **more}  # type: ignore[dict-item]  # both are dicts
        return client.post("/api/credentials", json={**body, "data": data})

    for wrong in (f"secret://{theirs}/a#k", "secret://x/a#k", f"secret://{store}", f"secret://{store}/../a#k"):
        answer = saved(wrong)
        assert is_problem(answer, 422, "invalid_request")
        assert [one["field"] for one in answer.json()["errors"]] == ["data.token"]
    made = saved(f"secret://{store}/prod/shop#token")
    assert made.status_code == 201, made.text
    shown = client.get(f"/api/credentials/{made.json()['id']}")
    assert shown.json()["secrets"] == ["token"]
    assert "prod/shop" not in shown.text
    path = f"/api/credentials/{made.json()['id']}"
    changed = client.put(path, json={"name": "Key", "data": {"token": f"secret://{made.json()['id']}/a#k"}})
    assert is_problem(changed, 422, "invalid_request")  # no store
    # A store keeps its own secrets; fields that are none refer to nothing.
    chained = {**vault, "name": "Other", "data": {"address": "https://v.example", "token": f"secret://{store}/a#k"}}
    assert is_problem(client.post("/api/credentials", json=chained), 422, "invalid_request")
    named = {"name": "H", "type": "http_basic", "data": {"user": f"secret://{store}/a#k", "password": "p"}}
    assert is_problem(client.post("/api/credentials", json=named), 422, "invalid_request")


def test_credentials_that_go_anywhere_are_marked_and_found(world: World, databases: Databases) -> None:
    client = world.person()
    hosts = {"token": "t", "allowedHosts": "x.example"}
    for name, kind, data in (
        ("A", "http_bearer", {"token": "t"}),
        ("B", "http_bearer", hosts),
        ("C", "openai", {"apiKey": "k"}),
    ):
        client.post("/api/credentials", json={"name": name, "type": kind, "data": data})
    assert [one["anyHost"] for one in client.get("/api/credentials").json()["items"]] == [False] * 3
    with psycopg.connect(databases.owner) as connection:
        connection.execute("UPDATE credentials SET bound = false WHERE tenant_id = %s", (_tenant(client),))
    (open_a, open_b) = client.get("/api/credentials", params={"anyHost": True}).json()["items"]
    assert (open_a["name"], open_b["name"]) == ("A", "B")  # of B nobody has seen its hosts since
    assert [one["name"] for one in client.get("/api/credentials?anyHost=false").json()["items"]] == ["C"]
    changed = client.put(f"/api/credentials/{open_a['id']}", json={"name": "A", "data": {"allowedHosts": "x.example"}})
    assert changed.json()["anyHost"] is False
    assert client.get(f"/api/credentials/{open_b['id']}").json()["anyHost"] is False
    assert client.get("/api/credentials?anyHost=true").json()["items"] == []


def _tenant(client: TestClient) -> uuid.UUID:
    return uuid.UUID(client.get("/api/me").json()["tenant"]["id"])


def _stored(world: World, client: TestClient, id: str) -> dict[str, Any]:
    """What a node would get."""
    with tenant_session(_tenant(client)) as session:
        row = session.get_one(Credential, uuid.UUID(id))
        sealed = Sealed(bytes(row.wrapped_key), bytes(row.nonce), bytes(row.ciphertext))
    return unseal(sealed, str(row.tenant_id), id, world.keys)


_DATABASE = {"host": "db", "database": "d", "user": "u", "password": "hush-hush"}


@pytest.mark.parametrize(
    ("stored", "given", "then", "hint"),
    [
        (
            _DATABASE,
            {"host": "other", "password": "p"},
            {**_DATABASE, "host": "other", "password": "p"},
            "u@other:5432/d",
        ),
        (_DATABASE, {"user": "other"}, {**_DATABASE, "user": "other"}, "other@db:5432/d"),
        (_DATABASE, {"password": "new"}, {**_DATABASE, "password": "new"}, "u@db:5432/d"),
        (_DATABASE, {"password": None}, {"host": "db", "database": "d", "user": "u"}, "u@db:5432/d"),
        (_DATABASE, {"dsn": "postgresql://u@db/d"}, {"dsn": "postgresql://u@db/d"}, "by DSN"),
        ({"dsn": "postgresql://u@db/d"}, {**_DATABASE}, _DATABASE, "u@db:5432/d"),
        (_DATABASE, {}, _DATABASE, "u@db:5432/d"),
    ],
)
def test_a_change_replaces_what_it_gives_and_keeps_the_rest(
    world: World, stored: dict[str, Any], given: dict[str, Any], then: dict[str, Any], hint: str
) -> None:
    client = world.person()
    made = client.post("/api/credentials", json={"name": "DB", "type": "postgres", "data": stored}).json()
    changed = client.put(f"/api/credentials/{made['id']}", json={"name": "DB", "data": given})
    assert (changed.status_code, changed.json()["hint"]) == (200, hint)
    kept = {name: value for name, value in _stored(world, client, made["id"]).items() if value is not None}
    assert {**kept, "port": 5432, "sslMode": "verify-full"} == {**then, "port": 5432, "sslMode": "verify-full"}


def test_what_is_no_secret_is_shown_for_changing_it(world: World) -> None:
    client = world.person()
    id = client.post("/api/credentials", json={"name": "DB", "type": "postgres", "data": _DATABASE}).json()["id"]
    shown = client.get(f"/api/credentials/{id}")
    assert shown.json()["data"] == {"host": "db", "port": 5432, "database": "d", "user": "u", "sslMode": "verify-full"}
    assert (shown.json()["secrets"], shown.json()["readable"]) == (["password"], True)
    assert "hush-hush" not in shown.text
    assert client.get(f"/api/credentials/{uuid.uuid4()}").status_code == 404


def test_what_is_empty_is_not_there(world: World) -> None:
    client = world.person()
    data = {"name": "X-Key", "value": "v", "mostRequests": None, "testUrl": ""}
    id = client.post("/api/credentials", json={"name": "K", "type": "http_header", "data": data}).json()["id"]
    assert client.get(f"/api/credentials/{id}").json()["data"] == {"name": "X-Key", "inSeconds": 60}


def test_a_change_that_leaves_it_incomplete_changes_nothing(world: World) -> None:
    client = world.person()
    id = client.post("/api/credentials", json={"name": "DB", "type": "postgres", "data": _DATABASE}).json()["id"]
    for data, field in [({"port": 0}, "data.port"), ({"host": None}, "data.host"), ({"planet": "x"}, "data.planet")]:
        answer = client.put(f"/api/credentials/{id}", json={"name": "Other", "data": data})
        assert is_problem(answer, 422, "invalid_request")
        assert [entry["field"] for entry in answer.json()["errors"]] == [field]
    assert client.get(f"/api/credentials/{id}").json()["name"] == "DB"
    assert _stored(world, client, id)["host"] == "db"


def test_what_cannot_be_read_any_more_is_given_anew(world: World) -> None:
    client = world.person()
    id = client.post("/api/credentials", json={"name": "DB", "type": "postgres", "data": _DATABASE}).json()["id"]
    with tenant_session(_tenant(client)) as session:
        session.get_one(Credential, uuid.UUID(id)).ciphertext = b"\0" * 32
    assert client.get(f"/api/credentials/{id}").json()["readable"] is False
    refused = client.put(f"/api/credentials/{id}", json={"name": "DB", "data": {"password": "new"}})
    assert is_problem(refused, 422, "invalid_request")
    assert "cannot be read any more" in refused.json()["detail"]
    assert client.put(f"/api/credentials/{id}", json={"name": "DB", "data": _DATABASE}).status_code == 200
    assert _stored(world, client, id)["password"] == "hush-hush"


@pytest.mark.parametrize(
    ("kind", "data", "field"),
    [
        ("postgres", {"host": "db"}, "data.user"),
        ("smtp", {"port": 25}, "data.host"),
        ("http_header", {"name": "X Y", "value": "v"}, "data.name"),
        ("http_basic", {"user": "u"}, "data.password"),
        ("http_bearer", {"token": "t", "allowedHosts": "https://api.example.com"}, "data.allowedHosts"),
        ("http_bearer", {"token": "t", "allowedHosts": "a.example, api.example.com:443"}, "data.allowedHosts"),
        ("telepathy", {}, "type"),
    ],
)
def test_incomplete_credentials_name_their_field(world: World, kind: str, data: dict[str, Any], field: str) -> None:
    answer = world.person().post("/api/credentials", json={"name": "C", "type": kind, "data": data})
    assert is_problem(answer, 422, "invalid_request")
    assert field in [entry["field"] for entry in answer.json()["errors"]]


def test_two_changes_at_once_are_both_kept_and_kms_is_called_while_no_row_is_locked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.person()
    id = client.post("/api/credentials", json={"name": "DB", "type": "postgres", "data": _DATABASE}).json()["id"]
    make, theirs = world.keys.generate_data_key, {"name": "DB", "data": {"database": "theirs"}}

    def make_while_somebody_changes(context: dict[str, str]) -> tuple[bytes, bytes]:
        monkeypatch.setattr(world.keys, "generate_data_key", make)
        assert client.put(f"/api/credentials/{id}", json=theirs).status_code == 200
        return make(context)

    monkeypatch.setattr(world.keys, "generate_data_key", make_while_somebody_changes)
    assert client.put(f"/api/credentials/{id}", json={"name": "DB", "data": {"user": "mine"}}).status_code == 200
    stored = _stored(world, client, id)
    assert (stored["database"], stored["user"]) == ("theirs", "mine")


def test_where_others_are_always_faster_it_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.person()
    id = client.post("/api/credentials", json={"name": "DB", "type": "postgres", "data": _DATABASE}).json()["id"]
    monkeypatch.setattr(Rows, "change", lambda *_, **__: None)
    refused = client.put(f"/api/credentials/{id}", json={"name": "DB", "data": {"user": "mine"}})
    assert is_problem(refused, 409, "credential_changed")
    assert _stored(world, client, id)["user"] == "u"


# Secrets go to other servers only by who knows them

_KEY = {"name": "X-Key", "value": "hush-hush"}
_MAIL = {"host": "mail", "port": 25, "password": "hush-hush"}


@pytest.mark.parametrize(
    ("kind", "stored", "given", "asked"),
    [
        ("postgres", _DATABASE, {"host": "evil"}, "data.password"),
        ("postgres", _DATABASE, {"port": 6666}, "data.password"),
        ("smtp", _MAIL, {"host": "evil"}, "data.password"),
        ("http_header", {**_KEY, "allowedHosts": "api.example.com"}, {"allowedHosts": "evil.example"}, "data.value"),
        ("http_header", {**_KEY, "allowedHosts": "api.example.com"}, {"allowedHosts": "*"}, "data.value"),
        ("http_header", _KEY, {"allowedHosts": "api.example.com"}, "data.value"),
        ("http_header", {**_KEY, "testUrl": "https://api.example/me"}, {"allowedHosts": "*.example"}, "data.value"),
        (
            "http_header",
            {**_KEY, "allowedHosts": "api.example.com"},
            {"allowedHosts": "api.example.com, *.com"},
            "data.value",
        ),
        ("http_header", {**_KEY, "allowedHosts": "*.example.com"}, {"allowedHosts": "notexample.com"}, "data.value"),
        ("http_header", _KEY, {"testUrl": "https://evil.example/me"}, "data.value"),
        (
            "http_header",
            _KEY,
            {"testUrl": "https://evil.example/me", "allowedHosts": "evil.example"},
            "data.value",
        ),
        (
            "http_header",
            {**_KEY, "testUrl": "https://api.example/me"},
            {"testUrl": "http://api.example/me"},
            "data.value",
        ),
        (
            "http_basic",
            {"user": "u", "password": "hush-hush", "testUrl": "https://api.example/me"},
            {"testUrl": "https://api.example:8443/me"},
            "data.password",
        ),
    ],
)
def test_a_secret_is_entered_again_where_it_would_go_to_another_server(
    world: World, kind: str, stored: dict[str, Any], given: dict[str, Any], asked: str
) -> None:
    client = world.person()
    made = client.post("/api/credentials", json={"name": "C", "type": kind, "data": stored})
    assert made.status_code == 201, made.text
    id = made.json()["id"]
    before = _stored(world, client, id)
    refused = client.put(f"/api/credentials/{id}", json={"name": "C 2", "data": given})
    assert is_problem(refused, 422, "secrets_needed")
    assert [entry["field"] for entry in refused.json()["errors"]] == [asked]
    assert "again" in refused.json()["errors"][0]["message"]
    assert "hush-hush" not in refused.text
    assert (client.get(f"/api/credentials/{id}").json()["name"], _stored(world, client, id)) == ("C", before)
    secret = asked.removeprefix("data.")
    known = client.put(f"/api/credentials/{id}", json={"name": "C 2", "data": {**given, secret: "known"}})
    assert known.status_code == 200, known.text
    assert _stored(world, client, id)[secret] == "known"


def test_one_that_went_anywhere_is_bound_when_its_hosts_are_named(world: World, databases: Databases) -> None:
    client = world.person()
    id = client.post("/api/credentials", json={"name": "C", "type": "http_header", "data": _KEY}).json()["id"]
    with psycopg.connect(databases.owner) as connection:
        connection.execute("UPDATE credentials SET bound = false WHERE id = %s", (id,))
    for data, bound in (({"name": "Y"}, False), ({"allowedHosts": "api.example.com"}, True)):
        assert client.put(f"/api/credentials/{id}", json={"name": "C", "data": data}).status_code == 200
        with psycopg.connect(databases.owner) as connection:
            assert connection.execute("SELECT bound FROM credentials WHERE id = %s", (id,)).fetchone() == (bound,)
    refused = client.put(f"/api/credentials/{id}", json={"name": "C", "data": {"allowedHosts": "*"}})
    assert is_problem(refused, 422, "secrets_needed")


@pytest.mark.parametrize(
    ("kind", "stored", "given"),
    [
        (
            "http_header",
            {**_KEY, "allowedHosts": "*.example.com"},
            {"allowedHosts": "API.example.com, *.eu.example.com"},
        ),
        ("http_header", {**_KEY, "allowedHosts": "api.example.com"}, {"allowedHosts": None}),
        ("http_header", {**_KEY, "allowedHosts": "api.example.com"}, {"allowedHosts": ""}),
        ("http_header", {**_KEY, "allowedHosts": "*"}, {"allowedHosts": "api.example.com"}),
        ("http_header", {**_KEY, "testUrl": "https://api.example/me"}, {"allowedHosts": "api.example"}),
        ("http_header", {**_KEY, "testUrl": "https://API.example/me"}, {"testUrl": "https://api.example/v2/me?x=1"}),
        ("http_header", {**_KEY, "testUrl": "https://api.example/me"}, {"testUrl": None}),
        (
            "http_header",
            {**_KEY, "allowedHosts": "*.example.com"},
            {"testUrl": "https://api.example.com/me"},
        ),
        ("http_header", _KEY, {"name": "Y-Key"}),
        ("smtp", _MAIL, {"from": "orders@example.com"}),
        ("smtp", {"host": "mail", "port": 25}, {"host": "other"}),
        ("smtp", _MAIL, {"host": "other", "password": None}),
    ],
)
def test_a_change_that_sends_secrets_nowhere_else_needs_none(
    world: World, kind: str, stored: dict[str, Any], given: dict[str, Any]
) -> None:
    client = world.person()
    made = client.post("/api/credentials", json={"name": "C", "type": kind, "data": stored}).json()
    changed = client.put(f"/api/credentials/{made['id']}", json={"name": "C", "data": given})
    assert changed.status_code == 200, changed.text
