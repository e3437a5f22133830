"""Rows of several items in one request: a sheet takes sixty writes a minute, however many rows each has."""

from collections.abc import Iterator, Sequence
from typing import Any

from functions.nodes.apps.google.nodes.sheets.cells import Input, letters, place, spreadsheet_id, start_of, text_of
from functions.nodes.apps.google.nodes.sheets.errors import RowMissing
from functions.nodes.apps.google.nodes.sheets.fields import Found, InTable
from functions.nodes.apps.google.nodes.sheets.requests import APPEND, CLEAR, WRITE
from functions.nodes.apps.google.nodes.sheets.table import Table, values
from functions.nodes.apps.google.once import once
from stepweave.runtime.errors import ParameterInvalid
from stepweave.spec.operations import Call

Cells = dict[int, Any]
Given = list[dict[str, Any]] | Exception


def alike(pairs: Sequence[tuple[Call, Any]]) -> list[tuple[Call, Any]]:
    """Return the first items, as far as they go to the same table in the same way."""

    def target(params: InTable) -> tuple[Any, ...]:
        more = (getattr(params, name, None) for name in ("values", "new_columns", "key", "key_column", "find_by"))
        return spreadsheet_id(params.spreadsheet), params.sheet, params.header_row, *more

    first = target(pairs[0][1])
    found = [pairs[0]]
    for pair in pairs[1:]:
        try:
            if target(pair[1]) != first:
                break
        except ParameterInvalid:
            break
        found.append(pair)
    return found


def option(input: Input) -> str:
    """Return how Google calls a way of input."""
    return "RAW" if input == "raw" else "USER_ENTERED"


def append(call: Call, table: Table, rows: list[Cells], input: Input) -> int:
    """Append rows behind the table's last one, each value in its column. Return the number of the first.

    Raises:
        OutcomeUnknown: Google did not answer, so they may be there.
    """
    write(call, table, [], input)  # the names of new columns
    known = len(table.names) + len(table.added)
    start = table.start
    last = max(known - 1, start)
    made = [[row.get(at) for at in range(start, last + 1)] for row in rows]
    with once("The rows may have been appended", "the sheet"):
        answer = call.ask(
            APPEND,
            id=table.id,
            # To the end: of several blocks of rows, with empty ones between them, Google then takes the last.
            range=place(table.sheet, f"{letters(start)}{table.header_row}:{letters(last)}"),
            input=option(input),
            rows=[["" if cell is None else cell for cell in row] for row in made],
        )
    landed = str(answer["updates"]["updatedRange"])
    column, first = start_of(landed)
    if column != start:
        _mended(call, table, landed, first + 1, made, input)
    return first + 1


def _mended(call: Call, table: Table, landed: str, first: int, rows: list[list[Any]], input: Input) -> None:
    """Move rows that Google put beside their columns: it looks for a table itself, and may find another."""
    call.log(f"Google put the rows at {landed}, beside their columns; they are moved.")
    call.ask(CLEAR, id=table.id, range=landed)
    last = letters(table.start + len(rows[0]) - 1)
    end = f"{letters(table.start)}{first}:{last}{first + len(rows) - 1}"
    call.ask(WRITE, id=table.id, input=option(input), data=[{"range": place(table.sheet, end), "values": rows}])


def write(call: Call, table: Table, rows: list[tuple[int, Cells]], input: Input) -> None:
    """Write cells of rows that are there, by the rows' numbers, and the names of new columns. Other cells stay."""
    header = table.header()
    data = []
    for number, cells in rows:
        first, last = min(cells), max(cells)
        line = [cells.get(at) for at in range(first, last + 1)]
        data.append({"range": table.cells(number, first, last), "values": [line]})
    if header:
        call.ask(WRITE, id=table.id, input="RAW", data=[header])
    if data:
        call.ask(WRITE, id=table.id, input=option(input), data=data)


def keys_of(call: Call, table: Table, name: str) -> dict[str, list[int]]:
    """Return the numbers of the rows by their value in the key column, as text. Raises ColumnMissing."""
    letter = letters(table.column(name))
    [found] = values(call, table.id, table.sheet, [f"{letter}:{letter}"])
    numbers: dict[str, list[int]] = {}
    _, above = start_of(str(found.get("range", "")))
    for at, row in enumerate(found.get("values", ()), above + 1):
        text = text_of(row[0]) if row else ""
        if text and at > table.header_row:
            numbers.setdefault(text, []).append(at)
    return numbers


def key_in(cells: dict[str, Any], name: str) -> str:
    """Return an item's value of the key column. Raises ParameterInvalid where it has none."""
    text = next((text_of(value) for column, value in cells.items() if column.strip() == name.strip()), "")
    if not text:
        raise ParameterInvalid(
            f"The item has no value for the key column “{name}”.",
            "Fill it in among the columns: the row is found by it.",
            details={"field": "params.columns", "column": name},
        )
    return text


def rows_of(params: Found, key: str, keys: dict[str, list[int]]) -> list[int]:
    """Return the numbers of the rows that an item means. Raises RowMissing."""
    if params.find_by == "key":
        if key not in keys:
            raise RowMissing(
                f"No row of “{params.sheet}” has “{key[:80]}” in the column “{params.key}”.",
                "Use Append or update to add it, or check the value.",
                details={"field": "params.key", "value": key[:200]},
            )
        return keys[key]
    if params.row_number is None or params.row_number <= params.header_row:
        raise RowMissing(
            f"Row {params.row_number} is no row of data: row {params.header_row} has the columns' names.",
            "Write the number of a row below it.",
            details={"field": "params.rowNumber"},
        )
    return [params.row_number]


def each(error: Exception, count: int) -> Iterator[Given]:
    """Yield the error of a request for each of the items that were in it: none of them is sent again by itself."""
    for _ in range(count):
        yield error
