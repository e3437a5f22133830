"""History that ends: who says for how long, what goes then and what stays, and what is said of what went."""

import threading
import uuid
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from functions.system.sweeper import retiring
from functions.system.sweeper.retiring import Retiring
from functions.system.sweeper.rolling_up import rolled_up
from stepweave.aws import AwsError
from stepweave_data.link import Link
from tests.api.conftest import World
from tests.api.test_analytics import ERROR, Past
from tests.api.test_audit import tenant_of
from tests.api.test_examples import created, orders, well
from tests.api.test_people import joined
from tests.api.test_routes import is_problem
from tests.fixtures.servers import Databases
from tests.functions.system.messages import STARTED, batch, node, started

PATH = "/api/tenant/retention"


class Storage:
    """Objects by key, and what a sweeper asks of them."""

    def __init__(self) -> None:
        self.objects: dict[str, datetime] = {}
        self.fails = False

    def put(self, key: str, days: float = 0) -> str:
        self.objects[key] = datetime.now(UTC) - timedelta(days=days)
        return key

    def delete(self, prefix: str, spared: Collection[str], before: datetime | None) -> int:
        if self.fails:
            raise AwsError("SlowDown", "Reduce your request rate.")
        below = [key for key in self.objects if key.startswith(prefix)]
        gone = [key for key in below if key not in spared and (before is None or self.objects[key] < before)]
        for key in gone:
            del self.objects[key]
        return len(below) - len(gone)

    def folders(self, prefix: str, after: str) -> list[str]:
        names = {key.removeprefix(prefix).partition("/")[0] for key in self.objects if key.startswith(prefix)}
        return sorted(name for name in names if name > after)


class Yard:
    """A person's workflow, executions of before, and a sweeper."""

    def __init__(self, world: World, databases: Databases) -> None:
        self.world, self.databases = world, databases
        self.client = world.person()
        self.tenant = tenant_of(self.client)
        self.id = created(self.client, orders())
        self.past, self.storage = Past(databases), Storage()
        self.run("UPDATE tenants SET retire_after = now() + interval '1 day', strays_after = now() + interval '1 day'")

    def run(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.databases.owner) as connection:
            done = connection.execute(query.encode(), values or None)
            return done.fetchall() if done.description else []

    def ended(self, days: float, workflow: str = "", *, error: Any = None, counted: bool = True) -> str:
        """Record one that ended so many days ago, with something stored."""
        id = self.past.run(self.client, workflow or self.id, datetime.now(UTC) - timedelta(days=days), error=error)
        self.storage.put(f"{self.tenant}/{id}/fetch/1-main.json")
        if counted:
            self.past.count()
        return id

    def keep(self, succeeded: int | None, failed: int | None, path: str = PATH, **more: Any) -> Any:
        return well(self.client.put(path, json={"succeededDays": succeeded, "failedDays": failed, **more}))

    def sweeper(self) -> Retiring:
        return Retiring(Link(self.databases.app), self.storage.delete, self.storage.folders)

    def sweep(self) -> int:
        self.run("UPDATE tenants SET retire_after = now() WHERE id = %s", self.tenant)
        self.run("UPDATE retention_waits SET look_after = now() WHERE tenant_id = %s", self.tenant)
        self.run("UPDATE deleted_executions SET objects_after = now() WHERE objects_after IS NOT NULL")
        one = self.sweeper()
        try:
            return one.sweep()
        finally:
            one.link.close()

    def there(self, *ids: str) -> list[bool]:
        return [self.client.get(f"/api/executions/{id}").status_code == 200 for id in ids]

    def stored(self, id: str) -> list[str]:
        return [key for key in self.storage.objects if key.startswith(f"{self.tenant}/{id}/")]


@pytest.fixture
def yard(world: World, databases: Databases) -> Iterator[Yard]:
    yard = Yard(world, databases)
    yield yard
    yard.run("DELETE FROM deleted_executions WHERE tenant_id = %s", yard.tenant)
    yard.past.history.close()
    yard.past.link.close()


