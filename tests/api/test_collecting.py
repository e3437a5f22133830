"""State machines that nothing needs any more go, those that something needs stay, and what is gone is made again."""

import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from api.services import compiling
from api.services.publishing import machines
from functions.system.sweeper import collecting
from functions.system.sweeper.collecting import Collecting
from stepweave.aws import AwsError
from stepweave_data.link import Link
from tests.api.conftest import World
from tests.api.test_audit import tenant_of
from tests.api.test_partial_runs import chain
from tests.api.test_publishing import save
from tests.api.test_routes import is_problem, made, workflow
from tests.fixtures.servers import Databases

VERSIONS, DRAFTS = 3, 4
"""Fewer are kept here than in life."""


class Yard:
    """A workflow of a person, the machines it leaves, and a sweeper."""

    def __init__(self, world: World, databases: Databases) -> None:
        self.world, self.databases = world, databases
        self.client = world.person()
        self.id = made(self.client, named(0))["id"]
        self.revision = 1
        self.number = 0
        self.cloud = world.machines
        self.run("UPDATE compiled_machines SET look_after = now() + interval '1 day'")  # other tests'
        self.run("DELETE FROM leaving_machines")

    def run(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.databases.owner) as connection:
            done = connection.execute(query.encode(), values or None)
            return done.fetchall() if done.description else []

    def change(self) -> None:
        """Save another draft."""
        self.number += 1
        save(self.client, self.id, named(self.number), self.revision)
        self.revision += 1

    def start(self, mode: str = "draft", code: int = 202) -> Any:
        return well(self.client.post(f"/api/workflows/{self.id}/run", json={"mode": mode}), code)

    def publish(self, times: int = 1) -> None:
        for _ in range(times):
            self.change()
            well(self.client.post(f"/api/workflows/{self.id}/publish"))

    def age(self, hours: int = 2, status: str = "succeeded") -> None:
        """Have it all be so many hours ago, and executions be over."""
        self.run(
            "UPDATE compiled_machines SET used_at = used_at - make_interval(hours => %s), look_after = now() "
            "WHERE workflow_id = %s",
            *(hours, self.id),
        )
        self.run("UPDATE executions SET status = %s WHERE workflow_id = %s", status, self.id)

    def sweep(self) -> int:
        link = Link(self.databases.app)
        try:
            return Collecting(
                link, self.cloud.delete_machine, self.cloud.delete_version, self.cloud.delete_alias
            ).sweep()
        finally:
            link.close()

    def there(self) -> set[int]:
        """The numbers of the versions that the database has."""
        query = "SELECT version_arn FROM compiled_machines WHERE workflow_id = %s"
        return {int(arn.rpartition(":")[2]) for (arn,) in self.run(query, self.id)}

    def gone(self) -> list[str]:
        """What was deleted on AWS: numbers of versions, `live`, the machine's type."""
        return [arn.rpartition("-")[2] if arn[-1] in "sd" else arn.rpartition(":")[2] for arn in self.cloud.gone]

    def leaving(self) -> list[tuple[Any, ...]]:
        query = (
            "SELECT tries, last_error, gone_at IS NOT NULL FROM leaving_machines WHERE workflow_id = %s ORDER BY arn"
        )
        return self.run(query, self.id)


def named(number: int) -> dict[str, Any]:
    document = workflow()
    document["nodes"][1]["name"] = f"Step {number}"
    return document


def well(answer: Any, code: int = 200) -> Any:
    assert answer.status_code == code, answer.text
    return answer.json()


