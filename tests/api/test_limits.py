"""Rate limits: who guesses is slowed down, who succeeds is not, and nobody locks another out."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.services import limits
from api.services.limits import PAIR, REGISTRATION, Rule
from tests.api.conftest import PASSWORD, World, email
from tests.api.test_routes import is_problem


def log_in(client: TestClient, who: str, password: str = "wrong", address: str = "203.0.113.1") -> int:
    return int(answered(client, who, password, address).status_code)


def answered(client: TestClient, who: str, password: str, address: str) -> Any:
    body = {"email": who, "password": password}
    return client.post("/api/auth/login", json=body, headers={"x-forwarded-for": f"{address}, 198.51.100.7"})


def register(client: TestClient) -> tuple[int, str]:
    who = email()
    body = {"email": who, "password": PASSWORD, "name": "A", "tenantName": "A"}
    return client.post("/api/auth/register", json=body).status_code, who


@pytest.fixture
def client(world: World) -> TestClient:
    world.redis.flushdb()
    return world.anonymous()


def test_guessing_is_slowed_down_and_says_until_when(client: TestClient) -> None:
    who = email()
    assert [log_in(client, who) for _ in range(PAIR.most + 1)] == [401] * PAIR.most + [429]
    refused = answered(client, who, "x", "203.0.113.1")
    assert is_problem(refused, 429, "too_many_tries")
    assert 0 < int(refused.headers["retry-after"]) <= PAIR.seconds


def test_guesses_from_elsewhere_do_not_lock_the_owner_out(client: TestClient) -> None:
    _, who = register(client)
    for _ in range(PAIR.most + 1):
        log_in(client, who, address="203.0.113.9")
    assert log_in(client, who, PASSWORD, address="203.0.113.2") == 200


def test_logging_in_oneself_does_not_pay_for_guesses_at_others(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ADDRESS", Rule("login-address", 6, 300))
    _, own = register(client)
    codes = []
    for _ in range(4):
        log_in(client, own, PASSWORD)
        codes += [log_in(client, email()), log_in(client, email())]
    assert codes == [401] * 6 + [429] * 2


def test_logging_in_often_is_fine(client: TestClient) -> None:
    _, who = register(client)
    assert {log_in(client, who, PASSWORD) for _ in range(PAIR.most * 2)} == {200}


def test_people_behind_one_edge_do_not_share_a_limit(client: TestClient) -> None:
    codes = {log_in(client, email(), address=f"203.0.113.{number}") for number in range(PAIR.most * 2)}
    assert codes == {401}


def test_registering_often_from_one_address_is_slowed_down(client: TestClient) -> None:
    codes = [register(client)[0] for _ in range(REGISTRATION.most + 1)]
    assert codes == [201] * REGISTRATION.most + [429]


def test_redis_sees_no_address_of_a_person(world: World, client: TestClient) -> None:
    who = email()
    log_in(client, who)
    keys = list(world.redis.scan_iter("*"))
    assert len(keys) == 4
    assert not any(who in key or "203.0.113.1" in key for key in keys)