def test_executions_go_after_their_days_and_all_that_is_theirs(yard: Yard) -> None:
    old, young = yard.ended(8), yard.ended(6)
    bad, worse = yard.ended(29, error=ERROR), yard.ended(31, error=ERROR)
    assert yard.sweep() == 0  # nobody said anything
    yard.keep(7, 30)
    assert yard.sweep() == 2
    assert yard.there(old, young, bad, worse) == [False, True, True, False]
    assert [bool(yard.stored(one)) for one in (old, young, bad, worse)] == [False, True, True, False]
    for table in ("execution_events", "node_runs", "node_usage", "rolled_executions"):
        assert yard.run(f"SELECT 1 FROM {table} WHERE execution_id = %s", old) == []
    assert yard.sweep() == 0


def test_a_deleted_execution_says_so_wherever_a_link_leads_to_it(yard: Yard, world: World) -> None:
    old = yard.ended(8)
    yard.keep(7, None)
    yard.sweep()
    for path in ("", "/node-runs?nodeId=fetch", "/events", "/logs", "/items?nodeId=fetch"):
        answer = yard.client.get(f"/api/executions/{old}{path}")
        assert is_problem(answer, 410, "execution_deleted"), path
        assert "kept 7 days" in answer.json()["detail"]
    assert is_problem(yard.client.put(f"/api/executions/{old}/kept", json={"kept": True}), 410, "execution_deleted")
    again = well(yard.client.post("/api/executions/bulk", json={"action": "runAgain", "ids": [old]}))
    assert again["items"][0]["code"] == "execution_deleted"
    assert is_problem(world.person().get(f"/api/executions/{old}"), 404, "not_found")  # another tenant's


def test_what_a_workflow_says_goes_before_what_the_workspace_says(yard: Yard) -> None:
    longer, shorter = created(yard.client, orders()), created(yard.client, orders())
    ids = [yard.ended(20, one) for one in (yard.id, longer, shorter)]
    yard.keep(10, 10)
    said = yard.keep(60, 60, f"/api/workflows/{longer}/retention", own=True)
    assert said == {
        "own": True, "succeededDays": 60, "failedDays": 60, "mostDays": None,
        "workspace": {"succeededDays": 10, "failedDays": 10},
    }  # fmt: skip
    yard.keep(10, 10)
    assert yard.sweep() == 2
    assert yard.there(*ids) == [False, True, False]
    said = yard.keep(1, 1, f"/api/workflows/{longer}/retention", own=False)
    assert (said["own"], said["succeededDays"]) == (False, 10)
    assert yard.sweep() == 1


def test_the_boundary_is_a_day_of_24_hours_wherever_somebody_lives(yard: Yard) -> None:
    with psycopg.connect(yard.databases.owner) as connection:
        before, after = yard.ended(7 + 1 / 86400), yard.ended(7 - 60 / 86400)
        yard.keep(7, 7)
        connection.execute("SET TIME ZONE 'America/Santiago'")
        connection.execute("SELECT retire_executions(%s, 10)", (yard.tenant,))
    assert yard.there(before, after) == [False, True]


def test_no_days_at_all_delete_as_soon_as_an_execution_is_counted(yard: Yard) -> None:
    done, bad = yard.ended(0, counted=False), yard.ended(0, error=ERROR, counted=False)
    yard.keep(0, None)
    assert yard.sweep() == 0  # not counted yet
    yard.past.count()
    assert yard.sweep() == 1
    assert yard.there(done, bad) == [False, True]


@pytest.mark.parametrize("days", [-1, 3651, 10**30, 1.5, "7", True])
def test_days_that_are_none_are_refused_by_name(yard: Yard, days: Any) -> None:
    answer = yard.client.put(PATH, json={"succeededDays": days, "failedDays": None})
    assert is_problem(answer, 422, "invalid_request")
    assert answer.json()["errors"][0]["field"] == "succeededDays"


