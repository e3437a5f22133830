"""Google Sheets: spreadsheets as lists of rows, with the ways of its append and its ranges (developers.google.com)."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.fakes.google.server import Asked, Google, Refused

RANGE = re.compile(r"(?:('(?:[^']|'')+'|[^!]+)!)?(?:\$?([A-Z]{1,3}))?(\d+)?(?::(?:\$?([A-Z]{1,3}))?(\d+)?)?")
EPOCH = date(1899, 12, 30)


@dataclass
class Sheet:
    """A sheet. A formula is `{"formula": "=…"}`, a date `{"date": number}`; empty cells are ""."""

    id: int
    title: str
    rows: list[list[Any]] = field(default_factory=list)
    row_count: int = 1000
    columns: int = 26

    def cell(self, row: int, column: int) -> Any:
        line = self.rows[row] if row < len(self.rows) else []
        return line[column] if column < len(line) else ""

    def put(self, row: int, column: int, value: Any) -> None:
        while len(self.rows) <= row:
            self.rows.append([])
        line = self.rows[row]
        line += [""] * (column + 1 - len(line))
        line[column] = value

    @property
    def width(self) -> int:
        return max((len(line) for line in self.rows), default=0)

    def is_full(self, row: int, column: int) -> bool:
        return bool(self.cell(row, column) != "")

    def plain(self) -> list[list[Any]]:
        """The cells as they are shown, without what is empty at the ends."""
        return trimmed([[shown(cell, "UNFORMATTED_VALUE") for cell in line] for line in self.rows])


@dataclass
class Area:
    """A range: `last` and `end` are None where it goes on to the grid's end."""

    sheet: Sheet
    column: int
    row: int
    last: int
    end: int


