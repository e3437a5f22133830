"""Calls with one idempotency key: one execution, one answer for all."""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import redis

from functions.system.webhook.idempotency import MOST_KEPT, Claim, key_of
from stepweave.aws import AwsError
from stepweave_data import redis_keys as keys
from stepweave_data.history.live import connect
from stepweave_data.hooks.refusals import Refusal
from stepweave_data.hooks.requests import read_request
from tests.functions.system.hooks import Bench, Machines, call, content, succeeded, target

KEY = {"Idempotency-Key": "k1"}


@pytest.fixture
def client(redis_url: str) -> Iterator[redis.Redis]:
    made = connect(redis_url)
    made.flushdb()
    yield made
    made.close()


def at_once(bench: Bench, event: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """Make the same call many times at the same moment, and return the answers."""
    gate, answers = threading.Barrier(count), []

    def one() -> None:
        gate.wait()
        answers.append(bench(event))

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.parametrize("respond", ["immediately", "lastNode", "respondNode"])
@pytest.mark.parametrize("machine", ["standard", "express"])
def test_of_50_calls_at_once_one_starts_and_all_get_its_answer(client: redis.Redis, respond: str, machine: str) -> None:
    body = {"order": 7}
    last = {"main": {"count": 1, "items": [{"json": body}]}}
    response = {"statusCode": 201, "headers": {}, "body": body} if respond == "respondNode" else None

    def ends(_: dict[str, Any]) -> dict[str, Any]:
        time.sleep(0.1)
        return succeeded(response, last)

    bench = Bench(client, machines=Machines(ends=ends), answer_seconds=20)
    told = {"response": response} if response else {"ended": "succeeded", "last": last}
    bench.machines.on_start = lambda id: client.rpush(keys.answer(id), json.dumps(told))
    bench.methods = {"POST": target(respond=respond, machine=machine)}
    answers = at_once(bench, call(body=body, headers=KEY), 50)
    assert len(bench.machines.started) + len(bench.handed_over) == 1
    assert len({(answer["statusCode"], answer["body"]) for answer in answers}) == 1
    assert answers[0]["statusCode"] == {"immediately": 202, "lastNode": 200, "respondNode": 201}[respond]
    assert len([answer for answer in answers if "idempotent-replayed" not in answer["headers"]]) == 1
    assert bench(call(body=body, headers=KEY))["body"] == answers[0]["body"]


def test_a_failure_is_the_answer_of_all_as_well(client: redis.Redis) -> None:
    ends = {"status": "FAILED", "error": "HttpServerError", "cause": "{}"}
    bench = Bench(client, machines=Machines(ends=lambda _: ends))
    first, second = (bench(call(body={}, headers=KEY)) for _ in range(2))
    assert (first["statusCode"], first["body"]) == (second["statusCode"], second["body"])
    assert first["statusCode"] == 500
    assert len(bench.machines.started) == 1


def test_who_waits_takes_over_where_nothing_was_started(client: redis.Redis) -> None:
    bench = Bench(client, machines=Machines(ends=lambda _: succeeded()))
    failing = iter([True])

    def start(given: dict[str, Any]) -> dict[str, Any]:
        time.sleep(0.1)
        if next(failing, False):
            bench.machines.started.pop()
            raise AwsError("ServiceUnavailable", "no", retryable=True)
        return succeeded()

    bench.machines.ends = start
    answers = at_once(bench, call(body={}, headers=KEY), 5)
    assert sorted(answer["statusCode"] for answer in answers) == [204, 204, 204, 204, 503]
    assert len(bench.machines.started) == 1


def test_one_that_takes_longer_than_a_caller_waits_is_202_for_all(client: redis.Redis) -> None:
    bench = Bench(client, answer_seconds=0.2)
    bench.methods = {"POST": target(machine="standard")}
    first, second = (bench(call(body={}, headers=KEY)) for _ in range(2))
    assert (first["statusCode"], first["body"]) == (second["statusCode"], second["body"])
    assert first["statusCode"] == 202


def test_a_long_answer_is_kept_for_those_who_wait_and_then_its_execution_is_told(client: redis.Redis) -> None:
    response = {"statusCode": 200, "headers": {"content-type": "text/plain"}, "body": "x" * MOST_KEPT}
    bench = Bench(client, machines=Machines(ends=lambda _: succeeded(response)))
    first, second = (bench(call(body={}, headers=KEY)) for _ in range(2))
    assert first["body"] == second["body"]
    (lasts,) = client.keys("idem-answer:*")
    assert int(client.ttl(lasts)) <= keys.CLAIM_SECONDS
    client.delete(lasts)
    began = time.monotonic()
    third = bench(call(body={}, headers=KEY))
    assert (third["statusCode"], content(third)["executionId"]) == (202, first["headers"]["x-stepweave-execution"])
    assert time.monotonic() - began < 2
    assert len(bench.machines.started) == 1


def test_a_worker_that_dies_before_the_start_holds_no_key_for_a_day(client: redis.Redis) -> None:
    assert Claim(client, "k1", target()).take("lost", 0) is None
    (claimed,) = client.keys("idem:*")
    assert 0 < int(client.ttl(claimed)) <= keys.CLAIM_SECONDS


@pytest.mark.parametrize(
    ("template", "key"),
    [
        ("", "header"),
        ('{{ $json.headers["x-id"] }}', "d-1"),
        ("{{ $json.body.id }}", "7"),
        ("{{ $json.body.type }}/{{ $json.body.id }}", "paid/7"),
        ("{{ $json.params.id }}", "p"),
        ("{{ $json.body.object }}", '{"a":1}'),
        ("{{ $json.body.flag }}", "false"),
        ("{{ $json.body.none }}", None),
        ("{{ $json.body.missing }}", None),
        ("{{ $json.body.missing.deeper }}", None),
        ("{{ $json.body.type }}-{{ $json.body.missing }}", None),
        ("{{ $json.body.empty }}", None),
        ("{{ $json.constructor }}", None),
        ("{{ while(true){} }}", None),  # publishing refuses it; here nothing runs
    ],
)
def test_a_key_is_what_the_webhook_names_or_the_call_is_refused(template: str, key: str | None) -> None:
    body = {"id": 7, "type": "paid", "none": None, "empty": "", "object": {"a": 1}, "flag": False}
    item = {"headers": {"x-id": "d-1"}, "body": body, "params": {"id": "p"}}
    request = read_request(call(body=body, headers={"Idempotency-Key": "header"}))
    if key is not None:
        assert key_of(request, item, target(idempotencyKey=template)) == key
        return
    with pytest.raises(Refusal) as refused:
        key_of(request, item, target(idempotencyKey=template))
    assert (refused.value.answer["statusCode"], refused.value.code) == (400, "no_idempotency_key")


@pytest.mark.parametrize(
    ("other", "status"),
    [
        ({"body": {"order": 8}}, 422),
        ({"body": {"order": "7"}}, 422),
        ({"body": {"order": 7, "more": None}}, 422),
        ({"body": {"order": 7, "__proto__": {}}}, 422),
        ({"body": {"order": 7}, "query": "a=1"}, 422),
        ({"body": {"order": 7}}, 202),
    ],
)
def test_a_key_in_the_header_is_good_for_one_call(client: redis.Redis, other: dict[str, Any], status: int) -> None:
    bench = Bench(client)
    bench.methods = {"POST": target(respond="immediately")}
    first = bench(call(body={"order": 7}, headers=KEY))
    answer = bench(call(headers=KEY, **other))
    assert (first["statusCode"], answer["statusCode"]) == (202, status)
    assert len(bench.machines.started) + len(bench.handed_over) == 1
    if status == 422:
        told = json.loads(answer["body"])
        assert (told["code"], "key of its own" in told["detail"]) == ("idempotency_key_reused", True)
    assert bench(call(body={"order": 7}, headers=KEY))["body"] == first["body"]  # the first call's key is still its own


def test_the_order_of_fields_is_not_another_call(client: redis.Redis) -> None:
    bench = Bench(client)
    bench.methods = {"POST": target(respond="immediately")}
    answers = [bench(call(body=body, headers=KEY)) for body in ({"a": 1, "b": 2}, {"b": 2, "a": 1})]
    assert [answer["statusCode"] for answer in answers] == [202, 202]
    assert len(bench.machines.started) + len(bench.handed_over) == 1


def test_a_provider_that_calls_again_may_write_another_counter(client: redis.Redis) -> None:
    bench = Bench(client)
    bench.methods = {"POST": target(respond="immediately", idempotencyKey="{{ $json.body.id }}")}
    answers = [bench(call(body={"id": "evt_1", "attempt": attempt})) for attempt in (1, 2)]
    assert [answer["statusCode"] for answer in answers] == [202, 202]
    assert len(bench.machines.started) + len(bench.handed_over) == 1


def test_a_key_from_before_there_were_digests_still_gives_its_answer(client: redis.Redis) -> None:
    bench = Bench(client)
    bench.methods = {"POST": target(respond="immediately")}
    it = Claim(client, "k1", target())
    assert it.take("e1", 1) is None
    it.keep("e1", {"statusCode": 202, "headers": {}, "body": "{}"})
    assert bench(call(body={"order": 7}, headers=KEY))["statusCode"] == 202
    assert bench.machines.started == bench.handed_over == []


def test_a_claim_whose_answer_was_lost_is_this_calls_own(client: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that breaks after Redis took the claim has the client send it again: nobody else came first."""
    once = client.set
    monkeypatch.setattr(client, "set", lambda *given, **how: [once(*given, **how) for _ in range(2)][1])
    bench = Bench(client)
    assert bench(call(body={}, headers=KEY))["statusCode"] == 204
    assert len(bench.machines.started) == 1
