"""The text node: each operation, Unicode, encodings, and patterns that explode."""

from typing import Any

import pytest

from functions.nodes.data.text.errors import TemplateInvalid
from functions.nodes.data.text.run import run
from functions.nodes.data.text.spec import SPEC
from stepweave.runtime.errors import ParameterInvalid, PatternInvalid, ValueMismatch
from tests.fakes.steps import Bench, items

NODE = Bench(SPEC, run)


def made(operation: str, text: Any = None, **more: Any) -> Any:
    params = {"operation": operation, **({} if text is None else {"text": text}), **more}
    return NODE.json(params, items({"text": "x", "name": "<Ada>", "tags": ["a", 1, None, "b"]}))[0]["text"]


@pytest.mark.parametrize(
    ("operation", "text", "more", "expected"),
    [
        ("split", "a, b,,c", {}, ["a", "b", "", "c"]),
        ("split", "a, b,,c", {"dropEmpty": True, "trimParts": False}, ["a", " b", "c"]),
        ("split", "a\nb", {"separator": "\\n"}, ["a", "b"]),
        ("split", "aXbxc", {"separator": "x", "ignoreCase": True}, ["a", "b", "c"]),
        ("split", "a🎉", {"separator": ""}, ["a", "🎉"]),
        ("split", "a1b22c", {"by": "pattern", "pattern": "[0-9]+"}, ["a", "b", "c"]),
        ("replace", "a.a.a", {"find": ".", "replacement": "$1"}, "a$1a$1a"),
        ("replace", "aAa", {"find": "A", "replacement": "\\1", "ignoreCase": True, "everywhere": False}, "\\1Aa"),
        ("replace", "aaa", {"find": "a", "replacement": "b", "everywhere": False}, "baa"),
        ("replace", "Ada L", {"by": "pattern", "pattern": "(\\w+) (\\w)", "replacement": "$2. $1"}, "L. Ada"),
        ("replace", "aAa", {"by": "pattern", "pattern": "/a/i", "replacement": "x", "everywhere": False}, "xAa"),
        ("extract", "a@b.co, <c.d+e@x-y.example.org>. no@ @no x@y", {}, ["a@b.co", "c.d+e@x-y.example.org"]),
        ("extract", "Ann <ann.o'b@x.co>, 'bob@x.co', it's me", {}, ["ann.o'b@x.co", "bob@x.co"]),
        (
            "extract",
            "see https://a.b/c?d=1), (http://x.y/(z)).",
            {"kind": "urls"},
            ["https://a.b/c?d=1", "http://x.y/(z)"],
        ),
        ("extract", "1, -2.5 and 3e2, not a1 or 1.2.3", {"kind": "numbers"}, [1, -2.5, 300]),
        ("extract", "#1 #22", {"kind": "pattern", "extractPattern": "#([0-9]+)"}, ["1", "22"]),
        ("extract", "b a b", {"kind": "pattern", "extractPattern": "\\w", "which": "distinct"}, ["b", "a"]),
        ("extract", "b a c", {"kind": "pattern", "extractPattern": "\\w", "which": "last"}, "c"),
        ("extract", "", {"which": "first"}, None),
        ("case", "straße", {"case": "upper"}, "STRASSE"),
        ("case", "HELLO. how are you", {"case": "sentence"}, "Hello. How are you"),
        ("case", "o'neil's big-day", {"case": "title"}, "O'neil's Big-Day"),
        ("case", "XMLHttp request-id 2", {"case": "camel"}, "xmlHttpRequestId2"),
        ("case", "fooBar baz", {"case": "snake"}, "foo_bar_baz"),
        ("case", "fooBar", {"case": "kebab"}, "foo-bar"),
        ("case", "foo bar", {"case": "pascal"}, "FooBar"),
        ("case", "fooBar", {"case": "constant"}, "FOO_BAR"),
        ("case", "", {"case": "camel"}, ""),
        ("trim", " \u00a0a ", {}, "a"),
        ("trim", "--a--", {"characters": "-", "side": "end"}, "--a"),
        ("pad", "7", {"length": 3, "filler": "0", "side": "start"}, "007"),
        ("pad", "ab", {"length": 5, "filler": "xy"}, "xabxy"),
        ("pad", "abc", {"length": 2}, "abc"),
        ("slice", "a🎉bcd", {"start": 1, "end": 3}, "🎉b"),
        ("slice", "abcd", {"start": -2}, "cd"),
        ("slice", "a long text", {"end": 7, "ellipsis": "…"}, "a long…"),
        ("slice", "short", {"end": 7, "ellipsis": "…"}, "short"),
        ("normalize", "e\u0301ﬁ", {}, "éﬁ"),
        ("normalize", "éﬁ", {"normalForm": "NFKC", "dropAccents": True}, "efi"),
        ("slug", "Größe: 5 m² & Ça va, Łódź?", {}, "grosse-5-m2-ca-va-lodz"),
        ("slug", "日本", {}, ""),
        ("measure", "a🎉\nb c", {"unit": "all"}, {"characters": 6, "bytes": 9, "utf16": 7, "words": 3, "lines": 2}),
        ("measure", "é", {"unit": "bytes"}, 2),
        ("measure", "", {"unit": "lines"}, 0),
    ],
)
def test_operations(operation: str, text: str, more: dict[str, Any], expected: Any) -> None:
    assert made(operation, text, **more) == expected


