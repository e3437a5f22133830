"""Rows as items' parameters say them: appended, changed where a column has the same value, or one of both."""

from collections.abc import Iterator, Sequence
from typing import Any

from functions.nodes.apps.microsoft.nodes.excel.errors import RowNotFound
from functions.nodes.apps.microsoft.nodes.excel.fields import Written
from functions.nodes.apps.microsoft.nodes.excel.grid import Grid, append, grid_of, rows_in, write
from functions.nodes.apps.microsoft.nodes.excel.values import cell_of, key_of
from stepweave.runtime.errors import NodeError, ParameterInvalid
from stepweave.spec.operations import Call

Batch = Sequence[tuple[Call, Any]]
Given = Iterator[list[dict[str, Any]] | Exception]


def given_of(params: Written) -> dict[str, Any]:
    """Return the values by column. Rows of the form stand before the object's. Raises ParameterInvalid."""
    names = [cell.name for cell in params.cells]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ParameterInvalid(
            f"Columns: {twice} is there twice.", "Take one of the rows out.", details={"field": "params.cells"}
        )
    given = {**params.values, **{cell.name: cell.value for cell in params.cells}}
    given.pop("rowNumber", None)
    if not given:
        raise ParameterInvalid("Columns: nothing is given.", "Fill them in.", details={"field": "params.cells"})
    return given


def row_of(grid: Grid, params: Written, given: dict[str, Any]) -> list[Any]:
    """Return a row with the values in their columns, null in the others. Raises ParameterInvalid."""
    unknown = next((name for name in given if name not in grid.names), None)
    if unknown is not None:
        raise ParameterInvalid(
            f"Columns: there is no column {unknown}.",
            f"Write one of: {', '.join(grid.names[:30])}.",
            details={"field": "params.cells", "column": unknown},
        )
    row: list[Any] = [None] * len(grid.names)
    for name, value in given.items():
        try:
            row[grid.names.index(name)] = cell_of(value, formulas=params.formulas)
        except ValueError as error:
            raise ParameterInvalid(
                f"{name}: the text has {error}.", "Write less into it.", details={"field": "params.cells"}
            ) from None
    return row


def alike(batch: Batch) -> Batch:
    """Return the first of some items, as far as they are about the same rows."""

    def where(params: Written) -> tuple[str, ...]:
        return (params.drive, params.workbook, params.rows)

    first = where(batch[0][1])
    count = next((place for place, (_, params) in enumerate(batch) if where(params) != first), len(batch))
    return batch[:count]


def appended(batch: Batch) -> Given:
    """Yield the new rows of some items, which are appended in one request."""
    batch = alike(batch)
    call = batch[0][0]
    grid = grid_of(call.ask, batch[0][1].rows)
    if grid.is_new:
        grid.named(list(given_of(batch[0][1])))
    ready = list(_ready(batch, grid))
    try:
        first = append(call, grid, [row for _, row in ready])
    except NodeError as error:
        yield from [error] * len(ready)
        return
    for place, (given, _) in enumerate(ready):
        yield [{**given, "rowNumber": first + place}]


def _ready(batch: Batch, grid: Grid) -> Iterator[tuple[dict[str, Any], list[Any]]]:
    """Yield what the first items give, up to one whose values do not fit, which comes next. Raises its error."""
    for place, (_, params) in enumerate(batch):
        try:
            given = given_of(params)
            yield given, row_of(grid, params, given)
        except NodeError:
            if place == 0:
                raise
            return


def changed(batch: Batch, *, add: bool) -> Given:
    """Yield the rows that some items change, each in all rows with its value; `add`: or adds, where there is none."""
    batch = alike(batch)
    call, first = batch[0]
    grid = grid_of(call.ask, first.rows)
    match = first.match
    if match not in grid.names:
        raise ParameterInvalid(
            f"Known by: there is no column {match}.",
            f"Write one of: {', '.join(grid.names[:30])}.",
            details={"field": "params.match"},
        )
    column, known = grid.names.index(match), dict[str, list[int]]()
    for number, row in rows_in(call, grid):
        known.setdefault(key_of(row[column]), []).append(number)
    for _, params in batch:
        if params.match != match:
            return
        try:
            yield [_one(call, grid, params, known, add=add)]
        except NodeError as error:
            yield error
            return


def _one(call: Call, grid: Grid, params: Any, known: dict[str, list[int]], *, add: bool) -> dict[str, Any]:
    given = given_of(params)
    row, key = row_of(grid, params, given), key_of(given.get(params.match))
    if not key:
        raise ParameterInvalid(
            f"Known by: the item has no value for {params.match}.",
            "Give it one under Columns, or leave such items out beforehand.",
            details={"field": "params.cells"},
        )
    numbers = known.get(key, [])
    if not numbers and not add:
        raise RowNotFound(
            f"No row has {str(given[params.match])[:80]} in the column {params.match}.",
            "Use Append or update, or leave such items out beforehand.",
            details={"column": params.match},
        )
    for number in numbers:
        write(call, grid, number, row)
    added = [] if numbers else [append(call, grid, [row])]
    known.setdefault(key, []).extend(added)
    return {**given, "rowNumber": (numbers or added)[0], "rows": len(numbers or added), "appended": bool(added)}
