"""The Markdown node: both ways, and what strangers write."""

from typing import Any

import pytest

from functions.nodes.data.markdown.run import run
from functions.nodes.data.markdown.spec import SPEC
from stepweave.runtime.markup import MarkupTooDeep
from tests.fakes.steps import Bench, items

NODE = Bench(SPEC, run)


def html(markdown: Any, **more: Any) -> str:
    return str(NODE.json({"operation": "toHtml", "markdown": markdown, **more}, items({}))[0]["data"])


def markdown(text: str, **more: Any) -> str:
    return str(NODE.json({"operation": "toMarkdown", "html": text, **more}, items({}))[0]["data"])


@pytest.mark.parametrize(
    ("text", "more", "expected"),
    [
        ("a\nb", {}, "<p>a\nb</p>\n"),
        ("a\nb", {"lineBreaks": True}, "<p>a<br />\nb</p>\n"),
        ("~~a~~", {}, "<p><s>a</s></p>\n"),
        ("~~a~~", {"strikethrough": False}, "<p>~~a~~</p>\n"),
        ("# A b!\n# A b", {"headingIds": True}, '<h1 id="a-b">A b!</h1>\n<h1 id="a-b-1">A b</h1>\n'),
        ("# A\n###### B", {"headingStart": 2}, "<h2>A</h2>\n<h6>B</h6>\n"),
        ("[a](u)", {"newWindow": True}, '<p><a href="u" target="_blank" rel="noopener noreferrer">a</a></p>\n'),
        ("|a|\n|-|\n|b|", {"tables": False}, "<p>|a|\n|-|\n|b|</p>\n"),
        (5, {}, "<p>5</p>\n"),
        ("", {}, ""),
        ("a\x00b", {}, "<p>a\ufffdb</p>\n"),
        (
            "- [x] done\n- [ ] <b>",
            {},
            '<ul>\n<li><input type="checkbox" disabled checked> done</li>\n'
            '<li><input type="checkbox" disabled> &lt;b&gt;</li>\n</ul>\n',
        ),
    ],
)
def test_markdown_becomes_html(text: Any, more: dict[str, Any], expected: str) -> None:
    assert html(text, **more) == expected


def test_tables_are_made() -> None:
    made = html("| a | b |\n|:-:|--:|\n| 1 \\| 2 | `x` |")
    assert '<td style="text-align:center">1 | 2</td>' in made
    assert '<td style="text-align:right"><code>x</code></td>' in made
    assert html("a", wholePage=True).startswith("<!doctype html>")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](&#106;avascript:alert(1))",
        "[a](vbscript:x)",
        "[a](data:text/html,<script>)",
        "![a](javascript:alert(1))",
        "<javascript:alert(1)>",
        '[a](u "\\"onclick=alert(1)")',
        '```"><script>\nx\n```',
        "[a]: javascript:alert(1)\n\n[a]",
    ],
)
def test_no_script_comes_into_a_page(text: str) -> None:
    made = html(text, headingIds=True, newWindow=True)
    assert "<script" not in made
    assert "<img src=x" not in made
    assert 'href="javascript' not in made.lower()
    assert 'src="javascript' not in made.lower()
    assert " onclick=" not in made
    assert html("<b>x</b>", rawHtml="keep") == "<p><b>x</b></p>\n"


@pytest.mark.parametrize(
    "text",
    ["[" * 2000, "*a " * 3000, ">" * 3000 + "x", "`" * 5000, "![" * 1000, "a**b" * 2000, "- " * 2000, "<" * 5000],
    ids=lambda text: text[:3],
)
def test_hostile_markdown_ends(text: str) -> None:
    assert html(text)


@pytest.mark.parametrize(
    ("text", "more", "expected"),
    [
        ("<h1>A</h1><p>b <b>c</b> <i>d</i></p>", {}, "# A\n\nb **c** *d*\n"),
        ("<h1>A</h1>", {"headings": "underlined"}, "A\n=\n"),
        ("<ul><li>a<li>b</ul>", {"bullet": "*"}, "* a\n* b\n"),
        ("<i>a</i><b>b</b>", {"emphasis": "_"}, "_a___b__\n"),
        ("<p>a</p><nav>n</nav><div class=ad>x</div>", {"skip": "nav, .ad"}, "a\n"),
        ("<img src=a.png alt=q>x", {"images": False}, "x\n"),
        ("<script>z()</script><style>s{}</style>a", {}, "a\n"),
        ("<nav>n</nav><form>f</form>", {}, "n\n\nf\n"),
        ("", {}, ""),
    ],
)
def test_html_becomes_markdown(text: str, more: dict[str, Any], expected: str) -> None:
    assert markdown(text, **more) == expected


def test_text_that_looks_like_markdown_is_escaped() -> None:
    assert markdown("<p>1 * 2 * 3 and a_b_c</p>").strip() == "1 \\* 2 \\* 3 and a\\_b\\_c"
    assert markdown("<p>1 * 2</p>", escape=False).strip() == "1 * 2"
    with pytest.raises(MarkupTooDeep):
        markdown("<div>" * 600)
    made = markdown("<table><tr><th>a</th></tr><tr><td>1|2<br>3</td></tr></table>")
    assert made.splitlines()[0].startswith("| a")
    assert "1\\|2" in made
