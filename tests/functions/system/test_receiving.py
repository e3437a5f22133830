"""Calls of triggers with code: who listens, what their function says of a call, and what the provider gets."""

import base64
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import redis

from functions.system.webhook.addresses import Addresses, Listener
from functions.system.webhook.receiving import MOST_BODY, Kept
from functions.system.webhook.targets import Unavailable
from stepweave.aws import AwsError
from stepweave.aws.control.node_functions import AskFailed
from stepweave.runtime.errors import CredentialUnavailable
from stepweave_data import redis_keys as keys
from stepweave_data.history.live import connect
from tests.functions.system.hooks import MACHINE, TENANT_ID, Bench, call, content, target

ADDRESS = "aB3-_" + "x" * 27
PATH = f"/hooks/acme/~/{ADDRESS}"
ID = "7c2f0c54-6ad7-4b43-8f7f-3f0d4f3f0001"


def listener(**changes: Any) -> Listener:
    start = {**target()["start"], "machine_type": changes.pop("machine", "standard")}
    start["concurrency"] = changes.pop("concurrency", None)
    made: dict[str, Any] = {
        "id": ID,
        "tenantId": TENANT_ID,
        "workflowId": start["workflow_id"],
        "nodeId": "on",
        "type": "github_trigger",
        "version": 1,
        "params": {"owner": "octocat"},
        "start": start,
        "paused": False,
        "joining": False,
        "testUntil": None,
        **changes,
    }
    return made  # type: ignore[return-value]


@pytest.fixture
def client(redis_url: str) -> Iterator[redis.Redis]:
    made = connect(redis_url)
    made.flushdb()
    yield made
    made.close()


@pytest.fixture
def bench(client: redis.Redis) -> Bench:
    made = Bench(client, listeners={ADDRESS: listener()}, kept={ID: {"secret": "s"}})
    made.functions.answer = lambda payload: {"items": [{"json": {"n": 1}}], "deliveryId": "d1"}
    return made


def says(bench: Bench, answer: Any) -> None:
    def give(payload: Any) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer

    bench.functions.answer = give


def code(answer: dict[str, Any]) -> tuple[int, str]:
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert "sandbox" in answer["headers"]["content-security-policy"]
    return answer["statusCode"], content(answer)["code"]


def test_a_functions_items_start_the_workflow(bench: Bench) -> None:
    answer = bench(call(PATH, {"a": "é"}, headers={"X-Event": "push", "Cookie": "a=b"}, query="a=1&b=2&a=3"))
    assert (answer["statusCode"], list(content(answer))) == (202, ["executionId", "statusUrl"])
    [started] = bench.machines.started
    assert (started["arn"], started["name"]) == (MACHINE, content(answer)["executionId"])
    assert started["input"]["context"]["trigger"] == "app"
    assert started["input"]["trigger"] == {
        "nodeId": "on",
        "output": {"main": {"count": 1, "items": [{"json": {"n": 1}}]}},
    }
    assert bench.told == [(ID, None)]
    [(type, version, payload, _)] = bench.functions.asked
    assert (type, version, payload["ask"], payload["tenantId"]) == ("github_trigger", 1, "receive", TENANT_ID)
    assert payload["params"] == {"owner": "octocat"}
    given = payload["given"]
    assert given["address"] == f"https://stepweave.example{PATH}"
    assert (given["method"], given["query"], given["kept"]) == ("POST", {"a": "3", "b": "2"}, {"secret": "s"})
    assert json.loads(base64.b64decode(given["rawBody"])) == {"a": "é"}
    assert given["headers"]["x-event"] == "push"
    assert "cookie" not in given["headers"]


def test_a_delivery_that_comes_again_has_the_same_execution(bench: Bench) -> None:
    first, again = bench(call(PATH, {})), bench(call(PATH, {}))
    assert content(first)["executionId"] == content(again)["executionId"]
    says(bench, {"items": [{"json": {}}], "deliveryId": "d2"})
    assert content(bench(call(PATH, {})))["executionId"] != content(first)["executionId"]
    bench.listeners["y" * 32] = listener(id=ID[:-1] + "2")
    bench.kept[ID[:-1] + "2"] = {}
    other = bench(call(f"/hooks/acme/~/{'y' * 32}", {}))
    assert len({started["name"] for started in bench.machines.started}) == 3
    assert other["statusCode"] == 202