def test_a_clock_that_was_wrong_deletes_nothing_early(yard: Yard) -> None:
    """Whoever says that it ended in 1970, or before it began, is not believed; one that ends in the future stays."""
    ids = [yard.ended(0), yard.ended(0)]
    yard.run("UPDATE executions SET ended_at = '1970-01-01' WHERE id = %s", ids[0])
    yard.run("UPDATE executions SET ended_at = now() + interval '3 days' WHERE id = %s", ids[1])
    yard.past.count()
    yard.keep(1, 1)
    assert yard.sweep() == 0


def test_what_runs_or_waits_stays_with_all_that_belong_to_it(yard: Yard) -> None:
    parent, child, grandchild, other = (yard.ended(30) for _ in range(4))
    yard.run("UPDATE executions SET parent_execution_id = %s WHERE id = %s", parent, child)
    yard.run("UPDATE executions SET parent_execution_id = %s WHERE id = %s", child, grandchild)
    yard.run("UPDATE executions SET status = 'running', ended_at = NULL WHERE id = %s", parent)
    yard.keep(7, 7)
    assert yard.sweep() == 1
    assert yard.there(parent, child, grandchild, other) == [True, True, True, False]
    yard.run("UPDATE executions SET status = 'succeeded', ended_at = started_at WHERE id = %s", parent)
    yard.past.count()
    yard.run("UPDATE executions SET status = 'queued', ended_at = NULL WHERE id = %s", grandchild)
    assert yard.sweep() == 0
    yard.run("UPDATE executions SET status = 'failed', ended_at = started_at WHERE id = %s", grandchild)
    yard.past.count()
    assert yard.sweep() == 3
    assert all(not yard.stored(one) for one in (parent, child, grandchild))


def test_what_a_resumed_execution_began_with_stays_as_long_as_it(yard: Yard) -> None:
    origin, again = yard.ended(30, error=ERROR), yard.ended(1)
    yard.run("UPDATE executions SET uses = ARRAY[%s]::uuid[] WHERE id = %s", origin, again)
    yard.keep(7, 7)
    assert yard.sweep() == 0
    yard.run(
        """UPDATE executions SET started_at = now() - interval '9 days', ended_at = now() - interval '9 days'
           WHERE id = %s""",
        again,
    )
    yard.past.count()
    assert yard.sweep() == 2


def test_a_start_writes_down_whose_data_it_takes_along(yard: Yard) -> None:
    other = str(uuid.uuid4())
    file = {"bucket": "b", "key": f"{yard.tenant}/{other}/fetch/1-a.pdf", "size": 1, "sha256": "0" * 64}
    body = {"mode": "draft", "items": [{"json": {}, "binary": {"a": {**file, "mimeType": "x/y", "fileName": "a"}}}]}
    id = well(yard.client.post(f"/api/workflows/{yard.id}/run", json=body), 202)["executionId"]
    assert yard.run("SELECT uses::text[] FROM executions WHERE id = %s", id) == [([other],)]


def test_a_kept_execution_stays_for_good(yard: Yard) -> None:
    kept = yard.ended(30)
    assert well(yard.client.put(f"/api/executions/{kept}/kept", json={"kept": True}))["keptAt"]
    yard.past.count()
    yard.keep(7, 7)
    assert yard.sweep() == 0
    assert well(yard.client.get(f"/api/executions/{kept}"))["keptAt"]
    assert well(yard.client.put(f"/api/executions/{kept}/kept", json={"kept": False})) == {"keptAt": None}
    yard.past.count()
    assert yard.sweep() == 1
    actions = [one["action"] for one in well(yard.client.get("/api/audit"))["items"]]
    assert {"execution.kept", "execution.kept_no_longer", "retention.changed"} <= set(actions)


