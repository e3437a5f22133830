"""Markdown of tenants as HTML: whatever HTML stands in it is text, and links lead to pages and mail only."""

import re
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

MOST: Final = 50_000
"""Characters that are read as Markdown; what is longer is shown as it is written."""
_MARKED: Final = re.compile(r"[*_`#\[<>&\\+=~\n|-]|^\s|[0-9][.)]\s")
"""A text without any of these is the same in Markdown, and spares the import."""


def to_html(text: str) -> str:
    """Return HTML that runs nothing and loads nothing but pictures."""
    if len(text) > MOST or not _MARKED.search(text):
        return f"<p>{escape(text)}</p>" if text.strip() else ""
    reader = _reader()
    tokens = reader.parse(text)
    for token in (inner for outer in tokens for inner in outer.children or ()):
        if token.type == "link_open":
            token.attrSet("target", "_blank")  # what is filled in stays in its tab
            token.attrSet("rel", "noopener noreferrer")
    return str(reader.renderer.render(tokens, reader.options, {}))


@cache
def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # only where somebody writes Markdown: it costs a cold start

    reader = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    reader.validateLink = lambda url: url.lower().startswith(("https://", "http://", "mailto:"))  # type: ignore[method-assign]  # how the library lets links be chosen
    return reader
