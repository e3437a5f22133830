"""Files that the HTTP request node sends: as the body, and in forms. What is sent is read back by a parser not ours."""

import hashlib
import io
import os
import tracemalloc
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

import pytest

from functions.nodes.network.http_request.run import run
from functions.nodes.network.http_request.spec import SPEC
from stepweave.aws import AwsError
from stepweave.model.items import BinaryRef, Item
from stepweave.runtime.errors import DataMissing, ParameterInvalid, StorageUnavailable
from stepweave.runtime.files import PART_BYTES
from stepweave.runtime.http_errors import HttpClientError, RequestTimeout
from stepweave.runtime.network import ConnectionFailed
from tests.fakes.steps import BUCKET, TENANT, Bench, items
from tests.fakes.web import Asked, Exchange, Web


@pytest.fixture
def node() -> Bench:
    return Bench(SPEC, run)


def stored(node: Bench, content: bytes, name: str = "", mime_type: str = "text/plain", key: str = "f") -> BinaryRef:
    return node.outside.claims.store_file(
        f"{TENANT}/{key}",
        io.BytesIO(content),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        mime_type=mime_type,
        file_name=name,
    )


def with_files(**files: BinaryRef) -> list[Item]:
    return [{"json": {"id": 7}, "binary": files}]


def fine(exchange: Exchange) -> None:
    exchange.answer(200, b"{}", content_type="application/json")


def parts_of(asked: Asked) -> list[Message]:
    """Return the parts of a form, as Python's parser for mail reads them."""
    head = f"content-type: {asked.headers['content-type']}\r\n\r\n".encode("latin-1")
    whole = BytesParser(policy=HTTP).parsebytes(head + asked.body)
    assert whole.is_multipart()
    assert not whole.defects
    return [part for part in whole.get_payload() if isinstance(part, Message)]


def disposition(part: Message, name: str) -> str:
    """Return a parameter as its bytes say, which are UTF-8."""
    text = part.get_param(name, header="content-disposition")
    assert isinstance(text, str)
    return text.encode("utf-8", "surrogateescape").decode()


FORM: dict[str, Any] = {"method": "POST", "bodyKind": "multipart"}
FILE: dict[str, Any] = {"method": "PUT", "bodyKind": "file"}


def form(web: Web, files: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {**FORM, "url": web.url(), "formFiles": files, **more}


def row(name: str, value: Any = "data") -> dict[str, Any]:
    return {"name": name, "value": value}


# Forms


def test_a_form_has_its_fields_and_files_in_order(web: Web, node: Bench) -> None:
    web.routes["/"] = fine
    picture, text = stored(node, b"\x89PNG\r\n--x", "a.png", "image/png", "p"), stored(node, b"", "empty.txt")
    fields = [row("id", "{{ $json.id }}"), row("tag", ["a", "b"]), row("none", None)]
    params = form(web, [row("picture", "one"), row("texts", ["{{ $binary.two }}", "two"])], formBody=fields)
    node(params, with_files(one=picture, two=text))
    [asked] = web.asked
    found = [(disposition(part, "name"), part.get_payload(decode=True)) for part in parts_of(asked)]
    assert found == [
        ("id", b"7"),
        ("tag", b"a"),
        ("tag", b"b"),
        ("picture", b"\x89PNG\r\n--x"),
        ("texts", b""),
        ("texts", b""),
    ]
    sent = parts_of(asked)[3]
    assert sent.get_content_type() == "image/png"
    assert disposition(sent, "filename") == "a.png"
    assert int(asked.headers["content-length"]) == len(asked.body)
    assert "transfer-encoding" not in asked.headers


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Rechnung März.pdf", b'filename="Rechnung M\xc3\xa4rz.pdf"'),
        ('a"; name="b', b'filename="a%22; name=%22b"'),
        ("a\r\nX-Evil: 1\r\n\r\n", b'filename="a%0D%0AX-Evil: 1%0D%0A%0D%0A"'),
        ("\U0001f600.txt", b'filename="\xf0\x9f\x98\x80.txt"'),
        ("half \ud83d.txt", b'filename="half \xef\xbf\xbd.txt"'),
        ("a\x00b\x7f", b'filename="a%00b%7F"'),
        ("", b'filename="file"'),
        ("..\\..\\etc/passwd", b'filename="..\\..\\etc/passwd"'),
    ],
)
def test_names_of_files_are_escaped(web: Web, node: Bench, name: str, line: bytes) -> None:
    web.routes["/"] = fine
    ref: Any = {**stored(node, b"x"), "fileName": name}
    node(form(web, [row("data")]), with_files(data=ref))
    [asked] = web.asked
    assert asked.body.split(b"\r\n")[1] == b'Content-Disposition: form-data; name="data"; ' + line
    assert len(parts_of(asked)) == 1


