"""The store keeps keys and tables of each tenant apart, counts exactly, and does what is retried once."""

import math
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from functions.system.store.serving import serve
from stepweave.runtime import storing
from stepweave.runtime.errors import NodeError
from stepweave.runtime.storing import Store
from stepweave_data.link import Link
from stepweave_data.store import entries
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.stored import Stage


@pytest.fixture
def stage(databases: Databases, tenants: tuple[Tenant, Tenant]) -> Iterator[Stage]:
    made = Stage(databases, tenants[0])
    yield made
    made.outside.link.close()


def key(name: str = "k", **more: Any) -> dict[str, Any]:
    return {"store": "default", "key": name, **more}


def refused(stage: Stage, operation: dict[str, Any]) -> NodeError:
    with pytest.raises(NodeError) as raised:
        stage.store.do(operation)
    return raised.value


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        0,
        False,
        "text with “quotes” and 🦉",
        {"__proto__": {"a": 1}, "b": 1, "a": [{}]},
        2**53 + 1,
        -(10**300),
        1e300,
        5e-324,
        0.1,
        1.0,
        [[[]]],
    ],
)
def test_a_value_comes_back_as_it_was_put_in(stage: Stage, value: Any) -> None:
    stage.store.do({"do": "set", **key(), "value": value})
    found = stage.store.do({"do": "get", **key()})
    assert (found["found"], found["value"], type(found["value"])) == (True, value, type(value))


