"""Reads rows by the names of their columns."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.sheets.cells import spreadsheet_id, start_of, text_of
from functions.nodes.apps.google.nodes.sheets.fields import Read
from functions.nodes.apps.google.nodes.sheets.table import ROW_NUMBER, Table, values
from stepweave.spec.operations import Call


def read(call: Call, params: Read) -> Iterator[dict[str, Any]]:
    """Give the rows that fit, by the columns' names."""
    id = spreadsheet_id(params.spreadsheet)
    row, cells = f"{params.header_row}:{params.header_row}", params.range.strip()
    if not cells and params.limit and not params.filters:
        cells = f"1:{params.header_row + params.limit}"
    header, found = values(call, id, params.sheet, [row, cells], params.render)
    table = Table.of(id, params, next(iter(header.get("values", ())), []))
    column, above = start_of(str(found.get("range", "")))
    wanted = [(table.column(one.column), text_of(one.value)) for one in params.filters]
    left = params.limit
    for number, line in enumerate(found.get("values", ()), above + 1):
        if number <= params.header_row or not any(cell != "" for cell in line):
            continue
        values_at = dict(enumerate(line, column))
        if all(text_of(values_at.get(at, "")) == text for at, text in wanted):
            yield _row(table, number, column, line, whole=not params.range.strip())
            left = None if left is None else left - 1
            if left == 0:
                return


def _row(table: Table, number: int, column: int, line: list[Any], *, whole: bool) -> dict[str, Any]:
    """Return a row's item: a value for each column, also for those at the end, which Google leaves out."""
    width = max(len(table.names), column + len(line)) if whole else column + len(line)
    names = list(table.names) + [f"column_{at + 1}" for at in range(len(table.names), width)]
    cells = {names[at]: line[at - column] if at - column < len(line) else "" for at in range(column, width)}
    return {**cells, ROW_NUMBER: number}