def test_without_a_delivery_id_each_call_starts(bench: Bench) -> None:
    says(bench, {"items": [{"json": {}}]})
    assert content(bench(call(PATH, {})))["executionId"] != content(bench(call(PATH, {})))["executionId"]


def test_a_call_that_means_nothing_is_taken_and_starts_nothing(bench: Bench) -> None:
    says(bench, {"items": []})
    answer = bench(call(PATH, {}))
    assert (answer["statusCode"], answer["body"], bench.machines.started) == (204, "", [])
    assert "x-stepweave-execution" not in answer["headers"]


def test_a_challenge_is_answered_with_allowed_headers_only(bench: Bench) -> None:
    headers = {"Content-Type": "text/plain", "Set-Cookie": "a=b", "X-Proof": "p", "content-security-policy": "none"}
    says(bench, {"answer": {"statusCode": 200, "headers": headers, "body": "<script>challenge</script>"}})
    answer = bench(call(PATH, method="GET", query="challenge=1"))
    assert (answer["statusCode"], content(answer)) == (200, "<script>challenge</script>")
    assert {"content-type", "x-proof"} <= set(answer["headers"])
    assert "set-cookie" not in answer["headers"]
    assert answer["headers"]["content-security-policy"].startswith("sandbox")
    assert bench.machines.started == []


def test_an_answer_may_go_with_items(bench: Bench) -> None:
    says(bench, {"items": [{"json": {}}], "answer": {"statusCode": 200, "headers": {}, "body": {"ok": True}}})
    answer = bench(call(PATH, {}))
    assert (answer["statusCode"], content(answer)) == (200, {"ok": True})
    assert answer["headers"]["x-stepweave-execution"] == bench.machines.started[0]["name"]


@pytest.mark.parametrize(
    ("refuse", "status"),
    [
        ({"status": 401, "message": "No."}, 401),
        ({"status": 405, "message": "No."}, 405),
        ({"status": 302}, 401),
        ({}, 401),
    ],
)
def test_a_call_that_is_refused_starts_nothing(bench: Bench, refuse: dict[str, Any], status: int) -> None:
    says(bench, {"refuse": refuse})
    assert code(bench(call(PATH, {}))) == (status, "refused")
    assert (bench.machines.started, bench.told) == ([], [])


def test_a_body_that_cannot_be_read_is_refused(bench: Bench) -> None:
    told = {"type": "CallRefused", "message": "The body is no JSON.", "details": {"status": 400}}
    says(bench, AskFailed(told))
    assert code(bench(call(PATH, "{"))) == (400, "refused")
    assert bench.told == []


@pytest.mark.parametrize(
    "failure",
    [
        AskFailed({"type": "NodeTimeout", "message": "slow"}),
        AskFailed({"type": "NodeCrashed", "message": "x"}),
        AskFailed({"type": "CredentialMissing", "message": "x"}),
        AwsError("FunctionError", "Runtime.ExitError: secret inside"),
        AwsError("ConnectionFailed", "x", retryable=True),
    ],
)
def test_a_call_that_cannot_be_read_now_is_to_be_delivered_again(bench: Bench, failure: Exception) -> None:
    says(bench, failure)
    answer = bench(call(PATH, {}))
    assert code(answer) == (503, "not_started")
    assert int(answer["headers"]["retry-after"]) > 0
    assert "secret inside" not in answer["body"]
    [(id, error)] = bench.told
    assert (id, bool(error), bench.machines.started) == (ID, True, [])


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "x",
        {},
        {"items": "x"},
        {"items": [1]},
        {"items": [{"a": 1}]},
        {"items": [{"json": []}]},
        {"answer": 5},
        {"answer": {"statusCode": "200"}},
        {"answer": {"statusCode": 99}},
        {"answer": {"headers": []}},
        {"refuse": "no"},
    ],
)
def test_what_a_function_says_that_means_nothing_starts_nothing(bench: Bench, answer: Any) -> None:
    says(bench, answer)
    assert code(bench(call(PATH, {}))) == (503, "not_started")
    assert bench.machines.started == []


