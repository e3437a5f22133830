"""What somebody may do is asked at each request: what was taken is gone at once, with Redis, without it, in a race."""

import uuid
from collections.abc import Callable
from contextlib import suppress

import psycopg
import pytest
import redis
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from api import deps
from api.repositories import rows as repositories
from api.repositories.rows import rows_of
from api.services import standing
from stepweave_data import redis_keys as keys
from stepweave_data import standing as kept
from stepweave_data.standing import Standing
from tests.api.conftest import PASSWORD, World
from tests.api.test_routes import is_problem, workflow
from tests.fixtures.servers import Databases


@pytest.fixture(autouse=True)
def _no_pause() -> None:
    standing._pause.until = 0.0


def ids(client: TestClient) -> tuple[uuid.UUID, uuid.UUID]:
    me = client.get("/api/me").json()
    return uuid.UUID(me["user"]["id"]), uuid.UUID(me["tenant"]["id"])


def other(world: World, client: TestClient) -> TestClient:
    """Return a client with the token of another, as one who has stolen it."""
    made = world.anonymous()
    made.headers["Authorization"] = client.headers["Authorization"]
    return made


ENDS: dict[str, Callable[[TestClient], object]] = {
    "logging out": lambda client: client.post("/api/auth/logout"),
    "ending all sessions": lambda client: client.post("/api/sessions/end"),
    "another password": lambda client: client.post(
        "/api/auth/password", json={"currentPassword": PASSWORD, "newPassword": "another horse 8"}
    ),
}


@pytest.mark.parametrize("way", ENDS)
def test_a_token_ends_with_its_session(world: World, way: str) -> None:
    client = world.person()
    thief = other(world, client)
    assert thief.get("/api/workflows").status_code == 200
    ENDS[way](client)
    assert is_problem(thief.get("/api/workflows"), 401, "session_expired")


def test_using_a_refresh_token_twice_ends_the_access_tokens_too(world: World) -> None:
    client = world.person()
    stolen, thief = client.cookies["stepweave_refresh"], world.anonymous()
    client.post("/api/auth/refresh")
    thief.cookies.set("stepweave_refresh", stolen)
    thief.headers["User-Agent"] = "curl/8.5"
    assert is_problem(thief.post("/api/auth/refresh"), 401, "session_reused")
    assert is_problem(client.get("/api/workflows"), 401, "session_expired")


def test_one_session_ends_and_another_goes_on(world: World) -> None:
    client = world.person()
    second = world.anonymous()
    body = {"email": client.get("/api/me").json()["user"]["email"], "password": PASSWORD}
    second.headers["Authorization"] = f"Bearer {second.post('/api/auth/login', json=body).json()['accessToken']}"
    client.post("/api/auth/logout")
    assert second.get("/api/me").status_code == 200


def test_rights_are_those_of_the_membership_and_not_of_the_token(world: World, databases: Databases) -> None:
    client = world.person()
    user, tenant = ids(client)
    with psycopg.connect(databases.owner) as connection:
        connection.execute("UPDATE memberships SET role = 'viewer' WHERE tenant_id = %s", (tenant,))
    kept.forget(world.redis, [user])
    assert is_problem(client.post("/api/workflows", json=workflow()), 403, "not_allowed")
    assert client.get("/api/workflows").status_code == 200
    assert client.get("/api/me").json()["role"] == "viewer"


def test_what_is_read_while_it_changes_is_not_kept(world: World) -> None:
    user, tenant, session = (uuid.uuid4() for _ in range(3))
    before = kept.of(world.redis, user, tenant, session)
    kept.forget(world.redis, [user])  # the change, while somebody has read what was before
    kept.keep(world.redis, user, tenant, session, before.epoch, Standing("owner"))
    found = kept.of(world.redis, user, tenant, session)
    assert found.standing is None
    kept.keep(world.redis, user, tenant, session, found.epoch, Standing("custom", ("a", "b")))
    assert kept.of(world.redis, user, tenant, session).standing == Standing("custom", ("a", "b"))
    assert 0 < world.redis.ttl(keys.standing(user, tenant, session)) <= keys.STANDING_SECONDS < keys.EPOCH_SECONDS


def test_what_is_kept_is_of_one_user_tenant_and_session(world: World) -> None:
    first, second = world.person(), world.person()
    assert {one.get("/api/me").status_code for one in (first, second)} == {200}
    names = list(world.redis.scan_iter("standing:*"))
    assert len(names) == len({name.split(":")[1] for name in names}) == 2


def test_without_redis_postgres_says_what_somebody_may(world: World, databases: Databases) -> None:
    client = world.person()
    user, _ = ids(client)
    world.app.dependency_overrides[deps.redis_client] = lambda: redis.Redis.from_url("redis://127.0.0.1:1")
    assert client.get("/api/workflows").status_code == 200
    with psycopg.connect(databases.owner) as connection:
        connection.execute("DELETE FROM memberships WHERE user_id = %s", (user,))
    assert is_problem(client.get("/api/workflows"), 401, "session_expired")


def test_without_both_nobody_gets_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.person()
    world.app.dependency_overrides[deps.redis_client] = lambda: redis.Redis.from_url("redis://127.0.0.1:1")

    def gone(_: uuid.UUID) -> None:
        raise OperationalError("SELECT", {}, psycopg.OperationalError("no answer"))

    monkeypatch.setattr(standing, "rows_of", gone)
    # A route that asks no database itself.
    assert is_problem(client.get("/api/node-types"), 503, "database_unavailable")


def test_a_change_is_told_after_its_commit_and_not_where_it_is_rolled_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[set[uuid.UUID]] = []
    client = world.person()
    user, tenant = ids(client)
    monkeypatch.setattr(repositories, "forget", lambda moved, _: told.append(set(moved)))
    with suppress(ZeroDivisionError), rows_of(tenant) as rows:
        rows.accounts.end_sessions(user)
        raise ZeroDivisionError
    assert told == []
    with rows_of(tenant) as rows:
        rows.accounts.end_sessions(user)
        assert told == []
    assert told == [{user}]
