"""API keys and service accounts: what they may do, when they end, and what they never may."""

import uuid
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.permissions import KEYS_MAY, NEVER_OF_KEYS, Permission
from api.services import api_keys
from tests.api.conftest import PASSWORD, World
from tests.api.test_audit import audit, operations
from tests.api.test_examples import created, orders, well
from tests.api.test_routes import is_problem
from tests.fixtures.servers import Databases

READ = ["workflows.read"]


def made(client: TestClient, permissions: list[str] = READ, **more: Any) -> dict[str, Any]:
    body = {"name": "CI", "permissions": permissions, **more}
    return dict(well(client.post("/api/keys", json=body), 201))


def with_key(world: World, text: str) -> TestClient:
    client = world.anonymous()
    client.headers["Authorization"] = f"Bearer {text}"
    return client


def as_role(world: World, databases: Databases, client: TestClient, role: str) -> None:
    tenant = well(client.get("/api/me"))["tenant"]["id"]
    with psycopg.connect(databases.owner) as connection:
        connection.execute("UPDATE memberships SET role = %s WHERE tenant_id = %s", (role, tenant))


def test_a_key_acts_as_its_owner_within_what_it_was_given(world: World, databases: Databases) -> None:
    person = world.person()
    key = made(person, ["workflows.read", "workflows.write", "audit.read"])
    assert key["text"].startswith("swk_")
    client = with_key(world, key["text"])
    id = created(client, orders())
    assert well(person.get(f"/api/workflows/{id}"))["id"] == id
    assert is_problem(client.post(f"/api/workflows/{id}/run", json={"mode": "draft", "items": []}), 403, "not_allowed")
    [entry] = audit(client, subject=id, action="workflow.")
    me = well(person.get("/api/me"))["user"]
    assert (entry["actorKind"], entry["keyId"], entry["userId"]) == ("key", key["key"]["id"], me["id"])
    assert [one["action"] for one in audit(person, subject=key["key"]["id"])] == ["key.created"]
    [listed] = well(person.get("/api/keys"))["items"]
    assert listed["lastUsedAt"]
    assert key["text"] not in person.get("/api/keys").text
    assert key["text"] not in well(person.get("/api/audit/export"))["text"]
    with psycopg.connect(databases.owner) as connection:
        rows = connection.execute("SELECT t::text FROM api_keys t WHERE id = %s", (key["key"]["id"],)).fetchall()
    assert key["text"] not in str(rows)
    as_role(world, databases, person, "viewer")
    assert is_problem(client.post("/api/workflows", json=orders()), 403, "not_allowed")
    assert client.get("/api/workflows").status_code == 200


def test_what_needs_a_person_takes_no_key(world: World) -> None:
    person = world.person()
    every = sorted(one.value for one in Permission if one not in NEVER_OF_KEYS)
    client = with_key(world, made(person, every)["text"])
    assert well(client.get("/api/me"))["user"]
    for method, path in (
        ("POST", "/api/auth/password"), ("PATCH", "/api/me"), ("POST", "/api/sessions/end"), ("POST", "/api/keys"),
        ("GET", "/api/keys"), ("POST", "/api/service-accounts"), ("DELETE", f"/api/keys/{uuid.uuid4()}"),
    ):  # fmt: skip
        answer = client.request(method, path, json={"currentPassword": PASSWORD, "newPassword": "another one 12345",
                                                    "name": "x", "permissions": READ, "role": "viewer"})  # fmt: skip
        assert is_problem(answer, 403, "not_allowed"), path
    for permission in NEVER_OF_KEYS:
        body = {"name": "x", "permissions": [permission.value]}
        assert is_problem(person.post("/api/keys", json=body), 422, "invalid_request"), permission
    assert operations().keys() >= KEYS_MAY


def test_nobody_gives_a_key_more_than_they_have(world: World, databases: Databases) -> None:
    person = world.person()
    key = made(person, ["workflows.write", "audit.read"])
    as_role(world, databases, person, "viewer")
    token = well(person.post("/api/auth/refresh"))["accessToken"]
    person.headers["Authorization"] = f"Bearer {token}"
    assert is_problem(
        person.post("/api/keys", json={"name": "x", "permissions": ["workflows.write"]}), 422, "invalid_request"
    )
    assert is_problem(person.get("/api/service-accounts"), 403, "not_allowed")
    well(person.post(f"/api/keys/{key['key']['id']}/rotate", json={}), 201)
    assert is_problem(with_key(world, key["text"]).get("/api/audit"), 403, "not_allowed")


def test_a_key_ends_when_it_is_revoked_or_old_or_its_owner_leaves(world: World, databases: Databases) -> None:
    person = world.person()
    keys = [made(person) for _ in range(3)]
    clients = [with_key(world, key["text"]) for key in keys]
    assert [client.get("/api/workflows").status_code for client in clients] == [200] * 3
    well(person.delete(f"/api/keys/{keys[0]['key']['id']}"), 204)
    with psycopg.connect(databases.owner) as connection:
        connection.execute("UPDATE api_keys SET expires_at = now() WHERE id = %s", (keys[1]["key"]["id"],))
    assert is_problem(clients[0].get("/api/workflows"), 401, "token_invalid")
    assert is_problem(clients[1].get("/api/workflows"), 401, "token_invalid")
    assert is_problem(person.delete(f"/api/keys/{keys[0]['key']['id']}"), 404, "not_found")
    user = well(person.get("/api/me"))["user"]["id"]
    with psycopg.connect(databases.owner) as connection:
        connection.execute("DELETE FROM memberships WHERE user_id = %s", (user,))
    assert is_problem(clients[2].get("/api/workflows"), 401, "token_invalid")


