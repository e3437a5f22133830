"""Rows of cells to fields: names of columns, rows of any length, texts that are numbers."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from functions.nodes.files.extract_from_file.spec import Params
from stepweave.model.numbers import scalar_text
from stepweave.runtime.errors import DataTooLarge
from stepweave.runtime.file_errors import FileInvalid

MOST_COLUMNS: Final = 16_384
MOST_CELLS: Final = 100_000_000
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?")
_EXACT: Final = 2**53


def fields_of(rows: Iterable[Sequence[Any]], params: Params, skip: int | None = None) -> Iterator[dict[str, Any]]:
    """Yield rows as fields, by the names of columns; empty rows are left out.

    Args:
        rows: of cells.
        params: how they are read.
        skip: the rows before that are left out, where it is another number than the parameters say.

    Raises:
        FileInvalid: a row is longer than the header, and is to fail.
        DataTooLarge: there are more than `MOST_COLUMNS` or `MOST_CELLS`.
    """
    names: list[str] | None = _unique(params.columns) if params.header == "given" else None
    left, cells, typed = params.skip_rows if skip is None else skip, 0, params.types
    for number, row in enumerate(rows, 1):
        if left:
            left -= 1
            continue
        if not any(cell not in (None, "") for cell in row):
            continue
        cells += len(row)
        if len(row) > MOST_COLUMNS or cells > MOST_CELLS:
            raise DataTooLarge(
                f"Row {number:,} is beyond {MOST_COLUMNS:,} columns or {MOST_CELLS:,} cells.", "Take a part of it."
            )
        if names is None:
            names = _unique(row) if params.header == "first" else [f"column{place + 1}" for place in range(len(row))]
            if params.header == "first":
                continue
        if len(row) > len(names):
            row = _longer(row, names, number, params)
        values = [_typed(cell) if typed and type(cell) is str else cell for cell in row]
        fields = dict(zip(names, values, strict=False))
        if len(values) < len(names):
            fields |= dict.fromkeys(names[len(values) :])
        yield fields


def _longer(row: Sequence[Any], names: list[str], number: int, params: Params) -> Sequence[Any]:
    end = len(row)
    while end > len(names) and row[end - 1] in (None, ""):  # what a spreadsheet puts behind
        end -= 1
    if end > len(names) and params.ragged == "fail":
        raise FileInvalid(
            f"Row {number:,} has {end} cells, and there are {len(names)} names of columns.",
            "Put quotes around cells that hold the delimiter, or let longer rows get columns more (options).",
            details={"row": number},
        )
    if params.ragged == "keep":
        while len(names) < end:
            names.append(_free(f"column{len(names) + 1}", set(names)))
    return row[: len(names)]


def _unique(row: Sequence[Any]) -> list[str]:
    names: list[str] = []
    seen: set[str] = set()
    end = len(row)
    while end > 1 and (row[end - 1] is None or not str(row[end - 1]).strip()):  # delimiters behind the last name
        end -= 1
    for number, cell in enumerate(row[:end], 1):
        text = cell if isinstance(cell, str) else "" if cell is None else scalar_text(cell)
        name = _free(" ".join(text.split()) or f"column{number}", seen)
        seen.add(name)
        names.append(name)
    return names


def _free(name: str, seen: set[str]) -> str:
    number, free = 1, name
    while free in seen:
        number += 1
        free = f"{name}_{number}"
    return free


def _typed(text: str) -> Any:
    if not text or len(text) > 32:
        return text
    if text[0] in "-0123456789":
        if _NUMBER.fullmatch(text):
            number = float(text)
            return int(number) if number.is_integer() else number
        return text
    if text in ("true", "TRUE", "True"):
        return True
    return False if text in ("false", "FALSE", "False") else text


def plain(value: Any) -> Any:
    """Return a cell of a spreadsheet as JSON has it: dates as ISO 8601, whole numbers without a point."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return value if -_EXACT <= value <= _EXACT else str(value)
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            return None
        return int(value) if value.is_integer() and abs(value) <= _EXACT else value
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="auto")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return clock(value)
    return str(value)


def clock(length: timedelta) -> str:
    """Return a length of time as a clock shows it, hours beyond a day, too: `26:30:00`."""
    seconds = round(abs(length.total_seconds()))
    sign = "-" if length < timedelta() else ""
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
