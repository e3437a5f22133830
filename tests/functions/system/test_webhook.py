"""Webhook calls: what starts a workflow, what is refused and how, and what the caller gets."""

import base64
import io
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.system.webhook.answering import MOST_BYTES
from functions.system.webhook.targets import Targets, Unavailable
from local.stack.ports import free_port
from stepweave.aws import AwsError
from stepweave_data import redis_keys as keys
from stepweave_data.history.live import connect
from stepweave_data.hooks.probing import HEADER, proof
from tests.functions.system.hooks import (
    MACHINE,
    SECRET,
    TENANT_ID,
    URL,
    Bench,
    Machines,
    call,
    content,
    succeeded,
    target,
)

RESPONSE = {"statusCode": 201, "headers": {"content-type": "application/json"}, "body": {"id": 7}}


@pytest.fixture
def client(redis_url: str) -> Iterator[redis.Redis]:
    made = connect(redis_url)
    made.flushdb()
    yield made
    made.close()


@pytest.fixture
def bench(client: redis.Redis) -> Bench:
    return Bench(client, machines=Machines(ends=lambda _: succeeded(RESPONSE)))


def problem(answer: dict[str, Any]) -> tuple[int, str]:
    assert answer["headers"]["content-type"] == "application/problem+json"
    body = content(answer)
    assert body["status"] == answer["statusCode"]
    assert body["title"]
    assert body["detail"]
    return answer["statusCode"], body["code"]


# Test calls


def probe(path: str = "orders/new", **more: Any) -> dict[str, Any]:
    signed = proof(SECRET, "hooks", "acme", path, int(time.time()) + 60)
    return call(headers={HEADER: signed}, **more)


def test_a_test_call_is_told_where_it_leads_whoever_may_call_and_starts_nothing(bench: Bench) -> None:
    bench.methods = {"POST": target(authentication="basic", credentialId="c", networks=["203.0.113.7/32"], maxBodyKb=1)}
    answer = bench(probe())
    start = bench.methods["POST"]["start"]
    assert content(answer) == {"workflowId": start["workflow_id"], "nodeId": "hook", "paused": False}
    bench.methods = {"POST": target(paused=True)}
    bench.redis.flushdb()
    assert content(bench(probe()))["paused"] is True
    assert bench.machines.started == []
    assert bench.outside.bodies == []


def test_a_test_call_that_is_not_signed_for_the_address_starts_nothing(bench: Bench) -> None:
    for header in ("", "x", proof("another secret", "hooks", "acme", "orders/new", int(time.time()) + 60)):
        assert problem(bench(call(headers={HEADER: header}))) == (403, "not_a_probe")
    assert problem(bench(probe(path="orders/old"))) == (403, "not_a_probe")
    assert bench.machines.started == []


def test_a_test_call_of_what_is_not_there_is_refused_as_any_call(bench: Bench) -> None:
    bench.methods = {"PUT": target()}
    assert problem(bench(probe())) == (405, "wrong_method")
    bench.methods = {}
    bench.redis.flushdb()
    assert problem(bench(probe())) == (404, "unknown_webhook")


# What a workflow gets


def test_a_call_becomes_one_item_with_lower_case_headers_and_no_secrets(bench: Bench) -> None:
    headers = {
        "X-Shop": "Zürich",
        "Authorization": "Bearer x",
        "Cookie": "a=b",
        "X-Stepweave-Origin": "secret",
        "X-Forwarded-For": "203.0.113.9",
    }
    assert bench(call(body={"id": 7}, headers=headers, query="a=1&b=2&a=3&empty="))["statusCode"] == 201
    assert bench.item == {
        "method": "POST",
        "path": "orders/new",
        "headers": {"content-type": "application/json", "x-shop": "Zürich", "x-forwarded-for": "203.0.113.9"},
        "query": {"a": ["1", "3"], "b": "2", "empty": ""},
        "body": {"id": 7},
        "params": {},
    }


def test_a_list_stays_the_body_of_one_item(bench: Bench) -> None:
    bench(call(body=[{"id": 1}, {"id": 2}]))
    assert bench.item["body"] == [{"id": 1}, {"id": 2}]


