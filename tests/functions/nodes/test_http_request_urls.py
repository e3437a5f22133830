"""URLs and rows of the HTTP request node, as they reach a server or are refused."""

import json
from typing import Any

import pytest

from functions.nodes.network.http_request.request import request_of
from functions.nodes.network.http_request.run import run
from functions.nodes.network.http_request.spec import SPEC, Params
from stepweave.runtime.authentication import Authentication
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http.request import authenticated
from stepweave.runtime.http.url import target_of
from tests.fakes.steps import Bench, items
from tests.fakes.web import Exchange, Web


def echo(exchange: Exchange) -> None:
    exchange.answer(200, json.dumps({"path": exchange.asked.path}).encode(), content_type="application/json")


def sent(**params: Any) -> Any:
    given = Params.model_validate({"url": "http://example.com/", **params})
    request = request_of(given)
    authentication = Authentication((("X-Api-Key", "s3cret\n"),), (("key", "s3cret"),))
    return authenticated(request, authentication, "params.headerCredential") if given.header_credential else request


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("/?q=50% off", "/?q=50%25%20off"),
        ("/?q=50%20off%", "/?q=50%20off%25"),
        ("/?q=%e2%82%ac&r=100%", "/?q=%e2%82%ac&r=100%25"),
        ("/?q=%2520%zz%4", "/?q=%2520%25zz%254"),
        ("/?q=%%20", "/?q=%25%20"),
        ("/100%/a b", "/100%25/a%20b"),
        ("/ü?ß=é\u2028", "/%C3%BC?%C3%9F=%C3%A9%E2%80%A8"),
        ("/a[0]?f[x]=[1]", "/a%5B0%5D?f%5Bx%5D=%5B1%5D"),
        ("/?q='a'\"b\"<c>`|{}^", "/?q='a'%22b%22%3Cc%3E%60%7C%7B%7D%5E"),
        ("/C:\\x?p=C:\\x", "/C:%5Cx?p=C:%5Cx"),
        ("/a+b?c=d+e", "/a+b?c=d+e"),
        ("/?a=1&b=2;c?d/e:f@g", "/?a=1&b=2;c?d/e:f@g"),
        ("/#part?x=1", "/"),
        ("/a?x=1#part", "/a?x=1"),
        ("?x=1", "/?x=1"),
        ("", "/"),
        ("/a//double//", "/a//double//"),
        ("/half\ud83d", "/half%EF%BF%BD"),
        ("/🎉", "/%F0%9F%8E%89"),
    ],
)
def test_a_url_is_escaped_once(web: Web, given: str, path: str) -> None:
    assert target_of("http://example.com" + given).path == path
    web.routes[path.partition("?")[0]] = echo
    rows = Bench(SPEC, run).json(
        {"url": web.url("") + "{{ $json.rest }}"}, items({"rest": given.replace("\ud83d", "%EF%BF%BD")})
    )
    assert [row["path"].lower() for row in rows] == [path.lower()]


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("HTTP://Example.COM", "example.com", 80),
        ("https://example.com.:8443/", "example.com", 8443),
        ("http://example.com:/", "example.com", 80),
        ("http://straße.de/", "xn--strae-oqa.de", 80),
        ("http://例え。jp/", "xn--r8jz45g.jp", 80),
        ("http://ＥＸＡＭＰＬＥ.com/", "example.com", 80),
        ("http://[::1]:8080/", "::1", 8080),
        ("https://[2001:DB8:0:0::1]/", "2001:db8::1", 443),
        ("http://my_service:81/", "my_service", 81),
        ("  http://example.com/\n", "example.com", 80),
    ],
)
def test_hosts_are_named_as_name_servers_know_them(url: str, host: str, port: int) -> None:
    target = target_of(url)
    assert (target.host, target.port) == (host, port)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://exam\nple.com/", "a line break"),
        ("http://example.com/a\r\nX: 1", "a line break"),
        ("http://example.com/\x00", r"control character U\+0000"),
        ("http://example.com/\t", None),
        ("http://exam\tple.com/", r"control character U\+0009"),
        ("http://user@example.com", "user name"),
        ("http://good.example\\@evil.example/", "user name"),
        ("http://good.example\\evil.example/", "names no host"),
        ("http:///path", "names no host"),
        ("http:example.com", "names no host"),
        ("http://a..b/", "names no host"),
        ("http://.example.com/", "names no host"),
        ("http://example.com../", "names no host"),
        ("http://exa%6dple.com/", "names no host"),
        ("http://a\u2100b.com/", "not a host's name"),
        ("http://i❤.example/", "not a host's name"),
        ("http://example.com:0/", "“0” is not a port"),
        ("http://example.com:65536/", "is not a port"),
        ("http://example.com:8a/", "is not a port"),
        ("http://example.com:８０/", "is not a port"),
        ("http://[::1/", "names no host"),
        ("http://[fe80::1%25eth0]/", "is not an IPv6 address|names no host"),
        ("http://[1.2.3.4]/", "is not an IPv6 address"),
        ("//example.com/", "must start with"),
        ("javascript:alert(1)", "must start with"),
        ("", "must start with"),
    ],
)
def test_urls_that_cannot_be_asked_are_named(url: str, words: str | None) -> None:
    if words is None:
        assert target_of(url).path == "/"
        return
    with pytest.raises(ParameterInvalid, match=words):
        target_of(url)


