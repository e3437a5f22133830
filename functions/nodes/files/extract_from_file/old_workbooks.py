"""Excel's .xls of 1997 to 2003."""

from collections.abc import Iterator
from datetime import datetime, time
from io import StringIO
from typing import Any, Final

import xlrd

from functions.nodes.files.extract_from_file.archives import encrypted
from functions.nodes.files.extract_from_file.rows import fields_of, plain
from functions.nodes.files.extract_from_file.sheets import chosen
from functions.nodes.files.extract_from_file.source import Source

MOST_BYTES: Final = 30 * 1024**2
"""Such a file has 65,536 rows a sheet, and is held in memory."""


def read(source: Source) -> Iterator[dict[str, Any]]:
    """Yield the rows of a workbook's sheets. Raises FileInvalid, FileEncrypted, SheetNotFound."""
    source.file.check(MOST_BYTES)
    try:
        book = xlrd.open_workbook(file_contents=b"".join(source.file.chunks()), on_demand=True, logfile=StringIO())
    except Exception as error:  # a damaged file gets it to raise anything
        if "encrypted" in str(error).lower():
            raise encrypted("workbook") from None
        raise source.invalid("Excel 97 workbook (.xls)", "it cannot be read") from None
    for name in chosen(source.params.sheet, book.sheet_names()):
        yield from fields_of(_rows(book, book.sheet_by_name(name)), source.params)
        book.unload_sheet(name)


def _rows(book: Any, sheet: Any) -> Iterator[list[Any]]:
    for number in range(sheet.nrows):
        yield [_cell(cell, book.datemode) for cell in sheet.row(number)]


def _cell(cell: Any, mode: int) -> Any:
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return None
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#N/A")
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            year, month, day, *clock = xlrd.xldate_as_tuple(cell.value, mode)
        except xlrd.XLDateError:
            return plain(cell.value)
        return plain(datetime(year, month, day, *clock)) if year else time(*clock).isoformat()
    return plain(cell.value)