def test_a_file_is_given_another_name(web: Web, node: Bench) -> None:
    web.routes["/"] = fine
    other = '{{ ({ ...$binary.data, fileName: "index.html" }) }}'
    node(form(web, [row("page", other)]), with_files(data=stored(node, b"<p>", "x.tmp", "text/html")))
    [part] = parts_of(web.asked[0])
    assert (disposition(part, "filename"), part.get_content_type()) == ("index.html", "text/html")


def test_names_of_fields_are_escaped(web: Web, node: Bench) -> None:
    web.routes["/"] = fine
    params = form(web, [row('f"\r\n')], formBody=[row('a"\r\nb', "1\r\n--stepweave-")])
    node(params, with_files(data=stored(node, b"x")))
    first, second = parts_of(web.asked[0])
    assert disposition(first, "name") == "a%22%0D%0Ab"
    assert first.get_payload(decode=True) == b"1\r\n--stepweave-"
    assert disposition(second, "name") == "f%22%0D%0A"


@pytest.mark.parametrize("mime_type", ["text/plain\r\nX-Evil: 1", "", "nonsense", "a/b; c=ü", None, 5])
def test_a_media_type_that_no_header_can_carry_is_not_sent(web: Web, node: Bench, mime_type: Any) -> None:
    web.routes["/"] = fine
    ref: Any = {**stored(node, b"x"), "mimeType": mime_type}
    node(form(web, [row("data")]), with_files(data=ref))
    node({**FILE, "url": web.url()}, with_files(data=ref))
    assert parts_of(web.asked[0])[0].get_content_type() == "application/octet-stream"
    assert web.asked[1].headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ("multipart/form-data", "multipart/form-data"),
        ("multipart/form-data; boundary=mine", "multipart/form-data"),
        ('multipart/related; boundary="my own"; type="text/xml"', "multipart/related"),
    ],
)
def test_a_content_type_of_ones_own_gets_the_boundary(web: Web, node: Bench, given: str, kind: str) -> None:
    web.routes["/"] = fine
    node(form(web, [row("data")], headers=[row("Content-Type", given)]), with_files(data=stored(node, b"x")))
    [asked] = web.asked
    assert asked.headers["content-type"].startswith(f"{kind}; ")
    assert parts_of(asked)[0].get_payload(decode=True) == b"x"


def test_a_form_with_files_is_not_sent_as_something_else(web: Web, node: Bench) -> None:
    params = form(web, [row("data")], headers=[row("Content-Type", "application/json")])
    with pytest.raises(ParameterInvalid, match="cannot be sent as application/json"):
        node(params, with_files(data=stored(node, b"x")))
    assert web.asked == []


def test_a_form_without_rows_is_a_form(web: Web, node: Bench) -> None:
    web.routes["/"] = fine
    node(form(web, []), items({}))
    [asked] = web.asked
    assert asked.body.startswith(b"--stepweave-")
    assert asked.body.endswith(b"--\r\n")


# Which file


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("date", "Files, row 1 (“f”): the item has no file “date”; it has “data”."),
        ("", "no file named here; it has “data”"),
        (5, "no file named here"),
        (True, "no file named here"),
        ([["data"]], "no file named here"),
    ],
)
def test_a_file_that_is_not_there_is_named(web: Web, node: Bench, value: Any, words: str) -> None:
    with pytest.raises(ParameterInvalid) as caught:
        node(form(web, [row("f", value)]), with_files(data=stored(node, b"x")))
    assert words in caught.value.message
    assert caught.value.details == {"field": "params.formFiles.0.value"}
    assert web.asked == []


