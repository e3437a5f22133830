"""PDFs that are made, merged and split; read back by pypdf and Pillow."""

import base64
import io
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from functions.nodes.files.pdf.run import run
from functions.nodes.files.pdf.spec import SPEC
from stepweave.model.items import Item
from stepweave.runtime.errors import NodeError
from tests.fakes.item_files import content_of, stored, with_file
from tests.fakes.steps import Bench, items


@pytest.fixture
def node() -> Bench:
    return Bench(SPEC, run)


def blank(*widths: int, password: str = "") -> bytes:
    """Return a PDF of pages that are told apart by their widths."""
    writer, out = PdfWriter(), io.BytesIO()
    for width in widths:
        writer.add_blank_page(width, 100)
    if password:
        writer.encrypt(password, algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


def widths(node: Bench, item: Item) -> list[int]:
    reader = PdfReader(io.BytesIO(content_of(node, item["binary"]["data"])))
    return [round(page.mediabox.width) for page in reader.pages]


def created(node: Bench, content: str, given: list[Item] | None = None, **params: Any) -> tuple[Item, PdfReader]:
    [one] = node({"content": content, **params}, given or items({"n": 1}))["output"]["main"]["items"]
    return one, PdfReader(io.BytesIO(content_of(node, one["binary"]["data"])))


def text_of(reader: PdfReader) -> str:
    return " ".join("".join(page.extract_text() for page in reader.pages).split())


def refused(node: Bench, given: list[Item], **params: Any) -> str:
    with pytest.raises(NodeError) as caught:
        node(params, given)
    assert caught.value.remedy
    return type(caught.value).__name__


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(out, "PNG")
    return out.getvalue()


def test_html_is_laid_out_on_pages(node: Bench) -> None:
    html = """<head><title>no</title><style>p {color: red}</style></head><h1>Grüße</h1><p>Привет <b>bold</b>
    <code>x ≤ ü</code></p><script>alert(1)</script><!-- no --><ul><li>one</li></ul><table><tr><th>a</th><th>b</th></tr>
    <tr><td>1</td><td>2</td></tr></table><a href="https://example.com">link</a>"""
    one, reader = created(node, html, title="Greetings", pageNumbers=True, fileName="a/b")
    text = text_of(reader)
    for word in ("Grüße", "Привет", "bold", "one", "link", "1 / 1"):
        assert word in text
    for word in ("alert", "color", "no"):
        assert word not in text
    assert reader.metadata is not None
    assert reader.metadata.title == "Greetings"
    assert one["json"] == {"n": 1, "fileName": "a_b.pdf", "size": one["binary"]["data"]["size"], "pages": 1}


def test_markdown_has_tables_and_no_html(node: Bench) -> None:
    _, reader = created(node, "# T\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n<b>raw</b>", source="markdown", paper="A5")
    assert "<b>raw</b>" in text_of(reader)
    assert round(reader.pages[0].mediabox.width) == 420


def test_long_content_goes_on_further_pages(node: Bench) -> None:
    one, reader = created(node, "<p>word word</p>" * 300, landscape=True)
    assert one["json"]["pages"] == len(reader.pages) > 3
    assert reader.pages[0].mediabox.width > reader.pages[0].mediabox.height


def test_pictures_are_the_item_s_or_in_the_html_and_nothing_is_fetched(node: Bench) -> None:
    inside = f"data:image/png;base64,{base64.b64encode(picture()).decode()}"
    given = with_file(node, picture(), "logo.png", "image/png", "logo")
    _, reader = created(node, f'<img src="logo" width="20"><img src="{inside}">', given)
    assert len(reader.pages[0].images) >= 1
    assert not node.outside.of("node.log")
    others = (
        "http://127.0.0.1/x.png",
        "file:///etc/passwd",
        "/etc/passwd",
        "../a.png",
        "data:image/svg+xml;base64,PHN2Zy8+",
    )
    for source in others:
        _, reader = created(node, f'<p>x</p><img src="{source}">')
        assert not reader.pages[0].images
    assert len(node.outside.of("node.log")) == len(others)


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td>a</td></tr><tr><td>b</td><td>c</td></tr></table>",
        "<table></table>",
        "<table><tr><td><table><tr><td>x</td></tr></table></td></tr></table>",
        "<ul><li><ul><li>deep</ul></ul>",
        "<p>unclosed <b>bold",
        "</p></b></table>",
        "<h1></h1>",
        "<font color='no-such'>x</font>",
        "<img>",
        "<table width='nonsense'><tr><td width='-5%'>x</td></tr></table>",
        "日本 😀 \x00",
        "<p align='sideways'>x</p>",
        "&nbsp;&#0;&bogus;",
        "w" * 3000,
    ],
)
def test_odd_html_gives_a_pdf_or_a_typed_error(node: Bench, html: str) -> None:
    output = node({"content": html}, items({}), settings={"onError": "continue"})["output"]["main"]["items"][0]["json"]
    assert "pages" in output or output["error"]["type"] == "PageUnwritable"