def test_an_error_shows_no_secret_of_the_url() -> None:
    with pytest.raises(ParameterInvalid) as caught:
        target_of("http://user:s3cret@example.com/?key=s3cret")
    assert "s3cret" not in json.dumps(caught.value.to_json())


VALUES: list[tuple[Any, list[str]]] = [
    ("a b&c=d+e#f%", ["a b&c=d+e#f%"]),
    ("", [""]),
    (None, []),
    ([], []),
    ([1, None, "x", True], ["1", "x", "true"]),
    (False, ["false"]),
    (1.0, ["1"]),
    (-0.0, ["0"]),
    (0.1, ["0.1"]),
    (1e-7, ["1e-7"]),
    (1e21, ["1e+21"]),
    (1e20, ["100000000000000000000"]),
    (0.00001, ["0.00001"]),
    (5.960464477539063e-08, ["5.960464477539063e-8"]),
    (2**53 + 2, ["9007199254740994"]),
]


@pytest.mark.parametrize(("value", "texts"), VALUES)
def test_rows_are_written_as_http_clients_do(value: Any, texts: list[str]) -> None:
    rows = [{"name": "q", "value": value}]
    escaped = {"a b&c=d+e#f%": "a%20b%26c%3Dd%2Be%23f%25", "1e+21": "1e%2B21"}
    query = "&".join(f"q={escaped.get(text, text)}" for text in texts)
    assert sent(query=rows).target.path == (f"/?{query}" if query else "/")
    assert sent(headers=rows).headers.get("q", []) == texts
    form = sent(method="POST", bodyKind="form", formBody=rows).body.decode()
    assert form == "&".join(f"q={escaped.get(text, text)}" for text in texts).replace("%20", "+")


@pytest.mark.parametrize("field", ["query", "headers", "formBody"])
@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"name": "q", "value": {"a": 1}}, r"row 2 \(“q”\): an object cannot be sent"),
        ({"name": "q", "value": [{"a": 1}]}, "an object cannot be sent"),
        ({"name": "q", "value": [[1]]}, "a list in a list cannot be sent"),
        ({"name": "", "value": "x"}, "row 2: a value without a name"),
    ],
)
def test_what_has_no_text_is_refused_with_its_row(field: str, row: dict[str, Any], words: str) -> None:
    body = {"method": "POST", "bodyKind": "form"} if field == "formBody" else {}
    with pytest.raises(ParameterInvalid, match=words) as caught:
        sent(**{field: [{"name": "ok", "value": "1"}, row]}, **body)
    assert caught.value.details["field"].startswith(f"params.{field}.1.")


def test_an_empty_row_and_a_missing_field_leave_the_row_out(web: Web) -> None:
    web.routes["/"] = echo
    query = [
        {"name": "q", "value": "{{ $json.nope }}"},
        {"name": "", "value": ""},
        {"name": "n", "value": "{{ $json.n }}"},
    ]
    rows = Bench(SPEC, run).json({"url": web.url(), "query": query}, items({"n": [1, 2]}))
    assert rows == [{"path": "/?n=1&n=2"}]


def test_query_rows_come_behind_the_urls_own() -> None:
    assert sent(url="http://x/a?b=1", query=[{"name": "é", "value": "ü"}]).target.path == "/a?b=1&%C3%A9=%C3%BC"


