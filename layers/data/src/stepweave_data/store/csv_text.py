"""Tables as CSV (RFC 4180), both ways, with formulas made harmless (`stepweave.model.csv_cells`). Pure."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any, Final, Literal

from stepweave.model.csv_cells import BOM, DELIMITERS, Delimiter, delimiter_of, harmless, plain
from stepweave.model.json_text import JsonInvalid, read
from stepweave.model.numbers import scalar_text
from stepweave_data.store.errors import StoreError
from stepweave_data.store.tables import Column

MOST_HEADERS: Final = 500
_LONGEST_CELL: Final = 256 * 1024


class CsvInvalid(StoreError):
    """The text is no CSV that could be read."""


@dataclass(frozen=True, slots=True)
class Read:
    """A CSV text that was read. Each row has its line and its cells, of which there are as many as headers."""

    delimiter: str
    headers: list[str]
    rows: list[tuple[int, list[str]]]


def written(rows: Iterable[Sequence[Any]], types: Sequence[str], *, escape: bool = True) -> str:
    """Return rows as CSV, with commas and CRLF.

    Args:
        rows: values as items have them; None is an empty cell.
        types: of the columns; only texts and JSON can be formulas.
        escape: whether they are made harmless.
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        cells = [_cell(value, type) for value, type in zip(row, types, strict=True)]
        guarded = [
            harmless(cell) if escape and type in ("text", "json") else cell
            for cell, type in zip(cells, types, strict=True)
        ]
        if guarded == [""]:  # an empty line is no row to most readers
            text.write('""\r\n')
        else:
            writer.writerow(guarded)
    return text.getvalue()


def parsed(text: str, delimiter: Delimiter | Literal["auto"] = "auto") -> Read:
    """Return a CSV text's rows; lines without any value are left out.

    Args:
        text: with a byte order mark or without, and any line breaks.
        delimiter: one of `DELIMITERS`, or `auto` for that of them which the head of the text has most of, outside of
            quotes.

    Raises:
        CsvInvalid: a quote is not closed, a row has more cells than there are headers, there is no header, or two are
            the same.
    """
    text = text.removeprefix(BOM)
    found = delimiter_of(text) if delimiter == "auto" else DELIMITERS[delimiter]
    lines = _lines(text, found)
    _, headers = next(lines, (0, []))
    headers = [header.strip() for header in headers]
    while headers and not headers[-1]:  # a spreadsheet's empty columns
        headers.pop()
    _check(headers)
    rows = [(line, _fitted(line, cells, len(headers))) for line, cells in lines]
    return Read(found, headers, rows)


def value_of(cell: str, column: Column, *, unescape: bool) -> Any:
    """Return what a cell gives a column; None for an empty one. Raises CsvInvalid for JSON that is none."""
    if unescape and column.type in ("text", "json"):
        cell = plain(cell)
    if cell == "" or (column.type != "text" and not cell.strip()):
        return None
    if column.type != "json":
        return cell
    try:
        return read(cell, nul=False)
    except JsonInvalid as error:
        message = f"The column “{column.name}” takes JSON, and the text is {error}."
        raise CsvInvalid(message, "Write text in double quotes.", column.name) from None


def _cell(value: Any, type: str) -> str:
    if value is None:
        return ""
    if type == "json":
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)  # with all of its digits
    return value if isinstance(value, str) else scalar_text(value)


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield rows that have a value, each with the line where it begins. Raises CsvInvalid."""
    # The limit is the process's: it is only ever raised, to that of a row.
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
    # Line breaks as the reader expects them: a lone CR ends a line, too, and those within quotes stay.
    source = StringIO(text, newline="")
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise CsvInvalid(
            f"Line {line} cannot be read: {error}.",
            "Write a quote within a cell twice, and close each cell that begins with one.",
            "csv",
        ) from None


def _fitted(line: int, cells: list[str], wanted: int) -> list[str]:
    extra = [cell for cell in cells[wanted:] if cell.strip()]
    if extra:
        raise CsvInvalid(
            f"Line {line} has {len(cells)} cells, and there are {wanted} headers.",
            "Put quotes around cells that hold the delimiter, or choose another delimiter.",
            "csv",
        )
    return [*cells[:wanted], *[""] * (wanted - len(cells))]


def _check(headers: Sequence[str]) -> None:
    if not headers:
        raise CsvInvalid("There is no line of headers.", "Begin with a line that names the columns.", "csv")
    if len(headers) > MOST_HEADERS:
        raise CsvInvalid(f"There are {len(headers)} headers; {MOST_HEADERS} are the most.", "Take some out.", "csv")
    seen: set[str] = set()
    for number, header in enumerate(headers, 1):
        if not header:
            raise CsvInvalid(f"Header {number} is empty.", "Name each column in the first line.", "csv")
        if header.lower() in seen:
            raise CsvInvalid(f"The header “{header[:80]}” is there twice.", "Rename one of them.", "csv")
        seen.add(header.lower())