@pytest.mark.parametrize(
    ("operation", "type", "words"),
    [
        (key(""), "StoreKeyInvalid", "empty"),
        (key("x" * 513), "StoreKeyInvalid", "513 characters"),
        (key("a\0b"), "StoreKeyInvalid", "control character"),
        (key("a\ud800"), "StoreKeyInvalid", "half a character"),
        ({"store": " ", "key": "k"}, "StoreKeyInvalid", "store is empty"),
        ({"store": "s" * 64, "key": "k"}, "StoreKeyInvalid", "64 characters"),
        ({"store": "s", "key": ["k"]}, "StoreKeyInvalid", "no text"),
        (key(value="x" * 300_000), "StoreValueInvalid", "293 KB"),
        (key(value="a\0"), "StoreValueInvalid", "NUL"),
        (key(value=math.nan), "StoreValueInvalid", "a number that is"),
        (key(value=10**400), "StoreValueInvalid", "cannot be stored"),
        (key(value=1, ttl=0), "StoreValueInvalid", "time to live is 0"),
        (key(value=1, ttl=1e12), "StoreValueInvalid", "ten years"),
        (key(value=1, ttl="5"), "StoreValueInvalid", "time to live is '5'"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_words(
    stage: Stage, operation: dict[str, Any], type: str, words: str
) -> None:
    answer = serve({"tenantId": str(stage.tenant.id), "operations": [{"do": "set", **operation}]}, stage.outside.link)
    [result] = answer["results"]
    assert (result["error"]["code"], words in result["error"]["message"]) == (type, True), result
    assert result["error"]["remedy"]


def test_a_value_nested_too_deeply_is_refused(stage: Stage) -> None:
    deep: Any = 1
    for _ in range(101):
        deep = [deep]
    assert "nested" in str(refused(stage, {"do": "set", **key(value=deep)}))


@pytest.mark.parametrize(
    ("steps", "total"),
    [
        ([1, 1, 1], 3),
        ([0.1, 0.2], 0.3),
        ([2**53, 1], 2**53 + 1),
        ([10**300, 1], 10**300 + 1),
        ([-0.5, 0.5], 0),
        (["2", " 3 "], 5),
        ([1e21, 1e21], 2e21),
    ],
)
def test_increments_reckon_exactly(stage: Stage, steps: list[Any], total: Any) -> None:
    results = [stage.store.do({"do": "increment", **key(), "by": step}) for step in steps]
    assert results[-1]["value"] == total == stage.store.do({"do": "get", **key()})["value"]
    assert [result["created"] for result in results] == [True] + [False] * (len(steps) - 1)


@pytest.mark.parametrize(
    ("stored", "by", "words"),
    [
        ("abc", 1, '"abc"'),
        ({"a": 1}, 1, "is no number"),
        (None, 1, "null"),
        (True, 1, "true"),
        (1, "x", '"x"'),
        (1, None, "null"),
        (1, math.inf, "inf"),
        (10**16, 0.1, "more digits"),
        (17 * 10**307, 17 * 10**307, "larger"),
    ],
)
def test_what_cannot_be_added_is_left_as_it_is(stage: Stage, stored: Any, by: Any, words: str) -> None:
    stage.store.do({"do": "set", **key(), "value": stored})
    answer = serve(
        {"tenantId": str(stage.tenant.id), "operations": [{"do": "increment", **key(), "by": by}]}, stage.outside.link
    )
    error = answer["results"][0]["error"]
    assert (error["code"], words in error["message"]) == ("StoreNotNumber", True), error
    assert stage.store.do({"do": "get", **key()})["value"] == stored


def test_a_hundred_executions_at_once_lose_no_increment_and_one_alone_sets_what_is_absent(stage: Stage) -> None:
    workers, links = threading.local(), list[Link]()

    def ask(request: dict[str, Any]) -> Any:
        if not hasattr(workers, "link"):
            workers.link = Link(stage.databases.app)
            links.append(workers.link)
        return serve(request, workers.link)

    def execution(number: int) -> tuple[Any, bool]:
        store = Store(ask, str(stage.tenant.id))
        counted = store.do({"do": "increment", **key("n"), "by": 1, "once": f"n{number}"})["value"]
        return counted, store.do({"do": "set", **key("lock"), "value": number, "ifAbsent": True})["stored"]

    with ThreadPoolExecutor(20) as pool:
        results = list(pool.map(execution, range(100)))
    for link in links:
        link.close()
    assert sorted(value for value, _ in results) == list(range(1, 101))
    assert sum(stored for _, stored in results) == 1


def test_what_is_past_its_time_counts_as_absent_swept_or_not(stage: Stage) -> None:
    stage.store.do({"do": "set", **key(), "value": 7, "ttl": 60})
    expires = stage.store.do({"do": "increment", **key(), "by": 1, "ttl": 9_999})["expiresAt"]
    assert stage.store.do({"do": "get", **key()}) | {"updatedAt": ""} == {
        "key": "k", "found": True, "value": 8, "expiresAt": expires, "updatedAt": "",
    }  # fmt: skip
    _age(stage)
    assert stage.store.do({"do": "get", **key()})["found"] is False
    assert stage.store.do({"do": "list", "store": "default"})["entries"] == []
    assert stage.store.do({"do": "stores"}) == []
    fresh = stage.store.do({"do": "increment", **key(), "by": 1, "start": 10, "ttl": 30})
    assert (fresh["value"], fresh["created"], fresh["expiresAt"] < expires) == (11, True, True)
    _age(stage)
    assert stage.store.do({"do": "set", **key(), "value": 1, "ifAbsent": True})["stored"] is True
    assert stage.store.do({"do": "get", **key()})["expiresAt"] is None
    stage.store.do({"do": "set", **key(), "value": 1, "ttl": 1})
    _age(stage)
    assert stage.store.do({"do": "delete", **key()}) == {"key": "k", "deleted": False, "value": None}


def _age(stage: Stage) -> None:
    with psycopg.connect(stage.databases.owner) as connection:
        connection.execute(
            """UPDATE store_entries SET expires_at = now() - interval '1 s'
               WHERE tenant_id = %s AND expires_at IS NOT NULL""",
            (stage.tenant.id,),
        )


def test_the_sweeper_deletes_what_is_past_its_time_of_all_tenants(stage: Stage, tenants: tuple[Tenant, Tenant]) -> None:
    stage.store.do({"do": "set", **key("gone"), "value": 1, "ttl": 1})
    stage.store.do({"do": "set", **key("kept"), "value": 1})
    _age(stage)
    with psycopg.connect(stage.databases.app, autocommit=True) as connection:
        row = connection.execute("SELECT sweep_store(1000)").fetchone()
    assert row is not None
    assert row[0] >= 1
    with psycopg.connect(stage.databases.owner) as connection:
        query = "SELECT key FROM store_entries WHERE tenant_id = %s"
        assert connection.execute(query, (stage.tenant.id,)).fetchall() == [("kept",)]


def test_keys_are_listed_by_prefix_in_the_order_of_code_points_and_paged(stage: Stage) -> None:
    for name in ("a", "a%", "a%b", "a_", "b", "ab", "é", "a\U0010ffff"):
        stage.store.do({"do": "set", **key(name), "value": name})
    assert [one["key"] for one in _listed(stage, "a%")] == ["a%", "a%b"]
    assert [one["key"] for one in _listed(stage, "a")] == ["a", "a%", "a%b", "a_", "ab", "a\U0010ffff"]
    assert [one["key"] for one in _listed(stage, "", 3)] == ["a", "a%", "a%b", "a_", "ab", "a\U0010ffff", "b", "é"]


def test_a_page_of_large_values_is_short_and_loses_none(stage: Stage) -> None:
    for number in range(16):
        stage.store.do({"do": "set", **key(f"{number:02}"), "value": "x" * 250_000})
    first = stage.store.do({"do": "list", "store": "default"})
    assert (1 < len(first["entries"]) < 16, bool(first["next"])) == (True, True)
    assert [one["key"] for one in _listed(stage, "")] == [f"{number:02}" for number in range(16)]


def _listed(stage: Stage, prefix: str, limit: int = 1_000) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        page = stage.store.do({"do": "list", "store": "default", "prefix": prefix, "after": after, "limit": limit})
        found, after = found + page["entries"], page["next"]
        if not after:
            return found


def test_tenants_do_not_meet(stage: Stage, tenants: tuple[Tenant, Tenant]) -> None:
    other = Store(stage.outside.ask, str(tenants[1].id))
    stage.store.do({"do": "set", **key(), "value": "mine"})
    stage.store.do({"do": "insert", "table": "T", "values": {"a": 1}, "missing": "create"})
    assert other.do({"do": "get", **key()})["found"] is False
    assert (other.do({"do": "stores"}), other.do({"do": "tables"})) == ([], [])
    with pytest.raises(storing.TableNotFound):
        other.do({"do": "query", "table": "T"})
    with pytest.raises(ValueError, match="badly formed"):
        serve({"tenantId": "x' OR true", "operations": []}, stage.outside.link)


def test_keys_of_a_tenant_are_limited(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MOST_KEYS", 2)
    for name in ("a", "b", "a"):
        stage.store.do({"do": "set", **key(name), "value": 1})
    assert type(refused(stage, {"do": "set", **key("c"), "value": 1})) is storing.StoreFull
    stage.store.do({"do": "delete", **key("a")})
    stage.store.do({"do": "set", **key("c"), "value": 1})
