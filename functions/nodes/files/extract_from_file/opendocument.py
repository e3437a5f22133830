"""OpenDocument spreadsheets (.ods), row by row: XML events, no tree."""

import zipfile
from collections.abc import Iterator
from typing import Any, Final

from functions.nodes.files.extract_from_file.archives import encrypted, opened
from functions.nodes.files.extract_from_file.rows import MOST_COLUMNS, fields_of, plain
from functions.nodes.files.extract_from_file.sheets import chosen
from functions.nodes.files.extract_from_file.source import Source
from functions.nodes.files.extract_from_file.xml_events import Events

_NUMBERS: Final = ("float", "percentage", "currency")
_MOST_REPEATED: Final = 100_000
"""Rows that are one row repeated: programs repeat what is empty to the end of the sheet."""


def read(source: Source) -> Iterator[dict[str, Any]]:
    """Yield the rows of a workbook's sheets. Raises FileInvalid, FileEncrypted, SheetNotFound."""
    with opened(source, "OpenDocument spreadsheet") as (_, archive):
        try:
            if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise encrypted("spreadsheet")
            names = list(_names(source, archive))
            for name in chosen(source.params.sheet, names):
                yield from fields_of(_rows(source, archive, name), source.params)
        except KeyError:
            raise source.invalid("OpenDocument spreadsheet", "it has no content") from None


def _names(source: Source, archive: zipfile.ZipFile) -> Iterator[str]:
    with archive.open("content.xml") as content:
        for kind, name, attributes in Events(source, content):
            if kind == "start" and name == "table:table":
                yield attributes.get("table:name", "")


def _rows(source: Source, archive: zipfile.ZipFile, wanted: str) -> Iterator[list[Any]]:
    inside, row, cell = False, list[Any](), _Cell({})
    with archive.open("content.xml") as content:
        for kind, name, given in Events(source, content):
            if name == "table:table":
                if inside and kind == "end":
                    return
                inside = inside or (kind == "start" and given.get("table:name", "") == wanted)
            elif not inside:
                continue
            elif name == "table:table-row" and kind == "start":
                row, repeated = [], _count(given, "table:number-rows-repeated")
            elif name == "table:table-row":
                times = 1 if not any(value is not None for value in row) else min(repeated, _MOST_REPEATED)
                for _ in range(times):
                    yield list(row)
            elif name in ("table:table-cell", "table:covered-table-cell"):
                if kind == "start":
                    cell = _Cell(given)
                else:
                    cell.add_to(row)
            else:
                cell.take(kind, name, given)


def _count(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return max(int(text[:9]), 1) if text.isdecimal() else 1


class _Cell:
    def __init__(self, attributes: dict[str, str]) -> None:
        self._attributes = attributes
        self._text: list[str] = []
        self._notes = 0

    def take(self, kind: str, name: str, given: dict[str, str]) -> None:
        if name == "office:annotation":
            self._notes += 1 if kind == "start" else -1
        elif self._notes:
            return
        elif kind == "text":
            self._text.append(name)
        elif kind == "start" and name == "text:s":
            self._text.append(" " * min(_count(given, "text:c"), 1000))
        elif kind == "start" and name in ("text:tab", "text:line-break"):
            self._text.append("\t" if name == "text:tab" else "\n")
        elif kind == "start" and name == "text:p" and self._text:
            self._text.append("\n")

    def add_to(self, row: list[Any]) -> None:
        value = self._value()
        times = _count(self._attributes, "table:number-columns-repeated")
        if value is None and times > 1000:  # to the end of the sheet
            times = 0
        row.extend([value] * min(times, MOST_COLUMNS + 1 - len(row)))

    def _value(self) -> Any:
        given = self._attributes
        kind = given.get("office:value-type", "")
        if kind in _NUMBERS:
            try:
                return plain(float(given.get("office:value", "")))
            except ValueError:
                return "".join(self._text) or None
        if kind == "boolean":
            return given.get("office:boolean-value") == "true"
        if kind == "date":
            return given.get("office:date-value", "").removesuffix("T00:00:00") or None
        return "".join(self._text) or None
