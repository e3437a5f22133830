"""Makes one list of two."""

from collections.abc import Sequence
from typing import Any

from functions.nodes.flow.merge.spec import Params
from stepweave.model.equality import same_key
from stepweave.model.items import Item
from stepweave.model.lineage import merged
from stepweave.runtime import Step
from stepweave.runtime.errors import DataTooLarge, ParameterInvalid
from stepweave.spec.fieldpaths import MISSING, PathError, field_at

MOST_COMBINATIONS = 100_000

Pairs = list[tuple[int, int]]
"""Positions in the first and in the second list."""


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the merged items on `main`."""
    params, first, second = step.params(), step.items("first"), step.items("second")
    match params.mode:
        case "append":
            return {"main": first + second}
        case "choose":
            return {"main": _chosen(params.choose, first, second)}
        case "all":
            pairs = _all_pairs(first, second)
        case "position":
            pairs = [(place, place) for place in range(min(len(first), len(second)))]
        case "fields":
            try:
                pairs = _equal_pairs(params, first, second)
            except PathError as error:
                raise ParameterInvalid(
                    f"Fields that must be equal: {error}.",
                    "Change the field's name: a.b looks into an object, a[0] into a list.",
                    details={"field": "params.match"},
                ) from None
    combined = [] if params.keep == "unmatched" else [_combined(first[a], second[b], params.clash) for a, b in pairs]
    if params.mode != "all":
        combined += _rest(params.keep, pairs, first, second)
    return {"main": combined}


def _chosen(choose: str, first: list[Item], second: list[Item]) -> list[Item]:
    if choose == "any":
        return first or second
    return first if choose == "first" else second


def _all_pairs(first: Sequence[Item], second: Sequence[Item]) -> Pairs:
    _check(len(first) * len(second))
    return [(a, b) for a in range(len(first)) for b in range(len(second))]


def _equal_pairs(params: Params, first: list[Item], second: list[Item]) -> Pairs:
    """Return the pairs whose fields are equal, by the first list's order and then the second's."""
    places: dict[tuple[Any, ...], list[int]] = {}
    for place, item in enumerate(second):
        key = _key(item, [match.second for match in params.match])
        if key is not None:
            places.setdefault(key, []).append(place)
    pairs: Pairs = []
    for place, item in enumerate(first):
        key = _key(item, [match.first for match in params.match])
        if key is not None:
            pairs += [(place, other) for other in places.get(key, ())]
            _check(len(pairs))
    return pairs


def _key(item: Item, fields: list[str]) -> tuple[Any, ...] | None:
    """Return what an item is matched by; None where a field is missing or null, which matches nothing."""
    values = [field_at(item["json"], field) for field in fields]
    if any(value is MISSING or value is None for value in values):
        return None
    return tuple(same_key(value) for value in values)


def _check(count: int) -> None:
    if count > MOST_COMBINATIONS:
        raise DataTooLarge(
            f"The lists have more than {MOST_COMBINATIONS:,} combinations.",
            "Filter or limit the lists before, or match by more fields.",
        )


def _combined(first: Item, second: Item, clash: str) -> Item:
    json = _fields(first["json"], second["json"], clash)
    binary = _fields(first.get("binary", {}), second.get("binary", {}), clash)
    made: Item = {"json": json, "origin": merged((first, second))}
    return {**made, "binary": binary} if binary else made


def _fields(first: dict[str, Any], second: dict[str, Any], clash: str) -> dict[str, Any]:
    if clash == "first":
        return {**second, **first}
    if clash == "second":
        return {**first, **second}
    both = first.keys() & second.keys()
    taken = {*first, *second}
    made: dict[str, Any] = {}
    for number, fields in ((1, first), (2, second)):
        for name, value in fields.items():
            made[_suffixed(name, number, taken) if name in both else name] = value
    return made


def _suffixed(name: str, number: int, taken: set[str]) -> str:
    """Return the new name of a field that both have, and take it; `id_1_1` where a field is called `id_1` already."""
    found = f"{name}_{number}"
    while found in taken:
        found = f"{found}_{number}"
    taken.add(found)
    return found


def _rest(keep: str, pairs: Pairs, first: list[Item], second: list[Item]) -> list[Item]:
    rest: list[Item] = []
    if keep in ("first", "everything", "unmatched"):
        paired = {a for a, _ in pairs}
        rest += [item for place, item in enumerate(first) if place not in paired]
    if keep in ("second", "everything", "unmatched"):
        paired = {b for _, b in pairs}
        rest += [item for place, item in enumerate(second) if place not in paired]
    return rest
