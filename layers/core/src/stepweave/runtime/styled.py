"""Markdown as pieces of text with their styles, for chats that have styles and no Markdown. Needs the layer `markup`.

Chats show line breaks where they are written, have no headings and no tables: a heading is bold, a table is text of
fixed width, an image is a link.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

Kind = Literal["bold", "italic", "underline", "strike", "spoiler", "code", "pre", "quote", "link"]


class Style(NamedTuple):
    """How text looks; `detail` is the URL of a link, the language of code."""

    kind: Kind
    detail: str = ""


class Run(NamedTuple):
    """A piece of text, with all its styles, the outermost first."""

    text: str
    styles: tuple[Style, ...] = ()


_INLINE: Final[dict[str, Kind]] = {"strong": "bold", "em": "italic", "s": "strike"}
_DEEPEST: Final = 50


def runs_of_markdown(text: str) -> list[Run]:
    """Return what Markdown (CommonMark with tables and strikethrough) says; HTML in it is text."""
    writer = _Writer()
    tokens = iter(_reader().parse(text))
    for token in tokens:
        writer.block(token, tokens)
    return writer.runs


@cache
def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # only where somebody writes Markdown: it costs a cold start

    return MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST}).enable(["table", "strikethrough"])


class _Writer:
    """Writes the pieces of a document, block by block."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self._styles: list[Style] = []
        self._lists: list[int | None] = []
        """The next number of each open list; None of those with bullets."""
        self._marked = False
        """An item's mark was written, and nothing behind it."""
        self._tight = False

    def block(self, token: "Token", rest: Iterator["Token"]) -> None:
        """Write a block's token; `rest` are those behind it."""
        name, _, end = token.type.rpartition("_")
        if token.type == "inline":
            self._inline(token.children or [])
        elif name == "heading":
            self._opened(end, Style("bold"))
        elif name == "blockquote":
            self._opened(end, Style("quote"), apart=False)  # its first block does it
        elif token.type == "paragraph_open":
            self._apart(tight=token.hidden)
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            number = int(token.attrGet("start") or 1) if name == "ordered_list" else None
            self._lists.append(number)
            self._tight = len(self._lists) > 1
        elif name in ("bullet_list", "ordered_list"):
            self._lists.pop()
            self._tight = bool(self._lists)
        elif token.type == "list_item_open":
            self._mark()
        elif token.type in ("fence", "code_block"):
            self._apart()
            self._write(token.content.rstrip("\n"), Style("pre", token.info.split(" ", 1)[0]))
        elif token.type == "hr":
            self._apart()
            self._write("———")
        elif token.type == "table_open":
            self._apart()
            self._write(_table(rest), Style("pre"))

    def _opened(self, end: str, style: Style, *, apart: bool = True) -> None:
        if end == "open":
            if apart:
                self._apart()
            self._styles.append(style)
        else:
            self._styles.pop()

    def _mark(self) -> None:
        self._apart(tight=self._tight)
        self._tight = True
        number = self._lists[-1]
        indent = "   " * (len(self._lists) - 1)
        self._write(f"{indent}• " if number is None else f"{indent}{number}. ")
        if number is not None:
            self._lists[-1] = number + 1
        self._marked = True

    def _apart(self, *, tight: bool = False) -> None:
        """Write what parts a block from the one before it."""
        if self._marked:
            self._marked = False
        elif self.runs:
            # What parts two paragraphs of a quote belongs to it.
            shared = [style for style in self._styles if style.kind == "quote" and style in self.runs[-1].styles]
            self.runs.append(Run("\n" if tight or self._lists else "\n\n", tuple(shared)))

    def _inline(self, tokens: Iterable["Token"]) -> None:
        self._marked = False
        for token in tokens:
            name, _, end = token.type.rpartition("_")
            if token.type in ("softbreak", "hardbreak"):
                self._write("\n")
            elif token.type == "code_inline":
                self._write(token.content, Style("code"))
            elif token.type == "image":
                self._write(token.content or "image", Style("link", str(token.attrGet("src") or "")))
            elif token.type == "link_open":
                self._styles.append(Style("link", str(token.attrGet("href") or "")))
            elif name in _INLINE and end == "open":
                self._styles.append(Style(_INLINE[name]))
            elif end == "close":
                self._styles.pop()
            else:
                self._write(token.content)

    def _write(self, text: str, *styles: Style) -> None:
        if text:
            self.runs.append(Run(text, (*self._styles, *styles)))


def _table(tokens: Iterator["Token"]) -> str:
    """Return a table as text of fixed width; takes its tokens."""
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append("".join(child.content for child in token.children or []))
        elif token.type == "table_close":
            break
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)
