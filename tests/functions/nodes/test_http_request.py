"""The HTTP request node against a real server."""

import base64
import gzip
import json
import socket
import threading
import time
from typing import Any

import pytest

from functions.nodes.network.http_request.run import run
from functions.nodes.network.http_request.spec import SPEC
from stepweave.runtime.authentication import CredentialNotForHost
from stepweave.runtime.errors import CredentialMissing, NodeError, NodeTimeout, ParameterInvalid
from stepweave.runtime.http import connections
from stepweave.runtime.http_errors import (
    HttpClientError,
    HttpRateLimited,
    HttpServerError,
    RequestTimeout,
    ResponseInvalid,
    ResponseTooLarge,
    TooManyRedirects,
)
from stepweave.runtime.network import AddressForbidden, ConnectionFailed
from tests.fakes.steps import TENANT, Bench, items
from tests.fakes.web import Exchange, Web, web_server


@pytest.fixture
def node() -> Bench:
    return Bench(SPEC, run)


def gives(data: Any, status: int = 200, content_type: str = "application/json") -> Any:
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    return lambda exchange: exchange.answer(status, body, content_type=content_type)


ONE = items({})


# What is sent


def test_one_request_is_sent_for_each_item(web: Web, node: Bench) -> None:
    web.routes["/rates"] = lambda exchange: exchange.answer(
        200, json.dumps({"asked": exchange.asked.path}).encode(), content_type="application/json"
    )
    params = {"url": web.url("/rates?x=ä b"), "query": [{"name": "base", "value": "{{ $json.currency }}"}]}
    rows = node.json(params, items({"currency": "EUR"}, {"currency": "U&D"}))
    assert rows == [{"asked": "/rates?x=%C3%A4%20b&base=EUR"}, {"asked": "/rates?x=%C3%A4%20b&base=U%26D"}]


def test_results_keep_the_order_of_items(web: Web, node: Bench) -> None:
    def slow_first(exchange: Exchange) -> None:
        if exchange.asked.path.endswith("=0"):
            time.sleep(0.1)
        exchange.answer(200, json.dumps({"path": exchange.asked.path}).encode(), content_type="application/json")

    web.routes["/"] = slow_first
    rows = node.json({"url": web.url("/") + "?n={{ $json.n }}"}, items(*({"n": n} for n in range(12))))
    assert rows == [{"path": f"/?n={n}"} for n in range(12)]


def test_no_more_requests_at_a_time_than_asked_for(web: Web, node: Bench) -> None:
    now, most, lock = [0], [0], threading.Lock()

    def count(exchange: Exchange) -> None:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.02)
        with lock:
            now[0] -= 1
        exchange.answer(200, b"{}", content_type="application/json")

    web.routes["/"] = count
    node({"url": web.url(), "concurrency": 3}, items(*({} for _ in range(12))))
    assert 1 < most[0] <= 3


@pytest.mark.parametrize(
    ("params", "content_type", "body"),
    [
        ({"bodyKind": "json", "jsonBody": {"id": "{{ $json.id }}", "ü": 1}}, "application/json", {"id": 7, "ü": 1}),
        ({"bodyKind": "json", "jsonBody": '{"id": {{ $json.id }}}'}, "application/json", {"id": 7}),
        ({"bodyKind": "json", "jsonBody": "{{ $json }}"}, "application/json", {"id": 7}),
        (
            {"bodyKind": "form", "formBody": [{"name": "a b", "value": "ü&"}]},
            "application/x-www-form-urlencoded",
            b"a+b=%C3%BC%26",
        ),
        (
            {"bodyKind": "text", "textBody": "id={{ $json.id }}", "contentType": "text/csv"},
            "text/csv",
            b"id=7",
        ),
    ],
)
def test_bodies(web: Web, node: Bench, params: dict[str, Any], content_type: str, body: Any) -> None:
    web.routes["/"] = gives({})
    node({"url": web.url(), "method": "POST", **params}, items({"id": 7}))
    [asked] = web.asked
    assert asked.headers["content-type"] == content_type
    assert (asked.body if isinstance(body, bytes) else json.loads(asked.body)) == body


