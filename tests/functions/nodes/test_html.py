"""The HTML node: what selectors find in broken pages, templates that escape, tables, hostile markup."""

import hashlib
from typing import Any

import pytest

from functions.nodes.data.date_time.spec import SPEC as DATE_TIME
from functions.nodes.data.html.errors import SelectorInvalid, TemplateInvalid
from functions.nodes.data.html.run import run
from functions.nodes.data.html.spec import SPEC
from stepweave.compiler.check.parameters import problems
from stepweave.model.items import Item
from stepweave.model.workflow import Node
from stepweave.runtime.errors import DataTooLarge, ParameterInvalid
from stepweave.runtime.markup import FileNotText, MarkupTooDeep
from stepweave.spec.catalogue import CatalogueEntry
from tests.fakes.steps import BUCKET, TENANT, Bench, items

NODE = Bench(SPEC, run)
PAGE = """<!doctype html><title> T </title><div class="a" data-X="1">Hi <b>x</b> &amp; y<p>two<script>z()</script></div>
<a href="/1">one</a><A HREF='/2'>t<i>w</i>o</a><a>none</a>
<form><input name=q value="v"><textarea>ta</textarea><select><option value=1>A<option value=2 selected>B</select></form>
<table><tr><td>c1<td>c2</table><script type="application/ld+json">{"a": "<b>"}</script>"""


