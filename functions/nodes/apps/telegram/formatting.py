"""Texts as Telegram takes them: plain, with the places that have a style beside them (`entities`).

So nothing in a text can be wrong markup, whatever expressions bring into it, and a long text can be cut anywhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from functions.nodes.apps.telegram.html import runs_of_html
from stepweave.runtime.errors import DataTooLarge, ParameterInvalid
from stepweave.runtime.styled import Run, Style, runs_of_markdown

MOST_TEXT: Final = 4096
MOST_CAPTION: Final = 1024
"""Characters, of UTF-16, after the markup is taken away (core.telegram.org/bots/api)."""
MOST_PARTS: Final = 20
_TYPES: Final = {
    "bold": "bold",
    "italic": "italic",
    "underline": "underline",
    "strike": "strikethrough",
    "spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "quote": "blockquote",
    "link": "text_link",
}
_ALONE: Final = ("code", "pre")
"""Within these there is no other style, but around them a quote may be."""


class Span(NamedTuple):
    """A style and where it stands, in characters of Python."""

    start: int
    end: int
    style: Style


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text and its styles."""

    text: str
    spans: tuple[Span, ...] = ()

    @property
    def size(self) -> int:
        """Its length as Telegram counts."""
        return _units(self.text)

    def entities(self) -> list[dict[str, Any]]:
        """Return the styles as `MessageEntity`, whose offsets count UTF-16."""
        found = []
        for start, end, style in self.spans:
            one: dict[str, Any] = {"type": _TYPES[style.kind], "offset": _units(self.text[:start])}
            one["length"] = _units(self.text[start:end])
            if style.kind == "link":
                one["url"] = style.detail
            if style.kind == "pre" and style.detail:
                one["language"] = style.detail
            found.append(one)
        return found

    def part(self, start: int, end: int) -> "Formatted":
        """Return what stands from `start` to `end`, without white space around it."""
        while start < end and self.text[start].isspace():
            start += 1
        while start < end and self.text[end - 1].isspace():
            end -= 1
        spans = (Span(max(one.start, start) - start, min(one.end, end) - start, one.style) for one in self.spans)
        return Formatted(self.text[start:end], tuple(one for one in spans if one.start < one.end))

    def parts(self, most: int) -> Iterator["Formatted"]:
        """Yield it in parts of at most `most`, cut between paragraphs, lines or words where there are some."""
        start, length = 0, len(self.text)
        while start < length:
            end = self._end(start, most)
            made = self.part(start, end)
            if made.text:
                yield made
            start = end

    def _end(self, start: int, most: int) -> int:
        end, units = start, 0
        while end < len(self.text):
            units += _units(self.text[end])
            if units > most:
                break
            end += 1
        if end == len(self.text):
            return end
        for mark in ("\n\n", "\n", " "):
            place = self.text.rfind(mark, start + (end - start) // 2, end)
            if place > start:
                return place + len(mark)
        return end


def formatted(text: str, format: str, field: str) -> Formatted:
    """Return a text that is written as `plain`, `markdown` or `html`. Raises ParameterInvalid where nothing is left."""
    if format == "markdown":
        runs = runs_of_markdown(text)
    elif format == "html":
        runs = runs_of_html(text)
    else:
        runs = [Run(text)]
    made = _joined(runs)
    made = made.part(0, len(made.text))
    if not made.text:
        raise ParameterInvalid("The text is empty.", "Write something.", details={"field": f"params.{field}"})
    return made


def fitting(made: Formatted, most: int, *, splits: bool, field: str) -> list[Formatted]:
    """Return the messages that a text makes. Raises DataTooLarge."""
    if made.size <= most:
        return [made]
    parts = list(made.parts(most)) if splits else []
    if parts and len(parts) <= MOST_PARTS:
        return parts
    remedy = "Shorten it, or send it as a document." if parts else "Shorten it, or send it in several messages."
    at_most = f"{most} in each of {MOST_PARTS} parts" if parts else str(most)
    words = f"The text has {made.size} characters; Telegram takes {at_most}."
    raise DataTooLarge(words, remedy, details={"field": f"params.{field}"})


def _joined(runs: list[Run]) -> Formatted:
    text, open_, spans = "", dict[Style, int](), list[Span]()
    for run in runs:
        styles = _allowed(run.styles)
        for style in [one for one in open_ if one not in styles]:
            spans.append(Span(open_.pop(style), len(text), style))
        for style in styles:
            open_.setdefault(style, len(text))
        text += run.text
    spans += [Span(start, len(text), style) for style, start in open_.items()]
    # The outermost first: of those that begin together the longest.
    return Formatted(text, tuple(sorted(spans, key=lambda one: (one.start, -one.end))))


def _allowed(styles: tuple[Style, ...]) -> tuple[Style, ...]:
    alone = [style for style in styles if style.kind in _ALONE][-1:]
    quotes = [style for style in styles if style.kind == "quote"][:1]
    if alone:
        return (*quotes, *alone)
    links = [style for style in styles if style.kind == "link" and _is_link(style.detail)][-1:]
    others = [style for style in styles if style.kind not in ("quote", "link")]
    return (*quotes, *links, *dict.fromkeys(others))


def _is_link(url: str) -> bool:
    return url.partition(":")[0].lower() in ("http", "https", "tg", "mailto", "tel")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
