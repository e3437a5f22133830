"""Which webhook a path calls, test URLs, and what a trigger says of its answers."""

import base64
import hashlib
import io
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import redis

from functions.system.webhook.targets import Methods, Patterns, Targets
from stepweave_data import redis_keys as keys
from stepweave_data.history.live import connect
from stepweave_data.hooks.paths import matched, names, nearest_first, shape
from stepweave_data.hooks.tries import Tries, Try
from tests.functions.system.hooks import TENANT_ID, URL, Bench, Machines, call, content, succeeded, target


@pytest.fixture
def client(redis_url: str) -> Iterator[redis.Redis]:
    made = connect(redis_url)
    made.flushdb()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("path", "called", "params"),
    [
        ("orders/new", "orders/new", {}),
        ("orders/new", "orders/New", None),
        ("orders/:id", "orders/17", {"id": "17"}),
        ("orders/:id", "orders", None),
        ("orders/:id", "orders/", None),
        ("orders/:id", "orders/1/2", None),
        ("a/b/:id", "a/c/1234", None),
        (":a/:b", "x/y", {"a": "x", "b": "y"}),
        (":__proto__", "x", {"__proto__": "x"}),
        ("files/:name", "files/..", {"name": ".."}),
        ("orders/:id", "orders/:id", {"id": ":id"}),
    ],
)
def test_a_path_is_called_with_its_parameters_or_not_at_all(path: str, called: str, params: Any) -> None:
    assert matched(path, called.split("/")) == params


def test_of_paths_that_fit_the_one_that_is_literal_earlier_counts() -> None:
    fit = [":a/:b", ":kind/new", "orders/:id", "orders/new"]
    assert nearest_first(fit) == ["orders/new", "orders/:id", ":kind/new", ":a/:b"]
    assert [shape(path) for path in fit] == [":/:", ":/new", "orders/:", "orders/new"]
    assert names("orders/:id/lines/:line") == ["id", "line"]


def at(path: str, node: str, **more: Any) -> Any:
    return target(path=path, nodeId=node, **more)


PATTERNS: Patterns = {
    "paths": {
        "orders/:id": {"GET": at("orders/:id", "one"), "POST": at("orders/:id", "change")},
        ":kind/new": {"POST": at(":kind/new", "any"), "PUT": at(":kind/new", "put")},
    },
    "literals": ["orders/new"],
}


@pytest.mark.parametrize(
    ("method", "path", "node", "params"),
    [
        ("POST", "orders/new", "new", {}),
        ("GET", "orders/new", "one", {"id": "new"}),  # the literal one does not take it
        ("PUT", "orders/new", "put", {"kind": "orders"}),
        ("POST", "orders/7", "change", {"id": "7"}),
        ("POST", "users/new", "any", {"kind": "users"}),
        ("GET", "orders/a%2Fb%20%C3%BC", "one", {"id": "a/b ü"}),
        ("GET", "orders/%E0%A4%A", "one", {"id": "\ufffd%A"}),
        ("GET", "orders/" + "9" * 3000, "one", {"id": "9" * 3000}),
        ("GET", "orders/7/", "one", {"id": "7"}),
    ],
)
def test_each_method_goes_to_the_nearest_path_that_takes_it(
    client: redis.Redis, method: str, path: str, node: str, params: dict[str, str]
) -> None:
    bench = Bench(client, methods={"POST": at("orders/new", "new")}, patterns=PATTERNS)
    assert bench(call(f"/hooks/acme/{path}", {}, method=method))["statusCode"] == 204
    assert bench.machines.started[0]["input"]["trigger"]["nodeId"] == node
    assert bench.item["params"] == params


def test_a_path_that_nothing_fits_is_404_and_a_method_that_nothing_takes_405_with_all_of_them(
    client: redis.Redis,
) -> None:
    bench = Bench(client, methods={}, patterns=PATTERNS)
    assert bench(call("/hooks/acme/users/7", {}))["statusCode"] == 404
    assert bench(call("/hooks/acme/a/b/c", {}))["statusCode"] == 404
    assert bench(call("/hooks/acme/" + "a/" * 200 + "b", {}))["statusCode"] == 404
    answer = bench(call("/hooks/acme/orders/new", {}, method="DELETE"))
    assert (answer["statusCode"], answer["headers"]["allow"]) == (405, "GET, HEAD, POST, PUT")


