"""What the HTTP request node makes of how responses travel: compression, headers, names of files, redirects."""

import gzip
import json
import zlib
from typing import Any

import pytest

from functions.nodes.network.http_request.run import run
from functions.nodes.network.http_request.spec import SPEC
from stepweave.runtime.http.file_names import file_name
from stepweave.runtime.http.refusals import refused
from stepweave.runtime.http.url import target_of
from stepweave.runtime.http_errors import HttpClientError, HttpRateLimited, HttpServerError, ResponseInvalid
from stepweave.runtime.network import ConnectionFailed
from tests.fakes.responses import ONE, answers, got
from tests.fakes.steps import Bench
from tests.fakes.web import Asked, Exchange, Web, web_server

# Compression


def raw_deflate(data: bytes) -> bytes:
    made = zlib.compressobj(wbits=-15)
    return made.compress(data) + made.flush()


LONG = json.dumps({"a": list(range(100_000))}).encode()


@pytest.mark.parametrize("body", [b'{"z": 1}', LONG])
@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("GZIP", lambda data: gzip.compress(data[:3]) + gzip.compress(data[3:]) + b"\0\0"),
        ("deflate", zlib.compress),
        ("deflate", raw_deflate),
        ("deflate, gzip", lambda data: gzip.compress(zlib.compress(data))),
        ("identity", lambda data: data),
        ("utf-8", lambda data: data),
    ],
)
def test_compressed_bodies_are_unpacked(web: Web, body: bytes, coding: str, pack: Any) -> None:
    assert got(web, pack(body), content_encoding=coding)[0] == [json.loads(body)]


@pytest.mark.parametrize(
    ("body", "coding", "words"),
    [
        (gzip.compress(LONG, mtime=0)[:-20], "gzip", "its gzip data breaks off"),
        (gzip.compress(LONG, mtime=0)[:9], "gzip", "its gzip data breaks off"),
        (zlib.compress(LONG)[:-5], "deflate", "its deflate data breaks off"),
        (b'{"a": 1}', "gzip", "it says it is gzip and is not"),
        (b"\xff\xff{}", "deflate", "it says it is deflate and is not"),
        (b"\x8b\x03\x80{}\x03", "br", "compressed with br"),
        (b"x", "gzip, zstd", "compressed with zstd"),
    ],
)
@pytest.mark.parametrize("response_format", ["auto", "binary"])
def test_what_cannot_be_unpacked_is_named(web: Web, body: bytes, coding: str, words: str, response_format: str) -> None:
    with pytest.raises(ResponseInvalid, match=words):
        got(web, body, content_encoding=coding, params={"responseFormat": response_format})


def test_an_empty_body_need_not_be_compressed(web: Web) -> None:
    assert got(web, b"", content_encoding="gzip") == ([{}], [])


def test_the_words_of_a_compressed_refusal_are_read(web: Web) -> None:
    body = gzip.compress('{"error": "nö"}'.encode())
    with pytest.raises(HttpClientError, match=r"400 Bad Request: \{\"error\": \"nö\"\}"):
        got(web, body, status=400, content_encoding="gzip")
    with pytest.raises(HttpClientError, match="400 Bad Request: "):
        got(web, gzip.compress(LONG, mtime=0)[:-200], status=400, content_encoding="gzip")


@pytest.mark.parametrize("length", ["8", "1000"])
def test_a_wrong_length_is_an_error(web: Web, length: str) -> None:
    def wrong(exchange: Exchange) -> None:
        exchange.answer(200, b'{"a":1}', content_type="application/json", content_length=length)
        exchange.drop()

    web.routes["/"] = wrong
    with pytest.raises(ConnectionFailed):
        Bench(SPEC, run)({"url": web.url()}, ONE)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("4", 4.0),
        (" 0 ", 0.0),
        ("1.5", 1.5),
        ("Sun, 29 Nov 2026 12:00:30 GMT", 30.0),
        ("Sunday, 29-Nov-26 12:00:30 GMT", 30.0),
        ("Sun Nov 29 12:00:30 2026", 30.0),
        ("Sun, 29 Nov 2026 11:00:00 GMT", 0.0),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("Sun, 99 Nov 2026 12:00:30 GMT", None),
    ],
)
def test_when_a_server_wants_to_be_asked_again(
    web: Web, monkeypatch: pytest.MonkeyPatch, header: str, seconds: float | None
) -> None:
    monkeypatch.setattr("stepweave.runtime.http.refusals.time.time", lambda: 1795953600.0)  # 29 Nov 2026, 12:00
    for status, kind in ((429, HttpRateLimited), (503, HttpServerError)):
        error = refused(status, "", target_of(web.url()), "", header)
        assert (type(error), error.retry_after) == (kind, seconds)
    assert refused(404, "", target_of(web.url()), "", header).retry_after is None


# Headers and names of files


