"""What the doors refuse is counted in the audit: one entry for each kind and window, however often it was tried."""

import json
import time
import uuid
from datetime import datetime
from typing import Any, Final

import jwt
import psycopg
import pytest
import redis
from fastapi.testclient import TestClient

from api import deps, guard, rates
from api.services import auditing
from api.settings import settings
from stepweave_data import platform_refusals, refused
from stepweave_data import redis_keys as keys
from stepweave_data.link import Link
from stepweave_data.rates import Rate
from tests.api.conftest import World
from tests.api.test_audit import audit, tenant_of
from tests.api.test_examples import well
from tests.api.test_people import invited, joined
from tests.api.test_routes import is_problem, made, workflow
from tests.fixtures.servers import Databases

FAR: Final = 10_000.0
"""Seconds after which every window is over."""
DEEP: Final = '{"name": "x", "document": ' + "[" * 2000 + "]" * 2000 + "}"
JSON: Final = {"content-type": "application/json"}


def told(client: TestClient, kind: str = "") -> dict[str, dict[str, Any]]:
    """Return what the audit counts of refusals: kind -> details. Every kind stands there once."""
    found = audit(client, action=f"refused.{kind}", limit=100)
    assert len({one["action"] for one in found}) == len(found)
    return {one["action"].removeprefix("refused."): one["details"] for one in found}


def nobodys(world: World, databases: Databases) -> dict[str, tuple[int, dict[str, Any]]]:
    """Return what was refused of no workspace: kind -> how often, and details."""
    link = Link(databases.app)
    refused.fold(world.own_redis, link, time.time() + FAR)
    link.close()
    with psycopg.connect(databases.owner) as connection:
        rows = connection.execute("SELECT kind, times, details FROM platform_refusals").fetchall()
        connection.execute("DELETE FROM platform_refusals")
    return {kind: (times, details) for kind, times, details in rows}


def token_of(client: TestClient, key: str = "", **changes: Any) -> str:
    """Return a client's token with other claims, signed by us or with another key."""
    claims = jwt.decode(client.headers["Authorization"][7:], options={"verify_signature": False})
    return jwt.encode({**claims, **changes}, key or settings().signing_key(), algorithm="HS256")


def test_an_expired_token_is_counted_in_its_workspace(world: World) -> None:
    client = world.person()
    old = {"Authorization": f"Bearer {token_of(client, exp=int(time.time()) - 5)}"}
    for _ in range(3):
        assert is_problem(world.anonymous().get("/api/workflows", headers=old), 401, "token_expired")
    [entry] = audit(client, action="refused.")
    assert (entry["action"], entry["actorKind"], entry["actor"]) == ("refused.token_expired", "visitor", "")
    assert entry["subject"] == str(tenant_of(client))
    details = entry["details"]
    assert (details["times"], details["operations"]) == (3, [{"operation": "listWorkflows", "times": 3}])
    assert details["addresses"] == [{"address": entry["address"], "times": 3}]
    assert datetime.fromisoformat(details["first"]) <= datetime.fromisoformat(details["last"])
    assert told(client)["token_expired"]["times"] == 3, "it is written once"


def test_forged_swapped_and_foreign_tokens_are_counted_for_who_runs_the_deployment(
    world: World, databases: Databases
) -> None:
    client, other = world.person(), world.person()
    nobodys(world, databases)
    head, body, signature = client.headers["Authorization"][7:].split(".")
    tokens = [
        token_of(client, key="the key of another deployment, long enough"),
        token_of(client, key="the key of another deployment, long enough", tenant=str(tenant_of(other))),
        jwt.encode({"sub": "x"}, "", algorithm="none"),
        f"{head}.{body}.{signature[:-4]}AAAA",
        "swk_" + "a" * 38,
        "nothing",
    ]
    for token in tokens:
        answer = world.anonymous().get("/api/me", headers={"Authorization": f"Bearer {token}"})
        assert is_problem(answer, 401, "token_invalid")
        assert len(answer.json()["detail"]) > 20
    assert told(client) == told(other) == {}, "nobody's word is believed on whose door it was"
    times, details = nobodys(world, databases)["token_invalid"]
    assert (times, details["operations"]) == (len(tokens), [{"operation": "getMe", "times": len(tokens)}])