@pytest.mark.parametrize("plain", [True, False])
def test_a_body_is_read_plain_or_in_base64(bench: Bench, plain: bool) -> None:
    bench(call(body='{"name": "日本 🎉"}', plain=plain))
    assert bench.item["body"] == {"name": "日本 🎉"}


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("application/x-www-form-urlencoded", "a=1&b=%C3%BC&a=2", {"a": ["1", "2"], "b": "ü"}),
        ("text/plain", "hello", "hello"),
        ("application/vnd.api+json", '{"a": 1}', {"a": 1}),
        ("application/json", "not json", "not json"),
        ("", "", None),
        ("image/png", b"\x89PNG", {"binary": "data", "mimeType": "image/png", "size": 4}),
    ],
)
def test_where_anything_goes_the_content_type_says_what_the_body_is(
    bench: Bench, kind: str, body: str | bytes, expected: Any
) -> None:
    bench.methods = {"POST": target(bodyType="any")}
    bench(call(body=body, headers={"Content-Type": kind}))
    assert bench.item["body"] == expected


def test_files_are_stored_and_the_item_refers_to_them(bench: Bench) -> None:
    bench.methods = {"POST": target(bodyType="any")}
    body = (
        b'--B\r\nContent-Disposition: form-data; name="order"\r\n\r\n42\r\n'
        b'--B\r\nContent-Disposition: form-data; name="photo"; filename="C:\\a/b.png"\r\n'
        b"Content-Type: image/png\r\n\r\n\x89PNG\xff\r\n--B--\r\n"
    )
    bench(call(body=body, headers={"Content-Type": "multipart/form-data; boundary=B"}))
    assert bench.item["body"] == {"order": "42"}
    (started,) = bench.machines.started
    (item,) = started["input"]["trigger"]["output"]["main"]["items"]
    ref = item["binary"]["photo"]
    assert (ref["mimeType"], ref["fileName"], ref["size"]) == ("image/png", "b.png", 5)
    assert ref["key"].startswith(f"{TENANT_ID}/{started['name']}/hook/")
    file = io.BytesIO()
    bench.outside.claims.fetch_file(ref, TENANT_ID, file)
    assert file.getvalue() == b"\x89PNG\xff"


@pytest.mark.parametrize(
    ("body", "raw"),
    [
        (b'{"b":  1,\r\n"a": 2}', {"rawBody": '{"b":  1,\r\n"a": 2}'}),
        (b'{"a": "\xef\xbb\xbf"}', {"rawBody": '{"a": "\ufeff"}'}),
    ],
)
def test_the_raw_body_is_there_for_who_asks(bench: Bench, body: bytes, raw: dict[str, Any]) -> None:
    bench.methods = {"POST": target(rawBody=True)}
    bench(call(body=body))
    assert bench.item["body"] == json.loads(body)
    assert {name: value for name, value in bench.item.items() if name.startswith("raw")} == raw


def test_names_keep_their_order_and_the_last_of_two_counts(bench: Bench) -> None:
    bench(call(body='{"zebra": 1, "apple": 2, "zebra": 3}'))
    assert list(bench.item["body"].items()) == [("zebra", 3), ("apple", 2)]


def test_the_host_is_the_one_that_the_caller_used(bench: Bench) -> None:
    bench(call(body={}, headers={"Host": "inner.amazonaws.com", "X-Forwarded-Host": "app.example"}))
    assert bench.item["headers"]["host"] == "app.example"
    assert "x-forwarded-host" not in bench.item["headers"]


@pytest.mark.parametrize("value", ["Z\udcfcrich", "Z\udcc3\udcbcrich", "Zürich"])
def test_headers_are_text_whatever_their_bytes_were(bench: Bench, value: str) -> None:
    bench(call(body={}, headers={"X-City": value}))
    assert bench.item["headers"]["x-city"] == "Zürich"


def test_a_head_is_a_get_whose_answer_has_no_body(bench: Bench) -> None:
    bench.methods = {"GET": target()}
    answer = bench(call(method="HEAD", query="q=1"))
    assert (answer["statusCode"], answer["body"]) == (201, "")
    assert (bench.item["method"], bench.item["query"]) == ("HEAD", {"q": "1"})