def test_repeated_headers_are_all_there(web: Web) -> None:
    def several(exchange: Exchange) -> None:
        exchange.handler.send_response(200)
        for name, value in (
            ("Set-Cookie", "a=1; Expires=Wed, 01 Jan 2031 00:00:00 GMT"),
            ("Vary", "a"),
            ("set-cookie", "b=2"),
            ("vary", "b"),
            ("X-Name", "Zoë"),
            ("X-Utf8", "Zoë €".encode().decode("latin-1")),
            ("Content-Length", "0"),
        ):
            exchange.handler.send_header(name, value)
        exchange.handler.end_headers()

    web.routes["/"] = several
    [row] = Bench(SPEC, run).json({"url": web.url(), "fullResponse": True}, ONE)
    assert row["headers"]["set-cookie"] == ["a=1; Expires=Wed, 01 Jan 2031 00:00:00 GMT", "b=2"]
    assert (row["headers"]["vary"], row["headers"]["x-name"], row["headers"]["x-utf8"]) == ("a, b", "Zoë", "Zoë €")


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("attachment; filename=\"a.png\"; filename*=UTF-8''%e2%82%ac.png", "€.png"),
        ("attachment; FILENAME*=iso-8859-1'en'%a3.txt", "£.txt"),
        ("attachment; filename*=nonsense''x; filename=y.txt", "y.txt"),
        ('attachment; filename="a;b \\"c\\".pdf"', 'a;b "c".pdf'),
        ("attachment; filename=plain.txt ; size=3", "plain.txt"),
        ("attachment; xfilename=no.txt", "r.bin"),
        ('attachment; filename=""', "r.bin"),
        ('inline; filename="..\\\\..\\\\evil.exe"', "_.._evil.exe"),
        ('inline; filename="a\u202egnp.exe"', "a_gnp.exe"),
        (f'inline; filename="{"x" * 300}.tar"', "x" * 196 + ".tar"),
    ],
)
def test_names_of_files(disposition: str, name: str) -> None:
    assert file_name(disposition, "/dir/r.bin?x=/y") == name


# Redirects


def through(web: Web, status: int, **params: Any) -> list[Asked]:
    web.routes["/from"] = lambda exchange: exchange.answer(status, location="/to")
    web.routes["/to"] = answers(b"{}")
    Bench(SPEC, run)({"url": web.url("/from"), **params}, ONE)
    return web.asked


@pytest.mark.parametrize(
    ("status", "method", "then", "body"),
    [
        (301, "POST", "GET", b""),
        (302, "POST", "GET", b""),
        (303, "POST", "GET", b""),
        (303, "PUT", "GET", b""),
        (301, "PUT", "PUT", b"x"),
        (307, "POST", "POST", b"x"),
        (308, "POST", "POST", b"x"),
    ],
)
def test_redirects_change_what_rfc_9110_says(web: Web, status: int, method: str, then: str, body: bytes) -> None:
    headers = [{"name": "Content-Language", "value": "de"}]
    asked = through(web, status, method=method, bodyKind="text", textBody="x", headers=headers)[1]
    assert (asked.method, asked.body) == (then, body)
    assert ("content-type" in asked.headers, "content-language" in asked.headers) == (bool(body), bool(body))


def test_nothing_secret_goes_to_another_server(web: Web) -> None:
    names = [
        "Authorization",
        "Cookie",
        "X-Api-Key",
        "apikey",
        "X-Auth-Token",
        "Proxy-Authorization",
        "X-Amz-Security-Token",
    ]
    headers = [{"name": name, "value": "s3cret"} for name in names] + [{"name": "X-Plain", "value": "p"}]
    with web_server() as other:
        other.routes["/"] = answers(b"{}")
        web.routes["/"] = lambda exchange: exchange.answer(302, location=other.url())
        Bench(SPEC, run)({"url": web.url(), "headers": headers}, ONE)
        assert "s3cret" not in str(other.asked[0].headers)
        assert other.asked[0].headers["x-plain"] == "p"


@pytest.mark.parametrize(
    ("location", "path"),
    [("/ü?a=%", "/%C3%BC?a=%25"), ("?b=1", "/from?b=1"), ("to#part", "/to"), ("/a%20b c", "/a%20b%20c")],
)
def test_a_location_is_written_as_urls_are(web: Web, location: str, path: str) -> None:
    asked: list[str] = []

    def answer(exchange: Exchange) -> None:
        asked.append(exchange.asked.path)
        if len(asked) == 1:
            exchange.answer(302, location=location.encode().decode("latin-1"))
        else:
            exchange.answer(200, b"{}", content_type="application/json")

    for known in ("/from", "/to", "/%C3%BC", "/a%20b%20c"):
        web.routes[known] = answer
    Bench(SPEC, run)({"url": web.url("/from")}, ONE)
    assert asked == ["/from", path]


@pytest.mark.parametrize("location", ["ftp://example.com/", "http://u:s3cret@example.com/", "http://[::1/"])
def test_a_redirect_to_nowhere_is_named(web: Web, location: str) -> None:
    web.routes["/"] = lambda exchange: exchange.answer(302, location=location)
    with pytest.raises(ResponseInvalid, match="redirects to where nothing can be asked") as caught:
        Bench(SPEC, run)({"url": web.url()}, ONE)
    assert "s3cret" not in json.dumps(caught.value.to_json())