def test_headers_of_a_name_are_all_sent_and_take_the_place_of_ours(web: Web) -> None:
    headers = [
        {"name": "Accept", "value": "a/b"},
        {"name": "accept", "value": "c/d"},
        {"name": "X-N", "value": " né\n"},
    ]
    request = sent(headers=headers, authentication="header", headerCredential="c")
    assert request.headers["accept"] == ["a/b", "c/d"]
    assert request.headers["x-n"] == ["n\u00c3\u00a9"]  # UTF-8, as http.client takes it
    assert request.headers["x-api-key"] == ["s3cret"]


def test_an_idempotency_key_is_sent_where_it_is_asked_for(web: Web) -> None:
    web.routes["/"] = echo
    for params in ({}, {"sendIdempotencyKey": True}, {"sendIdempotencyKey": True, "idempotencyHeader": "X-Request-Id"}):
        for attempt in (1, 2):
            Bench(SPEC, run)({"url": web.url(), **params}, items({}, {}), attempt=attempt)
    keys = [asked.headers.get("idempotency-key") or asked.headers.get("x-request-id") for asked in web.asked]
    first, second = sorted({str(key) for key in keys[4:]})
    assert keys[:4] == [None] * 4
    assert [sorted(map(str, keys[at : at + 2])) for at in range(4, 12, 2)] == [[first, second]] * 4
    assert "x-request-id" in web.asked[-1].headers
    row = [{"name": "Idempotency-Key", "value": "mine"}]
    assert sent(sendIdempotencyKey=True, headers=row).headers["idempotency-key"] == ["mine"]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"sendIdempotencyKey": True, "idempotencyHeader": "a b"}, "not a header's name"),
        ({"headers": [{"name": "X", "value": "a\nb"}]}, "line break"),
        ({"headers": [{"name": "X", "value": ["a", "b\r\nc"]}]}, "line break"),
        ({"headers": [{"name": "X:", "value": "a"}]}, "not a header's name"),
        ({"headers": [{"name": "Content-Type", "value": ["a/b", "c/d"]}]}, "once only"),
        ({"method": "POST", "bodyKind": "text", "contentType": "a/b\r\nX: 1"}, "line break"),
        ({"method": "POST", "bodyKind": "text", "contentType": "a/b; charset=nonsense"}, "charset nonsense"),
        ({"method": "POST", "bodyKind": "text", "textBody": "€", "contentType": "a/b; charset=latin1"}, "no character"),
        ({"method": "POST", "bodyKind": "json", "jsonBody": '{"a": NaN}'}, "NaN is not JSON"),
        ({"method": "POST", "bodyKind": "json", "jsonBody": {"a": float("inf")}}, "not JSON"),
    ],
)
def test_what_cannot_be_sent_is_named(params: dict[str, Any], words: str) -> None:
    with pytest.raises(ParameterInvalid, match=words):
        sent(**params)


def test_a_text_body_is_in_the_charset_that_it_declares() -> None:
    text = {"method": "POST", "bodyKind": "text", "textBody": "hé"}
    assert sent(**text, contentType="text/plain; charset=ISO-8859-1").body == b"h\xe9"
    assert sent(**{**text, "textBody": "日本①"}, contentType='a/b; charset="Shift_JIS"').body == "日本①".encode("cp932")
    assert sent(**text, contentType="text/plain").body == "hé".encode()


def test_a_json_body_keeps_the_order_of_its_names_and_the_digits_of_its_text() -> None:
    json_body = {"method": "POST", "bodyKind": "json"}
    assert sent(**json_body, jsonBody={"zeta": 1, "a": {"z": 1, "b": 2}}).body == b'{"zeta": 1, "a": {"z": 1, "b": 2}}'
    assert sent(**json_body, jsonBody='{"id": 9007199254740993}').body == b'{"id": 9007199254740993}'


def test_a_fragment_is_not_sent_and_that_is_said(web: Web) -> None:
    web.routes["/"] = echo
    bench = Bench(SPEC, run)
    assert bench.json({"url": web.url("/?q={{ $json.q }}")}, items({"q": "C#"}, {"q": "F#"})) == [
        {"path": "/?q=C"},
        {"path": "/?q=F"},
    ]
    assert [event["message"] for event in bench.outside.of("node.log")] == [
        "What follows # in the URL is not sent; write %23 for a # that belongs to it, or use the rows of Query."
    ]