@pytest.mark.parametrize(
    ("encoding", "text", "expected"),
    [
        ("base64", "é🎉", "w6nwn46J"),
        ("base64url", "??>>", "Pz8-Pg"),
        ("hex", "é", "c3a9"),
        ("url", "a b&c/é'", "a%20b%26c%2F%C3%A9'"),
        ("html", '<a href="x">&\'', "&lt;a href=&quot;x&quot;&gt;&amp;&#x27;"),
        ("json", 'a"\n', '"a\\"\\n"'),
    ],
)
def test_encodings_go_both_ways(encoding: str, text: str, expected: str) -> None:
    assert made("encode", text, encoding=encoding) == expected
    assert made("decode", expected, encoding=encoding) == text


@pytest.mark.parametrize(
    ("text", "more", "words"),
    [
        ("a!b", {"encoding": "base64"}, "is no Base64"),
        ("xyz", {"encoding": "hex"}, "is no hexadecimal"),
        ("/w==", {"encoding": "base64"}, "are no text in utf-8"),
        ("%ff", {"encoding": "url"}, "are no text in utf-8"),
        ("[1]", {"encoding": "json"}, "is no JSON string"),
        ("[" * 100_000, {"encoding": "json"}, "is no JSON string"),
    ],
)
def test_what_is_not_in_the_encoding_is_refused(text: str, more: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueMismatch, match=words):
        made("decode", text, **more)


def test_charsets_count() -> None:
    assert made("decode", "/w==", encoding="base64", charset="latin1") == "ÿ"
    assert made("encode", "é", encoding="hex", charset="windows-1252") == "e9"
    with pytest.raises(ValueMismatch, match="has no character"):
        made("encode", "日", encoding="hex", charset="windows-1252")
    with pytest.raises(ParameterInvalid, match="Nothing is known of the charset"):
        made("encode", "a", encoding="hex", charset="klingon")


def test_lists_are_joined_and_templates_filled_in() -> None:
    assert made("join", list="{{ $json.tags }}", separator=" / ") == "a / 1 /  / b"
    assert made("join", list="{{ $json.tags }}", separator="\\n", dropEmpty=True) == "a\n1\nb"
    with pytest.raises(ValueMismatch, match='"a" is no list'):
        made("join", list="a")
    assert made("template", template="Dear {{ name }}:{{# tags }} {{ . }}{{/ tags }}") == "Dear <Ada>: a 1  b"
    with pytest.raises(TemplateInvalid, match="is not closed"):
        made("template", template="{{# tags }}")


def test_parts_become_items() -> None:
    rows = NODE.json({"operation": "split", "text": "a,b", "asItems": True, "outputField": "p"}, items({"k": 1}))
    assert rows == [{"k": 1, "p": "a"}, {"k": 1, "p": "b"}]


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("replace", {"by": "pattern", "pattern": "(a+)+$"}),
        ("split", {"by": "pattern", "pattern": "(a|aa)+$"}),
        ("extract", {"kind": "pattern", "extractPattern": "(.*)*x"}),
    ],
)
def test_patterns_that_explode_or_cannot_be_read_are_refused(operation: str, more: dict[str, Any]) -> None:
    with pytest.raises(PatternInvalid, match="takes too long"):
        made(operation, "a" * 40 + "!", **more)
    broken = {key: "(" if "attern" in key else value for key, value in more.items()}
    with pytest.raises(PatternInvalid, match="cannot be read"):
        made(operation, "a", **broken)


@pytest.mark.parametrize("kind", ["emails", "urls", "numbers"])
def test_what_is_extracted_takes_linear_time(kind: str) -> None:
    for text in ("a" * 200_000, "a@" * 50_000, "a." * 50_000 + "@", "http://" * 20_000, "1" * 200_000, "1." * 50_000):
        made("extract", text, kind=kind)
    with pytest.raises(ParameterInvalid, match="There is nothing to find"):
        made("replace", "a", find="")
