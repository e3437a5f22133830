"""Schedules that skip, queue and make up: what the starter and the sweeper do with due times."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from functions.system.starter.schedules import scheduled
from functions.system.sweeper.catching_up import CatchingUp
from stepweave_data.turns import Turns
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.messages import rows
from tests.functions.system.test_starter import Stage

NOW = datetime(2026, 11, 29, 12, 0, 30, tzinfo=UTC)


@pytest.fixture
def stage(databases: Databases, tenants: tuple[Tenant, Tenant]) -> Iterator[Stage]:
    made = Stage(databases, tenants[0])
    made.change("UPDATE schedules SET expression = '*/5 * * * *', time_zone = 'UTC' WHERE workflow_id = %s")
    yield made
    made.link.close()


def policy(stage: Stage, **columns: Any) -> None:
    with psycopg.connect(stage.databases.owner) as connection:
        for name, value in columns.items():
            statement = f"UPDATE schedules SET {name} = %s WHERE id = %s"
            connection.execute(statement.encode(), (value, stage.schedule_id))


def fire(stage: Stage, due: datetime, now: datetime | None = None, **more: Any) -> dict[str, Any]:
    event = {
        "tenantId": str(stage.tenant.id),
        "scheduleId": stage.schedule_id,
        "scheduledTime": due.isoformat(),
        **more,
    }
    request = scheduled(event, stage.link, now or due)
    return request if "skipped" in request else {**stage.launch(request), "item": request["items"][0]["json"]}


def begun(stage: Stage) -> set[str]:
    """The names that Step Functions was given; it starts nothing twice under one."""
    return {one["name"] for one in stage.machines.started}


def ends(stage: Stage, id: str) -> None:
    rows(stage.databases, "UPDATE executions SET status = 'succeeded', ended_at = now() WHERE id = %s RETURNING id", id)


def state(stage: Stage) -> tuple[int, int, str | None]:
    query = "SELECT missed, skipped, last_skip FROM schedules WHERE id = %s"
    [found] = rows(stage.databases, query, stage.schedule_id)
    return found


def test_two_rules_that_name_one_minute_start_one_execution(stage: Stage) -> None:
    policy(stage, expression="0 12 * * *\n*/5 * * * *\n0 13 * * 1 every 2 weeks")
    noon = NOW.replace(second=0)
    first = fire(stage, noon, line="0 12 * * *")
    second = fire(stage, noon, line="*/5 * * * *")
    assert first["executionId"] == second["executionId"]
    assert begun(stage) == {first["executionId"]}
    off = datetime(2026, 12, 7, 13, tzinfo=UTC)
    assert "does not fire" in fire(stage, off, line="0 13 * * 1 every 2 weeks")["skipped"]
    assert "executionId" in fire(stage, off, line="*/5 * * * *")
    assert "does not fire" in fire(stage, off, line="0 13 * * 1")["skipped"]  # of a version before


def test_a_schedule_that_must_not_overlap_skips_while_the_one_before_runs(stage: Stage) -> None:
    policy(stage, overlap="skip")
    first = fire(stage, NOW)
    assert fire(stage, NOW)["executionId"] == first["executionId"]  # Scheduler calls twice
    assert "still runs" in fire(stage, NOW + timedelta(minutes=5))["skipped"]
    assert state(stage)[1:] == (1, "an earlier firing of the schedule still runs")
    ends(stage, first["executionId"])
    assert "executionId" in fire(stage, NOW + timedelta(minutes=10))
    assert len(begun(stage)) == 2


def test_a_schedule_that_queues_runs_one_at_a_time_in_order(stage: Stage) -> None:
    policy(stage, overlap="queue")
    first, *others = (fire(stage, NOW + timedelta(minutes=5 * number)) for number in range(3))
    assert [one.get("queued", False) for one in (first, *others)] == [False, True, True]
    turns = Turns(stage.link)
    ids = (str(stage.tenant.id), str(stage.tenant.workflow_id))
    assert turns.next(*ids) == []
    ends(stage, first["executionId"])
    [request] = turns.next(*ids)
    assert request["executionId"] == others[0]["executionId"]
    assert turns.next(*ids) == []  # it is about to start: the third waits for it
    ends(stage, others[0]["executionId"])
    assert [one["executionId"] for one in turns.next(*ids)] == [others[1]["executionId"]]


def test_a_queue_keeps_nothing_else_of_the_workflow_waiting_and_has_an_end(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.system.starter.schedules.MOST_WAITING", 1)
    policy(stage, overlap="queue")
    fire(stage, NOW)
    assert fire(stage, NOW + timedelta(minutes=5))["queued"]
    assert "earlier firings wait" in fire(stage, NOW + timedelta(minutes=10))["skipped"]
    stage.target["concurrency"] = 5
    by_hand = {"target": stage.target, "trigger": "webhook", "nodeId": "hook", "items": [], "mode": "live"}
    assert Turns(stage.link).admit({**by_hand, "executionId": "5f3c0f54-6a0f-4f64-8f0a-3d3c8a1b0002"})


def test_missed_times_are_counted_and_left_out(stage: Stage) -> None:
    policy(stage, settled_at=NOW - timedelta(hours=1))
    assert "missed" not in fire(stage, NOW.replace(second=0), NOW)["item"]
    assert state(stage)[0] == 9  # from 11:05 to 11:45; what is younger may still come
    assert "executionId" in fire(stage, NOW.replace(minute=5, second=0))
    assert state(stage)[0] == 9


def test_what_was_missed_is_made_up_for_once(stage: Stage) -> None:
    policy(stage, settled_at=NOW - timedelta(hours=1), catch_up="once")
    handed: list[dict[str, Any]] = []
    sweeper = CatchingUp(stage.link, handed.append)
    sweeper.sweep(NOW)
    sweeper.sweep(NOW)
    mine = [one for one in handed if one["scheduleId"] == stage.schedule_id]
    assert len(mine) == 2  # the starter was slow
    assert mine[0]["scheduledTime"] == "2026-11-29T11:05:00.000Z"
    made = [scheduled(one, stage.link, NOW) for one in mine]
    assert made[0]["items"][0]["json"] == {
        "scheduledAt": "2026-11-29T12:00:00.000Z",
        "timeZone": "UTC",
        "missed": 11,
    }
    assert made[1] == {"skipped": "it was made up for"}
    # The firing that was due at that time comes after all: it is the same execution.
    due = scheduled({**mine[0], "late": False, "scheduledTime": "2026-11-29T12:00:00Z"}, stage.link, NOW)
    assert due["executionId"] == made[0]["executionId"]
    assert state(stage)[0] == 11
    handed.clear()
    sweeper.sweep(NOW)
    assert not [one for one in handed if one["scheduleId"] == stage.schedule_id]


@pytest.mark.parametrize("columns", [{"catch_up": "skip"}, {"catch_up": "once", "enabled": False}])
def test_nothing_is_made_up_for_that_is_not_wanted(stage: Stage, columns: dict[str, Any]) -> None:
    policy(stage, settled_at=NOW - timedelta(hours=1), **columns)
    handed: list[dict[str, Any]] = []
    CatchingUp(stage.link, handed.append).sweep(NOW)
    assert not [one for one in handed if one["scheduleId"] == stage.schedule_id]
    late = NOW.replace(hour=11, minute=5)
    assert "skipped" in fire(stage, late, NOW, late=True)
