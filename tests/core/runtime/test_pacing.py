"""The rate of a credential, as a worker keeps it: turns from the vault, and its own where the vault is away."""

import time
from typing import Any

import pytest

from stepweave.aws import AwsError
from stepweave.runtime import pacing
from stepweave.runtime.credentials import Vault
from stepweave.runtime.http_errors import HttpRateLimited
from stepweave.runtime.pacing import Pacer, Rate

DAY = Rate(2, 86_400)


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        self.slept: list[float] = []
        monkeypatch.setattr("stepweave.runtime.pacing.time.monotonic", lambda: self.now)
        monkeypatch.setattr("stepweave.runtime.pacing.time.sleep", self.sleep)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def away(request: dict[str, Any]) -> Any:
    raise AwsError("ConnectionFailed", "down", retryable=True)


def test_a_turn_is_waited_for(clock: Clock) -> None:
    asked: list[dict[str, Any]] = []

    def vault(request: dict[str, Any]) -> Any:
        asked.append(request)
        return {"given": True, "wait": 2.5}

    Pacer(vault).wait("t", "c", DAY, clock.now + 10)
    assert clock.slept == [2.5]
    turn = {"requests": 2, "seconds": 86_400, "within": 10}
    assert asked == [{"tenantId": "t", "credentialId": "c", "turn": turn}]


def test_a_turn_beyond_the_steps_time_is_an_error_that_says_when(clock: Clock) -> None:
    pacer = Pacer(lambda request: {"given": False, "wait": 42.0})
    with pytest.raises(HttpRateLimited, match="allows 2 requests in 86400 seconds") as caught:
        pacer.wait("t", "c", DAY, clock.now + 10)
    assert (caught.value.retry_after, caught.value.retryable, clock.slept) == (42.0, True, [])


@pytest.mark.parametrize("answer", [{"error": {"code": "CredentialUnavailable"}}, None, {"given": True}, "x"])
def test_a_worker_keeps_the_rate_by_itself_while_the_vault_is_away(clock: Clock, answer: Any) -> None:
    asked: list[Any] = []

    def vault(request: dict[str, Any]) -> Any:
        asked.append(request)
        return answer

    pacer = Pacer(vault)
    rate = Rate(2, 10)
    for _ in range(5):
        pacer.wait("t", "c", rate, clock.now + 100)
    assert clock.slept == [10, 10]
    assert len(asked) == 1
    clock.now += pacing.ALONE_SECONDS
    pacer.wait("t", "c", rate, clock.now + 100)
    assert len(asked) == 2


def test_credentials_and_tenants_are_apart_and_a_refused_turn_is_not_taken(clock: Clock) -> None:
    pacer = Pacer(away)
    for tenant, credential in (("t", "c"), ("t", "d"), ("u", "c")):
        pacer.wait(tenant, credential, Rate(1, 60), clock.now)
        for _ in range(2):
            with pytest.raises(HttpRateLimited) as caught:
                pacer.wait(tenant, credential, Rate(1, 60), clock.now + 1)
            assert caught.value.retry_after == 60
    assert clock.slept == []


def test_a_rate_that_was_lowered_counts_at_once(clock: Clock) -> None:
    pacer = Pacer(away)
    for _ in range(5):
        pacer.wait("t", "c", Rate(5, 60), clock.now)
    clock.now += 1
    with pytest.raises(HttpRateLimited) as caught:
        pacer.wait("t", "c", Rate(2, 60), clock.now)
    assert caught.value.retry_after == 59


def test_a_credential_without_a_rate_waits_for_nothing() -> None:
    answer: dict[str, Any] = {
        "type": "x",
        "data": {},
        "request": {"headers": [], "query": []},
        "hosts": [],
        "rate": None,
    }
    vault = Vault(lambda request: answer)
    vault.authentication("t", "c", "x").paced(time.monotonic())
    answer["rate"] = [1.0, 86_400.0]
    limited = Vault(lambda request: {"given": False, "wait": 5.0} if "turn" in request else answer)
    with pytest.raises(HttpRateLimited, match="1 requests in 86400 seconds"):
        limited.authentication("t", "c", "x").paced(time.monotonic())