def extract(html: Any, *rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    values = [{"name": f"f{number}", **row} for number, row in enumerate(rows)]
    params = {"operation": "extract", "html": "{{ $json.h }}", "values": values, "keepOtherFields": False, **more}
    return NODE.json(params, items({"h": html}))[0]


def one(html: Any, selector: str, returns: str = "text", **more: Any) -> Any:
    return extract(html, {"selector": selector, "returns": returns, **more})["f0"]


@pytest.mark.parametrize(
    ("selector", "returns", "more", "expected"),
    [
        ("title", "text", {}, "T"),
        ("div.a", "text", {}, "Hi x & y\n\ntwo"),
        ("div.a", "attribute", {"attribute": "data-x"}, "1"),
        ("div.a", "attribute", {"attribute": "DATA-X"}, "1"),
        ("div.a", "attribute", {"attribute": "no"}, None),
        ("div.a b", "html", {}, "x"),
        ("div.a b", "outerHtml", {}, "<b>x</b>"),
        ("a", "text", {"asList": True}, ["one", "two", "none"]),
        ("a", "attribute", {"attribute": "href", "asList": True}, ["/1", "/2", None]),
        ("a[href]:not([href='/1'])", "text", {}, "two"),
        ("div:has(> b)", "attribute", {"attribute": "class"}, "a"),
        ("td:nth-child(2)", "text", {}, "c2"),
        ("input", "value", {}, "v"),
        ("textarea", "value", {}, "ta"),
        ("select", "value", {}, "2"),
        ("p", "value", {}, None),
        ("script[type='application/ld+json']", "text", {}, '{"a": "<b>"}'),
        (".nothing", "text", {}, None),
        (".nothing", "text", {"asList": True}, []),
        ("div.a", "text", {"skip": "b, p"}, "Hi & y"),
        ("div.a", "html", {"skip": "script, b"}, "Hi  &amp; y<p>two</p>"),
    ],
)
def test_what_selectors_find(selector: str, returns: str, more: dict[str, Any], expected: Any) -> None:
    assert one(PAGE, selector, returns, **more) == expected


@pytest.mark.parametrize(
    ("html", "selector", "expected"),
    [
        ("<p>a<p>b", "p + p", "b"),
        ("<b><i>x</b>y</i>", "i", "x"),
        ("<div <p>>x", "div", ">x"),
        ("no markup", "body", "no markup"),
        ("", "body", ""),
        ("<p>&#0;&#xD800;&#x1F389;&bogus;</p>", "p", "\ufffd\ufffd🎉&bogus;"),
        ("<p>a\x00b", "p", "ab"),
        ("<table><p>x<tr><td>y</table>", "p", "x"),
        ("<!--><p>x", "p", "x"),
        ("<svg><a id=k>s</a></svg>", "#k", "s"),
        ("\ufeff<p>x", "p", "x"),
        ("<p>" + "<br>" * 5000 + "x", "p", "x"),
        ("<ul>" + "<li>a" * 3000, "li:last-child", "a"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_broken_pages_are_read_as_browsers_do(html: str, selector: str, expected: str) -> None:
    assert one(html, selector).strip() == expected


@pytest.mark.parametrize("selector", ["div[[", ":nope(", "::", "*" * 9, "a >", "div:not(", "\x00", "a{}"])
def test_a_selector_that_cannot_be_read_is_named(selector: str) -> None:
    with pytest.raises(SelectorInvalid, match="is no CSS selector") as caught:
        one(PAGE, selector)
    assert caught.value.details["field"] == "params.values.0.selector"
    with pytest.raises(SelectorInvalid):
        one(PAGE, "div", skip=selector)


def test_a_page_nested_without_end_or_too_large_is_refused() -> None:
    for deep in ("<div>" * 100_000, "<b>" * 100_000, "<blockquote><ul>" * 1000, "<font>" * 501):
        with pytest.raises(MarkupTooDeep, match="More than 500 elements are open at once"):
            one(deep, "div")
    assert one("<div>" * 400 + "x", "div div div").strip() == "x"
    with pytest.raises(DataTooLarge):
        Bench(SPEC, run)({"operation": "toText", "html": "x" * (20 * 1024**2 + 1)}, items({}))


def test_rows_name_their_attribute_and_values_are_tidied() -> None:
    with pytest.raises(ParameterInvalid, match="No attribute is named"):
        one(PAGE, "a", "attribute")
    html = "<p>  a\n\n b </p>"
    assert one(html, "p", "html") == "a\n\n b"
    assert extract(html, {"selector": "p", "returns": "html"}, trim=False)["f0"] == "  a\n\n b "
    assert extract(html, {"selector": "p", "returns": "html"}, cleanUp=True)["f0"] == "a b"


def test_extracted_fields_join_the_item() -> None:
    params = {"operation": "extract", "html": "<h1>x</h1>", "values": [{"name": "a.b", "selector": "h1"}]}
    assert NODE.json(params, items({"k": 1})) == [{"k": 1, "a": {"b": "x"}}]
    with pytest.raises(ParameterInvalid, match="names __proto__"):
        NODE.json({**params, "values": [{"name": "__proto__.x", "selector": "h1"}]}, items({}))


def test_a_file_is_read_in_its_charset() -> None:
    node = Bench(SPEC, run)
    for content, mime, expected in (
        ('<meta charset="shift_jis"><p>日本'.encode("shift_jis"), "text/html", "日本"),
        ("<p>grün".encode("latin-1"), "text/html; charset=iso-8859-1", "grün"),
        ("<p>é".encode("utf-16"), "", "é"),
    ):
        key = f"{TENANT}/x/file"
        node.outside.storage.objects[BUCKET, key] = content
        digest = hashlib.sha256(content).hexdigest()
        ref: Any = {"bucket": BUCKET, "key": key, "size": len(content), "sha256": digest, "mimeType": mime}
        given: list[Item] = [{"json": {}, "binary": {"data": ref}}]
        params = {"operation": "extract", "source": "file", "values": [{"name": "p", "selector": "p"}]}
        assert node.json(params, given) == [{"p": expected}]
        ref["mimeType"] = "text/html; charset=klingon"
        if "shift" in str(content):
            with pytest.raises(FileNotText, match="klingon"):
                node.json(params, given)


def built(template: str, fields: Any, /, **more: Any) -> str:
    params = {"operation": "build", "template": template, "keepOtherFields": False, **more}
    return str(NODE.json(params, items(fields))[0]["html"])


@pytest.mark.parametrize(
    ("template", "data", "expected"),
    [
        ("<p>{{ a }}</p>", {"a": "<script>\"'&"}, "<p>&lt;script&gt;&quot;&#x27;&amp;</p>"),
        ("{{{ a }}}{{& a }}", {"a": "<b>"}, "<b><b>"),
        ("{{ a.b }} {{ l[1] }} {{ none }}|", {"a": {"b": 1.0}, "l": [1, 2]}, "1 2 |"),
        ("{{# l }}<i>{{ n }}{{ out }}</i>{{/ l }}", {"l": [{"n": 1}, {"n": "<"}], "out": "!"}, "<i>1!</i><i>&lt;!</i>"),
        ("{{# l }}{{ . }},{{/ l }}{{^ l }}none{{/ l }}", {"l": []}, "none"),
        ("{{# a }}yes{{/ a }}{{^ a }}no{{/ a }}", {"a": False}, "no"),
        ("{{# a }}{{ b }}{{/ a }}", {"a": {"b": True}}, "true"),
        ("{{! a remark }}x { {{ a }} }", {"a": "{{ b }}", "b": 1}, "x { {{ b }} }"),
        ("{{ a }}", {"a": {"k": "<"}}, "{&quot;k&quot;:&quot;&lt;&quot;}"),
        ("", {}, ""),
    ],
)
def test_templates_are_filled_in_and_escaped(template: str, data: Any, expected: str) -> None:
    if template:
        assert built(template, data) == expected


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{{# a }}", "{{#a}} is not closed"),
        ("{{/ a }}", "closes what is not open"),
        ("{{# a }}{{/ b }}", "closes what is not open"),
        ("{{ }}", "names nothing"),
        ("{{ __proto__.x }}", "names __proto__"),
        ("{{ a..b }}", "empty name"),
        ("{{# a }}" * 60, "sections lie in one another"),
    ],
)
def test_a_template_that_cannot_be_read_is_refused(template: str, words: str) -> None:
    with pytest.raises(TemplateInvalid) as caught:
        built(template, {"a": 1})
    assert words in caught.value.message


def test_a_template_that_makes_too_much_is_refused() -> None:
    data = {"l": list(range(300))}
    with pytest.raises(TemplateInvalid, match="more than 10,000,000 characters"):
        built("{{# l }}" * 4 + "x" * 100 + "{{/ l }}" * 4, data)


def test_values_and_expressions() -> None:
    assert built("{{ t }}", {"n": "<"}, data={"t": "{{ $json.n }}"}) == "&lt;"
    assert built("", {"n": "<b>"}, language="expressions", page="<p>{{ $json.n }}</p>") == "<p><b></p>"
    with pytest.raises(ParameterInvalid, match="The values are no object"):
        built("{{ t }}", {}, data="[1]")


def test_all_items_become_one_table() -> None:
    given = items({"first_name": "<Ada>", "n": 1.0}, {"n": None, "x": {"a": 1}})
    params = {"operation": "table", "outputField": "t", "caption": "A & B", "capitalize": True}
    [row] = NODE.json({**params, "tableAttributes": 'class="g"'}, given)
    assert row == {
        "t": '<table class="g"><caption>A &amp; B</caption>'
        "<thead><tr><th>First Name</th><th>N</th><th>X</th></tr></thead><tbody>"
        "<tr><td>&lt;Ada&gt;</td><td>1</td><td></td></tr>"
        "<tr><td></td><td></td><td>{&quot;a&quot;:1}</td></tr></tbody></table>"
    }
    with pytest.raises(ParameterInvalid):
        NODE.json({**params, "cellAttributes": "><script>"}, given)


def test_html_becomes_text() -> None:
    html = "<h1>T</h1><p>a <b>b</b> <a href=u>c</a></p><nav>n</nav><script>z()</script><style>s{}</style><img alt=q>"
    assert NODE.json({"operation": "toText", "html": html}, items({}))[0]["html"] == "T\n\na b c\n\nn"
    assert NODE.json({"operation": "toText", "html": html, "cleanUp": True}, items({}))[0]["html"] == "T a b c n"


def test_what_is_missing_in_a_row_is_called_as_its_form_calls_it() -> None:
    values = [{"name": "title", "selector": "h1"}, {"selector": ""}]
    node = Node(id="n", name="Page", type="html", position={"x": 0, "y": 0}, params={"values": values})
    found = {str(one.field): one.message for one in problems(node, CatalogueEntry.of(SPEC))}
    assert found == {
        "params.values.1.name": "'Page' needs 'Field' in row 2.",
        "params.values.1.selector": "'Page' needs 'CSS selector' in row 2.",
    }


def test_what_has_a_default_is_not_missing_until_it_is_emptied() -> None:
    entry = CatalogueEntry.of(DATE_TIME)

    def missing(**more: str) -> list[str | None]:
        params = {"operation": "format", "date": "2026-01-01", **more}
        node = Node(id="n", name="Day", type="date_time", position={"x": 0, "y": 0}, params=params)
        return [one.field for one in problems(node, entry)]

    assert (missing(), missing(format="yyyy"), missing(format="")) == ([], [], ["params.format"])
