"""What is done with rows: each function is an operation's (`Operation.together`), for several items at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from functions.nodes.apps.google.nodes.sheets.cells import text_of
from functions.nodes.apps.google.nodes.sheets.fields import Deleted, Updated, Upserted, Written
from functions.nodes.apps.google.nodes.sheets.requests import CHANGE
from functions.nodes.apps.google.nodes.sheets.table import Table, given_of, sheet_of
from functions.nodes.apps.google.nodes.sheets.writing import (
    Cells,
    Given,
    alike,
    append,
    each,
    key_in,
    keys_of,
    rows_of,
    write,
)
from functions.nodes.apps.google.once import once
from stepweave.runtime.errors import NodeError
from stepweave.spec.operations import Call


def appended(pairs: Sequence[tuple[Call, Written]]) -> Iterator[Given]:
    """Append the rows of several items with one request. Give each as it was written, with its number."""
    call, params = pairs[0]
    table = Table.read(call, params)
    rows: list[Cells] = []
    wrong: NodeError | None = None
    for one, given in alike(pairs):
        try:
            rows.append(table.positions(given_of(one, given), given))
        except NodeError as error:
            wrong = error
            break
    if rows:
        try:
            first = append(call, table, rows, params.values)
        except NodeError as error:
            yield from each(error, len(rows))
            return
        for number, row in enumerate(rows, first):
            yield [table.shown(number, row)]
    if wrong:
        yield wrong


@dataclass(slots=True)
class _Plan:
    """What becomes of some items: cells of rows that are there, and rows that are not. A key has one row of those."""

    there: dict[int, Cells] = field(default_factory=dict)
    new: dict[str, Cells] = field(default_factory=dict)
    items: list[tuple[str, list[int], Cells]] = field(default_factory=list)

    def add(self, key: str, numbers: list[int], cells: Cells) -> None:
        for number in numbers:
            self.there.setdefault(number, {}).update(cells)
        if not numbers:
            self.new.setdefault(key, {}).update(cells)
        self.items.append((key, numbers, cells))


def upserted(pairs: Sequence[tuple[Call, Upserted]]) -> Iterator[Given]:
    """Update and append the rows of several items: two requests that read, and one or two that write."""
    call, params = pairs[0]
    table = Table.read(call, params)
    is_empty = not table.names and params.new_columns == "add"
    keys = {} if is_empty else keys_of(call, table, params.key_column)
    plan, wrong = _Plan(), None
    for one, given in alike(pairs):
        try:
            row = given_of(one, given)
            key = key_in(row, params.key_column)
            plan.add(key, keys.get(key, []), table.positions(row, given))
        except NodeError as error:
            wrong = error
            break
    try:
        write(call, table, list(plan.there.items()), params.values)
        first = append(call, table, list(plan.new.values()), params.values) if plan.new else 0
    except NodeError as error:
        yield from each(error, len(plan.items))
        if not plan.items:
            raise
        return
    appended = {key: number for number, key in enumerate(plan.new, first)}
    for key, numbers, cells in plan.items:
        yield [table.shown(number, cells) for number in numbers or [appended[key]]]
    if wrong:
        yield wrong


def updated(pairs: Sequence[tuple[Call, Updated]]) -> Iterator[Given]:
    """Update the rows of several items with one request. Give each row that was updated."""
    call, params = pairs[0]
    table = Table.read(call, params)
    keys = keys_of(call, table, params.key) if params.find_by == "key" else {}
    items: list[tuple[list[int], Cells]] = []
    rows: dict[int, Cells] = {}
    wrong: NodeError | None = None
    for one, given in alike(pairs):
        try:
            row = given_of(one, given)
            key = key_in(row, params.key) if params.find_by == "key" else ""
            numbers = rows_of(given, key, keys)
            cells = table.positions(row, given)
        except NodeError as error:
            wrong = error
            break
        items.append((numbers, cells))
        for number in numbers:
            rows.setdefault(number, {}).update(cells)
    if items:
        try:
            write(call, table, list(rows.items()), params.values)
        except NodeError as error:
            yield from each(error, len(items))
            return
    for numbers, cells in items:
        yield [table.shown(number, cells) for number in numbers]
    if wrong:
        yield wrong


def deleted(pairs: Sequence[tuple[Call, Deleted]]) -> Iterator[Given]:
    """Delete the rows of several items with one request, so that no number shifts in between."""
    call, params = pairs[0]
    table = Table.read(call, params)
    keys = keys_of(call, table, params.key) if params.find_by == "key" else {}
    items: list[list[int]] = []
    wrong: NodeError | None = None
    for _, given in alike(pairs):
        try:
            items.append(_numbers(given, keys))
        except NodeError as error:
            wrong = error
            break
    numbers = sorted({number for found in items for number in found})
    if numbers:
        try:
            _delete(call, table, numbers)
        except NodeError as error:
            yield from each(error, len(items))
            return
    for found in items:
        yield [{"deleted": len(found), "rows": found}]
    if wrong:
        yield wrong


def _numbers(params: Deleted, keys: dict[str, list[int]]) -> list[int]:
    if params.find_by == "key":
        return keys.get(text_of(params.key_value), [])
    [first] = rows_of(params, "", keys)
    return list(range(first, first + params.row_count))


def _delete(call: Call, table: Table, numbers: list[int]) -> None:
    properties = sheet_of(call, table.id, table.sheet)
    most = properties["gridProperties"]["rowCount"]
    ranges: list[list[int]] = []
    for number in (one for one in numbers if one <= most):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number - 1, number])
    with once("The rows may have been deleted", "the sheet"):
        requests = [_request(properties["sheetId"], first, end) for first, end in reversed(ranges)]
        if requests:
            call.ask(CHANGE, id=table.id, requests=requests)


def _request(sheet: int, first: int, end: int) -> dict[str, Any]:
    rows = {"sheetId": sheet, "dimension": "ROWS", "startIndex": first, "endIndex": end}
    return {"deleteDimension": {"range": rows}}
