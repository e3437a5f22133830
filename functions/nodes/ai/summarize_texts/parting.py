"""Texts in parts that a model reads at a time."""

from collections.abc import Iterable, Iterator
from typing import Final

_ENDS: Final = ("\n\n", "\n", ". ", " ")
"""Where a part may end, what parts least first."""
BETWEEN: Final = "\n\n---\n\n"
"""Between texts within one part."""


def parts_of(texts: Iterable[str], length: int) -> list[str]:
    """Return texts in parts of at most so many characters: several short texts in one, a long one in several."""
    parts: list[str] = []
    for piece in (piece for text in texts for piece in _pieces(text.strip(), length)):
        if parts and len(parts[-1]) + len(BETWEEN) + len(piece) <= length:
            parts[-1] += BETWEEN + piece
        else:
            parts.append(piece)
    return parts


def _pieces(text: str, length: int) -> Iterator[str]:
    while len(text) > length:
        at = next((place for end in _ENDS if (place := text.rfind(end, length // 2, length)) > 0), length)
        yield text[:at].rstrip()
        text = text[at:].lstrip()
    if text:
        yield text
