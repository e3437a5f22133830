"""Makes columns of a field's values, or items of columns."""

from typing import Any, Final

from functions.nodes.data.pivot.spec import Params
from stepweave.model.equality import same_key
from stepweave.model.items import Item
from stepweave.model.lineage import made_of
from stepweave.model.numbers import data_text
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import DataTooLarge, ParameterInvalid, ValueMismatch
from stepweave.runtime.fields import put, reader, readers, taken, warn_nowhere
from stepweave.runtime.totals import Rules, total
from stepweave.spec.fieldpaths import MISSING

MOST_COLUMNS: Final = 1_000


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the rows of a pivot, or the items of all columns."""
    if step.constant("mode") == "unpivot":
        return step.each(_unpivoted)
    _warn(step, step.params())
    return {"main": _Pivot(step.params(), step.items()).items()}


def _warn(step: Step[Params], params: Params) -> None:
    for names, field, so in (
        (params.rows, "rows", "it is null in all rows"),
        ([params.column] if params.column else [], "column", "there is one column, for null"),
        ([params.value] if params.value else [], "value", "the columns are empty"),
    ):
        warn_nowhere(step.log, step.items(), names, f"params.{field}", so=so, dots=params.dots)


class _Pivot:
    """A table that is made of items."""

    def __init__(self, params: Params, items: list[Item]) -> None:
        for name, title in (("column", "Columns"), ("value", "Values")):
            if not getattr(params, name):
                raise ParameterInvalid(f"{title}: no field is named.", "Name one.", details={"field": f"params.{name}"})
        self._params = params
        self._items = items
        self._by = readers(params.rows, "params.rows", dots=params.dots)
        self._value = reader(params.value, "params.value", dots=params.dots)
        self._rules = Rules(
            field=params.value,
            place="params.value",
            text_numbers=params.text_numbers,
            skip=params.unreadable == "skip",
            percentile=params.percentile,
        )

    def items(self) -> list[Item]:
        """Return an item for each row."""
        rows, columns = self._cells()
        return [self._row(cells, columns) for cells in rows.values()]

    def _cells(self) -> tuple[dict[tuple[Any, ...], dict[str, list[int]]], dict[str, None]]:
        """Return the items' places by row and column, and the columns in order."""
        rows: dict[tuple[Any, ...], dict[str, list[int]]] = {}
        columns: dict[str, None] = {}
        column_of = reader(self._params.column, "params.column", dots=self._params.dots)
        for place, item in enumerate(self._items):
            json = item["json"]
            value = column_of(json)
            column = self._params.prefix + ("null" if value is MISSING or value is None else data_text(value))
            columns[column] = None
            if len(columns) > MOST_COLUMNS:
                raise DataTooLarge(
                    f"{self._params.column} has more than {MOST_COLUMNS:,} values, each of which would be a column.",
                    "Choose a field with fewer values, or unite them before.",
                )
            row = tuple([same_key(_shown(read(json))) for read in self._by])
            rows.setdefault(row, {}).setdefault(column, []).append(place)
        return rows, columns

    def _row(self, cells: dict[str, list[int]], columns: dict[str, None]) -> Item:
        places = sorted(place for found in cells.values() for place in found)
        first = self._items[places[0]]["json"]
        json: dict[str, Any] = {}
        for name, read in zip(self._params.rows, self._by, strict=True):
            put(json, name, _shown(read(first)), "params.rows", dots=self._params.dots)
        for column in columns:
            if column in json:
                raise ValueMismatch(
                    f"A column would be called {column!r}, as a field of the rows is.",
                    "Let the columns' names begin with something.",
                    details={"field": "params.prefix"},
                )
        made = {column: self._cell(cells.get(column, [])) for column in columns}
        return made_of([self._items[place] for place in places], json | made)

    def _cell(self, places: list[int]) -> Any:
        if not places:
            return self._params.fill
        values = [self._value(self._items[place]["json"]) for place in places]
        return total(self._params.operation, values, self._rules, places)


def _unpivoted(entry: Entry[Params]) -> list[Item]:
    params = entry.params
    others: dict[str, Any] = dict(entry.json)
    named = [(name, taken(others, name, "params.fields", dots=params.dots)) for name in params.fields]
    columns = [(name, value) for name, value in named if value is not MISSING]
    if params.which == "except":  # what was named stays, the rest are columns
        rest: dict[str, Any] = {}
        for name, value in columns:
            put(rest, name, value, "params.fields", dots=params.dots)
        others, columns = rest, list(others.items())
    for number, output in enumerate((params.name_output, params.value_output)):
        place = f"params.{('nameOutput', 'valueOutput')[number]}"
        if reader(output, place, dots=params.dots)(others) is not MISSING or params.name_output == params.value_output:
            raise ValueMismatch(
                f"Item {entry.index}: the field {output!r} is there already.",
                "Give the column's name or value another field.",
                details={"field": place},
            )
    made: list[Item] = []
    for name, value in columns:
        if params.skip_empty and (value is None or value == ""):
            continue
        json = dict(others)
        put(json, params.name_output, name, "params.nameOutput", dots=params.dots)
        put(json, params.value_output, value, "params.valueOutput", dots=params.dots)
        files = entry.item.get("binary")
        made.append({"json": json, "binary": files} if files else {"json": json})
    return made


def _shown(value: Any) -> Any:
    return None if value is MISSING else value
