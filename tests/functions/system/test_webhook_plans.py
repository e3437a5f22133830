"""What a plan leaves a webhook: calls that wait for their turn or are refused, and outages that open nothing."""

from collections.abc import Iterator

import pytest
import redis

from functions.system.webhook import quotas
from functions.system.webhook.turns import DatabaseTurns
from stepweave_data.history.live import connect
from stepweave_data.link import Link
from stepweave_data.turns import Turns
from tests.fixtures.plans import GivePlan
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.hooks import Bench, call, content, target


@pytest.fixture
def client(redis_url: str) -> Iterator[redis.Redis]:
    made = connect(redis_url)
    made.flushdb()
    yield made
    made.close()


def test_a_plan_that_counts_starts_queues_calls_and_refuses_those_that_want_an_answer(
    client: redis.Redis, tenants: tuple[Tenant, Tenant], databases: Databases, give_plan: GivePlan,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("STEPWEAVE_DATABASE_URL", databases.app)
    quotas._link.cache_clear()
    give_plan(tenants[0].id, concurrent=1, queue=1)
    start = {**target()["start"], "tenant_id": str(tenants[0].id), "workflow_id": str(tenants[0].workflow_id)}
    link = Link(databases.app)
    turns = Turns(link)
    bench = Bench(client, methods={"POST": target(start=start, respond="immediately", machine="standard")})
    bench.plans, bench.admit = quotas.Plans(client), turns.admit  # type: ignore[method-assign]
    assert [bench(call(body={}))["statusCode"] for _ in range(3)] == [202, 202, 429]
    assert len(bench.handed_over) == 1
    bench.methods = {"POST": target(start=start, respond="lastNode", authentication="none")}
    client.flushdb()
    refused = bench(call(body={}, headers={"Idempotency-Key": "k"}))
    assert (refused["statusCode"], content(refused)["code"]) == (429, "too_many_executions")
    assert refused["headers"]["retry-after"] == "5"
    assert refused["headers"]["ratelimit-policy"] == '"concurrent";q=1'
    bench.admit = None  # type: ignore[assignment,method-assign]  # is not asked again within a second
    assert bench(call(body={}))["statusCode"] == 429
    bench.methods = {"POST": target(start=start, respond="immediately")}
    bench.admit = turns.admit  # type: ignore[method-assign]
    client.flushdb()
    ends = b"UPDATE executions SET status = 'succeeded' WHERE id NOT IN (SELECT execution_id FROM execution_turns)"
    link.tenant(str(tenants[0].id), lambda it: it.execute(ends))
    assert len(turns.next(str(tenants[0].id))) == 1
    bench.plans = quotas.Plans(redis.Redis.from_url("redis://127.0.0.1:1"))  # Redis is away: Postgres says the same
    assert [bench(call(body={}))["statusCode"] for _ in range(2)] == [202, 429]
    quotas._link().close()
    quotas._link.cache_clear()
    link.close()


def test_where_neither_redis_nor_postgres_answers_nothing_starts_uncounted(
    client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPWEAVE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    quotas._link.cache_clear()
    bench = Bench(client, methods={"POST": target(respond="immediately")})
    bench.plans, bench.admit = quotas.Plans(redis.Redis.from_url("redis://127.0.0.1:1")), DatabaseTurns().admit  # type: ignore[method-assign]
    refused = bench(call(body={}))
    assert (refused["statusCode"], refused["headers"]["retry-after"]) == (503, "2")
    assert bench.handed_over == []
    quotas._link.cache_clear()
