"""What the HTTP request node makes of bodies as servers send them: characters, JSON, JSON lines, nothing at all."""

import json
from typing import Any

import pytest

from stepweave.runtime.http_errors import ResponseInvalid
from tests.fakes.responses import got
from tests.fakes.web import Web

# Characters


@pytest.mark.parametrize(
    ("body", "content_type", "rows"),
    [
        ('{"n":"Müller"}'.encode("latin-1"), "application/json; charset=iso-8859-1", [{"n": "Müller"}]),
        ('{"n":"5 €"}'.encode("iso8859-15"), 'application/json;charset="ISO-8859-15"', [{"n": "5 €"}]),
        ('{"n":"ü"}'.encode("utf-16"), "application/json", [{"n": "ü"}]),
        ('{"n":"ü"}'.encode("utf-16-le"), "application/json", [{"n": "ü"}]),
        (b'\xef\xbb\xbf{"n":1}', "application/json", [{"n": 1}]),
        (b'\xef\xbb\xbf{"n":"\xc3\xa9"}', "application/json; charset=latin1", [{"n": "é"}]),
        ("日本①".encode("cp932"), "text/plain; charset=Windows-31J", [{"data": "日本①"}]),
        ("日本".encode("euc-jp"), "text/html; charset=x-euc-jp", [{"data": "日本"}]),
        ("Привет".encode("koi8-r"), "text/plain; charset=koi8", [{"data": "Привет"}]),
        ("中文".encode("gb18030"), "text/plain; charset=gb2312", [{"data": "中文"}]),
        ("“x” €".encode("cp1252"), "text/plain; charset=ISO-8859-1", [{"data": "“x” €"}]),
        ("ü".encode(), "text/plain; boundary=x;CHARSET='UTF8' ; a=b", [{"data": "ü"}]),
        ("ü".encode(), "text/plain; xcharset=latin1", [{"data": "ü"}]),
        (b"\xef\xbb\xbfx", "text/csv", [{"data": "x"}]),
        (
            '<?xml version="1.0" encoding="ISO-8859-1"?><n>Müller</n>'.encode("latin-1"),
            "application/xml",
            [{"data": '<?xml version="1.0" encoding="ISO-8859-1"?><n>Müller</n>'}],
        ),
        (
            "<?xml version='1.0' encoding='windows-1251'?><n>Ж</n>".encode("cp1251"),
            "application/atom+xml",
            [{"data": "<?xml version='1.0' encoding='windows-1251'?><n>Ж</n>"}],
        ),
        (
            '<?xml version="1.0" encoding="UTF-8"?><n>ü</n>'.encode("latin-1"),
            "text/xml; charset=latin1",
            [{"data": '<?xml version="1.0" encoding="UTF-8"?><n>ü</n>'}],
        ),
        ('<?xml version="1.0"?><n>ü</n>'.encode("utf-16-be"), "text/xml", [{"data": '<?xml version="1.0"?><n>ü</n>'}]),
        (
            '<html><!-- <meta charset="utf-8"> --><meta charset=iso-8859-1>Müller'.encode("latin-1"),
            "text/html",
            [{"data": '<html><!-- <meta charset="utf-8"> --><meta charset=iso-8859-1>Müller'}],
        ),
        (
            '<META http-equiv="Content-Type" content="text/html; charset=windows-1251">Ж'.encode("cp1251"),
            "text/html",
            [{"data": '<META http-equiv="Content-Type" content="text/html; charset=windows-1251">Ж'}],
        ),
        ('<meta charset="utf-16">ü'.encode(), "text/html", [{"data": '<meta charset="utf-16">ü'}]),
    ],
)
def test_text_is_read_in_the_charset_that_it_declares(web: Web, body: bytes, content_type: str, rows: Any) -> None:
    assert got(web, body, content_type) == (rows, [])


@pytest.mark.parametrize(
    ("body", "content_type", "rows", "words"),
    [
        (b"h\xe4", "text/plain", [{"data": "hä"}], "it declares no charset; read as windows-1252"),
        (b"h\xe4", "text/plain; charset=utf-8", [{"data": "h\ufffd"}], "has no character for"),
        ("hä".encode(), "text/plain; charset=nonsense", [{"data": "hä"}], "nothing is known of its charset nonsense"),
    ],
)
def test_what_is_read_otherwise_than_declared_is_said(
    web: Web, body: bytes, content_type: str, rows: Any, words: str
) -> None:
    given, [log] = got(web, body, content_type)
    assert given == rows
    assert words in log


@pytest.mark.parametrize("content_type", ["text/plain; charset=nonsense", "application/json; charset=iso-2022-kr"])
def test_an_unknown_charset_is_an_error_where_the_bytes_need_it(web: Web, content_type: str) -> None:
    with pytest.raises(ResponseInvalid, match=r"in the charset (nonsense|iso-2022-kr), of which nothing is known"):
        got(web, b'"h\xe4"', content_type)


# JSON


@pytest.mark.parametrize(
    "media_type", ["text/json", "application/problem+json", "APPLICATION/JSON ; x=y", "application/vnd.api+json"]
)
def test_media_types_that_say_json(web: Web, media_type: str) -> None:
    assert got(web, b'{"a": 1}', media_type) == ([{"a": 1}], [])


