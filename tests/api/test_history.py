"""The list of executions: every filter and every page against a list in this process."""

import itertools
import random
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
import redis
from fastapi.testclient import TestClient
from psycopg.types.json import Jsonb

from api.repositories import execution_list
from api.services import history
from stepweave_data import redis_keys as keys
from tests.api.conftest import World
from tests.fixtures.servers import Databases

BEGUN = datetime(2026, 3, 1, tzinfo=UTC)
ERRORS = [None, {"type": "OrderError", "message": "No customer 50%"}, {"type": "HttpError", "message": "answered 503"}]


@dataclass(frozen=True)
class Row:
    """An execution as this test made it."""

    id: str
    workflow_id: str
    status: str
    trigger: str
    started_at: datetime
    error: dict[str, str] | None


def tenant_of(client: TestClient) -> str:
    return str(client.get("/api/me").json()["tenant"]["id"])


def filled(client: TestClient, databases: Databases, count: int) -> list[Row]:
    """Make three workflows with executions of all kinds, many at one moment, and return those in the list's order."""
    draw = random.Random(count)
    rows = []
    with psycopg.connect(databases.owner) as connection:
        workflows = [
            connection.execute(
                "INSERT INTO workflows (tenant_id, name, document) VALUES (%s, 'W', '{\"nodes\": []}') RETURNING id",
                (tenant_of(client),),
            ).fetchone()
            for _ in range(3)
        ]
        for _ in range(count):
            status = draw.choice(execution_list.STATUSES)
            row = Row(
                str(uuid.uuid4()),
                str(draw.choice(workflows)[0]),  # type: ignore[index]  # RETURNING gives a row
                status,
                draw.choice(execution_list.TRIGGERS),
                BEGUN + timedelta(hours=draw.randrange(count // 2)),
                draw.choice(ERRORS) if status in execution_list.WITH_ERROR else None,
            )
            connection.execute(
                "INSERT INTO executions (id, tenant_id, workflow_id, mode, trigger, status, started_at, error) "
                "VALUES (%s, %s, %s, 'live', %s, %s, %s, %s)",
                (
                    row.id,
                    tenant_of(client),
                    row.workflow_id,
                    row.trigger,
                    row.status,
                    row.started_at,
                    Jsonb(row.error) if row.error else None,
                ),
            )
            rows.append(row)
    return sorted(rows, key=lambda row: (row.started_at, uuid.UUID(row.id)), reverse=True)


def paged(client: TestClient, limit: int, **params: Any) -> tuple[list[str], int]:
    """Return the ids of all pages, and how many pages there were."""
    ids: list[str] = []
    cursor: dict[str, str] = {}
    for pages in itertools.count(1):
        answer = client.get("/api/executions", params={"limit": limit, **params, **cursor})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert len(page["items"]) <= limit
        ids += [one["id"] for one in page["items"]]
        if page["nextCursor"] is None:
            return ids, pages
        cursor = {"cursor": page["nextCursor"]}
    raise AssertionError("The pages have no end.")


@pytest.mark.no_cover  # much of what others do: traced, it takes twice as long
def test_every_filter_gives_all_of_its_executions_once_and_in_order(world: World, databases: Databases) -> None:
    client, neighbour = world.person(), world.person()
    rows = filled(client, databases, 240)
    filled(neighbour, databases, 40)
    workflow = rows[0].workflow_id
    since, until = BEGUN + timedelta(hours=30), BEGUN + timedelta(hours=90)
    ways: list[list[tuple[dict[str, Any], Any]]] = [
        [({}, lambda row: True), ({"workflowId": workflow}, lambda row: row.workflow_id == workflow)],
        [({}, lambda row: True), ({"trigger": "webhook"}, lambda row: row.trigger == "webhook")],
        [
            ({}, lambda row: True),
            ({"status": ["failed"]}, lambda row: row.status == "failed"),
            ({"status": ["failed", "running", "failed"]}, lambda row: row.status in ("failed", "running")),
        ],
        [({}, lambda row: True), ({"from": since, "to": until}, lambda row: since <= row.started_at < until)],
        [
            ({}, lambda row: True),
            ({"error": "customer 50%"}, lambda row: row.error == ERRORS[1]),
        ],
    ]
    for choice in itertools.product(*ways):
        params = {name: value for way, _ in choice for name, value in way.items()}
        expected = [row.id for row in rows if all(fits(row) for _, fits in choice)]
        found, _ = paged(client, 100, **params)
        assert found == expected, params
        assert paged(client, 7, **params)[0] == expected, params


def test_an_error_in_a_state_that_has_none_is_found_nowhere(world: World, databases: Databases) -> None:
    client = world.person()
    filled(client, databases, 20)
    assert paged(client, 10, status=["succeeded", "running"], error="o") == ([], 1)


@pytest.mark.no_cover  # much of what others do: traced, it takes twice as long
def test_a_text_is_looked_for_in_so_many_errors_for_each_page(
    world: World, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.person()
    rows = filled(client, databases, 240)
    monkeypatch.setattr(execution_list, "WINDOWS", (3, 8))
    expected = [row.id for row in rows if row.error == ERRORS[2]]
    looked_at = [row for row in rows if row.status in execution_list.WITH_ERROR]
    found, pages = paged(client, 50, error="503")
    assert found == expected
    assert pages == len(looked_at) // 11 + 1
    nothing, pages = paged(client, 50, error="nobody said this")
    assert (nothing, pages) == ([], len(looked_at) // 11 + 1)
    assert paged(client, 2, error="503")[0] == expected


def test_those_that_cost_so_much_are_found_whatever_else_is_asked(
    world: World, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, stranger = world.person(), world.person()
    rows = filled(client, databases, 60)
    costs = {row.id: place % 5 for place, row in enumerate(rows)}
    with psycopg.connect(databases.owner) as connection:
        told = [
            (tenant_of(client), row.id, node, name, amount)
            for row in rows
            if (cost := costs[row.id])
            for node, name, amount in (
                ("a", "USD", cost / 2),
                ("b", "USD", cost / 2),
                ("a", "EUR", 100),
                ("c", "m", 100),
            )
        ]
        connection.cursor().executemany(
            "INSERT INTO node_usage (tenant_id, execution_id, node_id, iteration, kind, name, amount) "
            "VALUES (%s, %s, %s, '', CASE WHEN %s = 'm' THEN 'counted' ELSE 'money' END, %s, %s)",
            [(tenant, id, node, name, name, amount) for tenant, id, node, name, amount in told],
        )
    monkeypatch.setattr(execution_list, "WINDOWS", (3, 8))
    for wanted in (1, "2.5", 4, "4.000001"):
        dear = [row for row in rows if costs[row.id] >= float(wanted)]
        assert paged(client, 7, minCost=wanted)[0] == [row.id for row in dear], wanted
        failed = [row.id for row in dear if row.status == "failed"]
        assert paged(client, 50, minCost=wanted, status=["failed"])[0] == failed
    both = [row.id for row in rows if costs[row.id] >= 2 and row.error == ERRORS[2]]
    assert paged(client, 50, minCost=2, error="503")[0] == both
    assert paged(stranger, 50, minCost=1)[0] == []
    for wrong in (-1, "much", "NaN", "1e9", "0.0000001"):
        assert client.get("/api/executions", params={"minCost": wrong}).status_code in (400, 422), wrong


def test_others_executions_are_not_listed(world: World, databases: Databases) -> None:
    client = world.person()
    mine = filled(client, databases, 10)
    stranger = world.person()
    assert paged(stranger, 10) == ([], 1)
    assert paged(stranger, 10, workflowId=mine[0].workflow_id, status=["failed"]) == ([], 1)


def test_those_that_run_tell_how_far_they_are(
    world: World, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.person()
    rows = {row.id: row for row in filled(client, databases, 60)}
    open_ids = [id for id, row in rows.items() if row.status in ("queued", "running")]
    nodes: dict[Any, Any] = {
        "node:a": "succeeded",
        "node:b": "failed",
        "node:c": "retrying",
        "node:d": "waiting",
        "status": "running",
    }
    for id in rows:
        if id != open_ids[0]:
            world.redis.hset(keys.snapshot(id), mapping=nodes)

    def steps() -> dict[str, Any]:
        answer = client.get("/api/executions", params={"limit": 100})
        return {one["id"]: one["steps"] for one in answer.json()["items"]}

    known = {"done": 2, "running": 1, "waiting": 1}
    assert steps() == {id: known if id in open_ids[1:] else None for id in rows}
    running = client.get("/api/home").json()["running"]
    assert all(one["steps"] in (known, None) for one in running)
    assert any(one["steps"] == known for one in running)

    def down(*_: Any) -> Any:
        raise redis.ConnectionError

    monkeypatch.setattr(history, "steps_of", down)
    assert steps() == dict.fromkeys(rows)
