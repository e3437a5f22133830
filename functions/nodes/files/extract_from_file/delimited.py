"""CSV, line by line."""

import csv
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final, TextIO

from functions.nodes.files.extract_from_file.rows import fields_of
from functions.nodes.files.extract_from_file.source import Source
from stepweave.model.csv_cells import delimiter_of
from stepweave.runtime.file_errors import FileInvalid
from stepweave.runtime.placing import invalid

MOST_CELL: Final = 10 * 1024**2
_SAMPLE_LINES: Final = 20
_LONGEST_LINE: Final = 16 * 1024**2


def read(source: Source) -> Iterator[dict[str, Any]]:
    """Yield the rows of a CSV file.

    Raises:
        FileInvalid: a quote is not closed, or a cell is longer than `MOST_CELL`.
        FileNotText: its encoding is not known, or not what it is in.
    """
    try:
        yield from fields_of(_cells(source), source.params, skip=0)  # lines before are no rows yet
    except UnicodeDecodeError as error:
        raise source.wrong_byte(error) from None


def _cells(source: Source) -> Iterator[list[str]]:
    lines = _bounded(source.lines())
    for _ in range(source.params.skip_rows):
        next(lines, "")
    sample = [line for _, line in zip(range(_SAMPLE_LINES), lines, strict=False)]
    delimiter = _delimiter(source.params.delimiter)
    if sample and sample[0].lower().startswith("sep=") and len(sample[0].rstrip("\r\n")) == 5:  # written for Excel
        delimiter = delimiter or sample[0][4]
        sample = sample[1:]
    quotes = source.params.quotes
    # The limit is the process's: it is only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), MOST_CELL))
    reader = csv.reader(
        chain(sample, lines),
        delimiter=delimiter or delimiter_of("".join(sample)),
        quotechar="'" if quotes == "single" else '"',
        quoting=csv.QUOTE_NONE if quotes == "none" else csv.QUOTE_MINIMAL,
        strict=quotes != "lenient",
    )
    line = 1
    try:
        for row in reader:
            line = reader.line_num + 1
            yield row
    except csv.Error as error:
        at = line + source.params.skip_rows
        raise FileInvalid(
            f"The row that begins in line {at:,} cannot be read: {error}.",
            "Write a quote within a cell twice, and close each cell that begins with one; or choose other quotes in "
            "the options.",
            details={"line": at},
        ) from None


def _bounded(text: TextIO) -> Iterator[str]:
    """Yield lines; one without an end is given in parts, which the limit of a cell ends."""
    while line := text.readline(_LONGEST_LINE):
        yield line


def _delimiter(given: str) -> str:
    if given in ("", "\\t"):
        return "\t" if given else ""
    if len(given) > 1 or given in '\r\n"':
        raise invalid("delimiter", f"Delimiter: {given!r} is none.", "Write one character, or \\t for a tab.")
    return given