def test_content_without_end_is_refused(node: Bench) -> None:
    assert refused(node, items({}), content="x" * 2_000_001) == "DataTooLarge"
    assert refused(node, items({}), content="<b>" * 600) == "MarkupTooDeep"


def test_pdfs_are_merged(node: Bench) -> None:
    given: list[Item] = [
        {"json": {}, "binary": {"b": stored(node, blank(20), key="b"), "a": stored(node, blank(10, 11), key="a")}},
        {"json": {}, "binary": {"c": stored(node, blank(30), key="c")}},
    ]
    [one] = node({"operation": "merge"}, given)["output"]["main"]["items"]
    assert widths(node, one) == [20, 10, 11, 30]
    assert one["json"]["pages"] == 4
    [first] = node({"operation": "merge", "merged": "each", "files": "a, b"}, given[:1])["output"]["main"]["items"]
    assert widths(node, first) == [10, 11, 20]
    assert refused(node, items({}), operation="merge") == "ParameterInvalid"


def test_a_pdf_is_split(node: Bench) -> None:
    given = with_file(node, blank(10, 11, 12, 13, 14), "all.pdf")
    found = node({"operation": "split", "every": 2}, given)["output"]["main"]["items"]
    assert [widths(node, one) for one in found] == [[10, 11], [12, 13], [14]]
    assert found[1]["json"] == {
        "fileName": "all-2.pdf",
        "size": found[1]["binary"]["data"]["size"],
        "pages": 2,
        "part": 2,
        "firstPage": 3,
    }


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ("1-2, 5", [10, 11, 14]),
        ("-1", [14]),
        ("4-", [13, 14]),
        ("3-1", [12, 11, 10]),
        ("-2--1", [13, 14]),
        ("2,2", [11, 11]),
    ],
)
def test_pages_are_taken_out(node: Bench, pages: str, expected: list[int]) -> None:
    given = with_file(node, blank(10, 11, 12, 13, 14))
    [one] = node({"operation": "pages", "pages": pages}, given)["output"]["main"]["items"]
    assert widths(node, one) == expected


def test_what_cannot_be_read_is_refused(node: Bench) -> None:
    for pages in ("0", "6", "a", "1;2", "1-9", ","):
        assert refused(node, with_file(node, blank(1, 2)), operation="pages", pages=pages) == "ParameterInvalid"
    locked = with_file(node, blank(10, password="pw"))
    assert refused(node, locked, operation="split") == "FileEncrypted"
    assert refused(node, locked, operation="split", password="no") == "FileEncrypted"
    [one] = node({"operation": "split", "password": "pw"}, locked)["output"]["main"]["items"]
    assert widths(node, one) == [10]
    for content in (b"", b"%PDF-1.7", b"hello", blank(10)[:150]):
        assert refused(node, with_file(node, content), operation="split") == "FileInvalid"