@pytest.mark.parametrize(
    "path",
    [
        f"/hooks/acme/~/{'z' * 32}",
        "/hooks/acme/~/short",
        "/hooks/acme/~",
        f"/hooks/acme/~/{ADDRESS}/more",
        f"/hooks/acme/~/{ADDRESS}%00",
        "/hooks/acme/~/..%2f..%2forders%2fnew1234567890abc",
        f"/hooks/AC ME/~/{ADDRESS}",
    ],
)
def test_an_address_that_nobody_has_is_404_and_asks_no_function(bench: Bench, path: str) -> None:
    assert code(bench(call(path, {}))) == (404, "unknown_webhook")
    assert bench.functions.asked == []


def test_a_webhook_never_answers_at_an_address(bench: Bench) -> None:
    bench.listeners.clear()  # while `methods` has a webhook at any path
    assert code(bench(call(PATH, {}))) == (404, "unknown_webhook")


def test_a_body_beyond_measure_is_413(bench: Bench) -> None:
    assert code(bench(call(PATH, b"x" * (MOST_BODY + 1)))) == (413, "too_large")
    assert bench.functions.asked == []
    assert bench(call(PATH, b"x" * MOST_BODY))["statusCode"] == 202


def test_a_workflow_that_is_switched_off_answers_challenges_and_starts_nothing(bench: Bench) -> None:
    bench.listeners[ADDRESS] = listener(paused=True)
    answer = bench(call(PATH, {}))
    assert (code(answer), answer["headers"]["retry-after"]) == ((503, "workflow_paused"), "300")
    says(bench, {"refuse": {"status": 401}})
    assert code(bench(call(PATH, {}))) == (401, "refused")
    says(bench, {"answer": {"statusCode": 200}})
    assert bench(call(PATH, {}))["statusCode"] == 200
    assert bench.machines.started == []


def test_while_it_is_being_registered_challenges_are_answered_and_events_come_later(bench: Bench) -> None:
    bench.listeners[ADDRESS] = listener(joining=True, start=None)
    bench.kept.clear()
    assert code(bench(call(PATH, {}))) == (503, "not_started")
    assert bench.functions.asked[0][2]["given"]["kept"] is None
    says(bench, {"answer": {"statusCode": 200, "body": "me"}})
    assert content(bench(call(PATH, {}))) == "me"


def test_an_express_workflow_is_handed_over_whatever_its_size(bench: Bench) -> None:
    bench.listeners[ADDRESS] = listener(machine="express")
    assert bench(call(PATH, {}))["statusCode"] == 202
    assert bench.handed_over[0]["items"] == [{"json": {"n": 1}}]
    says(bench, {"items": [{"json": {"text": "x" * 300_000}}], "deliveryId": "large"})
    assert bench(call(PATH, {}))["statusCode"] == 202
    batch = bench.handed_over[1]["items"]
    assert (batch["count"], bench.machines.started) == (1, [])
    key = f"{TENANT_ID}/{bench.handed_over[1]['executionId']}/on/1-main.json"
    assert batch["ref"]["key"] == key
    assert len(bench.outside.claims.fetch(batch, TENANT_ID)[0]["json"]["text"]) == 300_000


def test_with_a_limit_an_execution_waits_for_its_turn(bench: Bench) -> None:
    bench.listeners[ADDRESS] = listener(concurrency=1)
    bench.full = True
    assert bench(call(PATH, {}))["statusCode"] == 202
    assert ([one["trigger"] for one in bench.queued], bench.machines.started) == (["app"], [])
    bench.full, bench.outside.storage.down = False, True
    says(bench, {"items": [{"json": {"text": "x" * 300_000}}], "deliveryId": "d1"})
    assert code(bench(call(PATH, {}))) == (503, "not_started")
    assert bench.machines.started == []


def test_a_delivery_whose_start_failed_is_another_execution_when_it_comes_again(bench: Bench) -> None:
    bench.machines.error = AwsError("ThrottlingException", "x", retryable=True)
    assert code(bench(call(PATH, {}))) == (503, "not_started")
    bench.machines.error = None
    first, again = bench(call(PATH, {})), bench(call(PATH, {}))
    assert content(first) == content(again)
    [failed] = bench.outside.of("execution.failed")
    assert content(first)["executionId"] not in failed["id"]


def test_head_is_asked_as_it_came_and_has_no_body(bench: Bench) -> None:
    says(bench, {"answer": {"statusCode": 200, "body": "there"}})
    answer = bench(call(PATH, method="HEAD"))
    assert (answer["statusCode"], answer["body"], bench.functions.asked[0][2]["given"]["method"]) == (200, "", "HEAD")