def test_calls_with_other_parameters_ask_postgres_no_more(client: redis.Redis) -> None:
    asked: list[Any] = []

    def exact(slug: str, path: str) -> Methods:
        asked.append(path)
        return {}

    def patterns(slug: str, count: int) -> Patterns:
        asked.append(count)
        return PATTERNS

    reader = Targets(client, exact, patterns)
    for number in range(5):
        assert set(reader.of("acme", f"orders/{number}")) == {"GET", "POST"}
    assert asked == [2]
    reader.of("acme", "orders/new")
    reader.of("acme", "orders/new")
    assert asked == [2, "orders/new"]
    assert 0 < int(client.ttl(keys.hook_patterns("acme", 2))) <= keys.HOOK_SECONDS


# Test URLs


def listen(client: redis.Redis, id: str, path: str = "orders/:id", seconds: float = 60, **more: Any) -> None:
    made = target(path=path, **more)
    it: Try = {
        "tenantId": TENANT_ID,
        "workflowId": "w",
        "nodeId": "hook",
        "userId": "u",
        "until": time.time() + seconds,
        "path": path,
        "methods": ["POST", "PUT"],
        "target": {**made, "start": {"tenant_id": TENANT_ID, "workflow_id": "w"}},
    }
    Tries(client).begin("acme", id, it)


def test_a_test_url_gives_one_call_to_who_listens_and_starts_nothing(client: redis.Redis) -> None:
    bench = Bench(client, methods={})
    path = "/hooks/acme/~test/orders/7"
    nobody = bench(call(path, {"a": 1}))
    assert (nobody["statusCode"], content(nobody)["code"]) == (404, "nobody_listens")
    listen(client, "l1")
    assert bench(call(path, {"a": 1}, method="GET"))["statusCode"] == 405
    assert bench(call("/hooks/acme/~test/users/7", {}))["statusCode"] == 404
    assert bench(call("/hooks/other/~test/orders/7", {}))["statusCode"] == 404
    assert bench(call(path, "{", method="PUT"))["statusCode"] == 400
    answer = bench(call(path, {"a": 1}, method="PUT", query="q=2"))
    assert (answer["statusCode"], content(answer)["test"]) == (200, True)
    heard = Tries(client).heard("l1")["items"][0]["json"]
    assert (heard["params"], heard["body"], heard["query"], heard["method"]) == (
        {"id": "7"},
        {"a": 1},
        {"q": "2"},
        "PUT",
    )
    assert bench(call(path, {"a": 2}))["statusCode"] == 404
    assert bench.machines.started == []
    assert bench(call("/hooks/acme/orders/7", {}))["statusCode"] == 404  # it is not published


def test_a_test_url_checks_who_calls_and_ends_by_itself(client: redis.Redis) -> None:
    bench = Bench(client, methods={})
    bench.outside.credentials["c1", "http_header"] = {"name": "X-Key", "value": "k"}
    listen(client, "l1", authentication="header", credentialId="c1")
    path = "/hooks/acme/~test/orders/7"
    assert bench(call(path, {}))["statusCode"] == 401
    assert bench(call(path, {}, headers={"X-Key": "k"}))["statusCode"] == 200
    listen(client, "l2", seconds=-1)
    assert bench(call(path, {}))["statusCode"] == 404


def test_a_large_test_call_lies_in_s3(client: redis.Redis) -> None:
    bench = Bench(client, methods={})
    listen(client, "l1")
    assert bench(call("/hooks/acme/~test/orders/7", {"x": "y" * 60_000}))["statusCode"] == 200
    batch = Tries(client).heard("l1")
    assert batch["ref"]["key"].startswith(f"{TENANT_ID}/l1/hook/")
    assert len(bench.outside.claims.fetch(batch, TENANT_ID)[0]["json"]["body"]["x"]) == 60_000


# What the trigger says of the answer


