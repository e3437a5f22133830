"""OpenDocument's .ods, written row by row (ODF 1.3, part 3, "Spreadsheet Documents")."""

import re
import zipfile
from collections.abc import Iterator
from typing import IO, Any, Final, cast
from xml.sax.saxutils import escape, quoteattr

from functions.nodes.files.convert_to_file.dates import moment_of
from functions.nodes.files.convert_to_file.target import Given, Table, Target, WrittenOn, cell_text

MOST_ROWS: Final = 1_048_576
"""Of a sheet, in LibreOffice."""
_MIME: Final = "application/vnd.oasis.opendocument.spreadsheet"
_PIECE: Final = 512 * 1024
_EXACT: Final = 10**15
"""Beyond it a number loses digits, and is written as text."""
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SPACES: Final = re.compile(" {2,}|^ | $")
_OASIS: Final = "urn:oasis:names:tc:opendocument:xmlns"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_BEGIN: Final = (
    f'{_HEAD}<office:document-content xmlns:office="{_OASIS}:office:1.0" xmlns:table="{_OASIS}:table:1.0" '
    f'xmlns:text="{_OASIS}:text:1.0" xmlns:style="{_OASIS}:style:1.0" xmlns:number="{_OASIS}:datastyle:1.0" '
    f'xmlns:fo="{_OASIS}:xsl-fo-compatible:1.0" office:version="1.3"><office:automatic-styles>'
    '<style:style style:name="bold" style:family="table-cell"><style:text-properties fo:font-weight="bold"/>'
    "</style:style>"
    '<number:date-style style:name="day-format"><number:year number:style="long"/><number:text>-</number:text>'
    '<number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/>'
    "</number:date-style>"
    '<number:date-style style:name="moment-format"><number:year number:style="long"/><number:text>-</number:text>'
    '<number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/>'
    '<number:text> </number:text><number:hours number:style="long"/><number:text>:</number:text>'
    '<number:minutes number:style="long"/><number:text>:</number:text><number:seconds number:style="long"/>'
    "</number:date-style>"
    '<style:style style:name="day" style:family="table-cell" style:data-style-name="day-format"/>'
    '<style:style style:name="moment" style:family="table-cell" style:data-style-name="moment-format"/>'
    "</office:automatic-styles><office:body><office:spreadsheet>"
)
_END: Final = "</office:spreadsheet></office:body></office:document-content>"
_MANIFEST: Final = (
    f'{_HEAD}<manifest:manifest xmlns:manifest="{_OASIS}:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{_MIME}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def write(target: Target, given: Given) -> int:
    """Write a row for each item, and return how many there are."""
    params = target.params
    table = Table(params, given)
    with zipfile.ZipFile(cast("IO[bytes]", WrittenOn(target)), "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        # The first file, and not compressed: by it a document is known (ODF 1.3, part 2, 3.3).
        archive.writestr(zipfile.ZipInfo("mimetype"), _MIME)
        with archive.open("content.xml", "w", force_zip64=True) as file:
            file.write(_BEGIN.encode())
            total = _sheets(file, params.sheet, table, params.header, params.dates)
            file.write(_END.encode())
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
    return total


def _sheets(file: IO[bytes], sheet: str, table: Table, header: bool, dates: bool) -> int:
    rows, total, number = table.rows(), 0, 1
    name = _sheet_name(sheet)
    while True:
        named = name if number == 1 else f"{name} ({number})"
        file.write(f"<table:table table:name={quoteattr(named)}>".encode())
        names = table.names if header else []
        if names:
            file.write(f"<table:table-row>{''.join(_text(one, 'bold') for one in names)}</table:table-row>".encode())
        most = MOST_ROWS - bool(names)
        written = _rows(file, rows, most, dates)
        file.write(("" if written or names else "<table:table-row><table:table-cell/></table:table-row>").encode())
        file.write(b"</table:table>")
        total, number = total + written, number + 1
        if written < most:
            return total


def _rows(file: IO[bytes], rows: Iterator[list[Any]], most: int, dates: bool) -> int:
    pieces: list[str] = []
    count = size = 0
    for row in rows:
        text = f"<table:table-row>{''.join([_cell(value, dates) for value in row])}</table:table-row>"
        pieces.append(text)
        size, count = size + len(text), count + 1
        if size > _PIECE:
            file.write("".join(pieces).encode())
            pieces, size = [], 0
        if count == most:
            break
    file.write("".join(pieces).encode())
    return count


def _cell(value: Any, dates: bool) -> str:
    match value:
        case None:
            return "<table:table-cell/>"
        case bool():
            told = "true" if value else "false"
            return f'<table:table-cell office:value-type="boolean" office:boolean-value="{told}"/>'
        case int() | float() if -_EXACT < value < _EXACT:
            return f'<table:table-cell office:value-type="float" office:value="{value!r}"/>'
        case str() if dates and (moment := moment_of(value)) is not None:
            style = "moment" if "T" in moment else "day"
            return (
                f'<table:table-cell table:style-name="{style}" office:value-type="date" office:date-value="{moment}"/>'
            )
    return _text(cell_text(value))


def _text(text: str, style: str = "") -> str:
    given = f' table:style-name="{style}"' if style else ""
    lines = _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    written = "".join(f"<text:p>{_line(line)}</text:p>" for line in lines)
    return f'<table:table-cell{given} office:value-type="string">{written}</table:table-cell>'


def _line(line: str) -> str:
    """Return a line in which spaces and tabs stay what they are: XML's readers put them together."""
    if "  " in line or line[:1] == " " or line[-1:] == " ":
        parts = _SPACES.split(line)
        spaces = [f'<text:s text:c="{len(found[0])}"/>' for found in _SPACES.finditer(line)] + [""]
        text = "".join(escape(part) + space for part, space in zip(parts, spaces, strict=True))
    else:
        text = escape(line)
    return text.replace("\t", "<text:tab/>")


def _sheet_name(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\\x00-\x1f]", "_", name).strip("'")[:100] or "Sheet1"