def test_an_item_without_files_says_so(web: Web, node: Bench) -> None:
    with pytest.raises(ParameterInvalid, match="File: the item has no file “data”; it has none"):
        node({**FILE, "url": web.url()}, items({}))


def test_a_row_without_a_file_is_left_out_and_one_without_a_name_refused(web: Web, node: Bench) -> None:
    web.routes["/"] = fine
    node(form(web, [row("f", None), row("", "")]), items({}))
    assert b"Content-Disposition" not in web.asked[0].body
    with pytest.raises(ParameterInvalid, match="a file without a name"):
        node(form(web, [row("", "data")]), with_files(data=stored(node, b"x")))


@pytest.mark.parametrize(
    "change",
    [
        {"key": "other-tenant/f"},
        {"bucket": "elsewhere"},
        {"key": 5},
        {"size": "1"},
        {"size": -1},
        {"size": True},
        {"sha256": None},
        {"size": 2},
        {"sha256": "0" * 64},
        {"key": f"{TENANT}/gone"},
    ],
)
def test_a_reference_of_ones_own_making_sends_nothing_whole(web: Web, node: Bench, change: dict[str, Any]) -> None:
    web.routes["/"] = fine
    ref: Any = {**stored(node, b"x"), **change}
    with pytest.raises(DataMissing):
        node({**FILE, "url": web.url()}, with_files(data=ref))
    assert not [asked for asked in web.asked if asked.size]


def test_what_is_no_reference_is_refused(web: Web, node: Bench) -> None:
    with pytest.raises(DataMissing, match="What should name a stored file does not"):
        node({**FILE, "url": web.url(), "fileBody": "{{ $json }}"}, items({"a": 1}))


# How it is sent

LARGE = 50 * 1024 * 1024


