"""A publish is all or nothing: what fails half-way is taken back, and no row is locked while AWS is talked to."""

import uuid
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.repositories import rows
from api.services import compiling
from api.services.publishing import machines
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


class Calls:
    """Has the calls of AWS that a publish makes pass one by one, and one of them fail: before, or after it worked."""

    def __init__(self, world: World, broken: int | None = None, *, answered: bool = False) -> None:
        self.made: list[str] = []
        self._broken, self._answered = broken, answered
        self.port = {"publish": world.machines, "point": world.machines, "put": world.schedules}

    def install(self, patch: pytest.MonkeyPatch) -> "Calls":
        for name, port in self.port.items():
            patch.setattr(port, name, self._counted(name, getattr(port, name)))
        return self

    def _counted(self, name: str, whole: Any) -> Any:
        def call(*given: Any, **named: Any) -> Any:
            self.made.append(name)
            fails = len(self.made) - 1 == self._broken
            answer = whole(*given, **named) if self._answered or not fails else None
            if fails:
                raise AwsError("ServiceUnavailable", "down", retryable=True, status=503)
            return answer

        return call


def two_schedules_and_a_webhook(hour: int) -> dict[str, Any]:
    """Two schedules, one of which takes two in EventBridge, and a webhook; `hour` makes it another workflow."""

    def trigger(id: str, type: str, **params: Any) -> dict[str, Any]:
        return {"id": id, "type": type, "version": 1, "name": f"{id} {hour}", "params": params}

    nodes = [
        trigger("each", "schedule_trigger", expression=f"0 {hour} * * *"),
        trigger("both", "schedule_trigger", expression=f"0 {hour} 1 * 1"),
        trigger("hook", "webhook_trigger", path=f"orders-{hour}"),
        {"id": "end", "type": "no_op", "version": 1, "name": f"End {hour}", "params": {}},
    ]
    edges = [{"id": one["id"], "source": one["id"], "target": "end"} for one in nodes[:3]]
    return {"schema": 1, "name": f"At {hour}", "nodes": nodes, "edges": edges}


def live_of(world: World, client: TestClient, id: str) -> dict[str, Any]:
    """Return everything that starts a workflow, in the database and on AWS."""
    whole = client.get(f"/api/workflows/{id}").json()
    rows = [(one["id"], one["expression"], one["enabled"]) for one in client.get("/api/schedules").json()["items"]]
    return {
        "version": whole["publishedVersion"],
        "webhooks": whole["webhooks"],
        "rows": sorted(rows),
        "versions": client.get(f"/api/workflows/{id}/versions").json()["items"],
        "schedules": dict(world.schedules.there),
        "live": {arn: version for arn, version in world.machines.live.items() if id in arn},
    }


@pytest.mark.parametrize("answered", [False, True], ids=["never heard", "heard, answer lost"])
@pytest.mark.parametrize("former", [True, False], ids=["again", "first time"])
@pytest.mark.parametrize("broken", range(5))
def test_whichever_call_of_aws_fails_nothing_is_half_done_and_a_second_try_succeeds(
    world: World, monkeypatch: pytest.MonkeyPatch, broken: int, former: bool, answered: bool
) -> None:
    client = world.person()
    id = made(client, two_schedules_and_a_webhook(9))["id"]
    revision = 1
    if former:
        assert publish(client, id).status_code == 200
        save(client, id, two_schedules_and_a_webhook(10), revision)
    before = live_of(world, client, id)
    with monkeypatch.context() as patch:
        calls = Calls(world, broken, answered=answered).install(patch)
        assert is_problem(publish(client, id), 503, "aws_unavailable")
        assert calls.made[: broken + 1] == ["publish", "put", "put", "put", "point"][: broken + 1]
    after = live_of(world, client, id)
    if former:
        assert after == before
    else:  # an alias that nothing refers to may stay: it starts nothing
        assert {**after, "live": {}} == before
    answer = publish(client, id)
    assert answer.status_code == 200, answer.text
    now = live_of(world, client, id)
    assert (now["version"], len(now["rows"]), len(now["schedules"])) == (2 if former else 1, 2, 3)
    assert [hook["path"] for hook in now["webhooks"]] == ["orders-10" if former else "orders-9"]
    assert len(now["live"]) == 1


def test_while_aws_is_talked_to_no_row_is_locked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.person()
    id = made(client, scheduled("0 9 * * *"))["id"]
    assert publish(client, id).status_code == 200
    at_each_call: list[int] = []

    def saving(whole: Any) -> Any:
        def call(*given: Any, **named: Any) -> Any:
            revision = client.get(f"/api/workflows/{id}").json()["revision"]
            body = {"document": scheduled("0 9 * * *"), "revision": revision}
            at_each_call.append(client.put(f"/api/workflows/{id}", json=body).status_code)
            return whole(*given, **named)

        return call

    [schedule] = client.get("/api/schedules").json()["items"]
    with monkeypatch.context() as patch:
        patch.setattr(world.schedules, "put", saving(world.schedules.put))
        patch.setattr(world.machines, "point", saving(world.machines.point))
        assert is_problem(publish(client, id), 409, "draft_moved")
        assert client.post(f"/api/workflows/{id}/versions/1/publish").status_code == 200
        assert client.put(f"/api/schedules/{schedule['id']}", json={"enabled": False}).status_code == 204
    # Of the refused one a second `put` and `point` take it back.
    assert at_each_call == [200] * (4 + 2 + 1)


def test_a_second_publisher_waits_and_one_that_waits_too_long_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.person()
    id = made(client)["id"]
    monkeypatch.setattr(rows, "_LONGEST_WAIT", "50ms")
    with rows.alone(uuid.UUID(id)):
        assert is_problem(publish(client, id), 409, "publishing")
    assert publish(client, id).json()["number"] == 1


def test_a_schedule_that_cannot_be_paused_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.person()
    id = made(client, scheduled("0 10 1 * 1"))["id"]
    assert publish(client, id).status_code == 200
    [schedule] = client.get("/api/schedules").json()["items"]
    with monkeypatch.context() as patch:
        Calls(world, 1).install(patch)
        answer = client.put(f"/api/schedules/{schedule['id']}", json={"enabled": False})
        assert is_problem(answer, 503, "aws_unavailable")
    assert world.schedules.paused == set()
    assert client.get("/api/schedules").json()["items"][0]["enabled"]


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
        meanwhile.setattr(machines, "compile_document", compile_while_somebody_saves)
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
