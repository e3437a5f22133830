"""The text of a block: Markdown's marks to Notion's annotations, and back."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from functions.nodes.apps.notion.texts import MOST_PIECES, rich_text

if TYPE_CHECKING:
    from markdown_it.token import Token

_MARKS: Final = {"strong": "bold", "em": "italic", "s": "strikethrough"}
_LONGEST_URL: Final = 2000
_SPECIAL: Final = re.compile(r"([\\`*_\[\]~])")


def pieces_of(tokens: "Sequence[Token]") -> list[dict[str, Any]]:
    """Return a line of Markdown as rich text."""
    pieces: list[dict[str, Any]] = []
    marks: list[str] = []
    link = ""
    for token in tokens:
        name, _, end = token.type.rpartition("_")
        if name in _MARKS:
            marks = [*marks, _MARKS[name]] if end == "open" else [one for one in marks if one != _MARKS[name]]
        elif token.type == "link_open":
            link = _url(str(token.attrGet("href") or ""))
        elif token.type == "link_close":
            link = ""
        elif token.type in ("softbreak", "hardbreak"):
            pieces += rich_text("\n", dict.fromkeys(marks, True), link)
        elif token.type == "code_inline":
            pieces += rich_text(token.content, {**dict.fromkeys(marks, True), "code": True}, link)
        elif token.type == "image":
            pieces += rich_text(token.content or "image", dict.fromkeys(marks, True), _url(str(token.attrGet("src"))))
        elif token.content:
            pieces += rich_text(token.content, dict.fromkeys(marks, True), link)
    return _joined(pieces)


def groups_of(pieces: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Return rich text in groups that each fit a block; at least one."""
    return [pieces[start : start + MOST_PIECES] for start in range(0, len(pieces), MOST_PIECES)] or [[]]


def markdown_of(pieces: Any) -> str:
    """Return rich text as a line of Markdown."""
    return "".join(_marked(piece) for piece in pieces or [] if isinstance(piece, Mapping))


def _url(url: str) -> str:
    return url if re.match(r"(https?://|mailto:)", url) and len(url) <= _LONGEST_URL else ""


def _joined(pieces: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return pieces, neighbours with the same marks as one, as long as it may be."""
    joined: list[dict[str, Any]] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last and _look(last) == _look(piece):
            text = last["text"]["content"] + piece["text"]["content"]
            link = str((piece["text"].get("link") or {}).get("url", ""))
            joined[-1:] = rich_text(text, piece.get("annotations"), link)
        else:
            joined.append(piece)
    return joined


def _look(piece: Mapping[str, Any]) -> tuple[Any, Any]:
    return piece.get("annotations"), piece["text"].get("link")


def _marked(piece: Mapping[str, Any]) -> str:
    text, marks = str(piece.get("plain_text") or ""), piece.get("annotations") or {}
    if piece.get("type") == "equation":
        return f"${text}$"
    inner = text.strip()
    if not inner:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    inner = f"`{inner}`" if marks.get("code") else _SPECIAL.sub(r"\\\1", inner)
    for name, mark in (("strikethrough", "~~"), ("italic", "*"), ("bold", "**")):
        inner = f"{mark}{inner}{mark}" if marks.get(name) else inner
    href = piece.get("href")
    return f"{before}[{inner}]({href}){after}" if href else f"{before}{inner}{after}"
