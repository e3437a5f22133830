"""The order of JSON values, whatever their types: what sorting, smallest and largest go by.

Ascending: false, true, numbers, text, lists, objects; within a type by value. Lists are compared entry by entry,
objects by their names and values in the order of the names. null stands before all of them where it lies within a list
or an object; nodes put a value that is null or missing itself where they are told to. Values that are the same
(`stepweave.model.equality`) are equal here.
"""

import re
from collections.abc import Callable
from typing import Any, Final

_PIECES: Final = re.compile(r"([0-9]+)")
_NUMBER, _TEXT, _LIST, _OBJECT = 2, 3, 4, 5

Key = Callable[[str], Any]
"""What texts are compared by."""


def order_key(value: Any, text: Key = str) -> tuple[int, Any]:
    """Return what Python compares a JSON value by.

    Args:
        value: JSON data.
        text: what texts are compared by, as they are by default: by code points.
    """
    if isinstance(value, str):
        return (_TEXT, text(value))
    if value is None:
        return (0, 0)
    if isinstance(value, bool):
        return (1, value)
    if isinstance(value, int | float):
        return (_NUMBER, value)
    if isinstance(value, list):
        return (_LIST, [order_key(entry, text) for entry in value])
    return (_OBJECT, [(name, order_key(value[name], text)) for name in sorted(value)])


def folded_text(text: str) -> str:
    """Return what text is compared by without regard to case."""
    return text.casefold()


def natural_text(text: str) -> list[tuple[int, Any]]:
    """Return what text is compared by as people read it: digits as the numbers they are, accents and case left out."""
    if not text.isascii():
        from unicodedata import combining, normalize  # nothing but natural order needs it

        text = "".join(one for one in normalize("NFKD", text) if not combining(one))
    pieces: list[tuple[int, Any]] = []
    for at, piece in enumerate(_PIECES.split(text.casefold())):
        if at % 2:
            digits = piece.lstrip("0")
            pieces.append((0, (len(digits), digits)))  # as a number, however long
        elif piece:
            pieces.append((1, piece))
    return pieces