def test_a_get_needs_no_body_even_where_json_is_required(bench: Bench) -> None:
    bench.methods = {"GET": target()}
    assert bench(call(method="GET", query="q=1"))["statusCode"] == 201
    assert (bench.item["body"], bench.item["query"]) == (None, {"q": "1"})


# Pages of other origins

SHOP = {"Origin": "https://shop.example"}
PREFLIGHT = {**SHOP, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type, x-a"}


@pytest.mark.parametrize(
    ("origins", "allowed"),
    [("*", "*"), ("https://a.example, https://SHOP.example/", "https://shop.example"), (None, "*")],
)
def test_a_preflight_starts_nothing_and_lets_the_page_call(bench: Bench, origins: str | None, allowed: str) -> None:
    bench.methods = {"POST": target(**({} if origins is None else {"origins": origins}))}
    answer = bench(call(method="OPTIONS", headers=PREFLIGHT))
    headers = answer["headers"]
    assert (answer["statusCode"], answer["body"], bench.machines.started) == (204, "", [])
    assert headers["access-control-allow-origin"] == allowed
    assert headers["access-control-allow-methods"] == "POST, OPTIONS"
    assert headers["access-control-allow-headers"] == "content-type, x-a"
    called = bench(call(body={}, headers=SHOP))
    assert called["headers"]["access-control-allow-origin"] == allowed
    refused = bench(call(body="{", headers=SHOP))
    assert (refused["statusCode"], refused["headers"]["access-control-allow-origin"]) == (400, allowed)


@pytest.mark.parametrize("origins", ["", "https://other.example", "https://shop.example.evil.example"])
def test_a_page_of_another_origin_may_not_call(bench: Bench, origins: str) -> None:
    bench.methods = {"POST": target(origins=origins)}
    assert problem(bench(call(method="OPTIONS", headers=PREFLIGHT))) == (403, "origin_not_allowed")
    answer = bench(call(body={}, headers=SHOP))  # browsers send simple calls without asking
    assert "access-control-allow-origin" not in answer["headers"]
    assert answer["headers"]["vary"] == "origin"


def test_who_is_no_page_gets_no_such_headers_and_asks_what_is_taken(bench: Bench) -> None:
    bench.methods = {"GET": target(), "PUT": target()}
    answer = bench(call(method="OPTIONS"))
    assert (answer["statusCode"], answer["headers"]["allow"]) == (204, "GET, HEAD, PUT, OPTIONS")
    assert not [name for name in bench(call(method="GET"))["headers"] if name.startswith("access-control")]


# What is refused


@pytest.mark.parametrize(
    "path",
    [
        "/hooks/acme/other",
        "/hooks/acme/",
        "/hooks/acme",
        "/hooks/",
        "/hooks/ACME/orders",
        "/hooks/acme/a%00b",
        "/hooks/acme/a b",
        "/hooks/acme/" + "x" * 201,
        "/hooks/a%27--/x",
    ],
)
def test_an_unknown_or_impossible_path_is_404(bench: Bench, path: str) -> None:
    bench.methods = {}
    assert problem(bench(call(path))) == (404, "unknown_webhook")
    assert bench.machines.started == []


def test_another_method_is_405_and_says_which_are_taken(bench: Bench) -> None:
    bench.methods = {"PUT": target(), "POST": target()}
    answer = bench(call(method="DELETE"))
    assert problem(answer) == (405, "wrong_method")
    assert answer["headers"]["allow"] == "POST, PUT"


def test_a_body_above_the_nodes_limit_is_413(bench: Bench) -> None:
    bench.methods = {"POST": target(maxBodyKb=1)}
    assert problem(bench(call(body='"' + "x" * 1023 + '"'))) == (413, "too_large")
    assert bench(call(body='"' + "x" * 1022 + '"'))["statusCode"] == 201


@pytest.mark.parametrize(
    "body",
    ["", "{", "{'a': 1}", "a=1", '{"a": NaN}', "Infinity", b"\xff\xfe\x00", "[" * 201 + "]" * 201, "[" * 100_000],
    ids=range(9),
)
def test_a_body_that_is_no_json_where_json_is_required_is_400(bench: Bench, body: str | bytes) -> None:
    assert problem(bench(call(body=body))) == (400, "invalid_json")
    assert bench.machines.started == []


def test_a_body_of_wide_but_flat_json_is_no_deep_one(bench: Bench) -> None:
    assert bench(call(body=[{"a": [1]}] * 300))["statusCode"] == 201


@pytest.mark.parametrize(("body", "place"), [('{"a": ["\\ud83d"]}', "a[0]"), ('{"n": 1e400}', "n")])
@pytest.mark.parametrize("kind", ["json", "any"])
def test_json_that_nothing_can_carry_is_400_and_its_place_is_named(
    bench: Bench, body: str, place: str, kind: str
) -> None:
    bench.methods = {"POST": target(bodyType=kind)}
    answer = bench(call(body=body))
    assert problem(answer) == (400, "invalid_json")
    assert f"(at {place})" in content(answer)["detail"]


def test_a_text_that_the_gateway_damaged_is_415(bench: Bench) -> None:
    bench.methods = {"POST": target(bodyType="any")}
    headers = {"Content-Type": "text/plain", "Content-Length": "6"}  # Zürich in Latin-1
    assert problem(bench(call(body="Z\ufffdrich", headers=headers, plain=True))) == (415, "not_utf8")
    bench(call(body="a\ufffd", headers={"Content-Type": "text/plain", "Content-Length": "4"}, plain=True))
    assert bench.item["body"] == "a\ufffd"


def test_too_many_fields_are_400(bench: Bench) -> None:
    assert problem(bench(call(body={}, query="&".join(["a=1"] * 1001)))) == (400, "too_many_fields")


@settings(max_examples=60)
@given(body=st.binary(max_size=200), query=st.text(max_size=30), kind=st.text(max_size=30))
def test_whatever_arrives_is_answered(client: redis.Redis, body: bytes, query: str, kind: str) -> None:
    bench = Bench(client, machines=Machines(ends=lambda _: succeeded(RESPONSE)))
    assert bench(call(body=body, query=query, headers={"Content-Type": kind}))["statusCode"] in (201, 400)


# Who may call


def test_a_secret_header_lets_in_who_has_it_and_stays_out_of_the_item(bench: Bench) -> None:
    bench.methods = {"POST": target(authentication="header", credentialId="c1")}
    bench.outside.credentials["c1", "http_header"] = {"name": "X-Api-Key", "value": "s3cret-ü"}
    for wrong in ({}, {"X-API-Key": ""}, {"X-Api-Key": "s3cret"}, {"X-Api-Key": "S3CRET-ü"}):
        assert problem(bench(call(body={}, headers=wrong))) == (401, "not_allowed")
    assert bench.machines.started == []
    assert bench(call(body={}, headers={"x-api-key": "s3cret-ü"}))["statusCode"] == 201
    assert "x-api-key" not in bench.item["headers"]


def test_user_and_password_let_in_who_has_them(bench: Bench) -> None:
    bench.methods = {"POST": target(authentication="basic", credentialId="c1")}
    bench.outside.credentials["c1", "http_basic"] = {"user": "jo", "password": "pä:ss"}
    good = base64.b64encode("jo:pä:ss".encode()).decode()
    for wrong in ("", "Basic", f"Bearer {good}", "Basic " + base64.b64encode(b"jo:x").decode()):
        answer = bench(call(body={}, headers={"Authorization": wrong}))
        assert problem(answer) == (401, "not_allowed")
        assert answer["headers"]["www-authenticate"].startswith("Basic")
    assert bench(call(body={}, headers={"Authorization": f"basic {good}"}))["statusCode"] == 201


def test_a_credential_that_is_gone_lets_nobody_in(bench: Bench) -> None:
    bench.methods = {"POST": target(authentication="header", credentialId="gone")}
    assert problem(bench(call(body={}))) == (403, "no_secret")


# Idempotency


def test_the_same_key_starts_one_execution(bench: Bench) -> None:
    bench.methods = {"POST": target(respond="immediately", machine="standard")}
    key = {"Idempotency-Key": "k1"}
    first, second = bench(call(body={}, headers=key)), bench(call(body={}, headers=key))
    assert content(first) == content(second)
    assert second["headers"]["idempotent-replayed"] == "true"
    bench(call(body={}, headers={"Idempotency-Key": "k2"}))
    assert len(bench.machines.started) == 2


def test_the_same_key_at_another_webhook_is_another_key(bench: Bench) -> None:
    for node in ("one", "two"):
        bench.methods = {"POST": target(nodeId=node)}
        bench.redis.flushdb()
        bench(call(body={}, headers={"Idempotency-Key": "k"}))
    assert len(bench.machines.started) == 2


def test_a_key_is_good_again_when_nothing_was_started(bench: Bench) -> None:
    key = {"Idempotency-Key": "k1"}
    bench.machines.error = AwsError("StateMachineDoesNotExist", "gone")
    assert problem(bench(call(body={}, headers=key))) == (503, "not_started")
    bench.machines.error = None
    assert bench(call(body={}, headers=key))["statusCode"] == 201


# Answers


def test_a_respond_nodes_answer_is_given_as_it_is(bench: Bench) -> None:
    answer = bench(call(body={}))
    (started,) = bench.machines.started
    assert (answer["statusCode"], content(answer)) == (201, {"id": 7})
    assert answer["headers"]["x-stepweave-execution"] == started["name"]
    assert started["arn"] == MACHINE
    assert started["input"]["context"]["trigger"] == "webhook"


def test_a_tenants_answer_sets_nothing_for_the_whole_origin(bench: Bench) -> None:
    headers = {
        "Content-Type": "text/html",
        "Set-Cookie": "session=evil",
        "Content-Security-Policy": "default-src *",
        "X-Two": "a\r\nset-cookie: b",
        "Content-Length": "9999",
    }
    response = {"statusCode": 200, "headers": headers, "body": "<script>1</script>"}
    bench.machines.ends = lambda _: succeeded(response)
    answer = bench(call(body={}))
    assert answer["headers"].keys() == {
        "content-type",
        "x-two",
        "x-stepweave-execution",
        "content-security-policy",
        "x-content-type-options",
    }
    policy = answer["headers"]["content-security-policy"]
    assert policy.startswith("sandbox")
    assert "allow-same-origin" not in policy
    assert answer["headers"]["x-two"] == "a set-cookie: b"
    assert content(answer) == "<script>1</script>"


@pytest.mark.parametrize(
    ("items", "body"), [([{"json": {"a": 1}}], {"a": 1}), ([{"json": {"a": 1}}, {"json": {}}], [{"a": 1}, {}])]
)
def test_the_last_nodes_items_are_the_answer(bench: Bench, items: list[Any], body: Any) -> None:
    bench.methods = {"POST": target(respond="lastNode")}
    bench.machines.ends = lambda _: succeeded(last={"main": {"count": len(items), "items": items}})
    answer = bench(call(body={}))
    assert (answer["statusCode"], content(answer)) == (200, body)


def test_items_that_lie_in_s3_are_fetched_for_the_answer(bench: Bench) -> None:
    bench.methods = {"POST": target(respond="lastNode")}

    def ends(given: dict[str, Any]) -> dict[str, Any]:
        key = f"{given['context']['tenantId']}/x/y/1-main.json"
        return succeeded(last={"main": bench.outside.claims.store(key, [{"json": {"big": "x" * 50_000}}])})

    bench.machines.ends = ends
    assert len(content(bench(call(body={})))["big"]) == 50_000


def test_a_workflow_without_an_answer_is_204(bench: Bench) -> None:
    bench.machines.ends = lambda _: succeeded()
    answer = bench(call(body={}))
    assert (answer["statusCode"], content(answer)) == (204, "")


@pytest.mark.parametrize(
    ("kind", "body", "sent"),
    [
        ("application/json", '{"a":1}', b'{"a":1}'),
        ("application/x-ndjson", '{"a":1}\n{"a":2}\n', b'{"a":1}\n{"a":2}\n'),
        ("application/json", None, b""),
        ("application/json", [], b"[]"),
        ("application/json", 0, b"0"),
        ("text/plain; charset=iso-8859-1", "Zürich", b"Z\xfcrich"),
        ("text/plain; charset=nonsense", "Zürich", b"Z\xc3\xbcrich"),
    ],
)
def test_text_is_sent_as_it_is_and_other_data_as_json(bench: Bench, kind: str, body: Any, sent: bytes) -> None:
    bench.machines.ends = lambda _: succeeded({"statusCode": 200, "headers": {"content-type": kind}, "body": body})
    answer = bench(call(body={}))
    assert (answer["headers"]["content-type"], base64.b64decode(answer["body"])) == (kind, sent)


def test_a_last_node_without_items_of_its_own_is_204(bench: Bench) -> None:
    bench.methods = {"POST": target(respond="lastNode")}
    bench.machines.ends = lambda _: succeeded(last={})
    assert bench(call(body={}))["statusCode"] == 204


def test_an_answer_that_lambda_cannot_return_is_a_problem(bench: Bench) -> None:
    response = {"statusCode": 200, "headers": {"content-type": "text/plain"}, "body": "x" * (MOST_BYTES + 1)}
    bench.machines.ends = lambda _: succeeded(response)
    assert problem(bench(call(body={}))) == (500, "answer_too_large")


def test_a_failed_workflow_is_500_with_its_errors_name_and_words(bench: Bench) -> None:
    cause = json.dumps({"errorType": "HttpServerError", "errorMessage": "502 from the shop", "stackTrace": ["x.py"]})
    bench.machines.ends = lambda _: {"status": "FAILED", "error": "HttpServerError", "cause": cause}
    answer = bench(call(body={}))
    assert problem(answer) == (500, "workflow_failed")
    (started,) = bench.machines.started
    assert content(answer)["executionId"] == answer["headers"]["x-stepweave-execution"] == started["name"]
    assert content(answer)["error"] == {"type": "HttpServerError", "message": "502 from the shop"}
    assert "x.py" not in answer["body"]


def test_a_failure_of_the_platform_keeps_its_inside(bench: Bench) -> None:
    cause = "An error occurred while executing the state 'n1' (entered at event 7): $v_n1.secret"
    bench.machines.ends = lambda _: {"status": "FAILED", "error": "States.QueryEvaluationError", "cause": cause}
    assert "v_n1" not in bench(call(body={}))["body"]


def test_who_does_not_wait_gets_202_and_where_to_ask(bench: Bench) -> None:
    bench.methods = {"POST": target(respond="immediately", machine="standard")}
    answer = bench(call(body={}))
    (started,) = bench.machines.started
    id = started["name"]
    assert (answer["statusCode"], content(answer)) == (202, {"executionId": id, "statusUrl": f"{URL}/executions/{id}"})


LIMITED = {**target()["start"], "concurrency": 1}


@pytest.mark.parametrize("machine", ["express", "standard"])
def test_a_call_waits_for_its_turn_and_gets_its_answer_or_202(bench: Bench, machine: str) -> None:
    start = {**LIMITED, "machine_type": machine}
    bench.full, bench.answer_seconds = True, 0.2
    bench.methods = {"POST": target(start=start, respond="immediately")}
    assert bench(call(body={"n": 1}))["statusCode"] == 202
    bench.methods = {"POST": target(start=start, respond="lastNode")}
    bench.redis.flushdb()
    assert bench(call(body={"n": 2}))["statusCode"] == 202
    assert (bench.machines.started, bench.handed_over) == ([], [])
    assert [(one["items"][0]["json"]["body"]["n"], one.get("awaited", False)) for one in bench.queued] == [
        (1, False),
        (2, True),
    ]


def test_who_is_let_in_runs_and_who_then_does_not_start_gives_its_turn_back(bench: Bench) -> None:
    bench.methods = {"POST": target(start=LIMITED)}
    assert bench(call(body={}))["statusCode"] == 201
    bench.outside.failures = [AwsError("ServiceUnavailable", "no queue", retryable=False)]
    assert bench(call(body={}))["statusCode"] == 503
    assert len(bench.released) == 1


def test_an_express_workflow_nobody_waits_for_is_handed_to_the_starter(bench: Bench) -> None:
    bench.methods = {"POST": target(respond="immediately")}
    answer = bench(call(body={"id": 7}))
    (request,) = bench.handed_over
    assert bench.machines.started == []
    assert (answer["statusCode"], content(answer)["executionId"]) == (202, request["executionId"])
    assert (request["trigger"], request["mode"], request["nodeId"]) == ("webhook", "live", "hook")
    assert request["items"][0]["json"]["body"] == {"id": 7}


def test_one_too_large_to_hand_over_runs_at_once(bench: Bench) -> None:
    bench.methods = {"POST": target(respond="immediately")}
    assert bench(call(body={"x": "y" * 250_000}))["statusCode"] == 202
    assert (len(bench.handed_over), len(bench.machines.started)) == (0, 1)


def test_an_express_execution_that_takes_too_long_is_202(bench: Bench) -> None:
    bench.machines.error = AwsError("RequestTimeout", "no answer within 28 s", retryable=True)
    assert bench(call(body={}))["statusCode"] == 202


@pytest.mark.parametrize(
    ("told", "status", "body"),
    [
        ({"response": RESPONSE}, 201, {"id": 7}),
        ({"ended": "succeeded", "last": {"main": {"count": 1, "items": [{"json": {"z": 1}}]}}}, 200, {"z": 1}),
    ],
)
def test_a_standard_execution_is_waited_for(bench: Bench, told: dict[str, Any], status: int, body: Any) -> None:
    bench.methods = {"POST": target(machine="standard", respond="lastNode")}

    recorders: list[threading.Timer] = []

    def recorder(name: str) -> None:
        recorders.append(threading.Timer(0.05, bench.redis.rpush, (keys.answer(name), json.dumps(told))))
        recorders[0].start()

    bench.machines.on_start = recorder
    answer = bench(call(body={}))
    recorders[0].join()
    assert (answer["statusCode"], content(answer)) == (status, body)


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"ended": "failed", "error": {"type": "EmailRefused", "message": "550"}}, "EmailRefused"),
        ({"ended": "cancelled", "error": None}, "cancelled"),
    ],
)
def test_a_standard_execution_that_fails_is_500(bench: Bench, told: dict[str, Any], name: str) -> None:
    bench.methods = {"POST": target(machine="standard")}
    bench.machines.on_start = lambda id: bench.redis.rpush(keys.answer(id), json.dumps(told))
    answer = bench(call(body={}))
    assert problem(answer) == (500, "workflow_failed")
    assert content(answer)["error"]["type"] == name