@pytest.fixture
def yard(world: World, databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Yard:
    monkeypatch.setattr(collecting, "KEPT_VERSIONS", VERSIONS)
    monkeypatch.setattr(collecting, "KEPT_DRAFTS", DRAFTS)
    return Yard(world, databases)


def test_of_many_versions_those_that_rollback_needs_stay(yard: Yard) -> None:
    yard.publish(VERSIONS + 4)
    yard.age(hours=0)
    assert yard.sweep() == 0  # all within the hour
    yard.age()
    assert yard.sweep() == 4
    assert yard.there() == set(range(5, VERSIONS + 5))
    assert yard.gone() == ["1", "2", "3", "4"]
    assert [one[2] for one in yard.leaving()] == [True] * 4
    yard.age()
    assert yard.sweep() == 0


def test_the_live_version_stays_however_old_it_is(yard: Yard) -> None:
    yard.publish(2)
    well(yard.client.post(f"/api/workflows/{yard.id}/publish", json={}))
    yard.publish(VERSIONS)
    well(yard.client.post(f"/api/workflows/{yard.id}/versions/1/publish"))
    yard.age(hours=9000)
    yard.sweep()
    assert yard.there() == {1, *range(3, VERSIONS + 3)}
    yard.start("live")
    assert yard.world.starts.started[-1]["target"].workflow_version == 1


def test_drafts_go_a_day_after_their_last_run_and_many_of_them_sooner(yard: Yard) -> None:
    for _ in range(DRAFTS + 3):
        yard.change()
        yard.start()
        yard.age(hours=0)
    yard.age()
    assert yard.sweep() == 3
    assert yard.there() == set(range(4, DRAFTS + 4))
    yard.age(hours=21)
    assert yard.sweep() == 0
    yard.start()  # the last one is used again
    yard.age(hours=2)
    assert yard.sweep() == DRAFTS - 1
    assert yard.there() == {DRAFTS + 3}


@pytest.mark.parametrize("status", ["queued", "running"])
def test_a_machine_that_an_open_execution_runs_on_stays_and_no_other(yard: Yard, status: str) -> None:
    yard.start()
    yard.change()
    yard.start()
    yard.run("UPDATE executions SET status = 'succeeded' WHERE workflow_id = %s", yard.id)
    yard.change()
    yard.start()
    yard.run("UPDATE compiled_machines SET used_at = now() - interval '300 days' WHERE workflow_id = %s", yard.id)
    yard.run("UPDATE compiled_machines SET look_after = now() WHERE workflow_id = %s", yard.id)
    yard.run("UPDATE executions SET status = %s WHERE workflow_id = %s AND status = 'queued'", status, yard.id)
    assert yard.sweep() == 2
    assert yard.there() == {3}
    yard.age()
    assert yard.sweep() == 1


def test_a_live_execution_that_waits_keeps_its_versions_machine(yard: Yard) -> None:
    yard.publish()
    yard.run(
        """INSERT INTO executions (id, tenant_id, workflow_id, workflow_version, mode, trigger, status, started_at)
           VALUES (%s, %s, %s, 1, 'live', 'webhook', 'running', now() - interval '90 days')""",
        *(uuid.uuid4(), tenant_of(yard.client), yard.id),
    )
    yard.publish(VERSIONS + 1)
    yard.age(status="running")
    assert yard.sweep() == 1
    assert 1 in yard.there()
    assert 2 not in yard.there()


def test_an_execution_of_before_keeps_whatever_it_may_run_on(yard: Yard) -> None:
    yard.start()
    yard.age(hours=99, status="running")
    yard.run("UPDATE executions SET compiled_hash = NULL WHERE workflow_id = %s", yard.id)
    assert yard.sweep() == 0


def test_a_part_of_the_live_version_keeps_its_own_machine(yard: Yard) -> None:
    save(yard.client, yard.id, chain(), yard.revision)
    well(yard.client.post(f"/api/workflows/{yard.id}/publish"))
    well(yard.client.post(f"/api/workflows/{yard.id}/run", json={"mode": "live", "untilNodeId": "a"}), 202)
    assert yard.there() == {1, 2}
    hashes = yard.run("SELECT compiled_hash FROM executions WHERE workflow_id = %s", yard.id)
    own = yard.run("SELECT compiled_hash FROM compiled_machines WHERE version_arn LIKE '%%' || %s || '%%:2'", yard.id)
    assert hashes == own
    yard.age(hours=99, status="running")
    assert yard.sweep() == 0
    yard.age()
    assert yard.sweep() == 1
    assert yard.there() == {1}


def test_an_unpublished_workflow_gives_up_its_alias_once_nothing_waits_for_it(yard: Yard) -> None:
    yard.publish(VERSIONS + 1)
    well(yard.client.post(f"/api/workflows/{yard.id}/versions/1/publish"))
    tenant, execution = tenant_of(yard.client), uuid.uuid4()
    [(machine,)] = yard.run("SELECT DISTINCT state_machine_arn FROM compiled_machines WHERE workflow_id = %s", yard.id)
    yard.run(
        """INSERT INTO executions (id, tenant_id, workflow_id, workflow_version, mode, trigger, status, started_at)
           VALUES (%s, %s, %s, 4, 'live', 'webhook', 'queued', now())""",
        *(execution, tenant, yard.id),
    )
    yard.run(
        "INSERT INTO execution_turns (execution_id, tenant_id, workflow_id, request) VALUES (%s, %s, %s, %s::json)",
        *(execution, tenant, yard.id, f'{{"target": {{"machine_arn": "{machine}:live"}}}}'),
    )
    yard.client.post(f"/api/workflows/{yard.id}/unpublish")
    yard.age(status="queued")
    assert yard.sweep() == 0  # what waits is started at the alias
    assert yard.leaving() == [(1, "ConflictException: an alias leads to it", False)]
    yard.run("DELETE FROM execution_turns WHERE workflow_id = %s", yard.id)
    assert yard.sweep() == 0  # a minute has to pass
    yard.run("UPDATE leaving_machines SET leave_after = now()")
    assert yard.sweep() == 1
    assert yard.gone() == ["live", "1"]


def test_a_machine_of_another_type_leaves_its_alias_behind(yard: Yard) -> None:
    yard.publish()
    document = named(99)
    document["settings"] = {"mode": "express"}
    save(yard.client, yard.id, document, yard.revision)
    well(yard.client.post(f"/api/workflows/{yard.id}/publish"))
    yard.revision += 1
    first = named(98)
    first["settings"] = {"mode": "express"}
    for number in range(VERSIONS):
        first["nodes"][1]["name"] = f"X {number}"
        save(yard.client, yard.id, first, yard.revision)
        yard.revision += 1
        well(yard.client.post(f"/api/workflows/{yard.id}/publish"))
    assert len(yard.cloud.live) == 2
    yard.age()
    assert yard.sweep() == 2
    assert sorted(arn.rpartition("-")[2] for arn in yard.cloud.gone) == ["express:1", "standard:1", "standard:live"]
    assert [arn.rpartition("-")[2] for arn in yard.cloud.live] == ["express"]


def test_a_deleted_workflows_machines_go_whole_once_nothing_runs(yard: Yard) -> None:
    yard.publish()
    yard.change()
    yard.start()
    yard.run("UPDATE executions SET status = 'running' WHERE workflow_id = %s", yard.id)
    assert yard.client.delete(f"/api/workflows/{yard.id}").status_code == 204
    yard.age(hours=99, status="running")
    assert yard.sweep() == 0  # deleting the machine would end it
    yard.age()
    assert yard.sweep() == 1
    assert yard.gone() == ["standard"]
    assert yard.there() == set()


def test_nested_machines_go_with_the_one_around_them(yard: Yard) -> None:
    yard.start()
    part = "arn:aws:states:us-east-1:1:stateMachine:x-part0"
    yard.run("UPDATE compiled_machines SET parts = %s WHERE workflow_id = %s", [f"{part}:1", f"{part}:7"], yard.id)
    yard.change()
    yard.start()
    yard.run(
        "UPDATE compiled_machines SET parts = %s, used_at = now() - interval '2 hours' "
        "WHERE workflow_id = %s AND parts = '{}'",
        *([f"{part}:7"], yard.id),
    )
    yard.age(hours=0)
    yard.run("UPDATE compiled_machines SET used_at = now() - interval '2 days' WHERE cardinality(parts) = 2")
    assert yard.sweep() == 2
    assert yard.gone() == ["1", "1"]  # AWS gave both the same version of a part: it stays
    yard.client.delete(f"/api/workflows/{yard.id}")
    yard.age(hours=99)
    yard.cloud.gone.clear()
    assert yard.sweep() == 2
    assert sorted(arn.rpartition("-")[2] for arn in yard.cloud.gone) == ["part0", "standard"]


@pytest.mark.parametrize("newer", [False, True], ids=["same compiler", "newer compiler"])
def test_going_back_to_a_version_whose_machine_is_gone_makes_it_again(
    yard: Yard, monkeypatch: pytest.MonkeyPatch, newer: bool
) -> None:
    yard.publish(VERSIONS + 1)
    yard.age()
    assert yard.sweep() == 1
    if newer:
        another_compiler(monkeypatch)
    well(yard.client.post(f"/api/workflows/{yard.id}/versions/1/publish"))
    [arn] = yard.cloud.live.values()
    assert arn.endswith(f":{VERSIONS + 2}")
    yard.start("live")
    assert yard.world.starts.started[-1]["target"].workflow_version == 1
    yard.age(hours=99)
    assert yard.sweep() == 0
    assert VERSIONS + 2 in yard.there()


@pytest.mark.parametrize("newer", [False, True], ids=["same compiler", "newer compiler"])
def test_a_live_run_makes_its_machine_again(yard: Yard, monkeypatch: pytest.MonkeyPatch, newer: bool) -> None:
    yard.publish()
    yard.run("DELETE FROM compiled_machines WHERE workflow_id = %s", yard.id)
    if newer:
        another_compiler(monkeypatch)
    yard.start("live")
    assert yard.there() == {2}
    [arn] = yard.cloud.live.values()
    assert arn.endswith(":2")
    yard.start("live")
    assert yard.there() == {2}


def test_a_draft_run_makes_its_machine_again_under_a_version_that_stays(yard: Yard) -> None:
    yard.start()
    yard.age(hours=99)
    assert yard.sweep() == 1
    yard.start()
    assert yard.there() == {2}
    assert yard.world.starts.started[-1]["target"].machine_arn.endswith(":2")


def test_what_leaves_and_is_made_again_stays_where_aws_was_not_asked(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AWS gives the version it has to who publishes what is published: that of a machine that is about to go."""
    yard.start()
    same_version(yard, monkeypatch)
    yard.age(hours=99)
    monkeypatch.setattr(collecting, "MOST", 0)  # no room in this run
    assert yard.sweep() == 0
    assert (yard.there(), len(yard.leaving())) == (set(), 1)
    yard.start()
    assert (yard.there(), yard.leaving()) == ({1}, [])


@pytest.mark.parametrize("ended", [False, True], ids=["asked", "gone"])
def test_a_version_that_aws_was_asked_to_delete_is_not_used_again(
    yard: Yard, monkeypatch: pytest.MonkeyPatch, ended: bool
) -> None:
    yard.start()
    same_version(yard, monkeypatch)
    yard.age(hours=99)
    yard.sweep()
    if not ended:
        yard.run("UPDATE leaving_machines SET gone_at = NULL")
    yard.start()
    assert yard.there() == {2}
    [machine] = yard.cloud.versions
    assert '"Comment": "Made again' in yard.cloud.versions[machine][1]
    assert '"Comment"' not in yard.cloud.versions[machine][0]


def test_what_aws_refuses_is_asked_for_later_and_later(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    yard.start()
    yard.age(hours=99)

    def refuse(_: str) -> None:
        raise AwsError("AccessDeniedException", "no")

    monkeypatch.setattr(yard.cloud, "delete_version", refuse)
    pauses = []
    for _ in range(7):
        assert yard.sweep() == 0
        [(seconds,)] = yard.run("SELECT extract(epoch FROM leave_after - now())::int FROM leaving_machines")
        pauses.append(round(seconds / 60))
        yard.run("UPDATE leaving_machines SET leave_after = now()")
    assert pauses == [1, 5, 30, 120, 360, 360, 360]
    assert yard.leaving() == [(7, "AccessDeniedException: no", False)]


def test_a_throttled_sweep_ends_at_once_and_goes_on_later(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        yard.change()
        yard.start()
    yard.age(hours=99)
    asked = []

    def throttled(arn: str) -> None:
        asked.append(arn)
        raise AwsError.answered("ThrottlingException", "Rate exceeded", 400)

    with monkeypatch.context() as patch:
        patch.setattr(yard.cloud, "delete_version", throttled)
        assert (yard.sweep(), len(asked)) == (0, 1)
    assert yard.sweep() == 2
    yard.run("UPDATE leaving_machines SET leave_after = now() WHERE gone_at IS NULL")
    assert yard.sweep() == 1
    assert len(set(yard.cloud.gone)) == 3


def test_a_run_asks_for_few_and_of_each_tenant_as_soon_as_of_another(
    yard: Yard, world: World, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Yard(world, databases)
    for _ in range(5):
        yard.change()
        yard.start()
    other.start()
    yard.age(hours=99)
    other.age(hours=99)
    monkeypatch.setattr(collecting, "MOST", 3)
    assert yard.sweep() == 3
    assert sum(other.id in arn for arn in yard.cloud.gone) == 1


def test_what_was_deleted_is_forgotten_after_an_hour(yard: Yard) -> None:
    yard.start()
    yard.age(hours=99)
    assert yard.sweep() == 1
    assert yard.sweep() == 0
    assert len(yard.leaving()) == 1
    yard.run("UPDATE leaving_machines SET gone_at = now() - interval '2 hours'")
    yard.sweep()
    assert yard.leaving() == []


def test_a_publish_that_finds_no_room_leaves_no_version(yard: Yard) -> None:
    yard.run("UPDATE tenants SET plan = 'free' WHERE id = %s", tenant_of(yard.client))
    yard.start()
    free = yard.run("SELECT limits ->> 'machines' FROM plans WHERE name = 'free'")
    yard.run("UPDATE plans SET limits = limits || '{\"machines\": 1}' WHERE name = 'free'")
    try:
        yard.change()
        answer = yard.client.post(f"/api/workflows/{yard.id}/run", json={"mode": "draft"})
        assert is_problem(answer, 402, "quota_reached")
        assert yard.there() == {1}
        assert yard.leaving() == [(0, None, False)]
        assert yard.sweep() == 1
        assert yard.gone() == ["2"]
    finally:
        yard.run("UPDATE plans SET limits = limits || jsonb_build_object('machines', %s::int)", free[0][0])
        yard.run("UPDATE plans SET limits = '{}' WHERE name = 'unlimited'")


def test_tenants_see_no_ones_machines_that_leave(yard: Yard, databases: Databases) -> None:
    yard.start()
    yard.age(hours=99)
    yard.sweep()
    with psycopg.connect(databases.app) as connection:
        connection.execute("SELECT set_config('app.tenant_id', %s, true)", (str(uuid.uuid4()),))
        assert connection.execute("SELECT count(*) FROM leaving_machines").fetchone() == (0,)


def another_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the compiler make other machines of the same documents."""
    whole = compiling.compile_document

    def newer(document: Any, options: Any = None) -> Any:
        moved = {**document, "nodes": [dict(node) for node in document["nodes"]]}
        moved["nodes"][1]["name"] += " newer"
        return whole(moved, options)

    monkeypatch.setattr(machines, "compile_document", newer)


def same_version(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have AWS give the version that it has to who publishes what is published."""
    whole: Callable[..., Any] = yard.cloud.publish

    def publish(name: str, kind: str, definition: str, note: str) -> Any:
        arn = f"arn:aws:states:us-east-1:1:stateMachine:{name}"
        known = yard.cloud.versions.get(arn, [])
        made = whole(name, kind, definition, note)
        if known.count(definition) == 1:
            return made
        yard.cloud.versions[arn].pop()
        return type(made)(arn, f"{arn}:{known.index(definition) + 1}")

    monkeypatch.setattr(yard.cloud, "publish", publish)
