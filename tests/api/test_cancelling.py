"""Cancelling: whatever Step Functions and the queue know of it, an execution that has not ended ends."""

import json
from typing import Any

import psycopg
import pytest

from stepweave.aws import AwsError
from tests.api.conftest import World
from tests.api.test_partial_runs import chain
from tests.api.test_rerunning import failed
from tests.api.test_routes import is_problem, made, recorded
from tests.fixtures.servers import Databases


def change(databases: Databases, execution_id: str, what: str) -> None:
    with psycopg.connect(databases.owner) as connection:
        connection.execute(f"UPDATE executions SET {what} WHERE id = %s".encode(), (execution_id,))


@pytest.mark.parametrize(
    ("row", "refusal"),
    [
        ("status = 'running'", None),
        ("status = 'running'", "ExecutionDoesNotExist"),
        ("status = 'running', execution_arn = 'no arn'", "InvalidArn"),
        ("status = 'running', execution_arn = NULL", None),
        ("status = 'running', machine_type = 'express', execution_arn = NULL", None),
        ("status = 'queued', machine_type = 'express', execution_arn = NULL", None),
        ("status = 'queued', started_at = now() + interval '1 day'", "ExecutionDoesNotExist"),
    ],
)
def test_whatever_has_not_ended_ends(
    world: World, databases: Databases, monkeypatch: pytest.MonkeyPatch, row: str, refusal: str | None
) -> None:
    client = world.person()
    id = recorded(client, databases, made(client, chain())["id"])
    change(databases, id, row)

    def stop(_: str) -> None:
        if refusal is not None:
            raise AwsError(refusal, "it is not there")

    monkeypatch.setattr(world.machines, "stop", stop)
    assert client.post(f"/api/executions/{id}/cancel").status_code == 202
    ended = client.get(f"/api/executions/{id}").json()
    assert (ended["status"], ended["endedAt"] >= ended["startedAt"]) == ("cancelled", True)
    told: Any = json.loads(world.events.bodies[-1])
    assert (told["context"]["executionId"], [event["type"] for event in told["events"]]) == (
        id,
        ["execution.cancelled"],
    )
    assert is_problem(client.post(f"/api/executions/{id}/cancel"), 409, "already_ended")


def test_what_step_functions_cannot_stop_now_is_not_said_to_have_ended(
    world: World, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.person()
    id = recorded(client, databases, made(client, chain())["id"])

    def stop(_: str) -> None:
        raise AwsError("ConnectionFailed", "no answer", retryable=True)

    monkeypatch.setattr(world.machines, "stop", stop)
    assert is_problem(client.post(f"/api/executions/{id}/cancel"), 503, "not_cancelled")
    assert client.get(f"/api/executions/{id}").json()["status"] == "running"


def test_one_that_has_ended_stays_as_it_is(world: World, databases: Databases) -> None:
    client = world.person()
    id = failed(databases, client, made(client, chain())["id"])
    assert is_problem(client.post(f"/api/executions/{id}/cancel"), 409, "already_ended")
