"""Rate limits: who guesses is slowed down, who succeeds is not, and nobody locks another out."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import Request
from fastapi.testclient import TestClient

from api import rates
from api.deps import caller_of
from api.services import limits
from api.services.limits import PAIR, REGISTRATION, Caller, Rule
from stepweave_data.rates import Charge, Rate, Rates
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
    client.cookies.clear()  # on a device that the account does not know
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


def test_guesses_from_everywhere_do_not_lock_out_the_devices_that_the_owner_uses(world: World) -> None:
    world.redis.flushdb()
    owner, attacker, new = world.anonymous(), world.anonymous(), world.anonymous()
    _, who = register(owner)
    tried = [log_in(attacker, who, address=f"203.0.113.{number}") for number in range(limits.ACCOUNT[0].most + 5)]
    assert (tried[0], tried[-1]) == (401, 429)
    assert log_in(new, who, PASSWORD, address="198.51.100.1") == 429
    assert "reset your password" in answered(new, who, PASSWORD, "198.51.100.1").json()["detail"]
    # The owner sits behind the attacker's address, even.
    assert log_in(owner, who, PASSWORD, address="203.0.113.1") == 200


def test_a_known_device_is_counted_on_its_own_and_is_known_to_its_accounts_only(world: World) -> None:
    world.redis.flushdb()
    owner, thief = world.anonymous(), world.anonymous()
    _, who = register(owner)
    thief.cookies.set("stepweave_device", owner.cookies["stepweave_device"])
    assert [log_in(thief, who) for _ in range(limits.DEVICE.most + 1)] == [401] * limits.DEVICE.most + [429]
    other = email()
    for number in range(limits.ACCOUNT[0].most):
        log_in(world.anonymous(), other, address=f"203.0.113.{number}")
    assert log_in(thief, other) == 429
    thief.cookies.set("stepweave_device", owner.cookies["stepweave_device"] + "x")
    log_in(thief, who, PASSWORD)
    assert {log_in(thief, who) for _ in range(3)} == {401}


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("203.0.113.9, 198.51.100.7, 192.0.2.1", "198.51.100.7"),
        ("198.51.100.7, 192.0.2.1", "198.51.100.7"),
        ("192.0.2.1", "192.0.2.1"),
        ("", "192.0.2.1"),
        (" , ,", "192.0.2.1"),
    ],
)
def test_what_a_caller_writes_into_forwarded_for_counts_for_nothing(forwarded: str, address: str) -> None:
    event = {"requestContext": {"http": {"sourceIp": "192.0.2.1"}}}
    scope = {"type": "http", "headers": [(b"x-forwarded-for", forwarded.encode())], "aws.event": event}
    assert caller_of(Request(scope)) == Caller(address, "192.0.2.1")


def test_redis_sees_no_address_of_a_person(world: World, client: TestClient) -> None:
    who = email()
    log_in(client, who)
    keys = list(world.redis.scan_iter("*"))
    assert len([key for key in keys if not key.startswith("refused")]) == 4 + len(limits.ACCOUNT)
    # What was refused is on its way into the audit, which tells from where; never who somebody said to be.
    values = [str(world.redis.hgetall(key)) for key in keys if key.startswith("refused:")]
    assert len(values) == 1
    assert not any(who in text for text in [*keys, *values])
    assert not any("203.0.113.1" in key for key in keys)


def fewer(monkeypatch: pytest.MonkeyPatch, **most: int) -> None:
    few = {**rates.rates(), **{name.replace("_", "-"): Rate(name, n, 60) for name, n in most.items()}}
    monkeypatch.setattr(rates, "rates", lambda: few)


def test_each_kind_of_request_has_a_rate_and_the_answer_tells_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    fewer(monkeypatch, read=3, write=1)
    client = world.person()
    first = client.get("/api/workflows")
    assert first.headers["ratelimit-policy"] == '"read";q=3;w=60, "tenant-read";q=12000;w=60'
    assert first.headers["ratelimit"] == '"read";r=2;t=20'
    assert [client.get("/api/workflows").status_code for _ in range(3)] == [200, 200, 429]
    assert client.post("/api/live/ticket").status_code == 200  # writing is counted apart
    refused = client.post("/api/live/ticket")
    assert is_problem(refused, 429, "too_many_requests")
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert refused.headers["ratelimit"].startswith('"write";r=0;t=')
    assert "1 in 60 seconds" in refused.json()["detail"]
    assert world.person().get("/api/workflows").status_code == 200  # others are not held up


def test_a_workspace_has_a_rate_of_its_own(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    fewer(monkeypatch, tenant_read=2)
    client = world.person()
    assert [client.get("/api/workflows").status_code for _ in range(3)] == [200, 200, 429]


def test_who_does_not_say_who_they_are_has_a_rate_by_their_address(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    fewer(monkeypatch, open=2)

    def asked(address: str) -> int:
        return client.post("/api/auth/refresh", headers={"x-forwarded-for": f"{address}, 198.51.100.7"}).status_code

    assert [asked("203.0.113.1") for _ in range(3)] == [401, 401, 429]
    assert asked("203.0.113.2") == 401


def test_a_deployment_sets_rates_and_a_wrong_name_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for text, words in (('{"red": 5}', "names red"), ('{"read": 0}', "JSON"), ("[]", "JSON")):
        monkeypatch.setattr(rates, "settings", lambda text=text: type("S", (), {"rates": text}))
        with pytest.raises(ValueError, match=words):
            rates.rates.__wrapped__()
    monkeypatch.setattr(rates, "settings", lambda: type("S", (), {"rates": '{"read": 5}'}))
    assert rates.rates.__wrapped__()["read"] == Rate("read", 5, 60)


def test_a_rate_is_kept_by_all_at_once_and_what_is_refused_costs_nothing(world: World) -> None:
    world.redis.flushdb()
    mine, ours = Rate("mine", 50, 3600), Rate("ours", 60, 3600)

    def take(who: str) -> bool:
        return not Rates(world.redis).take([Charge(mine, who), Charge(ours, "us")]).refused

    with ThreadPoolExecutor(20) as threads:
        assert sum(threads.map(take, ["a"] * 100)) == 50
        assert sum(threads.map(take, ["b"] * 100)) == 10
    again = Rates(world.redis).take([Charge(mine, "b", cost=0)])
    assert (again.refused, again.left) == (False, 40)
