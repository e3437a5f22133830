"""Rollups: each execution is counted once, whatever comes late, twice or out of order, however often it is counted."""

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.system.sweeper.rolling_up import rolled_up
from stepweave.model.events import Event, EventBatch, EventType
from stepweave.runtime.events import event
from stepweave_data.history.store import History
from stepweave_data.link import Link
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant, make_tenant
from tests.functions.system.messages import FAILED, STARTED, SUCCEEDED, batch, context_of, node, rows, started

BEGAN = datetime(2026, 11, 23, 12, tzinfo=UTC)
RETRYING, WAITING = EventType.NODE_RETRYING, EventType.NODE_WAITING


@pytest.fixture
def history(databases: Databases) -> Iterator[History]:
    made = History(databases.app)
    yield made
    made.close()


@pytest.fixture
def link(databases: Databases) -> Iterator[Link]:
    made = Link(databases.app)
    yield made
    made.close()


@pytest.fixture
def tenant(tenants: tuple[Tenant, Tenant]) -> Tenant:
    return tenants[0]


def at(seconds: float) -> str:
    """Return a time as events tell it."""
    return (BEGAN + timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def failure(message: str = "Row 17 of a@b.example is not there", type: str = "NotThere") -> dict[str, Any]:
    return {"type": type, "message": message, "retryable": False}


def ended(execution_id: str, seconds: float, *, error: dict[str, Any] | None = None) -> Event:
    """Return an execution's end."""
    kind = EventType.EXECUTION_FAILED if error else EventType.EXECUTION_SUCCEEDED
    return event(kind, id=f"{execution_id}-ended", at=at(seconds), **({"error": error} if error else {}))


def story(tenant: Tenant, *, fails: bool = False, seconds: float = 90, **context: Any) -> list[EventBatch]:
    """Return an execution's messages in their order: two nodes, one of which waits, is tried twice and costs."""
    who = context_of(tenant, **context)
    id, error = who["executionId"], failure() if fails else None
    output = {"main": {"count": 3, "items": [{"json": {}}] * 3}}
    usage = {"requests": 2, "tokens": {"m": {"input": 10, "output": 5, "cached": 1}}, "money": {"USD": "0.25"}}
    last = (
        node(FAILED, "b", 2, id=f"{id}-6", at=at(seconds), error=error, durationMs=1000.0)
        if error
        else node(SUCCEEDED, "b", 2, id=f"{id}-6", at=at(seconds), output=output, durationMs=1000.0)
    )
    events = [
        started(who),
        node(STARTED, "a", id=f"{id}-1", at=at(1)),
        node(SUCCEEDED, "a", id=f"{id}-2", at=at(2), output=output, usage=usage, durationMs=800.0),
        node(STARTED, "b", id=f"{id}-3", at=at(3)),
        node(RETRYING, "b", id=f"{id}-4", at=at(4)),
        node(WAITING, "b", 2, id=f"{id}-5", at=at(30), waiting={"kind": "time"}),
        last,
        ended(id, seconds, error=error),
    ]
    return [batch(who, one) for one in events]


def seen(databases: Databases, tenant: Tenant) -> list[Any]:
    """Return all that is counted of a tenant, without rows that came to nothing."""
    found = rows(
        databases,
        "SELECT to_jsonb(r) - 'tenant_id' FROM rollups r WHERE tenant_id = %s AND (counts <> '{}' OR items <> 0) "
        "ORDER BY grain, level, at, workflow_id, version, node_id, trigger",
        tenant.id,
    )
    errors = rows(
        databases,
        "SELECT to_jsonb(c), to_jsonb(g) FROM error_counts c JOIN error_groups g ON g.id = c.group_id "
        "WHERE c.tenant_id = %s AND c.count <> 0 ORDER BY c.grain, c.at, c.group_id",
        tenant.id,
    )
    return [found, errors]


def by_level(databases: Databases, tenant: Tenant, grain: int = 1440) -> dict[tuple[int, str], dict[str, Any]]:
    """Return a tenant's only rows of a grain by level and node."""
    query = "SELECT level, node_id, to_jsonb(r) FROM rollups r WHERE tenant_id = %s AND grain = %s"
    return {(level, node_id): row for level, node_id, row in rows(databases, query, tenant.id, grain)}


def told(history: History, messages: list[EventBatch]) -> None:
    for message in messages:
        history.record(message["context"]["tenantId"], [message])


def recounted(databases: Databases, link: Link, tenant: Tenant) -> int:
    """Have all of a tenant counted anew from the history; return for how many days."""
    days: int = link.tenant(
        str(tenant.id), lambda it: (it.execute("SELECT request_rollup_rebuild()").fetchone() or (0,))[0]
    )
    rolled_up(link)
    return days


def test_an_execution_is_counted_with_its_nodes(
    databases: Databases, history: History, link: Link, tenant: Tenant
) -> None:
    told(history, story(tenant))
    rolled_up(link)
    found = by_level(databases, tenant)
    assert set(found) == {(0, ""), (1, ""), (2, "a"), (2, "b")}
    whole, a, b = found[1, ""], found[2, "a"], found[2, "b"]
    assert (whole["succeeded"], whole["failed"], whole["version"], whole["trigger"]) == (1, 0, 3, "webhook")
    assert (whole["duration_ms"], whole["wait_ms"], whole["items"], whole["retries"]) == (90_000, 60_000, 6, 1)
    assert (whole["requests"], whole["tokens"], whole["money"]) == (2, 15, 0.25)
    assert (a["succeeded"], a["duration_ms"], a["wait_ms"], a["tokens"], a["retries"]) == (1, 800, 0, 15, 0)
    assert (b["succeeded"], b["duration_ms"], b["wait_ms"], b["items"], b["retries"]) == (1, 1000, 60_000, 3, 1)
    assert found[0, ""]["workflow_id"] is None
    assert found[0, ""]["counts"] == [1]
    quarter = by_level(databases, tenant, 15)[0, ""]["at"]
    assert datetime.fromisoformat(quarter) == BEGAN


def test_what_is_counted_twice_counts_once(databases: Databases, history: History, link: Link, tenant: Tenant) -> None:
    messages = story(tenant, fails=True)
    told(history, messages)
    rolled_up(link)
    once = seen(databases, tenant)
    told(history, messages)
    rows_of_executions = "UPDATE executions SET error = error WHERE tenant_id = %s RETURNING 1"
    assert len(rows(databases, rows_of_executions, tenant.id)) == 1
    rolled_up(link)
    assert seen(databases, tenant) == once
    assert recounted(databases, link, tenant) == 1
    assert seen(databases, tenant) == once


def test_what_comes_after_the_end_is_put_right(
    databases: Databases, history: History, link: Link, tenant: Tenant
) -> None:
    messages = story(tenant)
    late = messages.pop(2)
    told(history, messages)
    rolled_up(link)
    assert by_level(databases, tenant)[2, "a"]["failed"] == 1
    told(history, [late])
    rolled_up(link)
    found = by_level(databases, tenant)
    assert (found[2, "a"]["succeeded"], found[2, "a"]["failed"]) == (1, 0)
    assert found[1, ""]["tokens"] == 15
    assert found[0, ""]["succeeded"] == 1


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_any_order_gives_what_the_history_gives(databases: Databases, data: st.DataObject) -> None:
    tenant, history, link = make_tenant(databases), History(databases.app), Link(databases.app)
    executions = data.draw(
        st.lists(st.tuples(st.booleans(), st.sampled_from([30, 900, 86_400])), min_size=1, max_size=3)
    )
    messages: list[EventBatch | None] = []
    for fails, seconds in executions:
        messages += story(tenant, fails=fails, seconds=seconds, executionId=str(uuid.uuid4()))
    messages += data.draw(st.lists(st.sampled_from(messages), max_size=6))
    messages += [None] * data.draw(st.integers(0, 6))
    random.Random(data.draw(st.integers())).shuffle(messages)
    for message in messages:
        if message is None:
            rolled_up(link)
        else:
            history.record(str(tenant.id), [message])
    rolled_up(link)
    kept = seen(databases, tenant)
    with psycopg.connect(databases.owner) as connection:
        for table in ("rollups", "error_groups", "rolled_executions"):
            connection.execute(f"DELETE FROM {table} WHERE tenant_id = %s".encode(), (tenant.id,))
        connection.execute("INSERT INTO rollup_queue (tenant_id, execution_id) SELECT tenant_id, id FROM executions")
    rolled_up(link)
    assert seen(databases, tenant) == kept
    whole = rows(
        databases,
        "SELECT sum(succeeded), sum(failed), sum(duration_ms) FROM rollups"
        " WHERE tenant_id = %s AND grain = 15 AND level = 1",
        tenant.id,
    )[0]
    failed = sum(fails for fails, _ in executions)
    assert whole == (len(executions) - failed, failed, sum(seconds for _, seconds in executions) * 1000)
    history.close()
    link.close()


def test_test_runs_do_not_count(databases: Databases, history: History, link: Link, tenant: Tenant) -> None:
    told(history, story(tenant, mode="draft"))
    rolled_up(link)
    assert by_level(databases, tenant) == {}


def test_failures_that_differ_in_what_they_name_are_one_fault(
    databases: Databases, history: History, link: Link, tenant: Tenant
) -> None:
    words = [
        "Row 17 of ann@example.com is not there",
        "Row 4,200.5 of bo.b+x@mail.example.org is not there",
        "Row 9 of 0b8f3c1e-6f3f-4a39-9c1f-4a1d3c5b7e90 is not there",
        "Row 8 of 0B8F3C1E-6F3F-4A39-9C1F-4A1D3C5B7E91 is not there",
    ]
    for minute, message in enumerate(words):
        who = context_of(tenant)
        error = failure(message)
        told(
            history,
            [
                batch(
                    who,
                    started(who),
                    node(FAILED, "a", at=at(60 * minute), error=error),
                    ended(who["executionId"], 60 * minute, error=error),
                )
            ],
        )
    rolled_up(link)
    found = rows(
        databases, "SELECT message, first_seen, last_seen FROM error_groups WHERE tenant_id = %s ORDER BY 2", tenant.id
    )
    assert [(message, (last - first).seconds) for message, first, last in found] == [
        ("Row <n> of <mail> is not there", 60),
        ("Row <n> of <id> is not there", 60),
    ]


@pytest.mark.parametrize(
    ("message", "pattern"),
    [
        (
            "GET https://api.example.com/v1/orders/42?token=abc answered 503",
            "GET https://api.example.com/<path> answered <n>",
        ),
        ("timeout after 30.5 s", "timeout after <n> s"),
        ("since 2026-11-23T12:00:00.123Z", "since <time>"),
        ("key 4eC39HqLyjWDarjtT1zdp7dc refused", "key <id> refused"),
        ("commit deadbe1f", "commit <id>"),
        ("The field 'email' is missing", "The field 'email' is missing"),
        ("internationalization", "internationalization"),
        ("", ""),
        ("Zeile 5 für ä@b", "Zeile <n> für ä@b"),
    ],
)
def test_what_differs_each_time_is_left_out_of_a_fault(databases: Databases, message: str, pattern: str) -> None:
    assert rows(databases, "SELECT error_pattern(%s)", message)[0][0] == pattern


def test_a_long_message_is_read_at_once(databases: Databases) -> None:
    for message in ("a" * 200_000, "1a" * 100_000, "https://" * 20_000, "a@" * 50_000, "1.1" * 50_000):
        with psycopg.connect(databases.owner) as connection:
            connection.execute("SET statement_timeout = '5s'")
            row = connection.execute("SELECT length(error_pattern(%s))", (message,)).fetchone()
        assert row is not None
        assert row[0] <= 500


@pytest.mark.parametrize("ms", [0.2, 1, 2, 17.3, 999, 60_000, 86_400_000, 31_536_000_000])
def test_a_bucket_is_at_most_two_percent_off(databases: Databases, ms: float) -> None:
    from api.services.analytics.percentiles import value_of

    bucket = rows(databases, "SELECT duration_bucket(%s)", ms)[0][0]
    assert value_of(bucket) == pytest.approx(ms, rel=0.0201) if ms > 1 else bucket == 0


def test_what_nobody_can_count_holds_nobody_back(
    databases: Databases, history: History, link: Link, tenant: Tenant
) -> None:
    for odd in (float("nan"), -1.0, 1e300):
        who = context_of(tenant)
        output = {"main": {"count": "many"}, "other": 5, "third": {"count": -7}, "fourth": {"count": 10**30}}
        run = node(SUCCEEDED, "a", at=at(1), output=output, durationMs=odd)
        try:
            told(history, [batch(who, started(who), run, ended(who["executionId"], 1))])
        except psycopg.DataError:
            continue  # the recorder refuses it
    told(history, story(tenant))
    rolled_up(link)
    assert by_level(databases, tenant)[0, ""]["succeeded"] >= 3
    assert rows(databases, "SELECT failed FROM rollup_queue WHERE tenant_id = %s", tenant.id) == []


def test_a_day_whose_history_is_partly_gone_stays_as_it_was_counted(
    databases: Databases, history: History, link: Link, tenant: Tenant
) -> None:
    first = story(tenant)
    told(history, first + story(tenant))
    rolled_up(link)
    before = seen(databases, tenant)
    gone = "DELETE FROM executions WHERE id = %s RETURNING 1"
    assert rows(databases, gone, first[0]["context"]["executionId"])
    assert recounted(databases, link, tenant) == 1
    assert seen(databases, tenant) == before


def test_what_is_older_than_thirteen_months_goes(
    databases: Databases, history: History, link: Link, tenant: Tenant
) -> None:
    told(history, story(tenant, fails=True))
    rolled_up(link)
    with psycopg.connect(databases.owner) as connection:
        connection.execute("UPDATE rollups SET at = at - interval '14 months' WHERE tenant_id = %s", (tenant.id,))
        connection.execute(
            "UPDATE error_groups SET last_seen = last_seen - interval '14 months' WHERE tenant_id = %s", (tenant.id,)
        )
    rolled_up(link)
    assert seen(databases, tenant) == [[], []]