def test_a_standard_execution_that_takes_too_long_is_202(bench: Bench) -> None:
    bench.methods = {"POST": target(machine="standard")}
    bench.answer_seconds = 0.1
    assert bench(call(body={}))["statusCode"] == 202


# When parts are down


def test_without_redis_calls_are_served_from_postgres_and_waiting_ends_in_202(bench: Bench) -> None:
    bench.redis = connect(f"redis://127.0.0.1:{free_port()}/0")
    assert bench(call(body={}))["statusCode"] == 201
    bench.methods = {"POST": target(machine="standard")}
    assert bench(call(body={}))["statusCode"] == 202
    assert problem(bench(call(body={}, headers={"Idempotency-Key": "k"}))) == (503, "not_started")


def test_without_any_look_up_calls_are_asked_to_come_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(self: Targets, slug: str, path: str, segments: Any) -> Any:
        raise Unavailable("down")

    monkeypatch.setattr(Targets, "of", down)
    answer = bench(call(body={}))
    assert problem(answer) == (503, "not_started")
    assert answer["headers"]["retry-after"]


def test_nothing_starts_without_its_history(bench: Bench) -> None:
    bench.outside.failures = [AwsError("QueueDoesNotExist", "gone")]
    assert problem(bench(call(body={}))) == (503, "not_started")
    assert bench.machines.started == []


def test_an_answer_goes_out_although_its_end_could_not_be_told(bench: Bench, log_lines: list[dict[str, Any]]) -> None:
    def ends(_: dict[str, Any]) -> dict[str, Any]:
        bench.outside.failures = [AwsError("QueueDoesNotExist", "gone")]
        return succeeded(RESPONSE)

    bench.machines.ends = ends
    assert bench(call(body={}))["statusCode"] == 201
    assert [line["message"] for line in log_lines] == ["an execution's end could not be told"]


def test_a_workflow_that_is_switched_off_is_told_as_such_and_starts_nothing(client: redis.Redis) -> None:
    bench = Bench(client, methods={"POST": target(paused=True)})
    answer = bench(call())
    assert problem(answer) == (503, "workflow_paused")
    assert answer["headers"]["retry-after"] == "300"
    assert bench.machines.started == []
