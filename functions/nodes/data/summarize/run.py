"""Counts, sums and averages items, by group."""

import re
from typing import Any, Final

from functions.nodes.data.summarize.spec import Params, Summary
from stepweave.model.equality import same_key
from stepweave.model.items import Item
from stepweave.model.lineage import made_of
from stepweave.model.numbers import data_text
from stepweave.runtime import Step
from stepweave.runtime.errors import ParameterInvalid, ValueMismatch
from stepweave.runtime.fields import Read, nowhere, reader, readers, warn_nowhere
from stepweave.runtime.totals import Rules, total
from stepweave.spec.fieldpaths import MISSING

_NAMES: Final = {
    "countDistinct": "unique_count",
    "append": "appended",
    "concatenate": "concatenated",
    "stddevPopulation": "stddev_population",
}
_FLAT: Final = str.maketrans({".": "_", " ": "_", "[": None, "]": None, '"': None})

_OR_ELSE: Final = "have a field that no item has give an empty value"

Groups = dict[tuple[Any, ...], list[int]]
"""Group (what it is the same by) -> the places of its items, at least one."""


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return an item for each group, or one item with all of them."""
    params, items = step.params(), step.items()
    names = _names(params)
    if params.missing == "empty":
        _warn(step, params, items)
    by = readers(params.group_by, "params.groupBy", dots=params.dots)
    groups = _groups(params, items, by)
    columns = [_column(params, number, items, places_of(groups)) for number in range(len(params.summaries))]
    rows = [
        (places, {name: _total(params, number, columns, places) for number, name in enumerate(names)})
        for places in groups.values()
    ]
    keys = [_flat(name) for name in params.group_by]
    values = [[_shown(read(items[places[0]]["json"])) for read in by] for places, _ in rows]
    if params.output == "one":
        return {"main": [made_of(items, _nested([[data_text(one) for one in each] for each in values], rows))]}
    made = [
        made_of([items[place] for place in places], {**dict(zip(keys, each, strict=True)), **row})
        for each, (places, row) in zip(values, rows, strict=True)
    ]
    return {"main": made}


def _warn(step: Step[Params], params: Params, items: list[Item]) -> None:
    warn_nowhere(step.log, items, params.group_by, "params.groupBy", so="it is null in all groups", dots=params.dots)
    for number, row in enumerate(params.summaries):
        if row.field:
            place = f"params.summaries.{number}.field"
            warn_nowhere(step.log, items, [row.field], place, so="there is nothing to sum up", dots=params.dots)


def places_of(groups: Groups) -> list[int]:
    """Return the places of all items that are in a group."""
    return [place for places in groups.values() for place in places]


def _flat(name: str) -> str:
    return name.translate(_FLAT)


def _names(params: Params) -> list[str]:
    """Return what the summaries are called. Raises ParameterInvalid."""
    if not params.summaries:
        raise ParameterInvalid("There is nothing to sum up.", "Add a summary.", details={"field": "params.summaries"})
    taken = set() if params.output == "one" else {_flat(name) for name in params.group_by}
    names = []
    for number, row in enumerate(params.summaries):
        name = row.output or _name(row)
        if name in taken:
            raise ParameterInvalid(
                f"Two fields of the output would be called {name!r}.",
                "Give one of them another name.",
                details={"field": f"params.summaries.{number}.output"},
            )
        taken.add(name)
        names.append(name)
    return names


def _name(row: Summary) -> str:
    start = f"p{row.percentile:g}" if row.operation == "percentile" else _NAMES.get(row.operation, row.operation)
    return _flat(f"{start}_{row.field}" if row.field else start)


def _groups(params: Params, items: list[Item], by: list[Read]) -> Groups:
    groups: Groups = {}
    seen: set[int] = set()
    for place, item in enumerate(items):
        values = [read(item["json"]) for read in by]
        seen.update(number for number, value in enumerate(values) if value is not MISSING)
        if params.without_group == "skip" and any(value is MISSING or value in (None, "") for value in values):
            continue
        groups.setdefault(tuple([same_key(_shown(value)) for value in values]), []).append(place)
    for number, name in enumerate(params.group_by):
        if number not in seen and params.missing == "fail":
            raise nowhere(name, "params.groupBy", items, or_else=_OR_ELSE)
    return groups


def _column(params: Params, number: int, items: list[Item], places: list[int]) -> list[Any]:
    """Return a field of all items, by their places; MISSING where it is not there."""
    row = params.summaries[number]
    place = f"params.summaries.{number}.field"
    if not row.field:
        if row.operation != "count":
            raise ParameterInvalid(
                "Only a count needs no field.", "Name the field to sum up.", details={"field": place}
            )
        return [True] * len(items)
    read = reader(row.field, place, dots=params.dots)
    column = [read(item["json"]) for item in items]
    if params.missing == "fail" and places and all(value is MISSING for value in column):
        raise nowhere(row.field, place, items, or_else=_OR_ELSE)
    return column


def _total(params: Params, number: int, columns: list[list[Any]], places: list[int]) -> Any:
    row, column = params.summaries[number], columns[number]
    rules = Rules(
        field=row.field,
        place=f"params.summaries.{number}",
        empty=params.include_empty,
        text_numbers=params.text_numbers,
        skip=params.unreadable == "skip",
        separator=_separator(row.separator),
        percentile=row.percentile,
    )
    return total(row.operation, [column[place] for place in places], rules, places)


def _separator(text: str) -> str:
    """Return a separator with what people write for a new line or a tab as that."""
    return re.sub(r"\\([nt])", lambda found: {"n": "\n", "t": "\t"}[found[1]], text)


def _nested(values: list[list[str]], rows: list[tuple[list[int], dict[str, Any]]]) -> dict[str, Any]:
    """Return the groups' summaries below the texts of their values."""
    whole: dict[str, Any] = {}
    for names, (_, row) in zip(values, rows, strict=True):
        place = whole
        for name in names[:-1]:
            place = place.setdefault(name, {})
        if not names:
            return row
        if names[-1] in place:
            raise ValueMismatch(
                f"Two groups would be called {names[-1]!r} in one item.",
                "Give an item for each group: their values differ in type only.",
                details={"field": "params.output"},
            )
        place[names[-1]] = row
    return whole


def _shown(value: Any) -> Any:
    return None if value is MISSING else value
