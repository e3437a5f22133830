"""Workbooks of Microsoft Graph on loopback, as learn.microsoft.com/graph/api/resources/excel documents them."""

import re
from typing import Any

from tests.fakes.microsoft import Graph, Refused

_RANGE = re.compile(r"range\(address='\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?'\)")
_FORMULA = re.compile(r"[=+\-@]")


class Workbook:
    """One workbook: worksheets are cells by row and column, tables have a place in one. `Book.xlsx`, ID `01ABC`."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.sheets: dict[str, dict[tuple[int, int], Any]] = {"My Sheet": {}}
        self.tables: dict[str, tuple[str, int, int, int]] = {}
        """Worksheet, top, left, width; the rows below have the data."""
        self.lengths: dict[str, int] = {}
        self.formulas: list[str] = []
        for name in ("workbook", "root"):
            graph.handlers[name] = getattr(self, f"_{name}")

    def fill(self, sheet: str, *rows: list[Any], top: int = 1) -> None:
        """Put rows into a worksheet."""
        cells = self.sheets.setdefault(sheet, {})
        for row, values in enumerate(rows, top):
            cells.update({(row, column): value for column, value in enumerate(values, 1)})

    def table(self, name: str, sheet: str, *rows: list[Any]) -> None:
        """Have a table; its first row has the names."""
        self.fill(sheet, *rows)
        self.tables[name] = (sheet, 1, 1, len(rows[0]))
        self.lengths[name] = len(rows) - 1

    def rows(self, sheet: str) -> list[list[Any]]:
        """Return what is used of a worksheet."""
        top, left, bottom, right = self._used(sheet)
        return self._values(sheet, top, left, bottom, right)

    def _root(self, method: str, parts: list[str], query: Any, body: Any, headers: Any) -> Any:
        names = ["Book.xlsx", "notes.txt"]
        return {
            "value": [
                {"id": f"01{name}", "name": name, "parentReference": {"path": "/drive/root:/A"}} for name in names
            ]
        }

    def _workbook(self, method: str, parts: list[str], query: Any, body: Any, headers: Any) -> Any:
        if "01ABC" not in parts:
            raise Refused(404, "itemNotFound", "The resource could not be found.")
        after = parts[parts.index("workbook") + 1 :]
        match method, after:
            case "GET", ["worksheets"]:
                return {"value": [{"id": f"{{{name}}}", "name": name} for name in self.sheets]}
            case "POST", ["worksheets"]:
                self.sheets[body["name"]] = {}
                return {"id": "{2}", **body}
            case "GET", ["tables"]:
                return {"value": [{"id": f"{{{name}}}", "name": name} for name in self.tables]}
            case _, ["tables", name, *rest]:
                return self._table(method, name, rest, body)
            case _, ["worksheets", sheet, *rest] if sheet in self.sheets:
                return self._sheet(method, sheet, rest, body)
        raise Refused(404, "ItemNotFound", "The requested resource doesn't exist.")

    def _table(self, method: str, name: str, rest: list[str], body: Any) -> Any:
        if name not in self.tables:
            raise Refused(404, "ItemNotFound", "The requested resource doesn't exist.")
        sheet, top, left, width = self.tables[name]
        length, right = self.lengths[name], left + width - 1
        match method, rest:
            case "GET", ["headerRowRange"]:
                return self._given(sheet, top, left, top, right)
            case "GET", ["dataBodyRange"]:
                return self._given(sheet, top + 1, left, top + max(1, length), right)
            case "POST", ["rows"]:
                if any(len(row) != width for row in body["values"]):
                    raise Refused(400, "InvalidArgument", "The number of columns doesn't match.")
                self._write(sheet, top + 1 + length, left, body["values"])
                self.lengths[name] += len(body["values"])
                return {"index": length, "values": body["values"]}
        raise Refused(400, "BadRequest", "Not here")

    def _sheet(self, method: str, sheet: str, rest: list[str], body: Any) -> Any:
        if rest == ["usedRange(valuesOnly=true)"]:
            return self._given(sheet, *self._used(sheet))
        if rest == ["tables", "add"]:
            return {"id": "{3}", "name": "Table1", "asked": body}
        found = _RANGE.fullmatch(rest[0])
        if rest == ["range", "clear"] or (found and rest[1:] == ["clear"]):
            self.sheets[sheet].clear()
            return None
        if found is None:
            raise Refused(400, "InvalidArgument", "The argument is invalid or missing or has an incorrect format.")
        left, top, right, bottom = found.groups()
        area = (int(top), _number(left), int(bottom or top), _number(right or left))
        if method == "PATCH":
            shape = (area[2] - area[0] + 1, area[3] - area[1] + 1)
            if (len(body["values"]), len(body["values"][0])) != shape:
                raise Refused(400, "InvalidArgument", "The number of rows or columns in the input array doesn't match.")
            self._write(sheet, area[0], area[1], body["values"])
        return self._given(sheet, *area)

    def _write(self, sheet: str, top: int, left: int, rows: list[list[Any]]) -> None:
        for row, values in enumerate(rows, top):
            for column, value in enumerate(values, left):
                if value is not None:
                    self.sheets[sheet][row, column] = self._typed(value)

    def _typed(self, value: Any) -> Any:
        """Return what becomes of a value that is typed in."""
        if not isinstance(value, str):
            return float(f"{value:.15g}") if isinstance(value, int) and abs(value) >= 10**15 else value
        if value.startswith("'"):
            return value[1:]
        try:
            return float(f"{float(value):.15g}")
        except ValueError:
            pass
        if _FORMULA.match(value):
            self.formulas.append(value)
            return "#formula"
        return value

    def _used(self, sheet: str) -> tuple[int, int, int, int]:
        places = [place for place, value in self.sheets[sheet].items() if value not in (None, "")] or [(1, 1)]
        rows, columns = [row for row, _ in places], [column for _, column in places]
        return min(rows), min(columns), max(rows), max(columns)

    def _values(self, sheet: str, top: int, left: int, bottom: int, right: int) -> list[list[Any]]:
        cells = self.sheets[sheet]
        return [[cells.get((row, column), "") for column in range(left, right + 1)] for row in range(top, bottom + 1)]

    def _given(self, sheet: str, top: int, left: int, bottom: int, right: int) -> dict[str, Any]:
        values = self._values(sheet, top, left, bottom, right)
        name = f"'{sheet}'" if " " in sheet else sheet
        ends = (
            f"{_letters(left)}{top}"
            if (top, left) == (bottom, right)
            else f"{_letters(left)}{top}:{_letters(right)}{bottom}"
        )
        return {"address": f"{name}!{ends}", "values": values, "text": [[f"{one}" for one in row] for row in values]}


def _number(column: str) -> int:
    found = 0
    for char in column:
        found = found * 26 + ord(char) - 64
    return found


def _letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
