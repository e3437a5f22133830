"""A run that cannot be started is told, and does not stay queued for ever."""

from typing import Any

import pytest

from api import codes
from api.refusals import Refused
from tests.api.conftest import World
from tests.api.test_routes import is_problem, made


def test_an_execution_that_did_not_start_has_failed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.person()

    def refusing(*_: Any, execution_id: str, **__: Any) -> None:
        raise Refused(codes.NOT_STARTED, "The queue is away. Try again.", executionId=execution_id)

    monkeypatch.setattr(world.starts, "start", refusing)
    refused = client.post(f"/api/workflows/{made(client)['id']}/run")
    assert is_problem(refused, 503, "not_started")
    execution = client.get(f"/api/executions/{refused.json()['executionId']}").json()
    assert (execution["status"], execution["error"]["message"]) == ("failed", "The queue is away. Try again.")
