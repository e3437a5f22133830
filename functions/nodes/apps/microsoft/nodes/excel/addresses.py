"""Addresses of cells: `Sheet1!A2:C5`."""

import re
from dataclasses import dataclass
from typing import Final

_CELLS: Final = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells of a worksheet. Rows and columns count from 1."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    def rows(self, first: int, last: int) -> "Area":
        """Return the same columns, other rows."""
        return Area(self.sheet, first, self.left, last, self.right)

    def __str__(self) -> str:
        """Return it without the worksheet."""
        return f"{letters(self.left)}{self.top}:{letters(self.right)}{self.bottom}"


def area_of(address: str) -> Area:
    """Return an area. Raises ValueError where it is none."""
    sheet, _, cells = address.rpartition("!")
    found = _CELLS.fullmatch(cells.strip())
    if found is None:
        raise ValueError(address)
    name = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
    left, top, right, bottom = found.groups()
    return Area(name, int(top), number(left), int(bottom or top), number(right or left))


def letters(column: int) -> str:
    """Return a column's letters: 1 is A, 27 is AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def number(column: str) -> int:
    """Return a column's number."""
    found = 0
    for char in column.upper():
        found = found * 26 + ord(char) - 64
    return found