def test_json_under_another_type_is_text_unless_it_is_asked_for(web: Web) -> None:
    assert got(web, b'{"a": 1}', "text/html")[0] == [{"data": '{"a": 1}'}]
    assert got(web, b'{"a": 1}', "")[0] == [{"data": '{"a": 1}'}]
    assert got(web, b'{"a": 1}', "text/html", params={"responseFormat": "json"})[0] == [{"a": 1}]


@pytest.mark.parametrize(
    ("body", "content_type", "rows"),
    [
        (b'{"a":1}\n{"a":2}\n', "application/x-ndjson", [{"a": 1}, {"a": 2}]),
        (b'{"a":1}\r\n\r\n[1]\r\n"x"', "application/jsonl", [{"a": 1}, {"data": [1]}, {"data": "x"}]),
        ('{"a":"x\u2028y"}'.encode(), "application/jsonlines; charset=utf-8", [{"a": "x\u2028y"}]),
        (b'{"a":1}\n{"a":2}', "application/stream+json", [{"a": 1}, {"a": 2}]),
        (b'\x1e{"a":\n1}\n\x1e{"a":2}\n', "application/json-seq", [{"a": 1}, {"a": 2}]),
        (b"", "application/x-ndjson", []),
        (b"\n", "application/x-ndjson", []),
    ],
)
def test_json_lines_become_items(web: Web, body: bytes, content_type: str, rows: Any) -> None:
    assert got(web, body, content_type) == (rows, [])
    assert got(web, body, content_type, params={"responseFormat": "json"}) == (rows, [])
    assert got(web, body, "text/plain", params={"responseFormat": "lines"}) == (rows, [])


def test_json_lines_can_stay_one_list(web: Web) -> None:
    body = b'{"a":1}\n2\n'
    assert got(web, body, "application/x-ndjson", params={"splitArrays": False})[0] == [{"data": [{"a": 1}, 2]}]
    assert got(web, body, "application/x-ndjson", params={"fullResponse": True})[0][0]["body"] == [{"a": 1}, 2]


@pytest.mark.parametrize(
    ("body", "content_type", "words"),
    [
        (b'{"n": 1e400}', "application/json", "the number 1e400 is too large"),
        (b"[-1e400]", "application/json", "too large"),
        (b'{"n": NaN}', "application/json", "NaN is not JSON"),
        (b'{"n": -Infinity}', "application/json", "-Infinity is not JSON"),
        (b'{"n": 1', "application/json", "Expecting"),
        (b'"h\xe4"', "application/json", "invalid continuation|can't decode|unexpected end"),
        (b"[" * 100_000, "application/json", "recursion|nested"),
        (b'{"a":1}\n{"a":}\n', "application/x-ndjson", "JSON lines .*line 2: Expecting"),
        (b'{"a":1}\n{"a', "application/x-ndjson", "line 2: "),
    ],
)
def test_what_is_no_json_is_refused_with_its_reason(web: Web, body: bytes, content_type: str, words: str) -> None:
    with pytest.raises(ResponseInvalid, match=words):
        got(web, body, content_type)


def test_digits_are_kept_and_what_was_done_is_said(web: Web) -> None:
    rows, log = got(
        web, b'[{"id": 9007199254740993, "ok": 9007199254740991}, {"id": -12345678901234567890, "f": 1.5e20}]'
    )
    assert rows == [{"id": "9007199254740993", "ok": 9007199254740991}, {"id": "-12345678901234567890", "f": 1.5e20}]
    assert log == ["Whole numbers beyond 2^53, such as 9007199254740993, are text, so that they keep their digits."]
    assert got(web, b'{"n": %b}' % (b"9" * 5000))[0] == [{"n": "9" * 5000}]


def test_of_names_that_stand_twice_the_last_counts_and_that_is_said(web: Web) -> None:
    rows, log = got(web, b'{"a": 1, "b": 2, "a": 3}')
    assert (rows, log) == ([{"a": 3, "b": 2}], ["An object has the name 'a' more than once; the last one counts."])


def test_names_keep_their_order(web: Web) -> None:
    assert json.dumps(got(web, b'{"zeta": 1, "a": {"z": 1, "b": 2}}')[0]) == '[{"zeta": 1, "a": {"z": 1, "b": 2}}]'


@pytest.mark.parametrize("status", [204, 205, 304])
@pytest.mark.parametrize("content_type", ["", "application/json", "image/png"])
def test_a_status_without_a_body_gives_an_item_without_fields(web: Web, status: int, content_type: str) -> None:
    assert got(web, b"", content_type, status=status) == ([{}], [])


@pytest.mark.parametrize("response_format", ["auto", "json", "text", "binary"])
def test_a_head_request_gives_an_item_without_fields(web: Web, response_format: str) -> None:
    params = {"method": "HEAD", "responseFormat": response_format}
    assert got(web, b"abc", "image/png", params=params, content_encoding="gzip") == ([{}], [])


@pytest.mark.parametrize("body", [b"", b" \n"])
def test_json_without_anything_gives_an_item_without_fields(web: Web, body: bytes) -> None:
    assert got(web, body) == ([{}], [])
