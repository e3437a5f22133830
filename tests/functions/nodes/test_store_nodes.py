"""The nodes of the store, on a real Postgres: keys, rows, and what becomes of items over attempts."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from functions.nodes.data.store.run import run as run_store
from functions.nodes.data.store.spec import SPEC as STORE
from functions.nodes.data.table.run import run as run_table
from functions.nodes.data.table.spec import SPEC as TABLE
from stepweave.aws import AwsError
from stepweave.runtime import storing
from stepweave.runtime.errors import NodeError
from tests.fakes.steps import Bench, items
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.stored import Stage

OWN = ("id", "createdAt", "updatedAt")


@pytest.fixture
def stage(databases: Databases, tenants: tuple[Tenant, Tenant]) -> Iterator[Stage]:
    made = Stage(databases, tenants[0])
    yield made
    made.outside.link.close()


def bench(stage: Stage, **params: Any) -> "Bound":
    return Bound(stage, stage.bench(STORE, run_store), {"operation": "get", "key": "{{ $json.key }}", **params})


def table(stage: Stage, operation: str, **params: Any) -> "Bound":
    return Bound(stage, stage.bench(TABLE, run_table), {"operation": operation, "table": "People", **params})


class Bound:
    """A node with parameters in a tenant's execution; each call is an execution of its own unless it names one."""

    def __init__(self, stage: Stage, bench: Bench, params: dict[str, Any]) -> None:
        self._stage, self._bench, self._params = stage, bench, params

    def __call__(self, *inputs: dict[str, Any], execution: str = "", **more: Any) -> list[dict[str, Any]]:
        context = self._stage.context(execution or str(uuid.uuid4()))
        output = self._bench(self._params, items(*inputs), context=context, **more)["output"]
        if "main" not in output:
            return []
        return [one["json"] for one in self._bench.outside.claims.fetch(output["main"], context["tenantId"])]


def test_items_set_get_increment_list_and_delete_keys(stage: Stage) -> None:
    inputs: list[dict[str, Any]] = [{"key": "a", "n": 1}, {"key": "b", "n": {"x": [1.5]}}]
    made = bench(stage, operation="set", value="{{ $json.n }}", ttl=2, ttlUnit="hours")(*inputs)
    assert [(one["key"], one["value"], one["stored"], one["created"]) for one in made] == [
        ("a", 1, True, True), ("b", {"x": [1.5]}, True, True),
    ]  # fmt: skip
    assert all(one["expiresAt"] for one in made)
    assert [one["value"] for one in bench(stage)(*inputs, {"key": "c"})] == [1, {"x": [1.5]}, None]
    assert bench(stage, default="none", into="was")({"key": "c", "n": 2}) == [{"key": "c", "n": 2, "was": "none"}]
    assert [one["value"] for one in bench(stage, operation="increment", by=2.5)(*[{"key": "n"}] * 3)] == [2.5, 5, 7.5]
    assert [one["key"] for one in bench(stage, operation="list", key="", limit=2)({})] == ["a", "b"]
    assert [one["key"] for one in bench(stage, operation="list", key="", prefix="n")({})] == ["n"]
    assert bench(stage, operation="setIfAbsent", value=9)({"key": "a"})[0]["stored"] is False
    deleted = bench(stage, operation="delete")({"key": "a"}, {"key": "a"})
    assert [(one["deleted"], one["value"]) for one in deleted] == [(True, 1), (False, None)]


def test_a_run_asks_once_for_a_hundred_items_and_keeps_their_order(stage: Stage) -> None:
    made = bench(stage, operation="increment")(*[{"key": "n"}] * 150)
    assert [one["value"] for one in made] == list(range(1, 151))
    assert [len(request["operations"]) for request in stage.outside.requests] == [100, 50]


def test_an_item_that_fails_stops_the_step_before_the_next_is_done(stage: Stage) -> None:
    inputs = [{"key": "a"}, {"key": ""}, {"key": "c"}]
    with pytest.raises(NodeError) as raised:
        bench(stage, operation="set", value=1)(*inputs)
    assert (raised.value.item, type(raised.value)) == (1, storing.StoreKeyInvalid)
    assert [one["key"] for one in bench(stage, operation="list", key="")({})] == ["a"]


def test_items_that_fail_go_on_as_error_items_and_the_others_are_done(stage: Stage) -> None:
    stage.store.do({"do": "set", "store": "default", "key": "text", "value": "x"})
    inputs = [{"key": "a"}, {"key": "text"}, {"key": "b" * 600}, {"key": "a"}]
    made = bench(stage, operation="increment")(*inputs, settings={"onError": "continue"})
    assert [one.get("value") or one["error"]["type"] for one in made] == [1, "StoreNotNumber", "StoreKeyInvalid", 2]


def test_attempts_and_an_execution_that_goes_on_count_once(stage: Stage) -> None:
    count, id = bench(stage, operation="increment"), str(uuid.uuid4())
    count({"key": "n"}, {"key": "n"}, execution=id)
    count({"key": "n"}, {"key": "n"}, execution=id, attempt=2)
    assert [one["value"] for one in count({"key": "n"}, {"key": "n"}, execution=id, iteration="1")] == [3, 4]
    assert [one["value"] for one in count({"key": "n"})] == [5]
    # Another key of the same item, as after a mistake was mended, is done.
    assert [one["value"] for one in count({"key": "m"}, execution=id)] == [1]


def test_a_store_that_is_away_is_retried_and_nothing_is_done_twice(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, calls = stage.outside.ask, list[int]()

    def flaky(request: dict[str, Any]) -> Any:
        calls.append(len(request["operations"]))
        answer = ask(request)
        if len(calls) in (2, 3, 4):
            raise AwsError("ConnectionFailed", "away", retryable=True)  # after it was done
        return answer

    monkeypatch.setattr(stage.outside, "ask", flaky)
    count, id, settings = bench(stage, operation="increment"), str(uuid.uuid4()), {"maxAttempts": 2}
    with pytest.raises(storing.StoreUnavailable):
        count(*[{"key": "n"}] * 150, execution=id, settings=settings)
    made = count(*[{"key": "n"}] * 150, execution=id, settings=settings, attempt=2)
    assert [one["value"] for one in made] == list(range(1, 151))
