"""What many values come to: counts, sums, extremes, lists. Of nodes that work on groups of items.

An empty value (missing, null, "") counts only where `empty` says so; sums and the like leave it out always.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from stepweave.model.equality import same_key
from stepweave.model.numbers import as_double, data_text, read_number
from stepweave.model.ordering import order_key
from stepweave.runtime.errors import ValueMismatch
from stepweave.runtime.placing import shown
from stepweave.spec.fieldpaths import MISSING
from stepweave.spec.totals import Operation


@dataclass(frozen=True, slots=True)
class Rules:
    """How values are taken.

    Attributes:
        field: what the values are called in errors.
        place: the parameter that names it.
        empty: whether empty values count, in counts and lists.
        text_numbers: whether text that is a number is one.
        skip: whether what is no number is left out of sums and the like, instead of ending with an error.
        separator: between the texts of `concatenate`.
        percentile: 0 to 100.
    """

    field: str = ""
    place: str = ""
    empty: bool = False
    text_numbers: bool = True
    skip: bool = False
    separator: str = ", "
    percentile: float = 50.0


def total(operation: Operation, values: Sequence[Any], rules: Rules, places: Sequence[int] = ()) -> Any:
    """Return what values come to, as JSON data; None where there is nothing to say.

    Args:
        operation: what to make of them.
        values: JSON data, or MISSING.
        rules: how they are taken.
        places: the input items that they are of, for errors.

    Raises:
        ValueMismatch: a value is no number where one is asked for, or the result is beyond what a number can be.
    """
    if operation in _OF_NUMBERS:
        numbers = _numbers(values, rules, places)
        try:
            result = _OF_NUMBERS[operation](numbers, rules.percentile)
        except OverflowError:
            result = math.inf
        if isinstance(result, float) and not math.isfinite(result):
            raise ValueMismatch(
                f"{rules.field}: the result is beyond what a number can be.",
                "Leave out the values that are too large.",
                details={"field": rules.place},
            )
        return result
    found = [value for value in values if rules.empty or not _is_empty(value)]
    return _OF_ANY[operation](found, rules)


def _is_empty(value: Any) -> bool:
    return value is MISSING or value is None or (isinstance(value, str) and value == "")


def _numbers(values: Sequence[Any], rules: Rules, places: Sequence[int]) -> list[int | float]:
    found: list[int | float] = []
    for at, value in enumerate(values):
        if isinstance(value, int | float) and not isinstance(value, bool):
            found.append(value)
            continue
        if _is_empty(value) or (isinstance(value, str) and not value.strip()):
            continue
        number = read_number(value) if rules.text_numbers and isinstance(value, str) else None
        if number is not None:
            found.append(number)
        elif not rules.skip:
            item = places[at] if places else None
            where = "" if item is None else f"Item {item}: "
            raise ValueMismatch(
                f"{where}{rules.field}: {shown(value)} is not a number.",
                "Change the value, or have what is no number left out.",
                details={"field": rules.place},
                item=item,
            )
    return found


def _sum(numbers: Sequence[int | float]) -> int | float:
    if all(isinstance(number, int) for number in numbers):
        return sum(numbers)
    return math.fsum(map(as_double, numbers))


def _average(numbers: Sequence[int | float], _: float) -> float | None:
    return math.fsum(map(as_double, numbers)) / len(numbers) if numbers else None


def percentile_of(numbers: Sequence[int | float], percentile: float) -> int | float | None:
    """Return the percentile (0 to 100) of numbers, between two of them on the line between (SQL's PERCENTILE_CONT)."""
    if not numbers:
        return None
    ordered = sorted(numbers)
    rank = (len(ordered) - 1) * percentile / 100
    below = math.floor(rank)
    if below == rank or below + 1 == len(ordered):
        return ordered[below]
    low, high = as_double(ordered[below]), as_double(ordered[below + 1])
    return low * (1 - (rank - below)) + high * (rank - below)


def _deviation(numbers: Sequence[int | float], less: int) -> float | None:
    if len(numbers) <= less:
        return None
    doubles = [as_double(number) for number in numbers]
    mean = math.fsum(doubles) / len(doubles)
    return math.sqrt(math.fsum((number - mean) ** 2 for number in doubles) / (len(doubles) - less))


_OF_NUMBERS: Final[dict[str, Callable[[Sequence[int | float], float], Any]]] = {
    "sum": lambda numbers, _: _sum(numbers),
    "average": _average,
    "median": lambda numbers, _: percentile_of(numbers, 50.0),
    "percentile": percentile_of,
    "stddev": lambda numbers, _: _deviation(numbers, 1),
    "stddevPopulation": lambda numbers, _: _deviation(numbers, 0),
}


def _shown(value: Any) -> Any:
    return None if value is MISSING else value


def _distinct(values: Sequence[Any]) -> list[Any]:
    return list({same_key(_shown(value)): _shown(value) for value in reversed(values)}.values())[::-1]


def _extreme(choose: Callable[..., Any]) -> Callable[[Sequence[Any], Rules], Any]:
    def found(values: Sequence[Any], rules: Rules) -> Any:
        def key(value: Any) -> Any:
            number = read_number(value) if rules.text_numbers and isinstance(value, str) else None
            return order_key(value if number is None else number)

        return choose((value for value in values if not _is_empty(value)), key=key, default=None)

    return found


_OF_ANY: Final[dict[str, Callable[[Sequence[Any], Rules], Any]]] = {
    "count": lambda values, _: len(values),
    "countDistinct": lambda values, _: len({same_key(_shown(value)) for value in values}),
    "min": _extreme(min),
    "max": _extreme(max),
    "append": lambda values, _: [_shown(value) for value in values],
    "distinct": lambda values, _: _distinct(values),
    "concatenate": lambda values, rules: rules.separator.join(data_text(_shown(value)) for value in values),
    "first": lambda values, _: _shown(values[0]) if values else None,
    "last": lambda values, _: _shown(values[-1]) if values else None,
}
