"""Ways to start where nobody waits for an answer, and the plan has no room: nothing is lost, and all say why."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from functions.system.starter import handler as starter
from functions.system.starter.schedules import skipped
from stepweave.model.events import EventType
from stepweave_data.no_room import NoRoom
from stepweave_data.turns import Turns
from tests.fixtures.plans import GivePlan
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system import test_starter, test_starter_polling
from tests.functions.system.messages import node, rows
from tests.functions.system.test_calls_for_each import Each
from tests.functions.system.test_starter_schedules import NOW, ends, fire, policy, state

Two = tuple[Tenant, Tenant]


@pytest.fixture
def calls(databases: Databases, tenants: Two) -> Iterator[Each]:
    made = Each(databases, tenants[0])
    yield made
    made.link.close()


@pytest.fixture
def polled(databases: Databases, tenants: Two) -> Iterator[test_starter_polling.Stage]:
    made = test_starter_polling.Stage(databases, tenants[0])
    yield made
    for link in made.links:
        link.close()


def test_a_caller_leaves_its_place_to_what_it_calls_one_after_another(calls: Each, give_plan: GivePlan) -> None:
    give_plan(calls.tenant.id, concurrent=1)
    turns, tenant = Turns(calls.link), str(calls.tenant.id)
    calls.told(calls.caller, node(EventType.NODE_STARTED, "w"))
    ids = calls.begun(3)
    assert [one["name"] for one in calls.machines.started] == ids[:1]
    for number, id in enumerate(ids):
        calls.gives(id, {"of": number})
        if number < 2:
            assert {"next": {"tenantId": tenant}} in calls.handed
        assert [one["executionId"] for one in turns.next(tenant)] == ids[number + 1 : number + 2]
        calls.handed.clear()
    assert [one["json"]["of"] for one in calls.gave["main"]] == [0, 1, 2]


def test_a_call_for_which_not_even_the_queue_has_room_starts_nothing_and_may_be_tried_again(
    calls: Each, give_plan: GivePlan
) -> None:
    give_plan(calls.tenant.id, concurrent=1, queue=1)
    refused = calls.asked([{"json": {"n": n}} for n in range(3)])["refused"]
    assert (refused["type"], "wait for their turn" in refused["message"]) == ("StarterUnavailable", True)
    query = "SELECT 1 FROM executions WHERE parent_execution_id = %s"
    assert rows(calls.databases, query, calls.caller["executionId"]) == []
    assert len(calls.begun(2)) == 2


def test_what_a_poll_found_is_kept_until_there_is_room(polled: test_starter_polling.Stage, give_plan: GivePlan) -> None:
    give_plan(polled.tenant.id, starts=1, queue=0)
    polled.provider.things = ["a"]
    polled.poll()
    polled.provider.things = ["a", "b"]
    assert "wait for their turn" in str(polled.poll().get("skipped"))
    polled.provider.things = []
    give_plan(polled.tenant.id, starts=10)
    polled.poll()
    assert polled.given == [["a"], ["b"]]


def test_a_firing_waits_for_room_and_beyond_the_queue_the_schedule_says_why(
    databases: Databases, tenants: Two, give_plan: GivePlan
) -> None:
    stage = test_starter.Stage(databases, tenants[0])
    policy(stage, expression="*/5 * * * *", time_zone="UTC")
    give_plan(stage.tenant.id, concurrent=1, queue=1)
    first = fire(stage, NOW)
    assert fire(stage, NOW + timedelta(minutes=5))["queued"]
    event = {"tenantId": str(stage.tenant.id), "scheduleId": stage.schedule_id, "scheduledTime": NOW.isoformat()}
    skipped(event, "full", stage.link)
    assert state(stage)[1:] == (1, "full")
    ends(stage, first["executionId"])
    assert len(Turns(stage.link).next(str(stage.tenant.id))) == 1
    stage.link.close()


def test_the_starter_says_why_it_skips(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []

    def full(*_: Any) -> dict[str, Any]:
        raise NoRoom("queue", 1, 5)

    monkeypatch.setattr(starter, "launch", full)
    monkeypatch.setattr(starter, "skipped", lambda *given: told.append(given[1]))
    monkeypatch.setattr(starter, "link", lambda: None)
    monkeypatch.setattr(starter, "outside", lambda: None)
    assert "wait for their turn" in starter._launched({"scheduleId": "s"}, {})["skipped"]
    assert "wait for their turn" in starter._launched({"failed": {}}, {})["skipped"]
    assert len(told) == 1
