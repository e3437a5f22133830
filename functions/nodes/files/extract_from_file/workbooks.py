"""Excel's .xlsx, row by row."""

import re
import warnings
import zlib
from collections.abc import Iterator
from typing import Any, Final
from zipfile import BadZipFile

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from functions.nodes.files.extract_from_file.archives import opened
from functions.nodes.files.extract_from_file.rows import fields_of, plain
from functions.nodes.files.extract_from_file.sheets import chosen
from functions.nodes.files.extract_from_file.source import Source
from stepweave.runtime.file_errors import XmlForbidden

_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_DAMAGED: Final = (
    *(InvalidFileException, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError),
    *(BadZipFile, zlib.error, EOFError, NotImplementedError),
)
"""What openpyxl raises of files that are not as they should be."""


def read(source: Source) -> Iterator[dict[str, Any]]:
    """Yield the rows of a workbook's sheets.

    Raises:
        FileInvalid: it is no workbook.
        FileEncrypted: it has a password.
        SheetNotFound: there is no such sheet.
    """
    with opened(source, "Excel workbook") as (copy, _):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # openpyxl warns of what it does not read: charts, validation
                book = load_workbook(copy, read_only=True, data_only=True, keep_links=False)
            sheets = {sheet.title: sheet for sheet in book.worksheets}
            for name in chosen(source.params.sheet, list(sheets)):
                yield from fields_of(_rows(sheets[name]), source.params)
        except _DAMAGED as error:
            if isinstance(error, DefusedXmlException) or isinstance(error.__cause__, DefusedXmlException):
                raise XmlForbidden("The workbook has entities of its own.", "Save it again, in Excel.") from None
            raise source.invalid("Excel workbook", f"it cannot be read ({type(error).__name__})") from None


def _rows(sheet: Any) -> Iterator[list[Any]]:
    sheet.reset_dimensions()  # programs write wrong ones, and rows beyond would be lost
    for row in sheet.iter_rows(values_only=True):
        yield [_cell(value) for value in row]


def _cell(value: Any) -> Any:
    if type(value) is str and "_x" in value:  # how Excel writes what XML cannot hold
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    return plain(value)