def test_objects_that_others_refer_to_stay(yard: Yard) -> None:
    filed, pinned, plain = yard.ended(30), yard.ended(30), yard.ended(30)
    report = yard.storage.put(f"{yard.tenant}/{filed}/pdf/1-report.pdf")
    yard.run(
        """INSERT INTO files (tenant_id, path, key, size, sha256, mime_type, expires_at)
           VALUES (%s, 'report.pdf', %s, 1, '', 'application/pdf', now() + interval '60 days')""",
        *(yard.tenant, report),
    )
    ref = {"key": f"{yard.tenant}/{pinned}/fetch/1-main.json", "sha256": "0" * 64}
    entry = {"store": "s", "key": "k", "value": {"file": ref}}
    well(yard.client.put("/api/stores/entries", json=entry))
    yard.keep(7, 7)
    assert yard.sweep() == 3
    assert (yard.stored(filed), len(yard.stored(pinned)), yard.stored(plain)) == ([report], 1, [])
    yard.run("DELETE FROM files WHERE tenant_id = %s", yard.tenant)
    well(yard.client.put("/api/stores/entries", json={**entry, "value": 1}))
    yard.sweep()
    assert (yard.stored(filed), yard.stored(pinned)) == ([], [])


def test_a_sweeper_that_dies_between_rows_and_objects_loses_neither(yard: Yard) -> None:
    old = yard.ended(30)
    yard.keep(7, 7)
    yard.storage.fails = True
    assert yard.sweep() == 1
    assert yard.there(old) == [False]
    assert yard.stored(old)
    yard.storage.fails = False
    assert yard.sweep() == 0
    assert not yard.stored(old)


def test_what_is_told_of_it_afterwards_does_not_bring_it_back(yard: Yard) -> None:
    old = yard.ended(30)
    yard.keep(7, 7)
    yard.sweep()
    who: Any = {
        "tenantId": str(yard.tenant), "executionId": old, "workflowId": yard.id, "workflowName": "W",
        "workflowVersion": 1, "trigger": "webhook", "mode": "live", "timeZone": "UTC",
        "startedAt": "2026-01-01T00:00:00.000Z",
    }  # fmt: skip
    yard.past.history.record(who["tenantId"], [batch(who, started(who), node(STARTED, "fetch"))])
    assert yard.there(old) == [False]
    assert yard.run("SELECT 1 FROM execution_events WHERE execution_id = %s", old) == []


def test_figures_usage_and_audit_stay_when_the_history_goes(yard: Yard) -> None:
    def figures() -> Any:
        return well(yard.client.get("/api/analytics?range=30d"))["current"]

    yard.ended(8)
    yard.ended(8)
    before = figures()
    usage = yard.run("SELECT sum(amount) FROM usage_months WHERE tenant_id = %s", yard.tenant)
    yard.keep(7, 7)
    assert yard.sweep() == 2
    for _ in range(2):  # as many come since as went
        yard.ended(8, counted=False)
    well(yard.client.post("/api/analytics/rebuild"), 202)
    rolled_up(yard.past.link)
    assert before["runs"] == 2
    assert figures()["runs"] == 4
    assert usage[0][0] <= yard.run("SELECT sum(amount) FROM usage_months WHERE tenant_id = %s", yard.tenant)[0][0]


def test_the_plan_bounds_what_may_be_said_and_what_is_kept(yard: Yard) -> None:
    old = yard.ended(91)
    yard.run("UPDATE tenants SET plan = 'free' WHERE id = %s", yard.tenant)
    for path, more in ((PATH, {}), (f"/api/workflows/{yard.id}/retention", {"own": True})):
        answer = yard.client.put(path, json={"succeededDays": 91, "failedDays": 90, **more})
        assert is_problem(answer, 402, "retention_beyond_plan")
        assert [one["field"] for one in answer.json()["errors"]] == ["succeededDays"]
    assert well(yard.client.get(PATH))["mostDays"] == 90
    assert yard.sweep() == 1
    assert yard.there(old) == [False]


