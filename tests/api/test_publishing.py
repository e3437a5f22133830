"""A publish that fails half-way: what AWS was told is taken back, and the former version stays live."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.services import compiling, publishing
from stepweave.aws import AwsError
from tests.api.conftest import World
from tests.api.test_routes import is_problem, made, workflow


def scheduled(expression: str) -> dict[str, Any]:
    document = workflow()
    document["nodes"][0] |= {"type": "schedule_trigger", "params": {"expression": expression}}
    return document


def publish(client: TestClient, id: str) -> Any:
    return client.post(f"/api/workflows/{id}/publish")


def save(client: TestClient, id: str, document: dict[str, Any], revision: int) -> None:
    answer = client.put(f"/api/workflows/{id}", json={"document": document, "revision": revision})
    assert answer.status_code == 200, answer.text


def fail(monkeypatch: pytest.MonkeyPatch, port: Any, name: str, when: Any = None) -> None:
    """Have a call of a stand-in fail; with `when`, only where that is among its arguments."""
    whole = getattr(port, name)

    def failing(*given: Any, **named: Any) -> Any:
        if when is None or when in given:
            raise AwsError("ServiceUnavailable", "down", retryable=True, status=503)
        return whole(*given, **named)

    monkeypatch.setattr(port, name, failing)


def test_when_live_cannot_move_the_schedules_are_put_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.person()
    id = made(client, scheduled("0 9 * * *"))["id"]
    assert publish(client, id).status_code == 200
    before = dict(world.schedules.there)
    save(client, id, scheduled("0 10 1 * 1"), 1)
    with monkeypatch.context() as broken:
        fail(broken, world.machines, "point")
        assert is_problem(publish(client, id), 503, "aws_unavailable")
    assert world.schedules.there == before
    assert publish(client, id).json()["number"] == 2
    expressions = sorted(entry[0] for entry in world.schedules.there.values())
    assert expressions == ["cron(0 10 1 * ? *)", "cron(0 10 ? * MON *)"]


def test_when_the_second_of_two_schedules_is_refused_the_first_goes_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.person()
    id = made(client, scheduled("0 10 1 * 1"))["id"]
    fail(monkeypatch, world.schedules, "put", "cron(0 10 ? * MON *)")
    assert is_problem(publish(client, id), 503, "aws_unavailable")
    assert world.schedules.there == {}
    assert client.get(f"/api/workflows/{id}").json()["publishedVersion"] is None


def test_when_the_commit_fails_live_moves_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.person()
    id = made(client)["id"]
    publish(client, id)
    live = dict(world.machines.live)
    changed = workflow()
    changed["nodes"][1]["name"] = "Renamed"
    save(client, id, changed, 1)
    point = world.machines.point

    def point_and_break(*given: str) -> str:
        answer = point(*given)
        if given[1] not in live.values():
            raise ConnectionError("the connection to Postgres broke")
        return answer

    monkeypatch.setattr(world.machines, "point", point_and_break)
    assert is_problem(publish(client, id), 500, "internal_error")
    assert world.machines.live == live
    assert client.get(f"/api/workflows/{id}").json()["publishedVersion"] == 1


def test_when_taking_back_fails_too_the_first_failure_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.person()
    id = made(client, scheduled("0 9 * * *"))["id"]
    publish(client, id)
    save(client, id, scheduled("0 10 * * *"), 1)
    fail(monkeypatch, world.machines, "point")
    fail(monkeypatch, world.schedules, "put", "cron(0 9 * * ? *)")
    assert is_problem(publish(client, id), 503, "aws_unavailable")
    assert client.get(f"/api/workflows/{id}").json()["publishedVersion"] == 1


def test_a_draft_saved_while_it_is_published_does_not_go_live_unseen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.person()
    id = made(client)["id"]
    compiled = compiling.compile_document

    def compile_while_somebody_saves(document: dict[str, Any], options: Any = None) -> Any:
        save(client, id, {**workflow(), "name": "Theirs"}, 1)
        return compiled(document, options)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(publishing, "compile_document", compile_while_somebody_saves)
        assert is_problem(publish(client, id), 409, "draft_moved")
    assert publish(client, id).json()["number"] == 1


def test_a_schedule_that_cannot_be_removed_does_not_spoil_unpublishing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.person()
    id = made(client, scheduled("0 9 * * *"))["id"]
    publish(client, id)
    fail(monkeypatch, world.schedules, "delete")
    assert client.post(f"/api/workflows/{id}/unpublish").status_code == 204
    assert client.get(f"/api/workflows/{id}").json()["publishedVersion"] is None