def test_headers_and_credentials_are_sent_and_told_to_nobody(web: Web, node: Bench) -> None:
    web.routes["/"] = gives({})
    node.outside.credentials["h", "http_header"] = {"name": "X-Api-Key", "value": "s3cret"}
    node.outside.credentials["b", "http_basic"] = {"user": "ada", "password": "pässword"}
    headers = [{"name": "Accept", "value": "text/x"}, {"name": "X-Name", "value": "Zoë"}]
    node({"url": web.url(), "headers": headers, "authentication": "header", "headerCredential": "h"}, ONE)
    node({"url": web.url(), "authentication": "basic", "basicCredential": "b"}, ONE)
    first, second = web.asked
    assert (first.headers["x-api-key"], first.headers["accept"]) == ("s3cret", "text/x")
    assert first.headers["x-name"].encode("latin-1").decode() == "Zoë"
    assert base64.b64decode(second.headers["authorization"].removeprefix("Basic ")).decode() == "ada:pässword"
    assert "s3cret" not in "".join(node.outside.bodies)


def test_a_body_is_not_sent_with_a_method_that_shows_none(web: Web, node: Bench) -> None:
    web.routes["/"] = gives({})
    node({"url": web.url(), "method": "GET", "bodyKind": "json", "jsonBody": {"a": 1}}, ONE)
    assert web.asked[0].body == b""


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"url": "ftp://x"}, "must start with http"),
        ({"url": "example.com/a"}, "must start with http"),
        ({"url": "http://"}, "names no host"),
        ({"url": "http://user:pw@example.com"}, "use a credential"),
        ({"url": "http://example.com:99999"}, "cannot be used"),
        ({"url": "http://a b.example"}, "names no host"),
        ({"url": "{{ $json.none }}"}, "URL: .*not null"),
        ({"url": "http://x", "headers": [{"name": "a b", "value": ""}]}, "not a header's name"),
        ({"url": "http://x", "headers": [{"name": "a", "value": "1\r\nb: 2"}]}, "line break"),
        ({"url": "http://x", "headers": [{"name": "Host", "value": "y"}]}, "set by the node itself"),
        ({"url": "http://x", "method": "POST", "bodyKind": "json", "jsonBody": "{"}, "The body is not JSON"),
    ],
)
def test_what_cannot_be_sent_is_named(node: Bench, params: dict[str, Any], words: str) -> None:
    with pytest.raises(ParameterInvalid, match=words):
        node(params, ONE)


def test_a_missing_credential_is_named(node: Bench) -> None:
    with pytest.raises(CredentialMissing, match="no such credential"):
        node({"url": "http://x", "authentication": "header", "headerCredential": "none"}, ONE)


# What comes back


@pytest.mark.parametrize(
    ("body", "content_type", "params", "expected"),
    [
        ({"a": 1}, "application/json", {}, [{"a": 1}]),
        ([{"a": 1}, 2], "application/json; charset=utf-8", {}, [{"a": 1}, {"data": 2}]),
        ([1, 2], "application/json", {"splitArrays": False}, [{"data": [1, 2]}]),
        ([], "application/json", {}, []),
        ("text", "application/problem+json", {}, [{"data": "text"}]),
        (b"", "application/json", {}, [{}]),
        (b"h\xc3\xa4", "text/plain", {}, [{"data": "hä"}]),
        (b"h\xe4", "text/plain; charset=ISO-8859-1", {}, [{"data": "hä"}]),
        (b"<a/>", "application/xml", {}, [{"data": "<a/>"}]),
        (b'{"a": 1}', "text/plain", {"responseFormat": "json"}, [{"a": 1}]),
        ({"a": 1}, "application/json", {"responseFormat": "text"}, [{"data": '{"a": 1}'}]),
    ],
)
def test_responses_become_items(
    web: Web, node: Bench, body: Any, content_type: str, params: dict[str, Any], expected: Any
) -> None:
    web.routes["/"] = gives(body, content_type=content_type)
    assert node.json({"url": web.url(), **params}, ONE) == expected


