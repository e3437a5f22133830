"""Excel's .xlsx, written row by row: a light writer, for openpyxl needs three times as long.

Texts stand in their cells (`inlineStr`), so that none is kept in memory for others like it.
"""

import re
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import IO, Any, Final, cast

from functions.nodes.files.convert_to_file.dates import parts_of
from functions.nodes.files.convert_to_file.target import Given, Table, Target, WrittenOn, cell_text

MOST_ROWS: Final = 1_048_576
MOST_LETTERS: Final = 32_767
"""Of a cell (Excel specifications and limits)."""
_EXACT: Final = 10**15
"""Digits of a number that Excel keeps."""
_PIECE: Final = 512 * 1024
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ESCAPE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES: Final = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/>'
    '<xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/>'
    '<xf fontId="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_DAY, _MOMENT, _BOLD = 1, 2, 3
"""Styles, by their places in `cellXfs`."""


def write(target: Target, given: Given) -> int:
    """Write a row for each item, and return how many there are."""
    params = target.params
    table = Table(params, given)
    rows, sheets = table.rows(), list[str]()
    total = 0
    with zipfile.ZipFile(cast("IO[bytes]", WrittenOn(target)), "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        name = _sheet_name(params.sheet)
        while True:
            sheets.append(name if not sheets else f"{name[:27]} ({len(sheets) + 1})")
            with archive.open(f"xl/worksheets/sheet{len(sheets)}.xml", "w", force_zip64=True) as file:
                written = _sheet(file, table.names if params.header else [], rows, params.dates)
            total += written
            if written < MOST_ROWS - bool(params.header and table.names):
                break
        for path, text in _parts(sheets).items():
            archive.writestr(path, text)
    return total


def _sheet(file: IO[bytes], header: list[str], rows: Iterator[list[Any]], dates: bool) -> int:
    pieces = [f'{_HEAD}<worksheet xmlns="{_MAIN}">']
    if header:
        pieces.append('<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen" ')
        pieces.append('activePane="bottomLeft"/></sheetView></sheetViews>')
    pieces.append("<sheetData>")
    if header:
        pieces.append(f"<row>{''.join(_text(name, _BOLD) for name in header)}</row>")
    count, size, most = 0, 0, MOST_ROWS - bool(header)
    for row in rows:
        text = f"<row>{''.join([_cell(value, dates) for value in row])}</row>"
        pieces.append(text)
        size += len(text)
        count += 1
        if size > _PIECE:
            file.write("".join(pieces).encode())
            pieces, size = [], 0
        if count == most:
            break
    pieces.append("</sheetData></worksheet>")
    file.write("".join(pieces).encode())
    return count


def _cell(value: Any, dates: bool) -> str:
    kind = type(value)
    if kind is str:
        if dates and (found := _dated(value)):
            return found
        return _text(value)
    if kind is int or kind is float:
        return f"<c><v>{value!r}</v></c>" if -_EXACT < value < _EXACT else _text(cell_text(value))
    if value is None:
        return "<c/>"
    return f'<c t="b"><v>{int(value)}</v></c>' if kind is bool else _text(cell_text(value))


def _text(text: str, style: int = 0) -> str:
    if len(text) > MOST_LETTERS:
        text = text[: MOST_LETTERS - 1] + "…"
    if "&" in text or "<" in text or ">" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if "_x" in text:
        text = _ESCAPE.sub("_x005F_", text)
    if not text.isprintable():
        text = _ILLEGAL.sub("", text).replace("\r", "_x000D_")
    kept = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() or "\n" in text else ""
    given = f' s="{style}"' if style else ""
    return f'<c{given} t="inlineStr"><is><t{kept}>{text}</t></is></c>' if text else "<c/>"


def _dated(text: str) -> str:
    """Return the cell of a date; empty for text that is none, or before 1900-03-01, which Excel counts wrongly."""
    found = parts_of(text)
    if found is None:
        return ""
    year, month, day, hour, minute, second, timed = found
    days = date(year, month, day).toordinal() - 693594
    if days < 61:
        return ""
    if not timed:
        return f'<c s="{_DAY}"><v>{days}</v></c>'
    return f'<c s="{_MOMENT}"><v>{days + (hour * 3600 + minute * 60 + second) / 86400!r}</v></c>'


def _sheet_name(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\\x00-\x1f]", "_", name).strip("'")[:31] or "Sheet1"


def _parts(sheets: list[str]) -> dict[str, str]:
    """Return the archive's other files."""
    from xml.sax.saxutils import quoteattr

    numbers = range(1, len(sheets) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for number in numbers
    )
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(sheets, 1)
    )
    related = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{overrides}</Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{related}'
        f'<Relationship Id="rIdStyles" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": _STYLES,
    }