def test_a_rotated_key_goes_on_for_a_while(world: World) -> None:
    person = world.person()
    former = made(person, addresses=["203.0.113.0/24"])
    later = well(person.post(f"/api/keys/{former['key']['id']}/rotate", json={"overlapHours": 1}), 201)
    at = {"X-Forwarded-For": "203.0.113.7, 198.51.100.1"}
    for text in (former["text"], later["text"]):
        assert with_key(world, text).get("/api/workflows", headers=at).status_code == 200
    assert later["key"]["addresses"] == ["203.0.113.0/24"]
    assert later["key"]["permissions"] == READ
    well(person.post(f"/api/keys/{later['key']['id']}/rotate", json={"overlapHours": 0}), 201)
    assert is_problem(with_key(world, later["text"]).get("/api/workflows", headers=at), 401, "token_invalid")


@pytest.mark.parametrize(
    ("ranges", "address", "good"),
    [
        (["203.0.113.0/24"], "203.0.113.7", True),
        (["203.0.113.0/24"], "203.0.114.7", False),
        (["203.0.113.0/24"], "::ffff:203.0.113.7", True),
        (["2001:db8::/32", "10.0.0.1"], "2001:db8:1::1", True),
        (["0.0.0.0/0"], "2001:db8::1", False),
        (["203.0.113.7"], "not an address", False),
    ],
)
def test_a_key_is_good_in_its_ranges_only(ranges: list[str], address: str, good: bool, world: World) -> None:
    client = with_key(world, made(world.person(), addresses=ranges)["text"])
    answer = client.get("/api/workflows", headers={"X-Forwarded-For": f"{address}, 198.51.100.1"})
    assert answer.status_code == (200 if good else 401)


def test_bad_requests_for_keys_are_refused_with_what_to_change(world: World) -> None:
    person = world.person()
    good: dict[str, Any] = {"name": "CI", "permissions": READ}
    odd: tuple[dict[str, Any], ...] = (
        {"permissions": []}, {"permissions": ["workflows.fly"]}, {"expiresInDays": 0}, {"expiresInDays": 400},
        {"addresses": ["203.0.113.300"]}, {"addresses": ["203.0.113.7/24"]}, {"addresses": ["anywhere"]}, {"name": ""},
    )  # fmt: skip
    for changes in odd:
        assert is_problem(person.post("/api/keys", json={**good, **changes}), 422, "invalid_request"), changes
    missing = {**good, "serviceAccountId": str(uuid.uuid4())}
    assert is_problem(person.post("/api/keys", json=missing), 404, "not_found")


def test_texts_that_are_no_keys_ask_no_database(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    text = api_keys.new_text()
    assert api_keys.is_key(text)
    assert text != api_keys.new_text()
    monkeypatch.setattr(api_keys, "key_lookup", None)
    other = "a" if text[10] != "a" else "b"
    for wrong in (text[:10] + other + text[11:], text[:-1], text + "0", "swk_", f"swk_{'é' * 38}"):
        assert not api_keys.is_key(wrong)
        client = world.anonymous()
        sent = {b"Authorization": f"Bearer {wrong}".encode("latin-1")}
        assert is_problem(client.get("/api/workflows", headers=sent), 401, "token_invalid")


def test_a_service_account_has_its_own_role_and_outlives_people(world: World, databases: Databases) -> None:
    person = world.person()
    account = well(person.post("/api/service-accounts", json={"name": "Deploy", "role": "editor"}), 201)
    key = made(person, ["workflows.read", "workflows.write"], serviceAccountId=account["id"])
    client = with_key(world, key["text"])
    id = created(client, orders())
    [entry] = audit(person, subject=id)
    assert (entry["actorKind"], entry["userId"], entry["actor"]) == ("service", account["id"], "Deploy")
    assert [one["name"] for one in well(person.get("/api/members"))["items"]] == ["P"]
    assert is_problem(
        person.post("/api/keys", json={"name": "x", "permissions": ["audit.read"], "serviceAccountId": account["id"]}),
        422,
        "invalid_request",
    )
    address = f"{uuid.uuid4().hex}@service.invalid"
    with psycopg.connect(databases.owner) as connection:
        connection.execute("UPDATE users SET email = %s WHERE id = %s", (address, account["id"]))
    login = {"email": address, "password": PASSWORD}
    assert world.anonymous().post("/api/auth/login", json=login).status_code in (401, 422)
    well(person.delete(f"/api/service-accounts/{account['id']}"), 204)
    assert is_problem(client.get("/api/workflows"), 401, "token_invalid")
    assert well(person.get("/api/service-accounts"))["items"] == []


def test_keys_and_accounts_of_another_workspace_are_not_there(world: World) -> None:
    mine, theirs = world.person(), world.person()
    key = made(theirs)
    account = well(theirs.post("/api/service-accounts", json={"name": "Deploy", "role": "viewer"}), 201)
    assert well(mine.get("/api/keys"))["items"] == []
    assert well(mine.get("/api/service-accounts"))["items"] == []
    assert is_problem(mine.delete(f"/api/keys/{key['key']['id']}"), 404, "not_found")
    assert is_problem(mine.post(f"/api/keys/{key['key']['id']}/rotate", json={}), 404, "not_found")
    assert is_problem(mine.delete(f"/api/service-accounts/{account['id']}"), 404, "not_found")
    assert with_key(world, key["text"]).get("/api/workflows").json()["items"] == []
