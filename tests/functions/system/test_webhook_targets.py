"""Which workflow a path starts, on a real Postgres and Redis."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
import redis

from functions.system.webhook import targets as module
from functions.system.webhook.targets import (
    Methods,
    Patterns,
    Targets,
    Unavailable,
    from_database,
    patterns_from_database,
)
from local.stack.ports import free_port
from stepweave_data import redis_keys as keys
from stepweave_data.history.live import connect
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.hooks import target
from tests.functions.system.messages import rows


@pytest.fixture
def client(redis_url: str) -> Iterator[redis.Redis]:
    made = connect(redis_url)
    made.flushdb()
    yield made
    made.close()


@pytest.fixture
def database(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("STEPWEAVE_DATABASE_URL", databases.app)
    module._link.cache_clear()
    yield
    module._link().close()
    module._link.cache_clear()


def publish(databases: Databases, tenant: Tenant, path: str, method: str = "POST") -> dict[str, Any]:
    """Publish the tenant's workflow at a path."""
    stored: dict[str, Any] = {**target(), "nodeId": f"{method}-{path}"}
    with psycopg.connect(databases.owner) as connection:
        connection.execute(
            """INSERT INTO webhooks (tenant_id, workflow_id, node_id, method, path, target)
               VALUES (%s, %s, 'hook', %s, %s, %s)""",
            (tenant.id, tenant.workflow_id, method, path, json.dumps(stored)),
        )
    return stored


@pytest.mark.usefixtures("database")
def test_a_published_path_is_found_for_its_tenant_only(databases: Databases, tenants: tuple[Tenant, Tenant]) -> None:
    one, two = tenants
    post, put = publish(databases, one, "orders/new"), publish(databases, one, "orders/new", "PUT")
    assert from_database(one.slug, "orders/new") == {"POST": post, "PUT": put}
    assert from_database(two.slug, "orders/new") == {}
    assert from_database(one.slug, "orders") == {}


@pytest.mark.usefixtures("database")
def test_a_workflow_that_is_deleted_listens_no_more_and_one_that_is_switched_off_says_so(
    databases: Databases, tenants: tuple[Tenant, Tenant]
) -> None:
    stored = publish(databases, tenants[0], "x")
    change = "UPDATE workflows SET enabled = false WHERE id = %s RETURNING id"
    rows(databases, change, tenants[0].workflow_id)
    assert from_database(tenants[0].slug, "x") == {"POST": {**stored, "paused": True}}
    rows(databases, "UPDATE workflows SET deleted_at = now() WHERE id = %s RETURNING id", tenants[0].workflow_id)
    assert from_database(tenants[0].slug, "x") == {}


@pytest.mark.usefixtures("database")
def test_paths_with_parameters_are_found_by_their_length_with_the_literals_within_them(
    databases: Databases, tenants: tuple[Tenant, Tenant]
) -> None:
    one, two = tenants
    by_id, any_new = publish(databases, one, "v1.0/:id"), publish(databases, one, ":kind/new", "PUT")
    for path in ("v1.0/new", "v1x0/old", "other/path", "v1.0/new/deep", "v1.0"):
        publish(databases, one, path)
    found = patterns_from_database(one.slug, 2)
    assert found == {"paths": {"v1.0/:id": {"POST": by_id}, ":kind/new": {"PUT": any_new}}, "literals": ["v1.0/new"]}
    switch = "INSERT INTO trigger_switches (tenant_id, workflow_id, node_id) VALUES (%s, %s, 'hook') RETURNING node_id"
    rows(databases, switch, one.id, one.workflow_id)
    assert patterns_from_database(one.slug, 2)["paths"]["v1.0/:id"]["POST"] == {**by_id, "paused": True}
    rows(databases, "DELETE FROM trigger_switches WHERE workflow_id = %s RETURNING node_id", one.workflow_id)
    assert patterns_from_database(one.slug, 3) == patterns_from_database(two.slug, 2) == nobody("", 2)
    rows(databases, "UPDATE workflows SET enabled = false WHERE id = %s RETURNING id", one.workflow_id)
    assert patterns_from_database(one.slug, 2)["paths"]["v1.0/:id"]["POST"] == {**by_id, "paused": True}
    rows(databases, "UPDATE workflows SET deleted_at = now() WHERE id = %s RETURNING id", one.workflow_id)
    assert patterns_from_database(one.slug, 2) == nobody("", 2)


def test_a_database_that_is_down_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWEAVE_DATABASE_URL", f"postgresql://x:y@127.0.0.1:{free_port()}/z")
    module._link.cache_clear()
    with pytest.raises(Unavailable):
        from_database("acme", "x")
    with pytest.raises(Unavailable):
        patterns_from_database("acme", 1)
    module._link.cache_clear()


def nobody(slug: str, count: int) -> Patterns:
    return {"paths": {}, "literals": []}


def counted(found: Methods) -> tuple[Callable[[str, str], Methods], list[str]]:
    asked: list[str] = []

    def look_up(slug: str, path: str) -> Methods:
        asked.append(f"{slug}/{path}")
        return found

    return look_up, asked


@pytest.mark.parametrize("found", [{"POST": target()}, {}])
def test_postgres_is_asked_once_a_minute_for_known_and_unknown_paths(client: redis.Redis, found: Methods) -> None:
    look_up, asked = counted(found)
    assert [Targets(client, look_up, nobody).of("acme", "x") for _ in range(3)] == [found] * 3
    assert asked == ["acme/x"]
    assert 0 < int(client.ttl(keys.hook("acme", "x"))) <= keys.HOOK_SECONDS


@pytest.mark.parametrize("path", ["x", "~staging/x", f"~{'k' * 20}/{'x' * 200}"])
def test_a_path_is_looked_up_in_production_and_in_other_environments(client: redis.Redis, path: str) -> None:
    look_up, asked = counted({"POST": target()})
    assert Targets(client, look_up, nobody).of("acme", path) == {"POST": target()}
    assert asked == [f"acme/{path}"]


def test_publishing_that_deletes_the_key_shows_at_once(client: redis.Redis) -> None:
    look_up, asked = counted({"POST": target()})
    reader = Targets(client, look_up, nobody)
    reader.of("acme", "x")
    client.delete(keys.hook("acme", "x"))
    reader.of("acme", "x")
    assert len(asked) == 2


def test_what_can_be_no_path_reaches_neither_redis_nor_postgres(client: redis.Redis) -> None:
    look_up, asked = counted({})
    for slug, path in (
        ("ACME", "x"),
        ("acme", "a\0b"),
        ("acme", "x" * 201),
        ("", "x"),
        ("acme", ""),
        ("acme", "~/x"),
        ("acme", "x/~y"),
    ):
        assert Targets(client, look_up, nobody).of(slug, path) == {}
    assert (asked, client.keys("hook:*")) == ([], [])