def test_options_is_the_functions_to_answer(bench: Bench) -> None:
    says(bench, {"answer": {"statusCode": 200, "headers": {"WebHook-Allowed-Origin": "*"}}})
    assert bench(call(PATH, method="OPTIONS"))["headers"]["webhook-allowed-origin"] == "*"


def test_who_listens_is_remembered_but_not_while_that_changes(client: redis.Redis) -> None:
    asked: list[str] = []
    found: dict[str, Listener | None] = {ADDRESS: listener()}

    def look_up(slug: str, address: str) -> Listener | None:
        asked.append(address)
        return found.get(address)

    addresses = Addresses(client, look_up)
    assert addresses.of("acme", ADDRESS) == addresses.of("acme", ADDRESS) == listener()
    assert addresses.of("acme", "n" * 32) is addresses.of("acme", "n" * 32) is None
    assert asked == [ADDRESS, "n" * 32]
    assert 0 < client.ttl(keys.listener("acme", ADDRESS)) <= keys.HOOK_SECONDS
    found["j" * 32] = listener(joining=True, start=None)
    addresses.of("acme", "j" * 32)
    found["j" * 32] = listener()
    assert addresses.of("acme", "j" * 32) == listener()


def test_without_postgres_a_call_is_to_be_delivered_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(self: Any, slug: str, address: str) -> Any:
        raise Unavailable("down")

    monkeypatch.setattr(Addresses, "of", down)
    assert code(bench(call(PATH, {}))) == (503, "not_started")


def test_what_is_kept_is_asked_for_once_a_minute_and_no_more_than_so_many_are_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []

    def open_one(tenant_id: str, id: str) -> dict[str, Any]:
        opened.append(id)
        return {"of": id}

    kept = Kept(open_one)
    assert [kept.of(listener()) for _ in range(3)] == [{"of": ID}] * 3
    assert opened == [ID]
    monkeypatch.setattr("functions.system.webhook.receiving.MOST_KEPT", 2)
    for number in range(4):
        kept.of(listener(id=str(number)))
    kept.of(listener())
    assert opened == [ID, "0", "1", "2", "3", ID]


def test_a_secret_that_cannot_be_opened_now_is_to_be_delivered_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(self: Any, listener: Listener) -> Any:
        raise CredentialUnavailable("The vault does not answer.")

    monkeypatch.setattr(Kept, "of", away)
    assert code(bench(call(PATH, {}))) == (503, "not_started")
    assert (bench.functions.asked, bench.told[0][0]) == ([], ID)


def test_twenty_deliveries_at_once_are_one_execution(bench: Bench) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: bench(call(PATH, {})), range(20)))
    assert {content(answer)["executionId"] for answer in answers} == {bench.machines.started[0]["name"]}
    assert len({event["id"] for event in bench.outside.events}) == 3


@pytest.mark.parametrize("paused", [False, True])
def test_the_event_of_a_test_is_kept_and_starts_nothing(bench: Bench, paused: bool) -> None:
    bench.listeners[ADDRESS] = listener(testUntil=4_000_000_000.0, start=None, paused=paused)
    answer = bench(call(PATH, {}))
    assert (answer["statusCode"], bench.machines.started) == (204, [])
    assert bench.heard == [(ID, [{"json": {"n": 1}}])]


def test_a_large_event_of_a_test_is_kept_by_reference(bench: Bench) -> None:
    bench.listeners[ADDRESS] = listener(testUntil=4_000_000_000.0, start=None)
    says(bench, {"items": [{"json": {"a": "x" * 50_000}}]})
    bench(call(PATH, {}))
    [(_, batch)] = bench.heard
    assert batch["ref"]["key"] == f"{TENANT_ID}/{ID}/heard.json"
    assert bench.machines.started == []


def test_an_event_of_a_test_that_cannot_be_kept_now_is_to_be_delivered_again(bench: Bench) -> None:
    class Down(list[tuple[str, Any]]):
        def append(self, _: tuple[str, Any]) -> None:
            raise Unavailable("Postgres is away")

    bench.heard = Down()
    bench.listeners[ADDRESS] = listener(testUntil=4_000_000_000.0, start=None)
    answer = bench(call(PATH, {}))
    assert (code(answer), answer["headers"]["retry-after"]) == ((503, "not_started"), "5")