def test_a_session_that_ended_and_a_refresh_token_of_it_are_counted(world: World) -> None:
    client = world.person()
    thief = world.anonymous()
    thief.headers["Authorization"] = client.headers["Authorization"]
    thief.cookies.set("stepweave_refresh", client.cookies["stepweave_refresh"])
    second = TestClient(world.app)
    me = well(client.get("/api/me"))["user"]["email"]
    second.headers["Authorization"] = (
        "Bearer "
        + second.post("/api/auth/login", json={"email": me, "password": "correct horse 9"}).json()["accessToken"]
    )
    well(client.post("/api/auth/logout"), 204)
    assert is_problem(thief.get("/api/workflows"), 401, "session_expired")
    assert is_problem(thief.post("/api/auth/refresh"), 401, "session_expired")
    found = told(second)["session_expired"]
    assert [one["operation"] for one in found["operations"]] == ["refreshSession", "listWorkflows"], found


BAD: Final[list[tuple[str, int, str, dict[str, Any]]]] = [
    ("another's id", 404, "not_found", {"method": "GET", "url": f"/api/workflows/{uuid.uuid4()}"}),
    ("SQL in a cursor", 422, "invalid_request", {"method": "GET", "url": "/api/workflows?cursor=' OR 1=1--"}),
    ("a field of the server's", 422, "invalid_request",
     {"method": "POST", "url": "/api/folders", "json": {"name": "x", "tenantId": str(uuid.uuid4())}}),
    ("up in the path", 404, "unknown_path", {"method": "GET", "url": "/api/workflows/..%2f..%2fetc%2fpasswd"}),
    ("a method that is none", 405, "wrong_method", {"method": "DELETE", "url": "/api/audit"}),
    ("too deep", 400, "invalid_json", {"method": "POST", "url": "/api/workflows", "content": DEEP, "headers": JSON}),
    ("no UTF-8", 400, "invalid_json", {"method": "POST", "url": "/api/folders", "content": b"\xff", "headers": JSON}),
    ("a form", 415, "unsupported_type",
     {"method": "POST", "url": "/api/folders", "content": "name=x", "headers": {"content-type": "text/plain"}}),
    ("a header that is none", 400, "bad_request",
     {"method": "POST", "url": "/api/folders", "json": {"name": "x"}, "headers": {"Idempotency-Key": "a b\tc"}}),
    ("an address with a line in it", 422, "invalid_request",
     {"method": "POST", "url": "/api/invitations", "json": {"email": "a@b.example\r\nCc: c@d.ex", "role": "editor"}}),
    ("an address that reads backwards", 422, "invalid_request",
     {"method": "POST", "url": "/api/invitations", "json": {"email": "a@b\u202el.example", "role": "editor"}}),
    ("an address that is another once it is normal", 422, "invalid_request",
     {"method": "POST", "url": "/api/invitations", "json": {"email": "\u0130@example.com", "role": "editor"}}),
    ("lines in the path", 404, "unknown_path", {"method": "GET", "url": "/api/x%0d%0aSet-Cookie:%20a=b"}),
    ("too large", 413, "too_large",
     {"method": "POST", "url": "/api/folders", "content": b"x" * (guard.MOST_BYTES + 1), "headers": JSON}),
    ("a used or unknown link", 410, "link_invalid",
     {"method": "POST", "url": "/api/auth/email", "json": {"token": "x" * 43}}),
]  # fmt: skip


