"""Cells of a spreadsheet: how places are written (A1 notation), and what becomes of values."""

import json
import re
from typing import Any, Final, Literal

from stepweave.model.numbers import scalar_text
from stepweave.runtime.errors import ParameterInvalid

Input = Literal["raw", "typed", "formulas"]
"""How values get into cells."""

MOST_CHARACTERS: Final = 50_000
"""Of a cell (Google Docs Editors Help, "Files you can store in Google Drive")."""
_EXACT: Final = 2**53
_ID: Final = re.compile(r"/spreadsheets/(?:u/\d+/)?d/([A-Za-z0-9_-]+)")
_A_CELL: Final = re.compile(r"\$?([A-Za-z]{0,3})\$?(\d*)")
_NUMBER: Final = re.compile(r"[+-]?[\d.,\s]*\d[\d.,]*(?:[eE][+-]?\d+)?%?")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""How what a spreadsheet takes for a formula begins (OWASP, "CSV injection")."""


def spreadsheet_id(text: str) -> str:
    """Return a spreadsheet's ID, of itself or of its address. Raises ParameterInvalid where it is neither."""
    found = _ID.search(text)
    id = found[1] if found else text.strip()
    if not re.fullmatch(r"[A-Za-z0-9_-]+", id):
        raise ParameterInvalid(
            f"“{text[:80]}” is neither the ID nor the address of a Google spreadsheet.",
            "Choose one, or paste its address from the browser; a file of Excel must be converted first.",
            details={"field": "params.spreadsheet"},
        )
    return id


def place(sheet: str, cells: str = "") -> str:
    """Return cells of a sheet in A1 notation, whatever its name has in it: `'Bob''s (2024)!'!A1:B2`."""
    quoted = "'" + sheet.replace("'", "''") + "'"
    return f"{quoted}!{cells}" if cells else quoted


def letters(column: int) -> str:
    """Return what a column is called, which are counted from 0: A, Z, AA."""
    text, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def start_of(range: str) -> tuple[int, int]:
    """Return the first column and row of a range that Google writes (`'A!'!B5:D9`), both counted from 0."""
    found = _A_CELL.fullmatch(range.rpartition("!")[2].partition(":")[0])
    if found is None:
        return 0, 0
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return max(column - 1, 0), max(int(found[2] or 1) - 1, 0)


def text_of(value: Any) -> str:
    """Return what cells are compared by: 7, 7.0 and "7" are one, and so are `true` and TRUE."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return scalar_text(value)
    text = str(value).strip()
    return text.upper() if text.lower() in ("true", "false") else text


def cell_of(value: Any, input: Input, column: str) -> Any:
    """Return a value as it is sent; None leaves a cell as it is.

    Args:
        value: JSON data; an object or a list becomes its JSON text, a whole number with more digits than a cell
            keeps, too.
        input: `typed` reads text as if somebody typed it, but for formulas, which stay text.
        column: for errors.

    Raises:
        ParameterInvalid: it has more than `MOST_CHARACTERS`.
    """
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) > _EXACT:
        value = str(value)
    if not isinstance(value, str):
        return value
    if len(value) > MOST_CHARACTERS:
        raise ParameterInvalid(
            f"The value of {column} has {len(value)} characters; a cell takes {MOST_CHARACTERS}.",
            "Shorten it, or keep it in a file.",
            details={"field": "params.columns", "column": column},
        )
    if input == "typed" and value.startswith(_FORMULA) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value
