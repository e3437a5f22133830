"""The XML node: forms, options, both ways, and documents that attack."""

import hashlib
import json
from typing import Any

import pytest

from functions.nodes.data.xml.errors import XmlForbidden, XmlInvalid
from functions.nodes.data.xml.run import run
from functions.nodes.data.xml.spec import SPEC
from stepweave.model.items import Item
from stepweave.runtime.errors import DataTooLarge, NodeError
from stepweave.runtime.markup import MarkupTooDeep
from tests.fakes.steps import BUCKET, TENANT, Bench, items

NODE = Bench(SPEC, run)


def read(xml: Any, **more: Any) -> Any:
    return NODE.json({"operation": "toJson", "xml": "{{ $json.x }}", **more}, items({"x": xml}))[0]["data"]


def write(data: Any, **more: Any) -> str:
    params = {"operation": "toXml", "data": data, "headless": True, "pretty": False, **more}
    return str(NODE.json(params, items({}))[0]["data"])


@pytest.mark.parametrize(
    ("xml", "more", "expected"),
    [
        ("<a/>", {}, {"a": ""}),
        ("<a> x </a>", {}, {"a": "x"}),
        ("<a> x </a>", {"trim": False}, {"a": " x "}),
        ("<a>x\n  y</a>", {"normalize": True}, {"a": "x y"}),
        ("<a b='1'>t</a>", {}, {"a": {"$": {"b": "1"}, "_": "t"}}),
        (
            "<a b='1'>t</a>",
            {"attributes": "prefix", "attributeKey": "@", "textKey": "#"},
            {"a": {"@b": "1", "#": "t"}},
        ),
        ("<a b='1'><c/></a>", {"attributes": "merge"}, {"a": {"b": "1", "c": ""}}),
        ("<a b='1'>t</a>", {"attributes": "drop"}, {"a": "t"}),
        ("<a><b>1</b><b>2</b><c/></a>", {}, {"a": {"b": ["1", "2"], "c": ""}}),
        ("<a><b>1</b></a>", {"listNames": "b, z"}, {"a": {"b": ["1"]}}),
        ("<a><b>1</b></a>", {"lists": "always", "keepRoot": False}, {"b": ["1"]}),
        ("<A><B>1</B></A>", {"lowerCase": True}, {"a": {"b": "1"}}),
        ("<a xmlns:d='u'><d:t>x</d:t></a>", {}, {"a": {"$": {"xmlns:d": "u"}, "d:t": "x"}}),
        (
            "<a xmlns='v' xmlns:d='u'><d:t d:k='1'>x</d:t></a>",
            {"prefixes": "drop"},
            {"a": {"t": {"$": {"k": "1"}, "_": "x"}}},
        ),
        (
            "<a><n>1.50</n><w>1.0</w><i>007</i><t>true</t><l>12345678901234567890</l></a>",
            {"typed": True},
            {"a": {"n": 1.5, "w": 1, "i": "007", "t": True, "l": "12345678901234567890"}},
        ),
        ("<a>x<b/>y</a>", {}, {"a": {"_": "xy", "b": ""}}),
        ("<a><![CDATA[<b>&]]></a>", {}, {"a": "<b>&"}),
        ("<a>&lt;&#x1F389;&#65;</a>", {}, {"a": "<🎉A"}),
        ("<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>", {}, {"a": "é"}),
        ("\ufeff <a><!-- c --><?pi x?>t</a>", {}, {"a": "t"}),
        ("<a><__proto__>1</__proto__><constructor/></a>", {}, {"a": {"__proto__": "1", "constructor": ""}}),
        (
            "<a>x<b k='1'>y</b>z</a>",
            {"form": "ordered"},
            {
                "name": "a",
                "attributes": {},
                "children": ["x", {"name": "b", "attributes": {"k": "1"}, "children": ["y"]}, "z"],
            },
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_xml_becomes_json(xml: str, more: dict[str, Any], expected: Any) -> None:
    assert read(xml, **more) == expected


BOMB = "<!DOCTYPE l [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY a{n} '{'&a' + str(n - 1 or '') + ';' * 1}'>" for n in range(1, 9)
)


@pytest.mark.parametrize(
    "xml",
    [
        BOMB + "]><l>&a8;</l>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
        "<!DOCTYPE a SYSTEM 'http://127.0.0.1:1/evil.dtd'><a/>",
        "<!DOCTYPE a PUBLIC '-//x' 'http://127.0.0.1:1/'><a>&x;</a>",
        "<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://127.0.0.1:1/'>%p;]><a/>",
        "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'x' NDATA gif>]><a/>",
    ],
)
def test_document_types_and_entities_are_refused(xml: str) -> None:
    with pytest.raises(XmlForbidden, match="which is not allowed"):
        read(xml)
    if "ENTITY" in xml or "&x;" in xml:
        with pytest.raises(NodeError) as caught:
            read(xml, allowDoctype=True)
        assert type(caught.value) in (XmlForbidden, XmlInvalid)
    else:
        assert read(xml, allowDoctype=True) == {"a": ""}


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        ("", "no element found in line 1"),
        ("text", "syntax error|not well-formed"),
        ("<a>", "no element found"),
        ("<a></b>", "mismatched tag in line 1, column"),
        ("<a/><b/>", "junk after document element"),
        ("<a>&nope;</a>", "undefined entity"),
        ("<a>\n&</a>", "line 2"),
        ("<a b=1/>", "not well-formed"),
        ("<a b='1' b='2'/>", "duplicate attribute"),
        ("<a>\x00</a>", "not well-formed"),
        ("<a>&#0;</a>", "reference to invalid character"),
        ("<html><br></html>", "mismatched tag"),
        ('{"a": 1}', "not well-formed"),
        (5, "syntax error"),
    ],
)
def test_what_is_not_well_formed_is_named_with_its_place(xml: Any, words: str) -> None:
    with pytest.raises(XmlInvalid, match=words):
        read(xml)


