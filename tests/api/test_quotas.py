"""What a plan allows: kept within the transaction, whoever adds and however many at once."""

import json
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from tests.api.conftest import World
from tests.api.test_routes import is_problem, made, workflow
from tests.fixtures.plans import GivePlan
from tests.fixtures.servers import Databases


@pytest.fixture
def plan(databases: Databases) -> Iterator[Any]:
    """Give a client's tenant a plan with limits."""
    made: list[tuple[str, str]] = []

    def given(client: Any, **limits: int) -> str:
        tenant, name = client.get("/api/me").json()["tenant"]["id"], f"test-{uuid.uuid4().hex[:8]}"
        with psycopg.connect(databases.owner) as connection:
            connection.execute("INSERT INTO plans VALUES (%s, %s)", (name, json.dumps(limits)))
            connection.execute("UPDATE tenants SET plan = %s WHERE id = %s", (name, tenant))
        made.append((name, tenant))
        return name

    yield given
    with psycopg.connect(databases.owner) as connection:
        for name, _ in made:
            connection.execute("UPDATE tenants SET plan = 'unlimited' WHERE plan = %s", (name,))
            connection.execute("DELETE FROM plans WHERE name = %s", (name,))


def used(client: Any) -> dict[str, tuple[int, int | None]]:
    return {one["kind"]: (one["held"], one["most"]) for one in client.get("/api/tenant/usage").json()["items"]}


def test_twenty_at_once_do_not_get_past_a_limit_and_others_are_not_held_up(world: World, plan: Any) -> None:
    client, other = world.person(), world.person()
    name = plan(client, workflows=5)
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: client.post("/api/workflows", json=workflow()), range(20)))
    assert sorted(answer.status_code for answer in answers) == [201] * 5 + [402] * 15
    refused = next(answer for answer in answers if answer.status_code == 402)
    assert is_problem(refused, 402, "quota_reached")
    assert (refused.json()["kind"], refused.json()["most"]) == ("workflows", 5)
    assert "room for 5 workflows" in refused.json()["detail"]
    assert made(other)["id"]
    assert used(client)["workflows"] == (5, 5)
    assert client.get("/api/tenant/usage").json()["plan"] == name
    id = next(answer for answer in answers if answer.status_code == 201).json()["id"]
    assert client.delete(f"/api/workflows/{id}").status_code == 204
    assert made(client)["id"]  # there is room again


def test_what_is_refused_leaves_nothing_and_what_is_there_works_on(world: World, plan: Any) -> None:
    client = world.person()
    first = made(client)
    plan(client, workflows=1, versions=1, credentials=0, apis=0, tables=0)
    body = {"name": "K", "type": "http_header", "data": {"name": "X-Key", "value": "v"}}
    assert is_problem(client.post("/api/credentials", json=body), 402, "quota_reached")
    assert client.get("/api/credentials").json()["items"] == []
    assert client.post(f"/api/workflows/{first['id']}/publish").status_code == 200
    document = client.get(f"/api/workflows/{first['id']}").json()["document"]
    changed = client.put(
        f"/api/workflows/{first['id']}", json={"document": {**document, "name": "B"}, "revision": first["revision"]}
    )
    assert changed.status_code == 200, changed.text
    again = client.post(f"/api/workflows/{first['id']}/publish")
    assert is_problem(again, 402, "quota_reached")
    assert "versions" in again.json()["detail"]
    assert client.post(f"/api/workflows/{first['id']}/run", json={}).status_code == 202


def test_executions_of_a_month_are_metered_and_end_at_the_limit(world: World, plan: Any) -> None:
    client = world.person()
    id = made(client)["id"]
    plan(client, executions=3)

    def run(_: int) -> int:
        return int(client.post(f"/api/workflows/{id}/run", json={}).status_code)

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(run, range(8))) == [202] * 3 + [402] * 5
    assert used(client)["executions"] == (3, 3)


def test_a_workspace_cannot_change_its_plan(world: World, databases: Databases) -> None:
    tenant = world.person().get("/api/me").json()["tenant"]["id"]
    for statement in (
        "UPDATE tenants SET plan = 'unlimited'",
        "UPDATE plans SET limits = '{}'",
        "DELETE FROM usage_months",
    ):
        with psycopg.connect(databases.app) as connection:
            connection.execute("SELECT set_config('app.tenant_id', %s, true)", (tenant,))
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


def test_runs_beyond_the_plan_wait_and_say_why_and_beyond_the_queue_they_are_refused(
    world: World, give_plan: GivePlan
) -> None:
    client = world.person()
    id = made(client)["id"]
    give_plan(client.get("/api/me").json()["tenant"]["id"], concurrent=1, queue=1)
    answers = [client.post(f"/api/workflows/{id}/run", json={}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert is_problem(answers[2], 429, "too_many_executions")
    assert (answers[2].headers["Retry-After"], answers[2].json()["kind"]) == ("5", "queue")
    first, second = (answer.json()["executionId"] for answer in answers[:2])
    listed = {one["id"]: one["waitsFor"] for one in client.get("/api/executions").json()["items"]}
    assert listed == {first: None, second: "concurrent"}
    assert client.get(f"/api/executions/{second}").json()["waitsFor"] == "concurrent"
    assert (used(client)["concurrent"], used(client)["queue"]) == ((1, 1), (1, 1))
    assert client.post(f"/api/executions/{second}/cancel").status_code == 202
    assert used(client)["queue"] == (0, 1)