def test_status_and_headers_can_be_included(web: Web, node: Bench) -> None:
    web.routes["/"] = gives([1], status=201)
    [row] = node.json({"url": web.url(), "fullResponse": True}, ONE)
    assert (row["status"], row["body"], row["headers"]["content-type"]) == (201, [1], "application/json")


def test_compressed_responses_are_unpacked(web: Web, node: Bench) -> None:
    packed = gzip.compress(json.dumps({"a": "x" * 1000}).encode())
    web.routes["/"] = lambda exchange: exchange.answer(
        200, packed, content_type="application/json", content_encoding="gzip"
    )
    assert node.json({"url": web.url()}, ONE) == [{"a": "x" * 1000}]


@pytest.mark.parametrize(
    ("disposition", "path", "name"),
    [
        ("", "/files/r%C3%A9sum%C3%A9.pdf", "résumé.pdf"),
        ('attachment; filename="../../etc/passwd"', "/f", "_.._etc_passwd"),
        ("attachment; filename*=UTF-8''%C3%BC.pdf; filename=u.pdf", "/f", "ü.pdf"),
        ("", "/", "file"),
    ],
)
def test_a_file_is_stored_and_referred_to(web: Web, node: Bench, disposition: str, path: str, name: str) -> None:
    content = bytes(range(256)) * 500
    more = {"content_disposition": disposition} if disposition else {}
    web.routes[path] = lambda exchange: exchange.answer(200, content, content_type="application/pdf", **more)
    [item] = node({"url": web.url(path)}, ONE)["output"]["main"]["items"]
    assert item["json"] == {"fileName": name, "mimeType": "application/pdf", "size": len(content)}
    ref = item["binary"]["data"]
    assert ref["key"].startswith(f"{TENANT}/")
    assert node.outside.storage.objects["data", ref["key"]] == content


def test_a_file_can_be_asked_for_whatever_its_type(web: Web, node: Bench) -> None:
    web.routes["/"] = gives({"a": 1})
    params = {"url": web.url(), "responseFormat": "binary", "fullResponse": True}
    [item] = node(params, ONE)["output"]["main"]["items"]
    assert item["json"]["body"]["size"] == len('{"a": 1}')
    assert web.asked[0].headers["accept-encoding"] == "identity"


# What goes wrong


@pytest.mark.parametrize(
    ("status", "kind"), [(400, HttpClientError), (404, HttpClientError), (429, HttpRateLimited), (500, HttpServerError)]
)
def test_an_error_status_is_an_error_with_the_servers_words(
    web: Web, node: Bench, status: int, kind: type[NodeError]
) -> None:
    web.routes["/x"] = lambda exchange: exchange.answer(
        status, b"<html><b>the  reason</b></html>", content_type="text/html", retry_after="7"
    )
    with pytest.raises(kind, match=rf"answered {status} .*: the reason") as caught:
        node({"url": web.url("/x?secret=1")}, ONE)
    assert type(caught.value) is kind
    assert caught.value.details["status"] == status
    assert caught.value.details["retryAfter"] == "7"
    assert "secret" not in json.dumps(caught.value.to_json())


def test_every_status_can_be_accepted(web: Web, node: Bench) -> None:
    web.routes["/"] = gives({"error": "x"}, status=500)
    params = {"url": web.url(), "acceptAnyStatus": True, "fullResponse": True}
    assert node.json(params, ONE)[0]["status"] == 500


