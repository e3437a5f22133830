"""The rows of a table or worksheet: read in parts, found by a column, written and appended."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from functions.nodes.apps.microsoft.nodes.excel.addresses import Area, area_of, letters, number
from functions.nodes.apps.microsoft.once import once
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http_errors import ResponseInvalid
from stepweave.spec.operations import Call, RequestSpec

BOOK: Final = "/{drive*}/items/{workbook}/workbook"
_FIELDS: Final = (("$select", "address,values"),)
_HEADER: Final = RequestSpec("GET", f"{BOOK}/tables/{{table}}/headerRowRange", query=_FIELDS)
_BODY: Final = RequestSpec("GET", f"{BOOK}/tables/{{table}}/dataBodyRange", query=(("$select", "address"),))
_USED: Final = RequestSpec(
    "GET", f"{BOOK}/worksheets/{{sheet}}/usedRange(valuesOnly=true)", query=(("$select", "address"),)
)
_RANGE: Final = f"{BOOK}/worksheets/{{sheet}}/range(address='{{address}}')"
_READ: Final = RequestSpec("GET", _RANGE, query=(("$select", "{what}"),))
_WRITE: Final = RequestSpec("PATCH", _RANGE, body={"values": "{rows}"})
_ADD: Final = RequestSpec("POST", f"{BOOK}/tables/{{table}}/rows", body={"index": None, "values": "{rows}"})
_COLUMNS: Final = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})")
_CELLS: Final = 50_000
"""Of one request."""
_APPENDED: Final = ("The rows may have been appended", "the workbook")


@dataclass(slots=True)
class Grid:
    """Where rows are.

    Attributes:
        names: of the columns, each once; a column without one is called by its letters.
        area: the rows with data; its bottom is above its top where there are none.
        table: the table's name; "" for a worksheet.
        is_new: a worksheet with nothing in it, so without names.
        is_part: cells of a worksheet, below which others may stand.
    """

    names: list[str]
    area: Area
    table: str = ""
    is_new: bool = False
    is_part: bool = False

    def named(self, names: list[str]) -> None:
        """Give the columns of a worksheet with nothing in it their names."""
        area = self.area
        self.names = names
        self.area = Area(area.sheet, area.top, area.left, area.bottom, area.left + len(names) - 1)


def grid_of(ask: Callable[..., Any], rows: str) -> Grid:
    """Return where rows are.

    Args:
        ask: sends a request with further values and returns the answer (`Call.ask`).
        rows: a table's name, or a worksheet's with `!` behind it, and perhaps cells: `Sheet1!A3:F500`.

    Raises:
        ParameterInvalid: the cells are none.
        ResponseInvalid: Graph does not say where the rows are.
    """
    if "!" not in rows:
        header = ask(_HEADER, table=rows)
        return Grid(_names(header, _area(header)), _area(ask(_BODY, table=rows)), rows)
    sheet, cells = place_of(rows)
    used = _area(ask(_USED, sheet=sheet))
    area = used
    if columns := _COLUMNS.fullmatch(cells):
        area = Area(sheet, used.top, number(columns[1]), used.bottom, number(columns[2]))
    elif cells:
        try:
            area = area_of(f"x!{cells}")
        except ValueError:
            raise ParameterInvalid(
                f"Rows of: {cells} are no cells.", "Write Sheet1!A3:F500.", details={"field": "params.rows"}
            ) from None
    area = Area(sheet, area.top, area.left, min(area.bottom, max(used.bottom, area.top)), area.right)
    first = ask(_READ, sheet=sheet, address=str(area.rows(area.top, area.top)), what="address,values")
    is_new = area.bottom == area.top and not any(value != "" for value in _rows(first, "values")[0])
    return Grid(_names(first, area), area.rows(area.top + 1, area.bottom), is_new=is_new, is_part=bool(cells))


def place_of(rows: str) -> tuple[str, str]:
    """Return the worksheet and the cells of `'My sheet'!A3:F500`."""
    sheet, _, cells = rows.rpartition("!")
    sheet = sheet.strip()
    return (sheet[1:-1].replace("''", "'") if sheet.startswith("'") and sheet.endswith("'") else sheet), cells.strip()


def rows_in(call: Call, grid: Grid, *, formatted: bool = False) -> Iterator[tuple[int, list[Any]]]:
    """Yield the rows that have something in them, with their numbers, in as many requests as it takes."""
    what = "text" if formatted else "values"
    step = max(1, _CELLS // len(grid.names))
    for top in range(grid.area.top, grid.area.bottom + 1, step):
        bottom = min(top + step - 1, grid.area.bottom)
        answer = call.ask(_READ, sheet=grid.area.sheet, address=str(grid.area.rows(top, bottom)), what=what)
        for place, row in enumerate(_rows(answer, what), top):
            if any(value != "" for value in row):
                yield place, row


def write(call: Call, grid: Grid, row: int, values: Sequence[Any]) -> None:
    """Write a row; null leaves a cell as it is. It may be done again without harm."""
    call.ask(_WRITE, sheet=grid.area.sheet, address=str(grid.area.rows(row, row)), rows=[list(values)])


def append(call: Call, grid: Grid, rows: Sequence[Sequence[Any]]) -> int:
    """Append rows, and return the number of the first. Raises OutcomeUnknown where no answer comes."""
    made = [list(row) for row in rows]  # null leaves it to Excel: a column that reckons fills itself
    if grid.table:
        with once(*_APPENDED):
            answer = call.ask(_ADD, table=grid.table, rows=made)
        index = answer.get("index") if isinstance(answer, dict) else None
        return grid.area.top + int(index if index is not None else 0)
    start = grid.area.top - 1 if grid.is_new else grid.area.bottom + 1
    whole = [list(grid.names), *made] if grid.is_new else made
    area = grid.area.rows(start, start + len(whole) - 1)
    if grid.is_part:
        _check_free(call, area)
    with once(*_APPENDED):
        call.ask(_WRITE, sheet=grid.area.sheet, address=str(area), rows=whole)
    first = area.bottom - len(made) + 1
    grid.area, grid.is_new = grid.area.rows(grid.area.top, area.bottom), False
    return first


def _check_free(call: Call, area: Area) -> None:
    """Refuse to write over what stands below the rows. Raises ParameterInvalid."""
    answer = call.ask(_READ, sheet=area.sheet, address=str(area), what="values")
    if any(value != "" for row in _rows(answer, "values") for value in row):
        raise ParameterInvalid(
            f"Rows of: below them, in {area}, other cells are filled in.",
            "Name more rows, the whole worksheet, or make a table of them.",
            details={"field": "params.rows"},
        )


def _area(answer: Any) -> Area:
    try:
        return area_of(str(answer["address"]))
    except (KeyError, TypeError, ValueError):
        raise ResponseInvalid("Graph did not say where the cells are.", "Try again.") from None


def _rows(answer: Any, what: str) -> list[list[Any]]:
    rows = answer.get(what) if isinstance(answer, dict) else None
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) for row in rows):
        raise ResponseInvalid("Graph gave no rows of cells.", "Try again.")
    return rows


def _names(answer: Any, area: Area) -> list[str]:
    """Return the columns' names, each once: a second `Name` is `Name (2)`."""
    names: list[str] = []
    for place, value in enumerate(_rows(answer, "values")[0]):
        name = str(value).strip() or letters(area.left + place)
        same = sum(one == name or one.startswith(f"{name} (") for one in names)
        names.append(f"{name} ({same + 1})" if name in names else name)
    return names
