"""Bodies of requests: what they are taken for, that nothing is lost, and what is refused."""

import gzip
import zlib
from typing import Any

import pytest

from stepweave_data.hooks.bodies import Content, content_type, raw, read
from stepweave_data.hooks.forms import MOST_FILES, File
from stepweave_data.hooks.refusals import Refusal

LIMIT = 10_000


def body(content: bytes, kind: str = "", *, json_required: bool = False, **headers: str) -> Content:
    given = {name.replace("_", "-"): value for name, value in headers.items()} | (
        {"content-type": kind} if kind else {}
    )
    return read(content, given, json_required=json_required, most_bytes=LIMIT)


def refusal(content: bytes, kind: str = "", **more: Any) -> tuple[int, str]:
    with pytest.raises(Refusal) as caught:
        body(content, kind, **more)
    return caught.value.answer["statusCode"], caught.value.code


def part(name: str, content: bytes, *, file: str | None = None, kind: str = "") -> bytes:
    head = f'--B\r\nContent-Disposition: form-data; name="{name}"' + (
        f'; filename="{file}"' if file is not None else ""
    )
    return head.encode() + (f"\r\nContent-Type: {kind}" if kind else "").encode() + b"\r\n\r\n" + content + b"\r\n"


FORM, END = "multipart/form-data; boundary=B", b"--B--\r\n"


@pytest.mark.parametrize(
    ("content", "kind", "value"),
    [
        (b'{"a": 1}', "application/json; charset=UTF-8", {"a": 1}),
        (b'{"a": 1}', "Application/JSON", {"a": 1}),
        (b'\xef\xbb\xbf{"a": 1}', "application/json", {"a": 1}),
        (b'{"a": 1}', "application/vnd.api+json; profile=x", {"a": 1}),
        ('{"a": "ü"}'.encode("latin-1"), "application/json; charset=iso-8859-1", {"a": "ü"}),
        (b"", "application/json", None),
        ("Zürich".encode("latin-1"), "text/plain; charset=ISO-8859-1", "Zürich"),
        ("日本".encode("shift_jis"), 'text/csv; charset="Shift_JIS"', "日本"),
        ("Zürich".encode(), "text/plain", "Zürich"),
        (b"\xef\xbb\xbfa;b", "text/csv", "a;b"),
        (b'{"a":1}\n{"a":2}\n', "application/x-ndjson", '{"a":1}\n{"a":2}\n'),
        (b"<a/>", "application/soap+xml", "<a/>"),
        (b"just text", "", "just text"),
        (b"a=1+2&b=%26&c", "application/x-www-form-urlencoded", {"a": "1 2", "b": "&", "c": ""}),
        (b"a[]=1&b[]=2&b[]=3&c[x]=4", "application/x-www-form-urlencoded", {"a": ["1"], "b": ["2", "3"], "c[x]": "4"}),
        (b"a=%FC", "application/x-www-form-urlencoded; charset=iso-8859-1", {"a": "ü"}),
    ],
)
def test_the_content_type_says_what_a_body_is(content: bytes, kind: str, value: Any) -> None:
    assert body(content, kind) == Content(value)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\xff\x00", "image/png"),
        (b"plain", "application/octet-stream"),
        (b"\xff\xfe\x00", ""),
        ("Zürich".encode("latin-1"), "text/plain"),
        (b"abc", "text/plain; charset=nobody-knows"),
        (b"abc", "text/plain; charset=base64"),
        (b"\\ud83d", "text/plain; charset=unicode_escape"),
        (b"a\x00b", ""),
    ],
)
def test_what_is_no_text_is_a_file_with_every_byte(content: bytes, kind: str) -> None:
    found = body(content, kind)
    (file,) = found.files
    assert (file.name, file.content) == ("data", content)
    assert found.value == {"binary": "data", "mimeType": file.mime_type, "size": len(content)}


def test_a_form_has_fields_and_files() -> None:
    content = (
        part("order", b"42")
        + part("tag", b"a")
        + part("tag", "ü".encode())
        + part("latin", b"\xfc", kind="text/plain; charset=iso-8859-1")
        + part("photos[]", b"\x89\xff\r\n--", file="../../etc/a.png", kind="image/png")
        + part("nothing", b"", file="")
        + part("damaged", b"\xff")
    )
    assert body(content + END, FORM) == Content(
        {"order": "42", "tag": ["a", "ü"], "latin": "ü"},
        [
            File("photos", b"\x89\xff\r\n--", "image/png", "a.png"),
            File("damaged", b"\xff", "application/octet-stream"),
        ],
    )


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (part("a", b"1"), FORM, "invalid_form"),
        (part("a", b"1")[:-8], FORM, "invalid_form"),
        (b"no form at all", FORM, "invalid_form"),
        (b"--B\r\nContent-Type: text/plain\r\n\r\nx\r\n" + END, FORM, "invalid_form"),
        (part("a", b"1") + END, "multipart/form-data", "invalid_form"),
        (part("a", b"1") + END, "multipart/form-data; boundary=C", "invalid_form"),
        (part("f", b"x", file="f") * (MOST_FILES + 1) + END, FORM, "too_many_files"),
        (b"&".join([b"a=1"] * 1001), "application/x-www-form-urlencoded", "too_many_fields"),
    ],
)
def test_a_broken_form_is_refused_as_a_whole(content: bytes, kind: str, code: str) -> None:
    assert refusal(content, kind) == (400, code)


@pytest.mark.parametrize("name", ["gzip", "x-gzip", "GZIP", "deflate"])
def test_a_packed_body_is_unpacked(name: str) -> None:
    packed = zlib.compress(b'{"a": 1}') if name == "deflate" else gzip.compress(b'{"a": 1}')
    assert body(packed, "application/json", content_encoding=name).value == {"a": 1}


def test_a_packed_body_that_is_broken_too_large_or_unknown_is_refused() -> None:
    assert refusal(b"no gzip", content_encoding="gzip") == (400, "invalid_body")
    assert refusal(gzip.compress(b"x" * 100)[:-12], content_encoding="gzip") == (400, "invalid_body")
    assert refusal(gzip.compress(b"x" * (LIMIT + 1)), content_encoding="gzip") == (413, "too_large")
    assert refusal(b"x", content_encoding="br") == (415, "unsupported_encoding")


def test_where_json_is_required_nothing_else_is_taken() -> None:
    assert refusal(b"", "application/json", json_required=True) == (400, "invalid_json")
    assert refusal(b"a=1", "application/x-www-form-urlencoded", json_required=True) == (400, "invalid_json")
    assert refusal(b"\xff", "image/png", json_required=True) == (400, "invalid_json")
    assert body(b"[1]", "text/plain", json_required=True).value == [1]


def test_the_raw_body_is_what_was_sent() -> None:
    assert raw(b'\xef\xbb\xbf{"a":1}\r\n') == {"rawBody": '\ufeff{"a":1}\r\n'}
    assert raw(b"\xff") == {"rawBody": None, "rawBodyBase64": "/w=="}


def test_parameters_of_a_content_type_may_be_quoted() -> None:
    given = {"content-type": 'Multipart/Form-Data; Boundary="a b;\\"c"; charset=UTF-8'}
    assert content_type(given) == ("multipart/form-data", {"boundary": 'a b;"c', "charset": "UTF-8"})