@pytest.mark.parametrize("kind", [FILE, FORM])
def test_fifty_megabytes_are_sent_without_being_in_memory(web: Web, node: Bench, kind: dict[str, Any]) -> None:
    web.routes["/"] = fine
    web.hashed.add("/")
    content = os.urandom(1024) * (LARGE // 1024)
    ref = stored(node, content, "large.bin")
    tracemalloc.start()
    try:
        node({**kind, "url": web.url(), "formFiles": [row("data")]}, with_files(data=ref))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    [asked] = web.asked
    assert asked.size == int(asked.headers["content-length"])
    assert asked.size >= LARGE
    assert most < 4 * PART_BYTES
    if kind is FILE:
        assert asked.sha256 == ref["sha256"]


def test_a_file_of_no_bytes_is_sent(web: Web, node: Bench) -> None:
    web.routes["/"] = fine
    node({**FILE, "url": web.url()}, with_files(data=stored(node, b"", "e.csv", "text/csv")))
    [asked] = web.asked
    assert (asked.body, asked.headers["content-length"]) == (b"", "0")
    assert asked.headers["content-type"] == "text/csv"


def test_a_content_type_of_ones_own_goes_with_a_file(web: Web, node: Bench) -> None:
    web.routes["/"] = fine
    params = {**FILE, "url": web.url(), "headers": [row("content-type", "application/x-own")]}
    node(params, with_files(data=stored(node, b"x")))
    assert web.asked[0].headers["content-type"] == "application/x-own"


@pytest.mark.parametrize(
    ("status", "method", "body"), [(307, "PUT", b"content"), (308, "PUT", b"content"), (303, "GET", b"")]
)
def test_a_redirect_that_keeps_the_body_begins_it_anew(
    web: Web, node: Bench, status: int, method: str, body: bytes
) -> None:
    web.routes["/"] = lambda exchange: exchange.answer(status, b"elsewhere", location="/there")
    web.routes["/there"] = fine
    node({**FILE, "url": web.url()}, with_files(data=stored(node, b"content")))
    assert [(asked.method, asked.path, asked.body) for asked in web.asked] == [
        ("PUT", "/", b"content"),
        (method, "/there", body),
    ]
    assert ("content-length" in web.asked[1].headers) is bool(body)


def test_a_connection_that_was_closed_meanwhile_begins_the_body_anew(web: Web, node: Bench) -> None:
    def close(exchange: Exchange) -> None:
        fine(exchange)
        exchange.handler.close_connection = True

    web.routes["/"] = close
    rows = with_files(data=stored(node, b"content"))
    node({**FILE, "url": web.url(), "concurrency": 1}, [*rows, *rows])
    assert [asked.body for asked in web.asked] == [b"content", b"content"]


def test_a_retry_begins_the_body_anew(web: Web, node: Bench) -> None:
    answers = iter((503, 200))
    web.routes["/"] = lambda exchange: exchange.answer(next(answers), b"{}", content_type="application/json")
    rows = with_files(data=stored(node, b"content"))
    settings = {"maxAttempts": 2}
    with pytest.raises(Exception, match="503"):
        node({**FORM, "url": web.url(), "formFiles": [row("f")]}, rows, settings=settings)
    node({**FORM, "url": web.url(), "formFiles": [row("f")]}, rows, settings=settings, attempt=2)
    assert [parts_of(asked)[0].get_payload(decode=True) for asked in web.asked] == [b"content", b"content"]


def test_a_server_that_refuses_a_large_body_before_it_has_come_is_heard(web: Web, node: Bench) -> None:
    def refuse(exchange: Exchange) -> None:
        exchange.answer(413, b"too large", content_type="text/plain", connection="close")
        while exchange.handler.rfile.read(64 * 1024):
            pass

    web.routes["/"] = refuse
    web.unread.add("/")
    with pytest.raises(HttpClientError, match="too large"):
        node({**FILE, "url": web.url(), "timeoutSeconds": 20}, with_files(data=stored(node, bytes(1024 * 1024))))


def test_a_server_that_takes_nothing_ends_with_a_time_out(web: Web, node: Bench) -> None:
    web.unread.add("/")
    ref = stored(node, bytes(24 * 1024 * 1024))
    web.routes["/"] = _takes_nothing
    with pytest.raises(RequestTimeout):
        node({**FILE, "url": web.url(), "timeoutSeconds": 0.5}, with_files(data=ref))


def _takes_nothing(exchange: Exchange) -> None:
    """Read nothing until the client has gone."""
    import select

    poll = select.poll()
    poll.register(exchange.handler.connection, select.POLLRDHUP | select.POLLHUP)
    poll.poll(10_000)
    exchange.handler.close_connection = True


def test_a_server_that_breaks_off_while_a_body_is_sent(web: Web, node: Bench) -> None:
    web.routes["/"] = lambda exchange: exchange.drop()
    web.unread.add("/")
    with pytest.raises(ConnectionFailed):
        node({**FILE, "url": web.url()}, with_files(data=stored(node, bytes(8 * 1024 * 1024))))


def test_storage_that_fails_in_the_midst_leaves_half_a_body_and_may_be_tried_again(
    web: Web, node: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.routes["/"] = fine
    ref = stored(node, bytes(PART_BYTES + 10))
    get = node.outside.storage.get

    def fails_later(bucket: str, key: str, part: tuple[int, int] | None = None) -> bytes:
        if part is not None and part[0] > 0:
            raise AwsError("SlowDown", "later", status=503, retryable=True)
        return get(bucket, key, part)

    monkeypatch.setattr(node.outside.storage, "get", fails_later)
    with pytest.raises(StorageUnavailable) as caught:
        node({**FILE, "url": web.url()}, with_files(data=ref))
    assert caught.value.retryable
    assert ref["bucket"] == BUCKET


def test_a_redirects_own_body_without_end_is_not_read(web: Web, node: Bench) -> None:
    def endless(exchange: Exchange) -> None:
        exchange.answer(302, b"", location="/there", content_length=str(10**12))
        try:
            while True:
                exchange.handler.wfile.write(bytes(64 * 1024))
        except OSError:
            exchange.handler.close_connection = True

    web.routes["/"] = endless
    web.routes["/there"] = fine
    assert node.json({"url": web.url()}, items({})) == [{}]
