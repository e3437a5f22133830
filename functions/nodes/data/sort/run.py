"""Puts items in order: a stable pass for each key, from the last to the first."""

from collections.abc import Callable
from typing import Any, Final

from functions.nodes.data.sort.spec import Params, SortKey
from stepweave.model.items import Item
from stepweave.model.moments import FORMS, read_moment
from stepweave.model.numbers import data_text, read_number
from stepweave.model.ordering import folded_text, natural_text, order_key
from stepweave.runtime import Step
from stepweave.runtime.errors import ParameterInvalid, ValueMismatch
from stepweave.runtime.fields import reader, warn_nowhere
from stepweave.runtime.placing import shown
from stepweave.spec.fieldpaths import MISSING

_EMPTY: Final = object()
_NONE: Final = object()
"""What is no value of the type asked for."""

Compared = Callable[[Any], Any]
"""Gives what a value is compared by, or `_EMPTY`, or `_NONE`."""


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return all items in order."""
    params, items = step.params(), step.items()
    if params.mode == "random":
        return {"main": _shuffled(items, params.seed)}
    if not params.keys:
        raise ParameterInvalid("There is nothing to sort by.", "Add a sort key.", details={"field": "params.keys"})
    for number, key in enumerate(params.keys):
        if key.by == "field":
            place = f"params.keys.{number}.field"
            warn_nowhere(step.log, items, [key.field], place, so="it puts none before another", dots=params.dots)
    order = list(range(len(items)))
    for number in reversed(range(len(params.keys))):
        order = _pass(step, params, number, order)
    return {"main": [items[place] for place in order]}


def _shuffled(items: list[Item], seed: str) -> list[Item]:
    import random  # nothing but this needs it

    made = list(items)
    (random.Random(seed) if seed else random.SystemRandom()).shuffle(made)  # noqa: S311 - an order is no secret
    return made


def _pass(step: Step[Params], params: Params, number: int, order: list[int]) -> list[int]:
    """Return places of items, sorted by the key of a number; those that are equal by it keep their order."""
    key = params.keys[number]
    value_of, compared = _values(step, params, number), _compared(key, params, step.context["timeZone"])
    keys: dict[int, Any] = {}
    empty: list[int] = []
    for place in order:
        value = value_of(place)
        found = _EMPTY if value is MISSING or value is None else compared(value)
        if found is _NONE:
            if params.unreadable == "fail":
                raise _mismatch(key, number, value, place)
            found = _EMPTY
        if found is _EMPTY:
            empty.append(place)
        else:
            keys[place] = found
    placed = sorted(keys, key=keys.__getitem__, reverse=key.direction == "descending")
    return placed + empty if params.empty == "last" else empty + placed


def _values(step: Step[Params], params: Params, number: int) -> Callable[[int], Any]:
    key = params.keys[number]
    if key.by == "field":
        read, items = reader(key.field, f"params.keys.{number}.field", dots=params.dots), step.items()
        return lambda place: read(items[place]["json"])

    def value(place: int) -> Any:
        keys = step.params(place).keys
        return keys[number].value if number < len(keys) else MISSING

    return value


def _compared(key: SortKey, params: Params, zone: str) -> Compared:
    fold = folded_text if params.ignore_case else str
    match key.compare:
        case "text":
            return lambda value: fold(data_text(value))
        case "natural":
            return lambda value: natural_text(data_text(value))
        case "number":
            return _number
        case "date":
            return lambda value: _date(value, zone)
    return lambda value: order_key(value, fold)


def _number(value: Any) -> Any:
    if isinstance(value, str):
        if not value.strip():
            return _EMPTY
        number = read_number(value)
        return _NONE if number is None else number
    return value if isinstance(value, int | float) and not isinstance(value, bool) else _NONE


def _date(value: Any, zone: str) -> Any:
    if isinstance(value, str) and not value.strip():
        return _EMPTY
    moment = read_moment(value, zone)
    return _NONE if moment is None else moment


def _mismatch(key: SortKey, number: int, value: Any, place: int) -> ValueMismatch:
    what = f"{key.field}: " if key.by == "field" else ""
    hint = f" A date is {FORMS}, or milliseconds since 1970." if key.compare == "date" else ""
    return ValueMismatch(
        f"Item {place}: {what}{shown(value)} is not a {key.compare}.{hint}",
        "Change the value, compare as something else, or have such values count as empty.",
        details={"field": f"params.keys.{number}"},
        item=place,
    )