def test_a_refused_connection_is_named(node: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(ConnectionFailed, match=rf"No connection to 127.0.0.1:{port}: Connection refused"):
        node({"url": f"http://127.0.0.1:{port}/"}, ONE)


def test_a_connection_that_breaks_is_named(web: Web, node: Bench) -> None:
    web.routes["/"] = lambda exchange: exchange.drop()
    with pytest.raises(ConnectionFailed, match="without response"):
        node({"url": web.url()}, ONE)
    assert len(web.asked) == 2  # a GET may be sent twice
    with pytest.raises(ConnectionFailed):
        node({"url": web.url(), "method": "POST"}, ONE)
    assert len(web.asked) == 3


def test_a_body_that_breaks_off_is_named(web: Web, node: Bench) -> None:
    def half(exchange: Exchange) -> None:
        exchange.answer(200, b'{"a":', content_type="application/json", content_length="500")
        exchange.drop()

    web.routes["/"] = half
    with pytest.raises(ConnectionFailed, match=r"No connection|IncompleteRead"):
        node({"url": web.url()}, ONE)


def test_a_server_that_does_not_answer_is_a_timeout(web: Web, node: Bench) -> None:
    web.routes["/"] = lambda exchange: exchange.hang()
    with pytest.raises(RequestTimeout, match="did not answer in time"):
        node({"url": web.url(), "timeoutSeconds": 0.2}, ONE)


def test_a_server_that_answers_a_byte_at_a_time_is_a_timeout(web: Web, node: Bench) -> None:
    def drip(exchange: Exchange) -> None:
        exchange.answer(200, b"x", content_type="text/plain", content_length="1000")
        try:
            for _ in range(200):
                exchange.handler.wfile.write(b"x")
                exchange.handler.wfile.flush()
                time.sleep(0.02)
        except OSError:
            exchange.drop()

    web.routes["/"] = drip
    with pytest.raises(RequestTimeout):
        node({"url": web.url(), "timeoutSeconds": 0.3}, ONE)


def test_the_steps_own_time_ends_requests_at_once(web: Web, node: Bench) -> None:
    web.routes["/"] = lambda exchange: exchange.hang()
    with pytest.raises((RequestTimeout, NodeTimeout)):
        node({"url": web.url()}, items({}, {}), seconds=0.3)


@pytest.mark.parametrize(
    ("body", "content_type", "response_format", "words"),
    [
        (b"<html>hello</html>", "text/html", "json", r"did not answer with JSON \(text/html; .*hello"),
        (b"{broken", "application/json", "auto", "did not answer with JSON"),
        (b'{"a": NaN}', "application/json", "auto", "NaN is not JSON"),
        (b"\x89PNG", "image/png", "text", "answered with image/png, not with text"),
    ],
)
def test_a_wrong_content_type_is_named(
    web: Web, node: Bench, body: bytes, content_type: str, response_format: str, words: str
) -> None:
    web.routes["/"] = gives(body, content_type=content_type)
    with pytest.raises(ResponseInvalid, match=words):
        node({"url": web.url(), "responseFormat": response_format}, ONE)


def test_a_response_larger_than_allowed_is_refused(web: Web, node: Bench) -> None:
    web.routes["/told"] = gives(b"x" * 1_100_000, content_type="text/plain")

    def untold(exchange: Exchange) -> None:
        exchange.handler.send_response(200)
        exchange.handler.send_header("content-type", "application/pdf")
        exchange.handler.send_header("connection", "close")
        exchange.handler.end_headers()
        try:
            exchange.handler.wfile.write(b"x" * 1_100_000)
        finally:
            exchange.drop()

    web.routes["/untold"] = untold
    for path in ("/told", "/untold"):
        with pytest.raises(ResponseTooLarge, match="more than 1 MB"):
            node({"url": web.url(path), "maxResponseMb": 1}, ONE)


def test_an_item_that_fails_can_take_the_error_port(web: Web, node: Bench) -> None:
    web.routes["/1"] = gives({"ok": 1})
    output = node({"url": web.url("/{{ $json.n }}")}, items({"n": 1}, {"n": 2}), settings={"onError": "branch"})[
        "output"
    ]
    assert output["main"]["items"] == items({"ok": 1})
    [failed] = output["error"]["items"]
    assert failed["json"]["n"] == 2
    assert failed["json"]["error"]["type"] == "HttpClientError"
    assert "no such page" in failed["json"]["error"]["message"]


# Where requests may go


def test_private_addresses_are_forbidden(web: Web, node: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK")
    for url in (
        web.url(),
        "http://localhost/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "http://0/",
    ):
        with pytest.raises(AddressForbidden, match="private network"):
            node({"url": url}, ONE)
    assert web.asked == []


def test_a_redirect_into_the_private_network_is_forbidden(
    web: Web, node: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK")
    monkeypatch.setattr(
        "stepweave.runtime.network.is_public", lambda address: address == "127.0.0.1"
    )  # the test's server stands for a public one
    web.routes["/"] = lambda exchange: exchange.answer(302, location="http://127.0.0.2:1/inside")
    with pytest.raises(AddressForbidden, match=r"127\.0\.0\.2"):
        node({"url": web.url()}, ONE)


def test_redirects_are_followed_as_browsers_do(web: Web, node: Bench) -> None:
    web.routes["/post"] = lambda exchange: exchange.answer(302, location="/get?a=1")
    web.routes["/keep"] = lambda exchange: exchange.answer(307, location="/get")
    web.routes["/get"] = lambda exchange: exchange.answer(
        200, json.dumps([exchange.asked.method, exchange.asked.body.decode()]).encode(), content_type="application/json"
    )
    body = {"method": "POST", "bodyKind": "text", "textBody": "x", "splitArrays": False}
    assert node.json({"url": web.url("/post"), **body}, ONE) == [{"data": ["GET", ""]}]
    assert node.json({"url": web.url("/keep"), **body}, ONE) == [{"data": ["POST", "x"]}]


def test_redirects_need_not_be_followed_and_end(web: Web, node: Bench) -> None:
    web.routes["/"] = lambda exchange: exchange.answer(302, location="/")
    params = {"url": web.url(), "followRedirects": False, "fullResponse": True}
    assert node.json(params, ONE)[0]["status"] == 302
    with pytest.raises(TooManyRedirects, match="after 10 redirects"):
        node({"url": web.url()}, ONE)


def test_secrets_do_not_follow_a_redirect_to_another_server(web: Web, node: Bench) -> None:
    node.outside.credentials["h", "http_header"] = {"name": "X-Api-Key", "value": "s3cret"}
    with web_server() as other:
        other.routes["/"] = gives({})
        web.routes["/away"] = lambda exchange: exchange.answer(302, location=other.url())
        web.routes["/stay"] = lambda exchange: exchange.answer(302, location="/end")
        web.routes["/end"] = gives({})
        params = {"authentication": "header", "headerCredential": "h", "headers": [{"name": "Cookie", "value": "a=b"}]}
        node({"url": web.url("/away"), **params}, ONE)
        node({"url": web.url("/stay"), **params}, ONE)
        assert "x-api-key" not in other.asked[0].headers
        assert "cookie" not in other.asked[0].headers
    assert web.asked[-1].headers["x-api-key"] == "s3cret"


def test_a_credential_goes_only_to_the_hosts_that_it_names(web: Web, node: Bench) -> None:
    secret = {"name": "X-Api-Key", "value": "s3cret", "allowedHosts": "api.example.com, *.example.org"}
    node.outside.credentials["h", "http_header"] = secret
    web.routes["/"] = gives({})
    with pytest.raises(CredentialNotForHost, match=r"127\.0\.0\.1, only to api\.example\.com, \*\.example\.org"):
        node({"url": web.url(), "authentication": "header", "headerCredential": "h"}, ONE)
    assert web.asked == []
    node.outside.credentials["h", "http_header"] = {**secret, "allowedHosts": "127.0.0.1"}
    node({"url": web.url(), "authentication": "header", "headerCredential": "h"}, ONE)
    assert web.asked[0].headers["x-api-key"] == "s3cret"


def test_a_refused_token_is_renewed_and_the_request_sent_once_more(web: Web, node: Bench) -> None:
    asked: list[str] = []

    def vault(request: dict[str, str]) -> dict[str, Any]:
        asked.append(request.get("refused", ""))
        token = f"token-{len(asked)}"
        headers = [["Authorization", f"Bearer {token}"]]
        return {"type": "oauth2", "data": {}, "request": {"headers": headers, "query": []}, "hosts": [], "token": token}

    def only_second(exchange: Exchange) -> None:
        is_good = exchange.asked.headers["authorization"] == "Bearer token-2"
        exchange.answer(200 if is_good else 401, b"{}", content_type="application/json")

    node.outside.vault = vault  # type: ignore[method-assign]
    web.routes["/"] = only_second
    params = {"url": web.url(), "authentication": "oauth2", "oauth2Credential": "o"}
    assert node.json(params, ONE) == [{}]
    assert [one.headers["authorization"] for one in web.asked] == ["Bearer token-1", "Bearer token-2"]
    assert asked == ["", "token-1"]
    web.routes["/"] = lambda exchange: exchange.answer(401)
    with pytest.raises(HttpClientError, match="401"):
        node(params, ONE)
    assert len(web.asked) == 4  # once more, and no further


def test_connections_are_kept_open_between_steps(web: Web, node: Bench) -> None:
    web.routes["/"] = gives({})
    for _ in range(3):
        node({"url": web.url()}, ONE)
    assert len({asked.client_port for asked in web.asked}) == 1


def test_idle_connections_are_bounded(web: Web, node: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_MOST_POOLS", 1)
    web.routes["/"] = gives({})
    with web_server() as other:
        other.routes["/"] = gives({})
        node({"url": web.url()}, ONE)
        node({"url": other.url()}, ONE)
    assert len(connections.pools) == 1


# Rates of credentials


def limited(node: Bench, **data: Any) -> dict[str, Any]:
    """Return the parameters of a request with a credential that has a rate."""
    node.outside.credentials["c", "http_header"] = {"name": "X-Key", "value": "k", **data}
    return {"authentication": "header", "headerCredential": "c", "concurrency": 1}


def test_requests_with_a_credential_wait_for_their_turn(web: Web, node: Bench) -> None:
    web.routes["/"] = gives({})
    params = limited(node, mostRequests=1, inSeconds=86_400)
    node.outside.turns = [{"given": True, "wait": 0.0}, {"given": False, "wait": 7200.0}]
    with pytest.raises(HttpRateLimited, match="allows 1 requests in 86400 seconds") as caught:
        node({"url": web.url(), **params}, items({}, {}))
    assert (caught.value.retry_after, caught.value.item, len(web.asked)) == (7200.0, 1, 1)


def test_a_rate_holds_in_one_worker_where_the_vault_cannot_be_asked(web: Web, node: Bench) -> None:
    web.routes["/"] = gives({})
    params = limited(node, mostRequests=2, inSeconds=86_400)
    with pytest.raises(HttpRateLimited):
        node({"url": web.url(), **params}, items({}, {}, {}))
    assert len(web.asked) == 2


@pytest.mark.parametrize("data", [{}, {"mostRequests": None, "inSeconds": 60}, {"mostRequests": ""}])
def test_a_credential_without_a_rate_waits_for_nothing(web: Web, node: Bench, data: dict[str, Any]) -> None:
    web.routes["/"] = gives({})
    node({"url": web.url(), **limited(node, **data)}, items({}, {}, {}))
    assert len(web.asked) == 3
