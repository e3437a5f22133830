"""The HTML that Telegram knows, and what else is written in HTML, as pieces of text with their styles.

Tags of pages that Telegram lacks end a line or count for nothing; what is no tag of HTML (`a <b`) is text.
"""

from html.parser import HTMLParser
from typing import Final

from stepweave.runtime.styled import Kind, Run, Style

_STYLES: Final[dict[str, Kind]] = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strike",
    "strike": "strike",
    "del": "strike",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "quote",
    "a": "link",
    "span": "spoiler",
}
_BLOCKS: Final = frozenset(["p", "div", "ul", "ol", "table", "tr", "section", "article", "header", "footer", "main"])
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_INERT: Final = frozenset(("html", "body", "head", "tbody", "thead", "td", "th", "font", "small", "big", "sub", "sup"))
_HIDDEN: Final = frozenset(("script", "style", "title"))


def runs_of_html(text: str) -> list[Run]:
    """Return what HTML says. Elements that are not closed end with the text."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.runs


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.runs: list[Run] = []
        self._open: list[tuple[str, Style | None]] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin what a tag begins."""
        given = {name: value or "" for name, value in attrs}
        if tag in _STYLES:
            self._open.append((tag, self._style(tag, given)))
        elif tag in _HEADINGS:
            self._line()
            self._open.append((tag, Style("bold")))
        elif tag in _HIDDEN:
            self._hidden += 1
        elif tag == "li":
            self._line()
            self._write("• ")
        elif tag in ("br", "hr"):
            self._write("\n")
        elif tag in _BLOCKS:
            self._line()
        elif tag == "img":
            self._write(given.get("alt", ""))
        elif tag not in _INERT:
            self._write(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        """End what a tag ends; an end of nothing counts for nothing."""
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place][0] == tag:
                del self._open[place]
                break
        if tag in _BLOCKS or tag in _HEADINGS or tag == "li":
            self._line()

    def handle_data(self, data: str) -> None:
        """Take text."""
        if not self._hidden:
            self._write(data)

    def _style(self, tag: str, given: dict[str, str]) -> Style | None:
        if tag == "span" and given.get("class") != "tg-spoiler":
            return None
        if tag == "code" and self._open and self._open[-1][0] == "pre":
            language = given.get("class", "").removeprefix("language-")
            self._open[-1] = ("pre", Style("pre", language))
            return None
        return Style(_STYLES[tag], given.get("href", "") if tag == "a" else "")

    def _line(self) -> None:
        if self.runs and not self.runs[-1].text.endswith("\n"):
            self._write("\n")

    def _write(self, text: str) -> None:
        if text:
            self.runs.append(Run(text, tuple(style for _, style in self._open if style is not None)))