def test_a_preview_counts_what_would_go(yard: Yard) -> None:
    other = created(yard.client, orders())
    for days in (1, 5, 9):
        yard.ended(days)
    yard.ended(9, other, error=ERROR)

    def asked(query: str, path: str = PATH) -> Any:
        return well(yard.client.get(f"{path}/preview?{query}"))["executions"]

    assert asked("succeededDays=4&failedDays=4") == 3
    assert asked("succeededDays=4") == 2
    assert asked("") == 0
    assert asked("own=true&failedDays=0", f"/api/workflows/{other}/retention") == 1
    yard.keep(None, 3)
    assert asked("own=false", f"/api/workflows/{other}/retention") == 1
    yard.keep(None, None, f"/api/workflows/{other}/retention", own=True)
    assert asked("failedDays=3") == 0  # it says so itself


def test_thousands_go_in_batches_while_two_sweepers_are_at_it(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retiring, "SECONDS", 600.0)
    monkeypatch.setattr(retiring, "MOST", 100)
    yard.run(
        """INSERT INTO executions (id, tenant_id, workflow_id, mode, trigger, status, machine_type, started_at,
                                   ended_at)
           SELECT gen_random_uuid(), %s, %s, 'draft', 'manual', 'succeeded', 'standard', now() - interval '9 days',
                  now() - interval '9 days' FROM generate_series(1, 2000)""",
        *(yard.tenant, yard.id),
    )
    young = yard.ended(1)
    yard.keep(7, 7)
    yard.run("UPDATE tenants SET retire_after = now() WHERE id = %s", yard.tenant)
    gone: list[int] = []

    def work() -> None:
        one = yard.sweeper()
        gone.append(one.sweep(600.0))
        one.link.close()

    both = [threading.Thread(target=work) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sum(gone) == 2_000
    assert yard.there(young) == [True]
    assert yard.run("SELECT count(*) FROM deleted_executions WHERE tenant_id = %s", yard.tenant) == [(2_000,)]


def test_a_deleted_workflow_and_a_deleted_workspace_hold_nothing_up(yard: Yard) -> None:
    old = yard.ended(30)
    yard.keep(7, 7)
    well(yard.client.delete(f"/api/workflows/{yard.id}"), 204)
    assert yard.sweep() == 1
    assert not yard.stored(old)
    other = yard.ended(30, created(yard.client, orders()))
    yard.run("UPDATE tenants SET delete_after = now() - interval '1 second' WHERE id = %s", yard.tenant)
    assert yard.sweep() == 0  # what deletes workspaces is at it
    assert yard.stored(other)
    yard.run("UPDATE tenants SET delete_after = NULL WHERE id = %s", yard.tenant)


def test_old_objects_that_belong_to_nothing_are_found_and_go(yard: Yard) -> None:
    there = yard.ended(200)
    nowhere, later, named = (str(uuid.uuid4()) for _ in range(3))
    yard.storage.put(f"{yard.tenant}/{there}/fetch/old.json", 200)
    yard.storage.put(f"{yard.tenant}/{nowhere}/hook/1-main.json", 91)
    yard.storage.put(f"{yard.tenant}/{later}/hook/1-main.json", 89)
    yard.storage.put(f"{yard.tenant}/ask-{named}/a.csv", 91)
    yard.run("UPDATE tenants SET strays_after = now() WHERE id = %s", yard.tenant)
    yard.sweep()
    names = {key.split("/")[1] for key in yard.storage.objects}
    assert names == {there, later}


def test_who_may_only_look_changes_nothing(yard: Yard, world: World) -> None:
    viewer: TestClient = joined(world, yard.client, "viewer")
    assert well(viewer.get(PATH))["own"] is True
    body = {"succeededDays": 1, "failedDays": 1}
    old = yard.ended(3)
    for path, more in ((PATH, {}), (f"/api/workflows/{yard.id}/retention", {"own": True})):
        assert viewer.put(path, json={**body, **more}).status_code == 403
    assert viewer.put(f"/api/executions/{old}/kept", json={"kept": True}).status_code == 403
    assert is_problem(
        world.person().put(f"/api/workflows/{yard.id}/retention", json={**body, "own": True}), 404, "not_found"
    )
