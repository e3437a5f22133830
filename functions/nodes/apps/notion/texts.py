"""Rich text within Notion's limits (developers.notion.com/reference/request-limits)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

MOST_CHARACTERS: Final = 2000
MOST_PIECES: Final = 100


def rich_text(text: str, marks: Mapping[str, Any] | None = None, link: str = "") -> list[dict[str, Any]]:
    """Return text as pieces, each as long as Notion takes; none where it is empty.

    Args:
        text: any.
        marks: annotations: `{"bold": True}`.
        link: an address; "" for none.
    """
    pieces = []
    for part in parts_of(text):
        piece: dict[str, Any] = {"type": "text", "text": {"content": part}}
        if link:
            piece["text"]["link"] = {"url": link}
        if marks:
            piece["annotations"] = dict(marks)
        pieces.append(piece)
    return pieces


def parts_of(text: str) -> Iterator[str]:
    """Yield text in parts of at most 2000 UTF-16 units, as Notion counts; no character is cut in two."""
    start = size = 0
    for place, char in enumerate(text):
        units = 2 if ord(char) > 0xFFFF else 1
        if size + units > MOST_CHARACTERS:
            yield text[start:place]
            start, size = place, 0
        size += units
    if start < len(text):
        yield text[start:]
