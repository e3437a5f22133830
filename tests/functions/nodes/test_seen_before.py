"""Removing what earlier executions let through: nothing is lost where they fail, and the memory never gets stuck."""

import json
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from functions.nodes.data.remove_duplicates.run import run
from functions.nodes.data.remove_duplicates.spec import SPEC
from functions.system.store.serving import serve
from stepweave.runtime.errors import NodeError
from stepweave.runtime.storing import Store
from stepweave_data.link import Link
from tests.fakes.steps import items
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.stored import Stage


@pytest.fixture
def stage(databases: Databases, tenants: tuple[Tenant, Tenant]) -> Iterator[Stage]:
    made = Stage(databases, tenants[0])
    yield made
    made.outside.link.close()


def execution(stage: Stage, status: str, went_on_from: str = "") -> str:
    """Write an execution down, as the recorder does; return its id."""
    id, tenant = str(uuid.uuid4()), stage.tenant
    with psycopg.connect(stage.databases.owner) as connection:
        connection.execute(
            """INSERT INTO executions (id, tenant_id, workflow_id, mode, trigger, status, machine_type, started_at)
               VALUES (%s, %s, %s, 'live', 'manual', %s, 'standard', now())""",
            (id, tenant.id, tenant.workflow_id, status),
        )
        trigger = json.dumps({"trigger": {"origin": went_on_from} if went_on_from else {}})
        connection.execute(
            """INSERT INTO execution_events (execution_id, seq, tenant_id, id, type, at, data)
               VALUES (%s, 1, %s, %s, 'execution.started', now(), %s)""",
            (id, tenant.id, f"{id}-started", trigger),
        )
    return id


def kept(stage: Stage, id: str, *values: Any, context: Any = None, **params: Any) -> list[Any]:
    """Return the values of the items that are kept in an execution."""
    wanted = {"mode": "earlier", "value": "{{ $json.v }}", **params}
    bench = stage.bench(SPEC, run)
    inputs = items(*({"v": value} for value in values))
    output = bench(wanted, inputs, context={**stage.context(id), **(context or {})})["output"]
    found = [
        one
        for batch in [output.get("main")]
        if batch
        for one in bench.outside.claims.fetch(batch, str(stage.tenant.id))
    ]
    return [one["json"].get("v", one["json"].get("forgotten")) for one in found]


def test_a_value_passes_once_by_its_type_and_items_without_one_always(stage: Stage) -> None:
    first = [1, 1.0, "1", True, None, "", None, {"b": 1, "a": 2}, {"a": 2, "b": 1}, "__proto__"]
    assert kept(stage, execution(stage, "succeeded"), *first) == [
        1, "1", True, None, "", None, {"b": 1, "a": 2}, "__proto__",
    ]  # fmt: skip
    assert kept(stage, execution(stage, "running"), *first, 2) == [None, "", None, 2]


@pytest.mark.parametrize("ended", ["failed", "cancelled", "timed_out"])
def test_what_an_execution_let_through_that_failed_comes_again(stage: Stage, ended: str) -> None:
    assert kept(stage, execution(stage, ended), "a", "b") == ["a", "b"]
    assert kept(stage, execution(stage, "succeeded"), "a") == ["a"]
    assert kept(stage, execution(stage, "succeeded"), "a", "b") == ["b"]


def test_what_a_failed_one_let_through_counts_once_somebody_went_on_from_it(stage: Stage) -> None:
    failed = execution(stage, "failed")
    kept(stage, failed, "a")
    execution(stage, "failed", went_on_from=failed)
    assert kept(stage, execution(stage, "failed"), "a") == ["a"]
    failed = execution(stage, "failed")
    kept(stage, failed, "c")
    execution(stage, "succeeded", went_on_from=failed)
    assert kept(stage, execution(stage, "succeeded"), "c", "d") == ["d"]


def test_a_run_that_is_tried_again_lets_through_what_it_did(stage: Stage) -> None:
    id = execution(stage, "running")
    assert kept(stage, id, "a", "b") == kept(stage, id, "a", "b") == ["a", "b"]
    resumed = execution(stage, "running", went_on_from=id)
    assert kept(stage, resumed, "a", "b", context={"origin": id}) == ["a", "b"]
    assert kept(stage, execution(stage, "running"), "a") == []


def test_only_what_is_greater_than_before_passes(stage: Stage) -> None:
    def greater(status: str, *values: Any, **params: Any) -> list[Any]:
        return kept(stage, execution(stage, status), *values, mode="greater", **params)

    assert greater("succeeded", 1, 3, "2", 3) == [1, 3, "2", 3]
    assert greater("failed", 2, 9, 2**53 + 1) == [9, 2**53 + 1]
    assert greater("succeeded", 3, 3.5, 10) == [3.5, 10]
    assert greater("succeeded", 10, None, 11) == [None, 11]
    days = {"valueType": "date", "scope": "workflow"}
    assert greater("succeeded", "2026-01-02", "2026-01-01T00:00:00+05:00", **days) == [
        "2026-01-02",
        "2026-01-01T00:00:00+05:00",
    ]
    assert greater("succeeded", "2026-01-02T00:00:00.000Z", "2026-01-02T00:00:00.001Z", **days) == [
        "2026-01-02T00:00:00.001Z"
    ]
    wrong: list[tuple[Any, dict[str, str]]] = [("x", {}), (True, {}), ([1], {}), ("31.12.2026", days)]
    for value, more in wrong:
        with pytest.raises(NodeError, match=r"is no (number|date)"):
            greater("succeeded", value, **more)


def test_the_oldest_is_forgotten_for_the_new_and_nothing_gets_stuck(stage: Stage) -> None:
    for start in range(0, 12, 4):
        values = list(range(start, start + 4))
        assert kept(stage, execution(stage, "succeeded"), *values, history=6) == values
    assert kept(stage, execution(stage, "succeeded"), 11, 0, history=6) == [0]


def test_memories_are_of_a_node_or_a_workflow_and_tests_have_their_own(stage: Stage) -> None:
    def done() -> str:
        return execution(stage, "succeeded")

    assert kept(stage, done(), "a") == ["a"]
    assert kept(stage, done(), "a", context={"mode": "draft"}) == ["a"]
    assert kept(stage, done(), "a", scope="workflow") == ["a"]
    assert kept(stage, done(), "a", scope="workflow") == []
    assert kept(stage, done(), "a", mode="forget") == [1]
    assert kept(stage, done(), "a") == ["a"]
    assert kept(stage, done(), "a", scope="workflow") == []


def test_many_executions_at_once_let_a_value_through_once(stage: Stage) -> None:
    ids = [execution(stage, "running") for _ in range(12)]
    tenant = stage.tenant

    def ask(id: str) -> int:
        link = Link(stage.databases.app)
        asker = {"workflowId": str(tenant.workflow_id), "executionId": id, "origin": id, "run": id}
        store = Store(lambda request: serve(request, link), str(tenant.id))
        told = store.do({"do": "fresh", "scope": f"{tenant.workflow_id}:s", "asker": asker, "values": ["a", "b"]})
        link.close()
        return sum(told)

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(ask, ids)) == 2
