"""HTML and Markdown on pages, by fpdf2: no browser, no style sheets, and nothing that is fetched."""

import base64
import binascii
import io
import logging
import re
import warnings
from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from fpdf import FPDF, XPos, YPos
from fpdf.errors import FPDFException
from fpdf.fonts import FontFace, TTFFont
from fpdf.html import HTML2FPDF
from markdown_it import MarkdownIt
from PIL import Image

from functions.nodes.files.pdf.errors import PageUnwritable
from functions.nodes.files.pdf.spec import Params
from stepweave.model.items import Item
from stepweave.runtime.errors import DataTooLarge
from stepweave.runtime.item_files import OpenFile
from stepweave.runtime.markup import check_nesting

Log = Callable[..., None]
MOST_LETTERS: Final = 2_000_000
MOST_PICTURE: Final = 10 * 1024**2
MOST_PIXELS: Final = 25_000_000
_DATA: Final = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,(.*)", re.DOTALL | re.IGNORECASE)
_LEFT_OUT: Final = ("script", "style", "head", "title", "iframe", "object", "svg", "template")
"""Elements that are not to be seen."""
_UNWRITABLE: Final = (
    *(FPDFException, ValueError, KeyError, IndexError, TypeError, AttributeError, ZeroDivisionError, RuntimeError),
    *(AssertionError, OverflowError),
)
"""What fpdf2 raises of HTML that it cannot lay out."""
_FACES: Final = {"": "Regular", "B": "Bold", "I": "Italic", "BI": "BoldItalic"}
_PAPERS: Final = {
    "A3": (297, 420),
    "A4": (210, 297),
    "A5": (148, 210),
    "Letter": (215.9, 279.4),
    "Legal": (215.9, 355.6),
}
"""In millimetres."""
_FAMILY: Final = "opensans"


class Page(HTML2FPDF):
    """HTML without what is not to be seen."""

    _left_out = ""
    _depth = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """Begin an element, or leave it out."""
        if not self._left_out and tag in _LEFT_OUT:
            self._left_out = tag
        if self._left_out:
            self._depth += tag == self._left_out
        else:
            super().handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """End an element."""
        if not self._left_out:
            super().handle_endtag(tag)
        elif tag == self._left_out:
            self._depth -= 1
            self._left_out = self._left_out if self._depth else ""

    def handle_data(self, data: str) -> None:
        """Write text."""
        if not self._left_out:
            super().handle_data(data)


class Document(FPDF):
    """A PDF whose pictures come from the item."""

    HTML2FPDF_CLASS = Page

    def __init__(self, params: Params, pictures: Mapping[str, Callable[[], bytes]], log: Log) -> None:
        super().__init__("L" if params.landscape else "P", "mm", _PAPERS[params.paper])
        self._pictures, self._log, self._numbers = pictures, log, params.page_numbers

    def footer(self) -> None:
        """Write the number of the page, where that is wanted."""
        if self._numbers:
            self.set_y(-12)
            self.set_font(_FAMILY, size=8)
            self.cell(0, 6, f"{self.page_no()} / {{nb}}", align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def image(self, name: Any, *args: Any, **more: Any) -> Any:
        """Put a picture of the item's, or one in the HTML itself, on the page; others are left out."""
        content = self._content(str(name))
        if content is None:
            self._log("warning", f"A picture was left out: {str(name)[:80]}.")
            return None
        return super().image(io.BytesIO(content), *args, **more)

    def _content(self, name: str) -> bytes | None:
        if found := _DATA.fullmatch(name):
            try:
                content = base64.b64decode(re.sub(r"\s", "", found[1]), validate=True)
            except (binascii.Error, ValueError):
                return None
        elif name in self._pictures:
            content = self._pictures[name]()
        else:
            return None
        return content if len(content) <= MOST_PICTURE and _is_picture(content) else None


def _is_picture(content: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "GIF", "WEBP")) as picture:
            return picture.width * picture.height <= MOST_PIXELS
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


def laid_out(params: Params, item: Item, open_file: OpenFile, log: Log) -> tuple[bytes, int]:
    """Return a PDF of the content, and how many pages it has.

    Raises:
        PageUnwritable: it cannot be laid out.
        DataTooLarge: it is too long.
    """
    if len(params.content) > MOST_LETTERS:
        raise DataTooLarge(
            f"The content has {len(params.content):,} letters; {MOST_LETTERS:,} are read.", "Shorten it."
        )
    html = params.content if params.source == "html" else _markdown().render(params.content)
    check_nesting(html, "content")

    def picture(name: str) -> Callable[[], bytes]:
        def read() -> bytes:
            file = open_file(item["binary"][name])
            file.check(MOST_PICTURE, "A picture")
            return b"".join(file.chunks())

        return read

    pictures = {name: picture(name) for name in item.get("binary", {})}
    document = Document(params, pictures, log)
    try:
        content = _written(document, html, params, log)
    except _UNWRITABLE as error:
        words = " ".join(str(error).split())[:200] or type(error).__name__
        raise PageUnwritable(
            f"The content cannot be laid out: {words}.",
            "Use simpler HTML: headings, paragraphs, lists, tables with rows of as many cells.",
            details={"field": "params.content"},
        ) from None
    finally:
        for font in document.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()
    return content, len(document.pages)


def _written(document: Document, html: str, params: Params, log: Log) -> bytes:
    logging.getLogger("fpdf").setLevel(logging.ERROR)  # what it warns of is told below
    for style, face in _FACES.items():
        document.add_font(_FAMILY, style, _fonts() / f"OpenSans-{face}.ttf")
    document.set_margin(params.margin)
    document.set_auto_page_break(True, max(params.margin, 15) if params.page_numbers else params.margin)
    document.set_font(_FAMILY, size=params.text_size)
    if params.title:
        document.set_title(params.title)
    document.add_page()
    font = document.fonts[_FAMILY]
    known = font.cmap if isinstance(font, TTFFont) else {}
    missing = sorted({letter for letter in html if letter > "\x7f" and ord(letter) not in known})
    if missing:
        log("warning", f"The font has no letters for {''.join(missing[:20])}.")
    styles = {tag: FontFace(family=_FAMILY) for tag in ("code", "pre")}  # Courier has Latin letters only
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", UserWarning)
        document.write_html(html, font_family=_FAMILY, tag_styles=styles, warn_on_tags_not_matching=False)
        content = bytes(document.output())
    for words in dict.fromkeys(str(one.message) for one in told if issubclass(one.category, UserWarning)):
        log("warning", words[:300])
    return content


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "maxNesting": 50}).enable(["table"])


@cache
def _fonts() -> Path:
    found = find_spec("ttf_opensans")
    if found is None or found.origin is None:
        raise FileNotFoundError("ttf_opensans is not installed")
    return Path(found.origin).parent / "ttf"