@pytest.mark.parametrize(("status", "code", "sent"), [one[1:] for one in BAD], ids=[one[0] for one in BAD])
def test_bad_input_is_refused_and_counted(world: World, status: int, code: str, sent: dict[str, Any]) -> None:
    client = world.person()
    answers = [client.request(**sent) for _ in range(2)]
    for answer in answers:
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert len(answer.json()["detail"]) > 3
    found = told(client)
    assert list(found) == [code], answers[0].text
    assert found[code]["times"] == 2
    me = well(client.get("/api/me"))["user"]["id"]
    assert found[code]["actors"] == [{"actor": me, "times": 2}]


def test_a_body_that_is_too_large_is_counted_for_who_runs_the_deployment(world: World, databases: Databases) -> None:
    nobodys(world, databases)
    body = b'{"name": "' + b"x" * guard.MOST_BYTES + b'"}'
    answer = world.anonymous().post("/api/auth/login", content=body, headers=JSON)
    assert is_problem(answer, 413, "too_large")
    assert nobodys(world, databases)["too_large"][0] == 1


def test_too_many_requests_are_counted_and_write_one_entry(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.person()
    before = len(audit(client, limit=100))
    few = {**rates.rates(), "write": Rate("write", 3, 60)}
    monkeypatch.setattr(rates, "rates", lambda: few)
    statuses = [client.post("/api/folders", json={"name": "x"}).status_code for _ in range(40)]
    assert statuses.count(429) >= 36
    assert told(client)["too_many_requests"]["times"] == statuses.count(429)
    assert len(audit(client, limit=100)) <= before + 3, "the first three, and one for all others"


def test_of_many_addresses_some_are_named_and_the_others_counted(world: World) -> None:
    client = world.person()
    old = token_of(client, exp=int(time.time()) - 5)
    for number in range(25):
        headers = {"Authorization": f"Bearer {old}", "X-Forwarded-For": f"203.0.113.{number}, 198.51.100.1"}
        world.anonymous().get("/api/me", headers=headers)
    [entry] = audit(client, action="refused.")
    details = entry["details"]
    assert (details["times"], len(details["addresses"]), details["otherAddresses"]) == (25, refused.MOST_TOLD, 15)
    assert entry["address"] == ""
    size = world.own_redis.hlen(keys.refused(int(time.time()) // refused.WINDOW_SECONDS, str(tenant_of(client))))
    assert size == 0, "what is in the audit is not in Redis"


def test_who_may_not_is_told_one_by_one_so_often_and_counted_from_there(world: World) -> None:
    owner = world.person()
    viewer = joined(world, owner, "viewer")
    for _ in range(auditing.MOST_TOLD_EACH + 12):
        assert is_problem(viewer.post("/api/workflows", json=workflow()), 403, "not_allowed")
    each = audit(owner, action="call.refused", limit=100)
    assert len(each) == auditing.MOST_TOLD_EACH
    assert told(owner)["not_allowed"]["times"] == 12


def test_an_invitation_in_other_hands_floods_nobodys_audit(world: World) -> None:
    owner, thief = world.person(), world.person()
    token = invited(world, owner)
    for _ in range(auditing.MOST_TOLD_EACH + 5):
        answer = thief.post("/api/auth/invitation/accept", json={"token": token})
        assert is_problem(answer, 403, "invitation_for_another")
    assert len(audit(owner, action="member.invitation_refused", limit=100)) == auditing.MOST_TOLD_EACH
    assert told(owner)["invitation_for_another"]["times"] == 5


def test_what_is_no_mistake_is_not_counted(world: World) -> None:
    client = world.person()
    id = made(client)["id"]
    draft = {"document": workflow(), "revision": 99}
    assert client.put(f"/api/workflows/{id}/draft", json=draft).status_code in (404, 405, 409, 422)
    assert client.put(f"/api/workflows/{id}", json=draft).status_code == 409
    well(client.post("/api/folders", json={"name": "x"}), 201)
    assert is_problem(client.post("/api/folders", json={"name": "x"}), 409, "name_taken")
    assert {"stale_revision", "name_taken"}.isdisjoint(told(client))


def test_without_redis_a_process_counts_and_hands_over(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.person()
    tenant = tenant_of(client)
    away = redis.Redis.from_url("redis://127.0.0.1:1")
    counting = refused.Counting(away)
    for _ in range(3):
        counting.count(str(tenant), "not_found", {"address": "203.0.113.9"})
    for number in range(refused.MOST_HELD + 50):
        counting.count(f"{number}", "not_found", {})
    assert len(counting._held) <= refused.MOST_HELD + 1
    monkeypatch.setattr(counting, "client", world.own_redis)
    counting._away_until = 0.0
    counting.count(str(tenant), "token_expired", {})
    assert {kind: one["times"] for kind, one in told(client).items()} == {"token_expired": 1, "not_found": 3}
    assert counting._held == {}


def test_what_postgres_did_not_take_is_counted_on(world: World, databases: Databases) -> None:
    client = world.person()
    tenant = str(tenant_of(client))
    counting = refused.counting(world.own_redis)
    counting.count(tenant, "not_found", {"address": "203.0.113.9", "operation": "getWorkflow"})
    with pytest.raises(psycopg.OperationalError):
        refused.fold(world.own_redis, Link("postgresql://nobody@127.0.0.1:1/none"), time.time() + FAR)
    counting.count(tenant, "not_found", {"address": "203.0.113.9", "operation": "getWorkflow"})
    link = Link(databases.app)
    assert refused.fold(world.own_redis, link, time.time() + FAR) == 1
    assert refused.fold(world.own_redis, link, time.time() + FAR) == 0
    link.close()
    found = told(client)["not_found"]
    assert (found["times"], found["addresses"]) == (2, [{"address": "203.0.113.9", "times": 2}])


def test_of_a_workspace_that_is_gone_the_deployment_is_told(world: World, databases: Databases) -> None:
    world.person()
    nobodys(world, databases)
    refused.counting(world.own_redis).count(str(uuid.uuid4()), "token_expired", {})
    assert nobodys(world, databases) == {"token_expired": (1, {})}


def test_no_tenant_reads_what_is_refused_elsewhere(databases: Databases) -> None:
    with psycopg.connect(databases.app) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT * FROM platform_refusals")


def test_without_redis_the_audit_is_read_all_the_same(world: World) -> None:
    client = world.person()
    world.app.dependency_overrides[deps.redis_client] = lambda: redis.Redis.from_url("redis://127.0.0.1:1")
    assert client.get("/api/audit").status_code == 200


def test_who_runs_the_deployment_prints_what_belongs_to_no_workspace(
    world: World, databases: Databases, capsys: pytest.CaptureFixture[str]
) -> None:
    client = world.person()
    forged = {"Authorization": f"Bearer {token_of(client, key='x' * 40)}"}
    for _ in range(3):
        assert client.get("/api/me", headers=forged).status_code == 401
    link = Link(databases.app)
    refused.fold(world.own_redis, link, time.time() + FAR)
    link.close()
    assert platform_refusals.main([], databases.owner) == 0
    (line,) = [one for one in capsys.readouterr().out.splitlines() if "token_invalid" in one]
    assert " 3 x" in line
    assert "testclient (3)  getMe (3)" in line
    assert platform_refusals.main(["--json", "--kind", "token_invalid"], databases.owner) == 0
    (told,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (told["kind"], told["times"]) == ("token_invalid", 3)
    assert platform_refusals.main(["--kind", "gone"], databases.owner) == 0
    assert "Nothing was refused in 7 days as gone" in capsys.readouterr().err
    # The application's role, nobody's URL, a server that is away, days that there are not.
    assert platform_refusals.main([], databases.app) == 1
    assert "must be of the schema's owner" in capsys.readouterr().err
    assert platform_refusals.main([], None) == 2
    assert platform_refusals.main([], "postgresql://nobody@127.0.0.1:1/x") == 1
    for days in ("0", "91", "-1", "x"):
        with pytest.raises(SystemExit):
            platform_refusals.main(["--days", days], databases.owner)
    with psycopg.connect(databases.owner) as connection:
        connection.execute("DELETE FROM platform_refusals")
