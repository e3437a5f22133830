"""Nothing is pushed out of Redis but what a tenant has kept beyond its share, and that is its own."""

from collections.abc import Iterator
from typing import Any

import pytest
import redis

from stepweave_data import kept
from stepweave_data import redis_keys as keys
from stepweave_data.history.live import keep_live

DAY = keys.IDEMPOTENCY_SECONDS


@pytest.fixture
def client(redis_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_url, decode_responses=True) as made:
        made.flushdb()
        yield made
        made.config_set("maxmemory", "512mb")
        made.flushdb()


@pytest.fixture(autouse=True)
def _bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, most in {"MOST_OF_ONE": 100_000, "MOST_OF_ALL": 250_000, "MOST_KEYS": 50}.items():
        monkeypatch.setattr(kept, name, most)


def fill(client: redis.Redis, tenant: str, count: int, size: int = 10_000) -> list[str]:
    """Keep so many of a tenant; return those that are there."""
    names = [f"{tenant}-{index}" for index in range(count)]
    for name in names:
        assert kept.keep(client, tenant, name, "x" * size, DAY)
    return [name for name in names if client.exists(name)]


def counted(client: redis.Redis) -> int:
    found: Any = client.zrange(keys.kept_sizes(), 0, -1, withscores=True)
    return sum(int(size) for _, size in found)


def test_nothing_is_pushed_out_by_the_server(client: redis.Redis) -> None:
    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_a_tenant_that_floods_loses_its_own_oldest(client: redis.Redis) -> None:
    others = fill(client, "quiet", 3)
    client.set(keys.rate("login", "someone"), 5, ex=900)
    left = fill(client, "loud", 40)
    assert left == [f"loud-{index}" for index in range(40 - len(left), 40)]
    assert 5 <= len(left) <= 10
    assert kept.held(client, "loud") <= kept.MOST_OF_ONE
    assert client.exists(*others, keys.rate("login", "someone")) == 4


def test_many_small_ones_are_bounded_by_their_number(client: redis.Redis) -> None:
    assert len(fill(client, "loud", 80, size=1)) == kept.MOST_KEYS


def test_over_the_share_of_all_who_has_most_loses(client: redis.Redis) -> None:
    small = fill(client, "small", 2)
    for tenant in ("a", "b", "c", "d", "e"):
        fill(client, tenant, 8)
    assert client.exists(*small) == 2
    assert counted(client) == int(client.get(keys.kept_total()) or 0) <= kept.MOST_OF_ALL
    held = [kept.held(client, tenant) for tenant in ("a", "b", "c", "d", "e")]
    assert max(held) - min(held) <= 11_000, "they share what there is"


def test_what_is_written_again_is_counted_once(client: redis.Redis) -> None:
    for size in (10, 5_000, 20):
        kept.keep(client, "t", "claim", "x" * size, 90)
        kept.keep_list(client, "t", "answer", "x" * size, 90)
    assert kept.held(client, "t") == 2 * 20 + 2 * len("claimanswer") + 2 * kept.OVERHEAD
    assert client.lrange("answer", 0, -1) == ["x" * 20]
    assert 80_000 < client.pttl("claim") <= 90_000


def test_a_new_one_is_kept_where_nothing_is(client: redis.Redis) -> None:
    assert kept.keep(client, "t", "claim", "first", 90, new=True)
    assert not kept.keep(client, "t", "claim", "second", 90, new=True)
    assert client.get("claim") == "first"


def test_a_tenant_of_yesterday_is_forgotten(client: redis.Redis) -> None:
    fill(client, "gone", 3)
    client.zadd(keys.kept_times(), {"gone": 1})
    fill(client, "t", 1)
    assert kept.held(client, "gone") == 0
    assert not client.exists(keys.kept("gone"))
    assert int(client.get(keys.kept_total()) or 0) == kept.held(client, "t") == counted(client)


def test_what_is_counted_is_what_it_takes(client: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MOST_OF_ONE", "MOST_OF_ALL", "MOST_KEYS"):
        monkeypatch.setattr(kept, name, 10**9)
    before = client.info("memory")["used_memory"]
    for index in range(2_000):
        kept.keep(client, "t", f"repeated:{'0' * 70}:{index:064}", "x" * 150, DAY)
    taken = client.info("memory")["used_memory"] - before
    assert taken <= 1.1 * kept.held(client, "t")


def test_a_full_server_refuses_and_pushes_nothing_out(client: redis.Redis) -> None:
    others = fill(client, "quiet", 3)
    client.config_set("maxmemory", client.info("memory")["used_memory"] - 50_000)
    with pytest.raises(redis.RedisError) as caught:
        client.set("stray", "x", ex=DAY)
    assert kept.no_room(caught.value)
    with pytest.raises(redis.RedisError) as caught:
        kept.keep(client, "loud", "late", "x", DAY)
    assert kept.no_room(caught.value)
    assert client.exists(*others) == 3
    assert kept.held(client, "loud") == 0
    assert not kept.no_room(redis.ConnectionError("gone"))


def test_the_latest_state_of_an_execution_goes_soon_after_its_end(client: redis.Redis) -> None:
    def ends_in(status: str) -> int:
        it = {"id": "e", "status": status, "lastSeq": 1, "trigger": "manual", "machineType": "standard"}
        keep_live(client, {}, [it], [])
        return int(client.ttl(keys.snapshot("e")))

    assert [ends_in("running"), ends_in("failed")] == [keys.SNAPSHOT_SECONDS, keys.ENDED_SECONDS]
