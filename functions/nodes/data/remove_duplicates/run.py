"""Keeps one of the items that are the same."""

from collections.abc import Callable
from typing import Any

from functions.nodes.data.remove_duplicates.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Step
from stepweave.runtime.fields import but, has_none, needed, nowhere, only, readers, warn_nowhere
from stepweave.runtime.matching import Comparing
from stepweave.spec.fieldpaths import MISSING

_PLACE = "params.fields"


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return one of each on `main`, the others on `duplicates`."""
    if step.constant("mode") != "input":
        from functions.nodes.data.remove_duplicates.earlier import run_earlier

        return run_earlier(step)
    params, items = step.params(), step.items()
    if params.compare == "except":
        warn_nowhere(step.log, items, params.fields, _PLACE, so="it leaves nothing out", dots=params.dots)
    key_of = _key(params, items)
    keys = [key_of(item) for item in items]
    if params.keep == "first":
        kept = {key: place for place, key in reversed(list(enumerate(keys)))}
    else:
        kept = {key: place for place, key in enumerate(keys)}
    found: dict[str, list[Item]] = {"main": [], "duplicates": []}
    for place, (item, key) in enumerate(zip(items, keys, strict=True)):
        stays = key is None or kept[key] == place
        found["main" if stays else "duplicates"].append(_shown(item, params) if stays else item)
    return found


def _key(params: Params, items: list[Item]) -> Callable[[Item], Any]:
    """Return what gives the key that equal items share; None for one that is equal to none."""
    same = Comparing(loose=params.loose, ignore_case=params.ignore_case).key
    if params.compare == "all":
        return lambda item: (same(item["json"]), _files(params, item))
    names = needed(params.fields, _PLACE, "Which fields")
    if params.compare == "except":
        return lambda item: (same(but(item["json"], names, _PLACE, dots=params.dots)), _files(params, item))
    columns = readers(names, _PLACE, dots=params.dots)
    for name, read in zip(names, columns, strict=True):
        if has_none(items, read):
            raise nowhere(name, _PLACE, items, so="all would be the same")

    def key(item: Item) -> Any:
        values = [read(item["json"]) for read in columns]
        if params.without_fields == "keep" and all(value is MISSING or value is None for value in values):
            return None
        return (*map(same, values), _files(params, item))

    return key


def _files(params: Params, item: Item) -> Any:
    if not params.compare_files:
        return None
    files = item.get("binary", {})
    return tuple(sorted((name, ref.get("sha256") or ref["key"]) for name, ref in files.items()))


def _shown(item: Item, params: Params) -> Item:
    if not params.only_compared or params.compare == "all":
        return item
    take = only if params.compare == "only" else but
    made: Item = {**item, "json": take(item["json"], params.fields, _PLACE, dots=params.dots)}
    return made
