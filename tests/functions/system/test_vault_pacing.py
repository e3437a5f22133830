"""Turns of requests that go with a credential, given out by the vault from a real Redis to whoever asks."""

import threading
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from functions.system.vault import pacing
from functions.system.vault.errors import CredentialUnavailable
from functions.system.vault.handler import handler
from local.stack.ports import free_port
from stepweave.aws.passes import SECRET, request_by
from tests.fakes.lambda_context import CONTEXT

DAY = 86_400


@pytest.fixture(autouse=True)
def _redis(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("STEPWEAVE_REDIS_URL", redis_url)
    pacing.client.cache_clear()
    yield
    pacing.client.cache_clear()


def asking(requests: Any = 2, seconds: Any = DAY, within: Any = DAY, **more: Any) -> dict[str, Any]:
    turn = {"requests": requests, "seconds": seconds, "within": within}
    return {"tenantId": str(uuid.uuid4()), "credentialId": str(uuid.uuid4()), "turn": turn, **more}


def passed() -> dict[str, Any]:
    request = asking()
    return request_by(request.pop("tenantId"), **request)


def test_so_many_turns_are_given_at_once_and_the_next_a_span_later() -> None:
    request = asking(requests=3)
    first = [pacing.turn_of(request) for _ in range(3)]
    assert first == [{"given": True, "wait": 0.0}] * 3
    later = [pacing.turn_of(asking(3, DAY, DAY) | {key: request[key] for key in ("tenantId", "credentialId")})]
    assert later[0]["given"] is True
    assert DAY - 3600 < later[0]["wait"] <= DAY


def test_a_turn_that_comes_too_late_is_not_taken() -> None:
    request = asking(requests=1, within=5)
    assert pacing.turn_of(request)["given"] is True
    for _ in range(3):
        late = pacing.turn_of(request)
        assert late["given"] is False
        assert late["wait"] <= DAY  # it would be two days, had the first refusal taken one
    assert pacing.client().llen(f"pace:{request['tenantId']}:{request['credentialId']}") == 1


def test_workers_that_ask_at_once_get_no_more_turns_than_there_are() -> None:
    request = asking(requests=5, within=0)
    given: list[bool] = []

    def ask() -> None:
        for _ in range(5):
            given.append(pacing.turn_of(request)["given"])

    workers = [threading.Thread(target=ask) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (len(given), sum(given)) == (40, 5)


def test_credentials_are_apart_and_their_turns_are_forgotten() -> None:
    one, other = asking(requests=1, within=0), asking(requests=1, within=0)
    assert [pacing.turn_of(request)["given"] for request in (one, other, one)] == [True, True, False]
    left = pacing.client().pttl(f"pace:{one['tenantId']}:{one['credentialId']}")
    assert 0 < int(str(left)) <= DAY * 1000


@pytest.mark.parametrize(
    "change",
    [
        {"requests": 0},
        {"requests": -1},
        {"requests": 10_001},
        {"requests": "x"},
        {"seconds": 0},
        {"seconds": float("nan")},
        {"seconds": float("inf")},
        {"seconds": DAY + 1},
        {"within": None},
    ],
)
def test_what_is_no_rate_is_refused(change: dict[str, Any]) -> None:
    request = asking()
    with pytest.raises((ValueError, TypeError)):
        pacing.turn_of({**request, "turn": {**request["turn"], **change}})


@pytest.mark.parametrize("change", [{"tenantId": "x"}, {"credentialId": "*"}, {"tenantId": ""}])
def test_names_that_are_no_ids_reach_no_key(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="UUID"):
        pacing.turn_of(asking() | change)


def test_a_redis_that_is_away_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    pacing.client.cache_clear()
    monkeypatch.setenv("STEPWEAVE_REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
    with pytest.raises(CredentialUnavailable):
        pacing.turn_of(asking())
    monkeypatch.setenv(SECRET, "signs")
    assert handler(passed(), CONTEXT)["error"]["code"] == "CredentialUnavailable"


def test_the_vault_gives_turns_without_opening_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, "signs")
    assert handler(passed(), CONTEXT) == {"given": True, "wait": 0.0}