@dataclass
class Sheets:
    """Google Sheets, at a Google."""

    google: Google
    books: dict[str, list[Sheet]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("get", "create", "batchUpdate"):
            self.google.handlers[f"sheets.spreadsheets.{name}"] = getattr(self, f"_{name}")
        for name in ("append", "batchGet", "batchUpdate", "clear"):
            self.google.handlers[f"sheets.spreadsheets.values.{name}"] = getattr(self, f"_values_{name}")

    def book(self, id: str, **sheets: list[list[Any]]) -> list[Sheet]:
        """Have a spreadsheet with sheets, by their titles (`_` stands for a space)."""
        made = [Sheet(at, title.replace("_", " "), rows) for at, (title, rows) in enumerate(sheets.items())]
        self.books[id] = made
        return made

    def _of(self, asked: Asked) -> list[Sheet]:
        if asked["spreadsheetId"] not in self.books:
            raise Refused(404, "Requested entity was not found.")
        return self.books[asked["spreadsheetId"]]

    def _area(self, asked: Asked, text: str, *, writes: bool = False) -> Area:
        match, sheets = RANGE.fullmatch(text), self._of(asked)
        titles = {sheet.title.lower(): sheet for sheet in sheets}
        name = match[1] if match and match[1] else text if match is None or not any(match.groups()) else ""
        whole = name == text or (match is None)
        name = name[1:-1].replace("''", "'") if name.startswith("'") else name
        if name and name.lower() not in titles:
            raise Refused(400, f"Unable to parse range: {text}")
        sheet = titles[name.lower()] if name else sheets[0]
        if whole or match is None:
            return Area(sheet, 0, 0, sheet.columns - 1, sheet.row_count - 1)
        single = ":" not in text.rpartition("!")[2]
        row, column = int(match[3] or 1) - 1, number_of(match[2] or "A")
        end = row if single else int(match[5]) - 1 if match[5] else sheet.row_count - 1
        last = column if single else number_of(match[4]) if match[4] else sheet.columns - 1
        beyond = row >= sheet.row_count or column >= sheet.columns
        if beyond or (writes and (end >= sheet.row_count or last >= sheet.columns)):
            limits = f"Max rows: {sheet.row_count}, max columns: {sheet.columns}"
            raise Refused(400, f"Range ({text}) exceeds grid limits. {limits}")
        return Area(sheet, column, row, min(last, sheet.columns - 1), min(end, sheet.row_count - 1))

    def _get(self, asked: Asked) -> Any:
        return {"sheets": [{"properties": properties(sheet, at)} for at, sheet in enumerate(self._of(asked))]}

    def _create(self, asked: Asked) -> Any:
        titles = [one["properties"]["title"] for one in asked.body.get("sheets", [])] or ["Sheet1"]
        id = f"made-{len(self.books)}"
        self.books[id] = [Sheet(at, title) for at, title in enumerate(titles)]
        sheets = [{"properties": properties(sheet, at)} for at, sheet in enumerate(self.books[id])]
        url = f"https://docs.google.com/spreadsheets/d/{id}/edit"
        return {"spreadsheetId": id, "spreadsheetUrl": url, "properties": asked.body["properties"], "sheets": sheets}

    def _batchUpdate(self, asked: Asked) -> Any:  # noqa: N802 - Google's name
        sheets, replies = self._of(asked), list[Any]()
        for request in asked.body["requests"]:
            [(kind, told)] = request.items()
            if kind == "addSheet":
                title = told["properties"]["title"]
                if title in (sheet.title for sheet in sheets):
                    words = f'A sheet with the name "{title}" already exists. Please enter another name.'
                    raise Refused(400, f"Invalid requests[0].addSheet: {words}")
                sheets.append(Sheet(len(sheets) + 100, title))
                replies.append({"addSheet": {"properties": properties(sheets[-1], len(sheets) - 1)}})
            elif kind == "deleteSheet":
                sheets[:] = [sheet for sheet in sheets if sheet.id != told["sheetId"]]
                replies.append({})
            else:
                area = told["range"]
                [sheet] = [sheet for sheet in sheets if sheet.id == area["sheetId"]]
                assert area["endIndex"] <= sheet.row_count
                del sheet.rows[area["startIndex"] : area["endIndex"]]
                sheet.row_count -= area["endIndex"] - area["startIndex"]
                replies.append({})
        return {"spreadsheetId": asked["spreadsheetId"], "replies": replies}

    def _values_batchGet(self, asked: Asked) -> Any:  # noqa: N802 - Google's name
        found = []
        for text in asked["ranges"]:
            area = self._area(asked, text)
            columns, rows = range(area.column, area.last + 1), range(area.row, area.end + 1)
            render = asked.values.get("valueRenderOption", "FORMATTED_VALUE")
            cells = [[shown(area.sheet.cell(row, column), render) for column in columns] for row in rows]
            values = trimmed(cells)
            found.append({"range": written(area), **({"values": values} if values else {})})
        return {"spreadsheetId": asked["spreadsheetId"], "valueRanges": found}

    def _values_batchUpdate(self, asked: Asked) -> Any:  # noqa: N802 - Google's name
        for data in asked.body["data"]:
            area = self._area(asked, data["range"])
            for down, line in enumerate(data["values"]):
                for right, value in enumerate(line):
                    if value is not None:
                        if area.column + right >= area.sheet.columns:
                            raise Refused(400, f"Range ({data['range']}) exceeds grid limits. Max columns: 26")
                        area.sheet.put(area.row + down, area.column + right, entered(value, asked.body))
        return {"spreadsheetId": asked["spreadsheetId"]}

    def _values_clear(self, asked: Asked) -> Any:
        area = self._area(asked, asked["range"], writes=True)
        for row in range(area.row, min(area.end + 1, len(area.sheet.rows))):
            for column in range(area.column, min(area.last + 1, len(area.sheet.rows[row]))):
                area.sheet.put(row, column, "")
        return {"spreadsheetId": asked["spreadsheetId"], "clearedRange": written(area)}

    def _values_append(self, asked: Asked) -> Any:
        """Find the last table in the range, all full cells around its last one, and put the rows below it."""
        area = self._area(asked, asked["range"])
        sheet, values, wide = area.sheet, asked.body["values"], range(area.column, area.last + 1)
        full = [row for row in range(area.row, area.end + 1) if any(sheet.is_full(row, at) for at in wide)]
        touched, left, top = bool(full), area.column, area.row
        if touched:
            top = bottom = full[-1]
            there = [at for at in wide if sheet.is_full(bottom, at)]
            left, right, grown = there[0], there[-1], True
            while grown:
                grown = False
                wide, high = range(max(left - 1, 0), right + 2), range(max(top - 1, 0), bottom + 2)
                if any(sheet.is_full(bottom + 1, at) for at in wide):
                    bottom, grown = bottom + 1, True
                if top > 0 and any(sheet.is_full(top - 1, at) for at in wide):
                    top, grown = top - 1, True
                if left > 0 and any(sheet.is_full(row, left - 1) for row in high):
                    left, grown = left - 1, True
                if any(sheet.is_full(row, right + 1) for row in high):
                    right, grown = right + 1, True
        first = bottom + 1 if touched else top
        assert asked["insertDataOption"] == "INSERT_ROWS"
        sheet.rows += [[] for _ in range(first - len(sheet.rows))]
        sheet.rows[first:first] = [[] for _ in values]
        sheet.row_count += len(values)
        for down, line in enumerate(values):
            for along, value in enumerate(line):
                if value is not None:
                    sheet.put(first + down, left + along, entered(value, asked.values))
        last = left + max(map(len, values)) - 1
        landed = written(Area(sheet, left, first, last, first + len(values) - 1))
        return {"updates": {"updatedRange": landed}}


def properties(sheet: Sheet, index: int) -> dict[str, Any]:
    """Return what Google says of a sheet."""
    grid = {"rowCount": sheet.row_count, "columnCount": sheet.columns}
    return {"sheetId": sheet.id, "title": sheet.title, "index": index, "gridProperties": grid}


def entered(value: Any, how: Any) -> Any:
    """Return what a cell holds after a value was entered."""
    if how["valueInputOption"] == "RAW" or not isinstance(value, str):
        return value
    if value.startswith("'"):
        return value[1:]
    if value.startswith(("=", "+")):
        return {"formula": value}
    if re.fullmatch(r"-?\d+(\.\d+)?", value):
        return float(value) if "." in value else int(value)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return {"date": (date.fromisoformat(value) - EPOCH).days}
    return {"TRUE": True, "FALSE": False}.get(value.upper(), value)


def shown(cell: Any, render: str) -> Any:
    """Return a cell as it is read."""
    if isinstance(cell, dict) and "formula" in cell:
        return cell["formula"] if render == "FORMULA" else 42 if render == "UNFORMATTED_VALUE" else "42"
    if isinstance(cell, dict):
        return date.fromordinal(EPOCH.toordinal() + cell["date"]).isoformat()
    if render != "FORMATTED_VALUE":
        return cell
    return str(cell).upper() if isinstance(cell, bool) else str(cell)


def trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    """Return rows without the empty cells and rows at their ends."""
    made = []
    for line in rows:
        while line and line[-1] == "":
            line = line[:-1]
        made.append(line)
    while made and not made[-1]:
        made.pop()
    return made


def number_of(letters: str) -> int:
    """Return a column's place, from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def letters_of(column: int) -> str:
    """Return a column's letters."""
    text, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def written(area: Area) -> str:
    """Return a range as Google writes it."""
    title = area.sheet.title
    quoted = title if re.fullmatch(r"[A-Za-z]\w*", title) else "'" + title.replace("'", "''") + "'"
    first, last = f"{letters_of(area.column)}{area.row + 1}", f"{letters_of(area.last)}{area.end + 1}"
    return f"{quoted}!{first}" if first == last else f"{quoted}!{first}:{last}"
