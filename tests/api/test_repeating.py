"""Idempotency keys: what is sent twice counts once. Content types and origins: what other sites send is none."""

import threading
import uuid
from typing import Any

import pytest
import redis
from fastapi.testclient import TestClient

from api import repeating
from tests.api.conftest import World
from tests.api.test_routes import is_problem, workflow


def make(client: TestClient, key: str, name: str = "Twice", path: str = "/api/workflows", **more: Any) -> Any:
    return client.post(path, json={**workflow(), "name": name}, headers={"idempotency-key": key, **more})


def count(client: TestClient) -> int:
    return len(client.get("/api/workflows").json()["items"])


def test_a_request_that_is_sent_again_counts_once_and_gets_the_first_answer(world: World) -> None:
    client, key = world.person(), str(uuid.uuid4())
    first, again = make(client, key), make(client, key)
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert (first.headers.get("idempotent-replayed"), again.headers["idempotent-replayed"]) == (None, "true")
    assert again.headers["x-content-type-options"] == "nosniff"
    assert count(client) == 1
    assert make(client, key + "2").json()["id"] != first.json()["id"]


def test_a_key_with_another_request_is_refused(world: World) -> None:
    client, key = world.person(), "once"
    made = make(client, key).json()
    assert is_problem(make(client, key, "Another name"), 422, "idempotency_key_reused")
    other = client.post(f"/api/workflows/{made['id']}/publish", json={}, headers={"idempotency-key": key})
    assert is_problem(other, 422, "idempotency_key_reused")
    assert count(client) == 1


def test_a_key_is_its_callers_own(world: World) -> None:
    one, other = world.person(), world.person()
    assert make(one, "same").json()["id"] != make(other, "same").json()["id"]
    assert (count(one), count(other)) == (1, 1)
    # Who may not ask gets nothing that was kept, whatever key they know.
    stranger = TestClient(world.app)
    assert make(stranger, "same").status_code == 401


def test_what_was_refused_may_come_again_with_its_key(world: World) -> None:
    client = world.person()
    path = f"/api/workflows/{uuid.uuid4()}/publish"
    for _ in range(2):
        answer = client.post(path, json={}, headers={"idempotency-key": "k"})
        assert is_problem(answer, 404, "not_found")
        assert "idempotent-replayed" not in answer.headers
    assert make(client, "k").status_code == 201


def test_of_requests_at_the_same_moment_one_counts(world: World) -> None:
    client, answers = world.person(), []
    threads = [threading.Thread(target=lambda: answers.append(make(client, "race").status_code)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) <= {201, 409}
    assert (answers.count(201) >= 1, count(client)) == (True, 1)


def test_while_the_first_is_under_way_the_second_is_asked_to_wait(world: World) -> None:
    client = world.person()
    make(client, "slow")
    [name] = map(str, world.redis.keys("repeated:*"))
    held = repeating.Claim(world.redis, "", name, b"", "")
    kept = str(world.redis.get(name))
    assert "Twice" not in kept  # an answer may hold a secret: it is encrypted
    begun = '{"asked": "' + kept.partition('"asked": "')[2].partition('"')[0] + '", "answer": ""}'
    world.redis.set(name, begun)
    answer = make(client, "slow")
    assert is_problem(answer, 409, "idempotency_key_in_use")
    assert answer.headers["retry-after"] == "2"
    held.release()
    assert make(client, "slow").status_code == 201


def test_a_claim_whose_answer_was_lost_is_the_requests_own(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client, once = world.person(), world.own_redis.eval
    twice = lambda script, count, key, *given: [  # noqa: E731 - a line of a stand-in
        once(script, count, key, *given) for _ in range(2 if key.startswith("repeated") else 1)
    ][-1]
    monkeypatch.setattr(world.own_redis, "eval", twice)
    first = make(client, "lost")
    assert first.status_code == 201
    assert make(client, "lost").json() == first.json()
    assert count(client) == 1


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "caf\u00e9"])
def test_a_key_that_is_none_is_refused(world: World, key: str) -> None:
    client = world.person()
    answer = client.post("/api/workflows", json=workflow(), headers={b"idempotency-key": key.encode()})
    assert is_problem(answer, 400, "bad_request")
    assert count(client) == 0


def test_without_redis_nothing_is_done_twice(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.person()

    def down(*_: Any, **__: Any) -> None:
        raise redis.ConnectionError("down")

    before = world.own_redis.eval
    monkeypatch.setattr(
        world.own_redis, "eval", lambda script, n, key, *a: (down if "repeated" in key else before)(script, n, key, *a)
    )
    assert is_problem(make(client, "k"), 503, "redis_unavailable")
    assert count(client) == 0


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json", ""]
)
def test_a_body_that_does_not_say_that_it_is_json_is_refused(world: World, kind: str) -> None:
    client = world.person()
    answer = client.post("/api/workflows", content=b'{"schema": 1}', headers={"content-type": kind})
    assert is_problem(answer, 415, "unsupported_type")
    assert count(client) == 0


@pytest.mark.parametrize(
    "kind", ["application/json", "Application/JSON; charset=utf-8", "application/merge-patch+json"]
)
def test_a_body_of_json_is_taken_whatever_kind_of_json_it_is(world: World, kind: str) -> None:
    answer = world.person().post("/api/workflows", content=b"{", headers={"content-type": kind})
    assert is_problem(answer, 400, "invalid_json")


def test_no_other_site_may_read_what_the_api_answers(world: World) -> None:
    client, evil = world.person(), {"origin": "https://evil.example"}
    asking = {**evil, "access-control-request-method": "POST", "access-control-request-headers": "authorization"}
    answers = [
        client.get("/api/me", headers=evil),
        client.options("/api/workflows", headers=asking),
        client.post("/api/auth/refresh", headers=evil),
        client.get("/api/nothing", headers={"origin": "null"}),
    ]
    assert [name for one in answers for name in one.headers if name.startswith("access-control-")] == []
    assert answers[1].status_code == 405
