"""Credentials: written, checked by type, never read back."""

import uuid
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.repositories.credentials import Credentials as Rows
from stepweave_data.database import tenant_session
from stepweave_data.models import Credential
from stepweave_data.vaulting import Sealed, unseal
from tests.api.conftest import World
from tests.api.test_routes import is_problem


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
    assert {**kept, "port": 5432, "sslMode": "require"} == {**then, "port": 5432, "sslMode": "require"}


def test_what_is_no_secret_is_shown_for_changing_it(world: World) -> None:
    client = world.person()
    id = client.post("/api/credentials", json={"name": "DB", "type": "postgres", "data": _DATABASE}).json()["id"]
    shown = client.get(f"/api/credentials/{id}")
    assert shown.json()["data"] == {"host": "db", "port": 5432, "database": "d", "user": "u", "sslMode": "require"}
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
    monkeypatch.setattr(Rows, "change", lambda *_: None)
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
        ("http_header", {**_KEY, "allowedHosts": "api.example.com"}, {"allowedHosts": None}, "data.value"),
        ("http_header", {**_KEY, "allowedHosts": "api.example.com"}, {"allowedHosts": ""}, "data.value"),
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


@pytest.mark.parametrize(
    ("kind", "stored", "given"),
    [
        (
            "http_header",
            {**_KEY, "allowedHosts": "*.example.com"},
            {"allowedHosts": "API.example.com, *.eu.example.com"},
        ),
        ("http_header", _KEY, {"allowedHosts": "api.example.com"}),
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