def test_an_answer_at_once_is_what_the_trigger_says(client: redis.Redis) -> None:
    said = {"status": 200, "headers": {"content-type": "text/xml", "x-a": "b"}, "body": "<ok/>"}
    bench = Bench(client, methods={"POST": target(respond="immediately", machine="standard", answer=said)})
    answer = bench(call(body={}))
    assert (answer["statusCode"], answer["body"]) == (200, "<ok/>")
    assert (answer["headers"]["content-type"], answer["headers"]["x-a"]) == ("text/xml", "b")
    assert answer["headers"]["x-stepweave-execution"] == bench.machines.started[0]["name"]
    assert answer["headers"]["content-security-policy"].startswith("sandbox")
    bench.redis.flushdb()
    bench.methods = {"POST": target(respond="immediately", machine="standard", answer={"status": 204})}
    answer = bench(call(body={}))
    assert (answer["statusCode"], answer["body"], "content-type" in answer["headers"]) == (204, "", False)
    bench.redis.flushdb()
    hostile = {"headers": {"set-cookie": "a=b", "x-stepweave-execution": "x", "content-security-policy": "none"}}
    bench.methods = {"POST": target(respond="immediately", machine="standard", answer=hostile)}
    answer = bench(call(body={}))
    assert answer["statusCode"] == 202
    assert "set-cookie" not in answer["headers"]
    assert answer["headers"]["content-security-policy"].startswith("sandbox")
    assert content(answer)["statusUrl"].startswith(URL)


ITEMS = [{"json": {"a": 1}}, {"json": {"a": 2}}]


@pytest.mark.parametrize(
    ("said", "items", "status", "body"),
    [
        ({"status": 201, "headers": {"x-a": "b"}}, ITEMS, 201, [{"a": 1}, {"a": 2}]),
        ({"items": "firstItem"}, ITEMS, 200, {"a": 1}),
        ({"items": "allItems"}, ITEMS[:1], 200, [{"a": 1}]),
        ({"items": "allItems"}, [], 200, []),
        ({"items": "firstItem"}, [], 204, ""),
        ({"items": "none"}, ITEMS, 200, ""),
        ({"items": "none", "status": 204}, ITEMS, 204, ""),
    ],
)
def test_of_the_last_nodes_items_the_answer_has_what_the_trigger_says(
    client: redis.Redis, said: dict[str, Any], items: list[Any], status: int, body: Any
) -> None:
    last = {"main": {"count": len(items), "items": items}} if items else {}
    bench = Bench(client, machines=Machines(ends=lambda _: succeeded(last=last)))
    bench.methods = {"POST": target(respond="lastNode", answer=said)}
    answer = bench(call(body={}))
    assert (answer["statusCode"], content(answer)) == (status, body)
    assert answer["headers"].get("x-a") == said.get("headers", {}).get("x-a")


def test_a_response_nodes_file_is_the_answer_and_one_that_is_too_large_or_gone_a_problem(client: redis.Redis) -> None:
    bench = Bench(client)
    bytes_of = b"\x89PNG\xff\x00"
    ref: dict[str, Any] = {}

    def ends(given: dict[str, Any]) -> dict[str, Any]:
        headers = {"content-type": "image/png"}
        return succeeded({"statusCode": 200, "headers": headers, "body": None, "file": ref})

    stored = bench.outside.claims.store_file(
        f"{TENANT_ID}/x/y/1-file-0",
        io.BytesIO(bytes_of),
        size=len(bytes_of),
        sha256=hashlib.sha256(bytes_of).hexdigest(),
        mime_type="image/png",
    )
    bench.machines.ends = ends
    ref.update(stored)
    answer = bench(call(body={}))
    assert (base64.b64decode(answer["body"]), answer["headers"]["content-type"]) == (bytes_of, "image/png")
    ref["size"] = 5_000_000
    assert content(bench(call(body={})))["code"] == "answer_too_large"
    ref.update(size=6, key=f"{TENANT_ID}/x/y/1-file-9")
    assert bench(call(body={}))["statusCode"] == 500
    ref.update(key="another-tenant/x/y/1-file-0")
    assert bench(call(body={}))["statusCode"] == 500


def test_what_is_kept_for_test_urls_is_json_and_expires(client: redis.Redis) -> None:
    listen(client, "l1")
    assert 0 < int(client.ttl(keys.hook_tries("acme"))) <= keys.TRY_SECONDS
    assert json.loads(str(client.hget(keys.hook_tries("acme"), "l1")))["path"] == "orders/:id"
    Tries(client).stop("acme", "l1")
    assert Tries(client).of("acme") == {}
