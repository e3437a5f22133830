"""Makes one item of all items."""

from typing import Any

from functions.nodes.data.aggregate.spec import Aggregated, Params
from stepweave.model.items import Item
from stepweave.model.lineage import made_of
from stepweave.runtime import Step
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.fields import binaries_of, but, needed, only, put, reader, warn_nowhere
from stepweave.spec.fieldpaths import MISSING, parse_field_path


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return one item."""
    params, items = step.params(), step.items()
    json: dict[str, Any] = {}
    _warn(step, params, items)
    if params.mode == "all":
        put(json, params.output, [_kept(item["json"], params) for item in items], "params.output", dots=params.dots)
    else:
        _lists(json, params, items)
    files = binaries_of(items, unique=params.unique_files) if params.include_files else None
    return {"main": [made_of(items, json, files)]}


def _warn(step: Step[Params], params: Params, items: list[Item]) -> None:
    if params.mode == "all" and params.include != "all":
        so = "nothing is left out by it" if params.include == "except" else "none is kept by it"
        warn_nowhere(step.log, items, params.include_fields, "params.includeFields", so=so, dots=params.dots)
    for number, row in enumerate(params.fields if params.mode != "all" else ()):
        so = "its list has nothing but nulls" if params.keep_missing else "its list is empty"
        warn_nowhere(step.log, items, [row.field], f"params.fields.{number}.field", so=so, dots=params.dots)


def _kept(json: dict[str, Any], params: Params) -> dict[str, Any]:
    if params.include == "all":
        return json
    names = needed(params.include_fields, "params.includeFields", "Which fields")
    return (only if params.include == "only" else but)(json, names, "params.includeFields", dots=params.dots)


def _lists(json: dict[str, Any], params: Params, items: list[Item]) -> None:
    if not params.fields:
        raise ParameterInvalid("No field is named.", "Add a field.", details={"field": "params.fields"})
    names: set[str] = set()
    for number, row in enumerate(params.fields):
        place = f"params.fields.{number}"
        read = reader(row.field, f"{place}.field", dots=params.dots)
        name = row.output or _own_name(row, params.dots)
        if name in names:
            raise ParameterInvalid(
                f"Two lists would be called {name!r}.",
                "Give one of them another name.",
                details={"field": f"{place}.output"},
            )
        names.add(name)
        values = [value for item in items for value in _values(read(item["json"]), params)]
        put(json, name, values, f"{place}.output", dots=params.dots and bool(row.output))


def _own_name(row: Aggregated, dots: bool) -> str:
    return parse_field_path(row.field)[-1].name if dots else row.field


def _values(value: Any, params: Params) -> list[Any]:
    """Return what a field of one item adds to its list."""
    if value is MISSING or value is None:
        return [None] if params.keep_missing else []
    if isinstance(value, list):
        found = value if params.keep_missing else [entry for entry in value if entry is not None]
        return found if params.merge_lists else [found]
    return [value]
