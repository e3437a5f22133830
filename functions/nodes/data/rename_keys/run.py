"""Gives fields of items other names."""

from collections.abc import Callable, Iterator
from typing import Any

from functions.nodes.data.rename_keys.spec import Params, Renaming, Replacing
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import NodeError, PatternInvalid, ValueMismatch
from stepweave.runtime.fields import put, reader, taken
from stepweave.spec.fieldpaths import MISSING, parse_field_path

Names = dict[tuple[int, str], dict[str, str]]
"""Pattern's number and replacement -> names as they were -> as they become."""


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return one item for each input item, with fields renamed."""
    known: Names = {}

    def rename(entry: Entry[Params]) -> list[Item]:
        params = entry.params
        json = _renamed(entry.json, params) if params.keys else entry.json
        for number, row in enumerate(params.patterns):
            names = known.setdefault((number, row.replacement), {})
            json = _Replaced(row, number, params, names).within(json)
        made: Item = {**entry.item, "json": json}
        return [made]

    return step.each(rename)


def _renamed(json: dict[str, Any], params: Params) -> dict[str, Any]:
    """Return an item's fields with those that are named renamed: all taken out, then all put back."""
    fields = dict(json)
    slots: dict[str, str] = {}
    found: list[tuple[int, Renaming, Any]] = []
    for number, row in enumerate(params.keys):
        place = f"params.keys.{number}.old"
        value = taken(fields, row.old, place, dots=params.dots)
        if value is not MISSING:
            found.append((number, row, value))
        elif params.missing == "fail":
            raise _wrong(f"there is no field {row.old!r}", "Change the name, or leave missing fields out.", place)
    for number, row, value in found:
        place = f"params.keys.{number}.new"
        if params.clash == "fail" and reader(row.new, place, dots=params.dots)(fields) is not MISSING:
            raise _taken(row.new, place)
        put(fields, row.new, value, place, dots=params.dots)
        old = _own(row.old, json, params.dots)
        if old is not None:
            slots[old] = _own(row.new, {}, params.dots) or parse_field_path(row.new)[0].name
    order = [slots.get(name, name) for name in json]
    return {name: fields[name] for name in dict.fromkeys([*order, *fields]) if name in fields}


def _own(path: str, json: dict[str, Any], dots: bool) -> str | None:
    """Return the item's own field that a path names; None for one further in."""
    if not dots or path in json:
        return path
    steps = parse_field_path(path)
    return steps[0].name if len(steps) == 1 else None


class _Replaced:
    """One pattern, for one item."""

    def __init__(self, row: Replacing, number: int, params: Params, names: dict[str, str]) -> None:
        self._row = row
        self._place = f"params.patterns.{number}"
        self._clash = params.clash
        self._names = names

    def within(self, json: dict[str, Any]) -> dict[str, Any]:
        """Return an item's fields with the pattern replaced in their names."""
        depth = self._row.depth if self._row.depth >= 0 else 1 << 30
        new = [name for name in dict.fromkeys(_names(json, depth)) if name not in self._names]
        if new:
            self._names.update(zip(new, self._asked(new), strict=True))
        made: dict[str, Any] = _mapped(json, depth, self._fields)
        return made

    def _asked(self, names: list[str]) -> list[str]:
        from stepweave.expressions.patterns import PatternError, replaced  # starts a process

        row = self._row
        try:
            return replaced(row.pattern, names, row.replacement, ignore_case=row.ignore_case)
        except PatternError as error:
            details = {"field": f"{self._place}.pattern", "pattern": row.pattern[:200]}
            raise PatternInvalid(str(error), error.remedy, details=details) from None

    def _fields(self, fields: dict[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name, value in fields.items():
            new = self._names[name]
            if self._clash == "fail" and new in made:
                raise _taken(new, self._place)
            made[new] = value
        return made


def _names(value: Any, depth: int) -> Iterator[str]:
    """Yield the names of fields down to a depth; lists are no level of their own."""
    if isinstance(value, dict):
        yield from value
        if depth > 0:
            for entry in value.values():
                yield from _names(entry, depth - 1)
    elif isinstance(value, list):
        for entry in value:
            yield from _names(entry, depth)


def _mapped(value: Any, depth: int, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    if isinstance(value, dict):
        below = {name: _mapped(entry, depth - 1, change) for name, entry in value.items()} if depth > 0 else value
        return change(below)
    if isinstance(value, list):
        return [_mapped(entry, depth, change) for entry in value]
    return value


def _taken(name: str, place: str) -> NodeError:
    return _wrong(f"the name {name!r} is taken", "Choose another, or replace what is there.", place)


def _wrong(words: str, remedy: str, place: str) -> NodeError:
    return ValueMismatch(f"{words[0].upper()}{words[1:]}.", remedy, details={"field": place})
