"""The starter: schedules fire once, paused workflows stay still, and Express executions run once and end."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from functions.system.starter.launching import launch
from functions.system.starter.once import Once
from functions.system.starter.schedules import FiringInvalid, scheduled
from stepweave.aws import AwsError
from stepweave.runtime.errors import EventDeliveryError
from stepweave.runtime.starting import Launch
from stepweave_data.link import Link
from stepweave_data.turns import Turns
from tests.fakes.steps import Outside
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.hooks import MACHINE, Machines, succeeded
from tests.functions.system.messages import rows

DUE = "2026-11-23T09:00:00Z"


class Stage:
    """A tenant with a published workflow on a schedule, and all that the starter talks to."""

    def __init__(self, databases: Databases, tenant: Tenant, machine: str = "standard", **settings: Any) -> None:
        self.databases, self.tenant, self.link = databases, tenant, Link(databases.app)
        self.machines, self.outside = Machines(ends=lambda _: succeeded()), Outside()
        self.once = Once(self.link)
        self.target = {
            "tenant_id": str(tenant.id),
            "workflow_id": str(tenant.workflow_id),
            "workflow_name": "W",
            "workflow_version": 1,
            "machine_arn": MACHINE,
            "machine_type": machine,
            "time_zone": "UTC",
            "concurrency": settings.get("concurrency"),
        }
        self.schedule_id = str(uuid.uuid4())
        with psycopg.connect(databases.owner) as connection:
            connection.execute("UPDATE workflows SET published_version = 1 WHERE id = %s", (tenant.workflow_id,))
            connection.execute(
                """INSERT INTO workflow_versions (tenant_id, workflow_id, number, document, compiled_hash)
                   VALUES (%s, %s, 1, %s, 'h')""",
                (tenant.id, tenant.workflow_id, json.dumps({"settings": settings})),
            )
            connection.execute(
                """INSERT INTO schedules (id, tenant_id, workflow_id, node_id, expression, time_zone, names, target)
                   VALUES (%s, %s, %s, 'clock', '0 9 * * *', 'Europe/Berlin', '{a}', %s)""",
                (self.schedule_id, tenant.id, tenant.workflow_id, json.dumps(self.target)),
            )

    def fire(self, due: str = DUE) -> dict[str, Any]:
        event = {"tenantId": str(self.tenant.id), "scheduleId": self.schedule_id, "scheduledTime": due}
        request = scheduled(event, self.link)
        return request if "skipped" in request else self.launch(request)

    def launch(self, request: dict[str, Any]) -> dict[str, Any]:
        outside = Launch(self.outside.send, self.outside.claims, self.machines)
        return launch(request, self.once, outside, Turns(self.link))

    def change(self, statement: str) -> None:
        with psycopg.connect(self.databases.owner) as connection:
            connection.execute(statement.encode(), (self.tenant.workflow_id,))

    @property
    def told(self) -> list[str]:
        return [event["type"] for event in self.outside.events]


@pytest.fixture
def stage(databases: Databases, tenants: tuple[Tenant, Tenant]) -> Iterator[Stage]:
    made = Stage(databases, tenants[0])
    yield made
    made.link.close()


@pytest.fixture
def express(databases: Databases, tenants: tuple[Tenant, Tenant]) -> Iterator[Stage]:
    made = Stage(databases, tenants[0], "express")
    yield made
    made.link.close()


def test_a_schedule_starts_its_workflow_with_the_time_it_was_due(stage: Stage) -> None:
    result = stage.fire()
    (started,) = stage.machines.started
    assert (started["arn"], started["name"]) == (MACHINE, result["executionId"])
    given = started["input"]
    assert (given["context"]["trigger"], given["trigger"]["nodeId"]) == ("schedule", "clock")
    (item,) = given["trigger"]["output"]["main"]["items"]
    assert item["json"] == {"scheduledAt": "2026-11-23T09:00:00.000Z", "timeZone": "Europe/Berlin"}


def test_one_due_time_is_one_execution_however_often_the_scheduler_calls(stage: Stage) -> None:
    ids = {stage.fire(due)["executionId"] for due in (DUE, DUE, "2026-11-23T10:00:00+01:00")}
    assert len(ids) == 1
    assert stage.fire("2026-11-23T09:01:00Z")["executionId"] not in ids


def test_an_express_workflow_runs_once_for_a_due_time_and_its_end_is_told(express: Stage) -> None:
    first, second = express.fire(), express.fire()
    assert len(express.machines.started) == 1
    assert second == {"skipped": "the execution runs already", "executionId": first["executionId"]}
    assert express.told == ["execution.started", "node.started", "node.succeeded", "execution.succeeded"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("UPDATE workflows SET enabled = false WHERE id = %s", "paused"),
        ("UPDATE schedules SET enabled = false WHERE workflow_id = %s", "paused"),
        ("UPDATE workflows SET published_version = NULL WHERE id = %s", "not published"),
        ("UPDATE workflows SET deleted_at = now() WHERE id = %s", "not published"),
        ("DELETE FROM schedules WHERE workflow_id = %s", "gone"),
    ],
)
def test_what_may_not_run_is_skipped_with_the_reason(stage: Stage, change: str, reason: str) -> None:
    stage.change(change)
    assert reason in stage.fire()["skipped"]
    assert stage.machines.started == []


def test_a_day_that_eventbridge_cannot_leave_out_is_skipped(stage: Stage) -> None:
    stage.change("UPDATE schedules SET expression = '0 0 */2 * 1', time_zone = 'Asia/Tokyo' WHERE workflow_id = %s")
    assert "does not fire on that day" in stage.fire("2026-12-13T15:00:00Z")["skipped"]  # Monday the 14th there
    assert "executionId" in stage.fire("2026-12-06T15:00:00Z")  # Monday the 7th there


def test_another_tenants_schedule_is_not_there(stage: Stage, tenants: tuple[Tenant, Tenant]) -> None:
    event = {"tenantId": str(tenants[1].id), "scheduleId": stage.schedule_id, "scheduledTime": DUE}
    assert scheduled(event, stage.link) == {"skipped": "the schedule is gone"}


def test_a_firing_waits_for_its_turn_and_the_next_does_not_wait_behind_it(
    databases: Databases, tenants: tuple[Tenant, Tenant]
) -> None:
    stage = Stage(databases, tenants[0], concurrency=1)
    stage.change(
        """INSERT INTO executions (id, tenant_id, workflow_id, mode, trigger, status, started_at)
           SELECT gen_random_uuid(), tenant_id, id, 'live', 'webhook', 'running', now() FROM workflows WHERE id = %s"""
    )
    assert stage.fire()["queued"]
    assert "waits for its turn" in stage.fire("2026-11-24T09:00:00Z")["skipped"]
    assert stage.machines.started == []
    stage.change("UPDATE executions SET status = 'succeeded' WHERE workflow_id = %s AND status = 'running'")
    (begun,) = Turns(stage.link).next(str(stage.tenant.id), str(stage.tenant.workflow_id))
    assert stage.launch(begun) == {"executionId": begun["executionId"]}
    assert len(stage.machines.started) == 1
    stage.link.close()


@pytest.mark.parametrize(
    "event",
    [
        {"scheduleId": "x"},
        {"scheduleId": str(uuid.uuid4()), "tenantId": str(uuid.uuid4()), "scheduledTime": "tomorrow"},
        {"scheduleId": "x", "tenantId": str(uuid.uuid4()), "scheduledTime": DUE},
        {"scheduleId": str(uuid.uuid4()), "tenantId": None, "scheduledTime": DUE},
    ],
)
def test_a_firing_that_is_none_is_refused_by_name(stage: Stage, event: dict[str, Any]) -> None:
    with pytest.raises(FiringInvalid, match="scheduledTime"):
        scheduled(event, stage.link)


def request(stage: Stage) -> dict[str, Any]:
    """What the API and the webhook ask for."""
    return {
        "target": stage.target,
        "trigger": "manual",
        "nodeId": "m",
        "items": [{"json": {}}],
        "mode": "draft",
        "executionId": str(uuid.uuid4()),
    }


def test_an_execution_that_the_api_queued_is_run_once(express: Stage) -> None:
    asked = request(express)
    rows(
        express.databases,
        """INSERT INTO executions (id, tenant_id, workflow_id, mode, trigger, status, machine_type, started_at)
           VALUES (%s, %s, %s, 'draft', 'manual', 'queued', 'express', now()) RETURNING id""",
        asked["executionId"],
        express.tenant.id,
        express.tenant.workflow_id,
    )
    assert express.launch(asked) == {"executionId": asked["executionId"]}
    assert "skipped" in express.launch(asked)
    assert len(express.machines.started) == 1


def test_what_was_not_started_may_be_tried_again(express: Stage) -> None:
    asked = request(express)
    express.outside.failures = [AwsError("QueueDoesNotExist", "gone")]
    with pytest.raises(EventDeliveryError):
        express.launch(asked)
    assert express.launch(asked) == {"executionId": asked["executionId"]}
    assert len(express.machines.started) == 1


@pytest.mark.parametrize("machine", ["standard", "express"])
def test_a_start_that_step_functions_refuses_is_told_and_not_repeated(
    databases: Databases, tenants: tuple[Tenant, Tenant], machine: str
) -> None:
    stage = Stage(databases, tenants[0], machine)
    stage.machines.error = AwsError("StateMachineDoesNotExist", "gone")
    asked = request(stage)
    assert stage.launch(asked) == {"executionId": asked["executionId"]}
    assert stage.told[-1] == "execution.failed"
    stage.link.close()


def test_an_end_that_cannot_be_told_is_left_to_the_sweeper_and_runs_nothing_again(
    express: Stage, log_lines: list[dict[str, Any]]
) -> None:
    def ends(_: dict[str, Any]) -> dict[str, Any]:
        express.outside.failures = [AwsError("QueueDoesNotExist", "gone")]
        return succeeded()

    express.machines.ends = ends
    asked = request(express)
    assert express.launch(asked) == {"executionId": asked["executionId"]}
    assert [line["message"] for line in log_lines] == ["an execution's end is left to the sweeper"]


def test_an_execution_that_outlasts_the_wait_is_left_to_the_sweeper(express: Stage) -> None:
    express.machines.error = AwsError("RequestTimeout", "no answer", retryable=True)
    assert "executionId" in express.launch(request(express))
    assert "execution.failed" not in express.told
