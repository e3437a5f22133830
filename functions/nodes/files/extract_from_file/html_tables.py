"""Tables of HTML pages."""

from collections.abc import Iterator
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from functions.nodes.files.extract_from_file.errors import SheetNotFound
from functions.nodes.files.extract_from_file.rows import fields_of
from functions.nodes.files.extract_from_file.source import Source
from stepweave.runtime.errors import DataTooLarge
from stepweave.runtime.markup import check_nesting

MOST_CELLS: Final = 2_000_000
_MOST_SPAN: Final = 1000
"""Columns or rows that one cell goes over (HTML standard, "colspan")."""


def read(source: Source) -> Iterator[dict[str, Any]]:
    """Yield the rows of a page's tables; a cell over several columns or rows is in each of them.

    Raises:
        SheetNotFound: there is no such table.
        MarkupTooDeep: elements are nested without end.
        DataTooLarge: the page, or what its spans come to, is too large.
    """
    html = source.text()
    check_nesting(html, "file")
    tables = LexborHTMLParser(html).css("table")
    wanted = source.params.table
    if not tables or wanted > len(tables):
        raise SheetNotFound(
            f"The page has no table {wanted or 1}.",
            f"It has {len(tables)}.",
            details={"field": "params.table", "names": []},
        )
    for table in tables if wanted == 0 else [tables[wanted - 1]]:
        yield from fields_of(_grid(table), source.params)


def _grid(table: LexborNode) -> list[list[Any]]:
    rows: list[list[Any]] = []
    spans: dict[int, tuple[int, str]] = {}
    """Column -> rows that a cell above still covers, and its text."""
    cells = 0
    for line in _rows(table):
        row: list[Any] = []

        def covered(row: list[Any] = row) -> None:
            while (span := spans.get(len(row))) is not None:
                left, text = span
                if left > 1:
                    spans[len(row)] = (left - 1, text)
                else:
                    del spans[len(row)]
                row.append(text)

        for cell in line.iter():
            if cell.tag not in ("td", "th"):
                continue
            covered()
            text = " ".join(cell.text(separator=" ", strip=False).split())
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            cells += wide
            if cells > MOST_CELLS:
                raise DataTooLarge(f"The table has more than {MOST_CELLS:,} cells.", "Take a smaller table.")
            for _ in range(wide):
                if high > 1:
                    spans[len(row)] = (high - 1, text)
                row.append(text)
        covered()
        rows.append(row)
    return rows


def _rows(table: LexborNode) -> Iterator[LexborNode]:
    """Yield a table's own rows, not those of tables in its cells."""
    for part in table.iter():
        if part.tag == "tr":
            yield part
        elif part.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in part.iter() if row.tag == "tr")


def _span(cell: LexborNode, name: str) -> int:
    text = (cell.attributes.get(name) or "1").strip()
    return min(max(int(text[:6]), 1), _MOST_SPAN) if text.isascii() and text.isdecimal() else 1