def test_depth_and_size_are_bounded() -> None:
    with pytest.raises(MarkupTooDeep, match="more than 100 deep"):
        read("<a>" * 100_000)
    with pytest.raises(MarkupTooDeep):
        read("<a>" * 101 + "</a>" * 101)
    value = read("<a><b/>" * 99 + "<a/>" + "</a>" * 99, lists="always", attributes="drop")
    assert json.dumps(value).count("[") > 99
    with pytest.raises(DataTooLarge):
        Bench(SPEC, run)({"operation": "toJson", "xml": "x" * (20 * 1024**2 + 1)}, items({}))


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        ("<?xml version='1.0' encoding='Shift_JIS'?><a>日本</a>".encode("shift_jis"), ""),
        ("<?xml version='1.0' encoding='utf-16'?><a>日本</a>".encode("utf-16"), "text/xml"),
        ("<?xml version='1.0' encoding='utf-16le'?><a>日本</a>".encode("utf-16-le"), "application/rss+xml"),
        ("<a>日本</a>".encode("euc-jp"), "application/xml; charset=euc-jp"),
        ("\ufeff<a>日本</a>".encode(), "application/xml"),
    ],
)
def test_a_file_is_read_in_the_encoding_that_it_declares(content: bytes, mime: str) -> None:
    node, key = Bench(SPEC, run), f"{TENANT}/x/file"
    node.outside.storage.objects[BUCKET, key] = content
    digest = hashlib.sha256(content).hexdigest()
    ref: Any = {"bucket": BUCKET, "key": key, "size": len(content), "sha256": digest, "mimeType": mime}
    given: list[Item] = [{"json": {}, "binary": {"data": ref}}]
    assert node.json({"operation": "toJson", "source": "file"}, given)[0]["data"] == {"a": "日本"}


@pytest.mark.parametrize(
    ("data", "more", "expected"),
    [
        ({"a": {"$": {"id": 7}, "_": "t<", "b": [1, True, None]}}, {}, '<a id="7">t&lt;<b>1</b><b>true</b><b/></a>'),
        ({"a": 1, "b": 2}, {}, "<root><a>1</a><b>2</b></root>"),
        ([1, {"x": 2}], {"root": "r"}, "<r><item>1</item><item><x>2</x></item></r>"),
        ([], {"root": "r"}, "<r></r>"),
        ({"r": [1, 2]}, {}, "<root><r>1</r><r>2</r></root>"),
        ({"a": {"@k": "1", "#t": "v"}}, {"attributeKey": "@", "textKey": "#t"}, '<a k="1">v</a>'),
        ({"a": "<&>"}, {"cdata": True}, "<a><![CDATA[<&>]]></a>"),
        ({"a": "]]><x>"}, {"cdata": True}, "<a><![CDATA[]]]]><![CDATA[><x>]]></a>"),
        ({"a": {"$": {"q": "\"'<\n"}}}, {}, '<a q="&quot;\'&lt;&#10;"/>'),
        ({"a": {"x": {}}}, {}, "<a><x/></a>"),
        ({"a": "b\x00"}, {"illegal": "replace"}, "<a>b\ufffd</a>"),
        (
            {"name": "a", "children": ["x", {"name": "b", "attributes": {"k": 1}}, "z"]},
            {"form": "ordered"},
            '<a>x<b k="1"/>z</a>',
        ),
        ({"dc:t": 1}, {}, "<dc:t>1</dc:t>"),
        ("text", {"root": "r"}, "<r>text</r>"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_json_becomes_xml(data: Any, more: dict[str, Any], expected: str) -> None:
    assert write(data, **more) == expected
    assert read(expected) is not None  # what is written is a document


def test_what_is_written_is_read_again() -> None:
    data = {"a": {"$": {"k": '\t"é<'}, "_": "x & y", "b": ["1", {"$": {"q": ""}}], "c": {"d": "🎉"}}}
    for pretty in (True, False):
        for cdata in (True, False):
            assert read(write(data, pretty=pretty, cdata=cdata)) == data
    whole = NODE.json({"operation": "toXml"}, items({"x": 1}))[0]["data"]
    assert whole == '<?xml version="1.0" encoding="UTF-8"?>\n<x>1</x>'
    mixed = '<a>x<b k="1">y</b>z<c/></a>'
    assert write(read(mixed, form="ordered"), form="ordered") == mixed


@pytest.mark.parametrize(
    ("data", "more", "words"),
    [
        ({"1a": 1, "b": 2}, {}, "cannot be the name"),
        ({"a b": 1, "c": 1}, {}, "cannot be the name"),
        ({"a><script": 1, "c": 1}, {}, "cannot be the name"),
        ({"a": {"$": {"x y": 1}}}, {}, "cannot be the name"),
        ({"a": {"": 1}}, {}, "cannot be the name"),
        ({"a": "b\x00"}, {}, "U\\+0000 cannot stand in XML"),
        ({"a": "\x1b[0m"}, {}, "U\\+001B"),
        ({"a": 1, "b": 1}, {"root": "a b"}, "cannot be the name"),
        ({"children": []}, {"form": "ordered"}, "is no element"),
    ],
)
def test_what_cannot_stand_in_xml_is_named(data: Any, more: dict[str, Any], words: str) -> None:
    with pytest.raises(XmlInvalid, match=words):
        write(data, **more)
