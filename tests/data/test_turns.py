"""Turns: how many executions of a workflow run at once, and what becomes of the rest."""

import json
import threading
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from stepweave_data.link import Link
from stepweave_data.turns import Turns, limited
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant


class Stage:
    """A published workflow with a limit."""

    def __init__(self, databases: Databases, tenant: Tenant, limit: int | None = 1) -> None:
        self.databases, self.tenant, self.limit = databases, tenant, limit
        self.link = Link(databases.app)
        self.turns = Turns(self.link)
        self.run("UPDATE workflows SET published_version = 1 WHERE id = %s", tenant.workflow_id)
        self.run(
            """INSERT INTO workflow_versions (tenant_id, workflow_id, number, document, compiled_hash)
               VALUES (%s, %s, 1, %s, 'h')""",
            tenant.id,
            tenant.workflow_id,
            json.dumps({"settings": {"concurrency": limit}}),
        )

    def run(self, statement: str, *values: Any) -> list[Any]:
        with psycopg.connect(self.databases.owner) as connection:
            done = connection.execute(statement.encode(), values)
            return done.fetchall() if done.description else []

    def request(self, **more: Any) -> dict[str, Any]:
        target = {
            "tenant_id": str(self.tenant.id),
            "workflow_id": str(self.tenant.workflow_id),
            "workflow_version": 1,
            "machine_type": "standard",
            "concurrency": self.limit,
        }
        id = str(uuid.uuid4())
        return {"target": target, "trigger": "webhook", "nodeId": "t", "mode": "live", "executionId": id} | more

    def admit(self, **more: Any) -> tuple[str, bool]:
        request = self.request(**more)
        return request["executionId"], self.turns.admit(request)

    def end(self, id: str) -> None:
        self.run("UPDATE executions SET status = 'succeeded', ended_at = now() WHERE id = %s", id)

    def next(self) -> list[str]:
        found = self.turns.next(str(self.tenant.id), str(self.tenant.workflow_id))
        return [request["executionId"] for request in found]

    def begun(self, id: str) -> None:
        self.run("UPDATE executions SET status = 'running' WHERE id = %s", id)


@pytest.fixture
def stage(databases: Databases, tenants: tuple[Tenant, Tenant]) -> Iterator[Stage]:
    made = Stage(databases, tenants[0])
    yield made
    made.link.close()


def test_so_many_run_and_the_rest_follow_in_order(databases: Databases, tenants: tuple[Tenant, Tenant]) -> None:
    stage = Stage(databases, tenants[0], limit=2)
    (a, first), (b, second), (c, third), (d, fourth) = (stage.admit() for _ in range(4))
    assert (first, second, third, fourth) == (True, True, False, False)
    assert stage.next() == []
    stage.begun(a)
    stage.begun(b)
    stage.end(a)
    assert stage.admit()[1] is False  # nobody overtakes who waits
    assert stage.next() == [c]
    stage.begun(c)
    stage.end(b)
    stage.end(c)
    assert stage.next()[0] == d
    stage.link.close()


def test_a_request_comes_back_as_it_was_with_nul_and_the_order_of_names(stage: Stage) -> None:
    id, _ = stage.admit()
    items = [{"json": {"zebra": "\x00", "apple": 1}}]
    stage.admit(items=items, awaited=True)
    stage.end(id)
    (given,) = stage.turns.next(str(stage.tenant.id), str(stage.tenant.workflow_id))
    assert (given["items"], list(given["items"][0]["json"]), given["awaited"]) == (items, ["zebra", "apple"], True)
    assert not limited(given)


def test_who_is_let_in_stays_so_however_often_it_asks(stage: Stage) -> None:
    request, waiting = stage.request(), stage.request()
    assert [stage.turns.admit(request) for _ in range(3)] == [True, True, True]
    assert [stage.turns.admit(waiting) for _ in range(3)] == [False, False, False]


def test_a_turn_that_nobody_took_up_is_given_again(stage: Stage) -> None:
    id, _ = stage.admit()
    assert stage.next() == []
    stage.run("UPDATE execution_turns SET taken_at = now() - interval '1 hour'")
    assert stage.next() == [id]
    stage.begun(id)
    stage.run("UPDATE execution_turns SET taken_at = now() - interval '1 hour'")
    assert stage.next() == []
    assert stage.run("SELECT 1 FROM execution_turns WHERE execution_id = %s", id) == []


def test_drafts_and_ended_ones_do_not_count(stage: Stage) -> None:
    stage.run(
        """INSERT INTO executions (id, tenant_id, workflow_id, mode, trigger, status, started_at)
           SELECT gen_random_uuid(), tenant_id, id, m, 'manual', s, now() FROM workflows,
           (VALUES ('draft', 'running'), ('live', 'failed')) v(m, s) WHERE id = %s""",
        stage.tenant.workflow_id,
    )
    assert stage.admit()[1] is True


def test_what_could_not_be_started_leaves_nothing(stage: Stage) -> None:
    request = stage.request()
    assert stage.turns.admit(request)
    stage.turns.release(request)
    assert stage.admit()[1] is True


def test_without_a_limit_any_more_all_that_wait_go(stage: Stage) -> None:
    ids = [stage.admit()[0] for _ in range(4)]
    stage.run("UPDATE workflow_versions SET document = '{}' WHERE workflow_id = %s", stage.tenant.workflow_id)
    assert stage.next() == ids[1:]


def test_many_at_the_same_time_are_let_in_once_each(stage: Stage) -> None:
    results: list[bool] = []

    def ask() -> None:
        link = Link(stage.databases.app)
        results.append(Turns(link).admit(stage.request()))
        link.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False] * 7 + [True]


def test_a_tenant_gives_no_turns_to_another(stage: Stage, tenants: tuple[Tenant, Tenant]) -> None:
    id, _ = stage.admit()
    waiting, _ = stage.admit()
    stage.end(id)
    assert stage.turns.next(str(tenants[1].id), str(stage.tenant.workflow_id)) == []
    assert "skipped" in stage.turns.request(str(tenants[1].id), waiting)
    assert stage.next() == [waiting]
