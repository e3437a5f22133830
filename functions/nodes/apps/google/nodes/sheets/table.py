"""A sheet as a table: its columns by name, found anew for every request, so that nothing lands in a wrong one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from functions.nodes.apps.google.nodes.sheets.cells import cell_of, letters, place, spreadsheet_id, text_of
from functions.nodes.apps.google.nodes.sheets.errors import ColumnMissing, SheetMissing
from functions.nodes.apps.google.nodes.sheets.fields import InTable, Written
from functions.nodes.apps.google.nodes.sheets.requests import SHEETS, VALUES
from stepweave.runtime.errors import NodeError, ParameterInvalid
from stepweave.runtime.http_errors import HttpClientError
from stepweave.spec.operations import Call

ROW_NUMBER: Final = "row_number"
"""The field of a row's items that has its number."""


@dataclass(slots=True)
class Table:
    """A sheet's columns.

    Attributes:
        id: of the spreadsheet.
        names: of the columns from A on, each once (`named`).
        start: where the first column is that has a name.
        added: names that are not in the sheet yet.
    """

    id: str
    sheet: str
    header_row: int
    names: list[str]
    start: int = 0
    added: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, call: Call, params: InTable) -> "Table":
        """Read a sheet's header row. Raises SheetMissing, and as `Call.ask`."""
        row = f"{params.header_row}:{params.header_row}"
        id = spreadsheet_id(params.spreadsheet)
        [found] = values(call, id, params.sheet, [row], render="FORMATTED_VALUE")
        return cls.of(id, params, next(iter(found.get("values", ())), []))

    @classmethod
    def of(cls, id: str, params: InTable, header: Iterable[Any]) -> "Table":
        """Return the table of a header row, as it was read."""
        cells = [text_of(cell) for cell in header]
        start = next((at for at, cell in enumerate(cells) if cell), 0)
        return cls(id, params.sheet, params.header_row, list(named(cells)), start)

    def positions(self, given: Mapping[str, Any], params: Written) -> dict[int, Any]:
        """Return an item's cells by their columns' places; new columns are noted in `added`.

        Raises:
            ColumnMissing: the sheet has no such column, and that is to be an error.
            ParameterInvalid: a value does not fit a cell, or there is none.
        """
        known = self.names + self.added
        unknown = [name for name in given if name.strip() not in known]
        if unknown and params.new_columns == "refuse":
            raise self.lacks(unknown)
        if params.new_columns == "add":
            self.added += [name.strip() for name in unknown]
            known = self.names + self.added
        cells = {
            known.index(name.strip()): cell_of(value, params.values, name)
            for name, value in given.items()
            if name.strip() in known
        }
        if not cells:
            raise ParameterInvalid(
                "There is nothing to write: no field of the item is a column of the sheet.",
                "Fill in the columns, or give fields their names.",
                details={"field": "params.columns", "columns": self.names[:100]},
            )
        return cells

    def column(self, name: str) -> int:
        """Return where a column is. Raises ColumnMissing."""
        if name.strip() not in self.names:
            raise self.lacks([name])
        return self.names.index(name.strip())

    def lacks(self, names: list[str]) -> ColumnMissing:
        """Return the error of names that no column has."""
        there = ", ".join(f"“{name}”" for name in self.names[:20] if name)
        words = ", ".join(f"“{name[:80]}”" for name in names[:10])
        has = f"row {self.header_row} has {there}" if self.names else f"row {self.header_row} is empty"
        return ColumnMissing(
            f"The sheet “{self.sheet}” has no column {words}: {has}.",
            "Write the names as they are there, check the header row, or let new columns be added.",
            details={"field": "params.columns", "columns": self.names[:100], "missing": names[:100]},
        )

    def header(self) -> dict[str, Any] | None:
        """Return what writes the names of new columns; None where there are none."""
        if not self.added:
            return None
        return {"range": self.cells(self.header_row, len(self.names)), "values": [self.added]}

    def cells(self, row: int, first: int, last: int | None = None) -> str:
        """Return the place of a row's cells, from one column on or to another."""
        end = "" if last is None else f":{letters(last)}{row}"
        return place(self.sheet, f"{letters(first)}{row}{end}")

    def shown(self, row: int, cells: Mapping[int, Any]) -> dict[str, Any]:
        """Return the item of a row that was written."""
        known = self.names + self.added
        return {**{known[at]: value for at, value in sorted(cells.items())}, ROW_NUMBER: row}


def given_of(call: Call, params: Written) -> dict[str, Any]:
    """Return what an item is to have written, by the columns' names."""
    if params.columns:
        return {column.name: column.value for column in params.columns}
    return {name: value for name, value in call.json.items() if name != ROW_NUMBER}


def named(cells: Iterable[str]) -> Iterator[str]:
    """Yield a name for each cell of a header row, each once: `Name`, `Name_2`, and the letter of one without text."""
    taken = {ROW_NUMBER}
    for at, cell in enumerate(cells):
        name, number = cell or letters(at), 1
        while name in taken:
            number += 1
            name = f"{cell or letters(at)}_{number}"
        taken.add(name)
        yield name


def values(call: Call, id: str, sheet: str, cells: list[str], render: str = "UNFORMATTED_VALUE") -> list[Any]:
    """Return ranges of a sheet as Google gives them: `range`, and perhaps `values`. Raises SheetMissing."""
    ranges = [place(sheet, one) for one in cells]
    try:
        found: list[Any] = call.ask(VALUES, id=id, ranges=ranges, render=render)["valueRanges"]
    except HttpClientError as error:
        if "Unable to parse range" not in error.message:
            raise
        raise unreadable(call, id, sheet, error) from None
    return found


def unreadable(call: Call, id: str, sheet: str, error: NodeError) -> NodeError:
    """Return what is wrong with a range that Google cannot read: the sheet's name, or the cells."""
    names = [one["title"] for one in sheets(call, id)]
    return error if sheet.lower() in (name.lower() for name in names) else missing(sheet, names)


def missing(sheet: str, names: list[str]) -> SheetMissing:
    """Return the error of a sheet that is not there."""
    known = ", ".join(f"“{name}”" for name in names[:20])
    return SheetMissing(
        f"The spreadsheet has no sheet “{sheet}”; it has {known}.",
        "Write the name on its tab.",
        details={"field": "params.sheet", "sheets": names[:100]},
    )


def sheets(call: Call, id: str) -> list[dict[str, Any]]:
    """Return the properties of a spreadsheet's sheets, in the order of their tabs."""
    return [one["properties"] for one in call.ask(SHEETS, id=id)["sheets"]]


def sheet_of(call: Call, id: str, name: str) -> dict[str, Any]:
    """Return the properties of a sheet. Raises SheetMissing."""
    there = sheets(call, id)
    found = [one for one in there if one["title"] == name] or [
        one for one in there if one["title"].lower() == name.strip().lower()
    ]
    if not found:
        raise missing(name, [one["title"] for one in there])
    return found[0]
