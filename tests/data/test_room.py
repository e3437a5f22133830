"""A plan's limits of executions: who is let in, who waits, who is refused, and whose turn it is."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from stepweave_data.hooks.cancelling import END
from stepweave_data.link import Link
from stepweave_data.no_room import NoRoom
from stepweave_data.turns import Turns
from tests.data.test_turns import Stage
from tests.fixtures.plans import GivePlan
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant


class Room(Stage):
    """A tenant whose workflow has no limit of its own."""

    def __init__(self, databases: Databases, tenant: Tenant) -> None:
        super().__init__(databases, tenant, limit=None)

    def given(self) -> list[str]:
        return [request["executionId"] for request in self.turns.next(str(self.tenant.id))]

    def reasons(self) -> list[str]:
        query = "SELECT reason FROM execution_turns WHERE tenant_id = %s AND taken_at IS NULL ORDER BY position"
        return [reason for (reason,) in self.run(query, self.tenant.id)]

    def refused(self, **more: Any) -> NoRoom:
        request = self.request(**more)
        with pytest.raises(NoRoom) as raised:
            self.turns.admit(request)
        assert self.run("SELECT 1 FROM executions WHERE id = %s", request["executionId"]) == []
        return raised.value

    def runs_node(self, id: str, node_id: str, status: str) -> None:
        self.run(
            "INSERT INTO node_runs (execution_id, node_id, tenant_id, attempt, status, started_at) "
            "VALUES (%s, %s, %s, 1, %s, now()) ON CONFLICT (execution_id, node_id, iteration) "
            "DO UPDATE SET status = excluded.status",
            id,
            node_id,
            self.tenant.id,
            status,
        )


@pytest.fixture
def room(databases: Databases, tenants: tuple[Tenant, Tenant]) -> Iterator[Room]:
    made = Room(databases, tenants[0])
    yield made
    made.link.close()


def test_without_limits_nothing_is_counted_or_written_down(room: Room) -> None:
    id, admitted = room.admit()
    assert admitted
    assert room.run("SELECT 1 FROM executions WHERE id = %s", id) == []


def test_so_many_of_a_tenant_run_at_once_and_the_rest_follow_in_order(room: Room, give_plan: GivePlan) -> None:
    give_plan(room.tenant.id, concurrent=2)
    ids = [room.admit(mode=mode)[0] for mode in ("live", "draft", "live", "draft", "live")]
    assert room.reasons() == ["concurrent"] * 3
    assert room.given() == []
    room.end(ids[0])
    assert room.admit()[1] is False  # nobody overtakes who waits
    assert room.given() == [ids[2]]
    for id in (ids[1], ids[2]):
        room.end(id)
    assert room.given() == [ids[3], ids[4]]


def test_so_many_begin_in_a_minute_however_short_they_are(room: Room, give_plan: GivePlan) -> None:
    give_plan(room.tenant.id, starts=3)
    ids = [room.admit()[0] for _ in range(5)]
    for id in ids[:3]:
        room.end(id)
    assert (room.reasons(), room.given()) == (["starts"] * 2, [])
    room.run("UPDATE executions SET started_at = started_at - interval '59 seconds' WHERE id = %s", ids[0])
    assert room.given() == []
    refused = room.refused(awaited=True)
    assert (refused.kind, refused.most) == ("starts", 3)
    assert refused.headers["retry-after"] in ("1", "2")
    assert refused.headers["ratelimit-policy"] == '"starts";q=3;w=60'
    room.run("UPDATE executions SET started_at = started_at - interval '2 seconds' WHERE id = %s", ids[0])
    assert room.given() == [ids[3]]


def test_who_waits_for_an_answer_is_refused_and_so_is_who_finds_the_queue_full(room: Room, give_plan: GivePlan) -> None:
    give_plan(room.tenant.id, concurrent=1, queue=2)
    first, _ = room.admit()
    assert room.refused(awaited=True).kind == "concurrent"
    waiting = [room.request() for _ in range(2)]
    assert [room.turns.admit(one) for one in waiting] == [False, False]
    full = room.refused()
    assert (full.kind, full.most, full.headers["retry-after"]) == ("queue", 2, "5")
    assert room.turns.admit(waiting[0]) is False  # asked again, it waits already
    room.end(first)
    assert room.given() == [waiting[0]["executionId"]]
    assert room.admit()[1] is False


def test_one_tenants_queue_keeps_nobody_else_waiting_and_turns_go_round(
    room: Room, tenants: tuple[Tenant, Tenant], give_plan: GivePlan, databases: Databases
) -> None:
    other = Room(databases, tenants[1])
    for one in (room, other):
        give_plan(one.tenant.id, concurrent=1)
    for _ in range(4):
        room.admit()
    (a, first), (_, second) = other.admit(), other.admit()
    assert (first, second) == (True, False)
    mine = (room.tenant.id, other.tenant.id)
    found = [row for row in room.link.rows("SELECT tenant_id, workflow_id FROM waiting_turns()") if row[0] in mine]
    assert sorted(found) == sorted((id, None) for id in mine)  # once each, however much waits
    other.end(a)
    assert len(other.given()) == 1
    other.link.close()


def test_what_waits_itself_leaves_room_and_what_computes_beside_a_wait_does_not(
    room: Room, give_plan: GivePlan
) -> None:
    give_plan(room.tenant.id, concurrent=1)
    first, _ = room.admit()
    waits, _ = room.admit()
    room.begun(first)
    room.runs_node(first, "wait", "waiting")
    room.runs_node(first, "beside", "running")
    assert room.given() == []
    room.runs_node(first, "beside", "succeeded")
    assert room.given() == [waits]


def test_a_workflows_limit_and_the_plans_hold_together(room: Room, give_plan: GivePlan) -> None:
    give_plan(room.tenant.id, concurrent=2)
    room.run("""UPDATE workflow_versions SET document = '{"settings": {"concurrency": 1}}' WHERE compiled_hash = 'h'""")
    target = {**room.request()["target"], "concurrency": 1}
    (a, first), (b, second) = room.admit(target=target), room.admit(target=target)
    assert (first, second, room.reasons()) == (True, False, ["workflow"])
    other = room.run(
        "INSERT INTO workflows (tenant_id, name, document) VALUES (%s, 'O', '{}') RETURNING id::text", room.tenant.id
    )
    free = {**room.request()["target"], "workflow_id": other[0][0]}
    assert room.admit(target=free)[1] is True  # what waits for its workflow is in nobody's way
    third, admitted = room.admit(target=free)
    assert (admitted, room.reasons()) == (False, ["workflow", "concurrent"])
    room.end(a)
    assert room.given() == [b]
    room.end(b)
    assert room.given() == [third]


def test_what_its_own_workflow_called_waits_for_the_plan_only(room: Room, give_plan: GivePlan) -> None:
    give_plan(room.tenant.id, concurrent=1)
    room.run("""UPDATE workflow_versions SET document = '{"settings": {"concurrency": 1}}' WHERE compiled_hash = 'h'""")
    target = {**room.request()["target"], "concurrency": 1}
    caller, _ = room.admit(target=target)
    called, admitted = room.admit(target=target, own=True)
    assert (admitted, room.given()) == (False, [])
    room.begun(caller)
    room.runs_node(caller, "call", "waiting")
    assert room.given() == [called]


def test_twenty_at_once_do_not_get_past_a_limit(room: Room, give_plan: GivePlan) -> None:
    give_plan(room.tenant.id, concurrent=4, queue=10)
    results: list[Any] = []

    def ask() -> None:
        link = Link(room.databases.app)
        try:
            results.append(Turns(link).admit(room.request()))
        except NoRoom as error:
            results.append(error.kind)
        link.close()

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [results.count(one) for one in (True, False, "queue")] == [4, 10, 6]


def test_the_month_ends_for_every_way_to_start(room: Room, give_plan: GivePlan) -> None:
    give_plan(room.tenant.id, executions=0)
    assert room.refused().kind == "executions"
    give_plan(room.tenant.id, executions=1, concurrent=5)
    request = room.request()
    assert [room.turns.admit(request) for _ in range(2)] == [True, True]  # asked again it is the same one
    assert room.refused().kind == "executions"


def test_a_plan_without_limits_again_lets_all_go(room: Room, give_plan: GivePlan) -> None:
    give_plan(room.tenant.id, concurrent=1)
    ids = [room.admit()[0] for _ in range(4)]
    room.run("UPDATE tenants SET plan = 'unlimited' WHERE id = %s", room.tenant.id)
    found = room.link.rows("SELECT workflow_id FROM waiting_turns() WHERE tenant_id = %s", (room.tenant.id,))
    assert found == [(room.tenant.workflow_id,)]
    assert room.next() == ids[1:]


def test_cancelling_makes_room_for_as_many_as_ran_and_for_none_that_waited(room: Room, give_plan: GivePlan) -> None:
    """kestra#13211, kestra#13743, kestra#11574: one too many, one too few, and the cancelled one itself."""
    give_plan(room.tenant.id, concurrent=2)
    ids = [room.admit()[0] for _ in range(6)]

    def cancel(*some: str) -> None:
        for id in some:
            room.run(END.replace(":id", "%s"), id)

    cancel(ids[2])
    assert room.given() == []
    assert room.run("SELECT 1 FROM execution_turns WHERE execution_id = %s", ids[2]) == []
    cancel(ids[0], ids[1])
    assert room.given() == [ids[3], ids[4]]
    assert room.given() == []


def test_of_two_in_a_minute_two_begin_at_once(room: Room, give_plan: GivePlan) -> None:
    """windmill#1924: of five one began, two a window later, then one at a time."""
    give_plan(room.tenant.id, starts=2)
    ids = [room.admit()[0] for _ in range(5)]
    for first in (2, 4):
        room.run("UPDATE executions SET started_at = started_at - interval '61 seconds' WHERE id = ANY (%s)", ids)
        assert room.given() == ids[first : first + 2]
