"""Which items of two lists, or of one, are equal: by the rules that a person chose."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from stepweave.model.equality import folded, loosened, same_key
from stepweave.model.items import Item
from stepweave.runtime.errors import DataTooLarge
from stepweave.runtime.fields import Log, Read, warn_nowhere
from stepweave.spec.fieldpaths import MISSING
from stepweave.spec.parts import FieldPair

MOST_PAIRS: Final = 200_000
_MISSING_KEY: Final = ("missing",)


@dataclass(frozen=True, slots=True)
class Comparing:
    """How values are compared.

    Attributes:
        loose: types do not count, and everything empty is the same (`loosened`).
        ignore_case: text that differs in case only is equal.
    """

    loose: bool = False
    ignore_case: bool = False

    def key(self, value: Any) -> Any:
        """Return something hashable that equal values share. A missing value is one of its own; loosely, it is null."""
        if value is MISSING:
            return None if self.loose else _MISSING_KEY
        if self.loose:
            return same_key(loosened(value, ignore_case=self.ignore_case))
        return same_key(folded(value) if self.ignore_case else value)


@dataclass(frozen=True, slots=True)
class Matches:
    """Places in two lists: the pairs that are equal, and what has no partner."""

    pairs: list[tuple[int, int]]
    first: list[int]
    second: list[int]


def matched(
    first: Sequence[Item],
    second: Sequence[Item],
    columns: tuple[Sequence[Read], Sequence[Read]],
    comparing: Comparing,
    *,
    all_matches: bool = True,
    most: int = MOST_PAIRS,
) -> Matches:
    """Return which items of two lists are equal by their columns; what is missing or null in one equals nothing.

    Pairs are in the order of the first list and then of the second.

    Args:
        first: a list.
        second: another.
        columns: what reads the fields of the items of each.
        comparing: how they are compared.
        all_matches: whether an item of the first is paired with all that are equal, or with the first of them.
        most: how many pairs there may be.

    Raises:
        DataTooLarge: there are more.
    """
    places: dict[tuple[Any, ...], list[int]] = {}
    for place, item in enumerate(second):
        key = _key(item, columns[1], comparing)
        if key is not None:
            places.setdefault(key, []).append(place)
    pairs: list[tuple[int, int]] = []
    alone: list[int] = []
    paired: set[int] = set()
    for place, item in enumerate(first):
        key = _key(item, columns[0], comparing)
        others = places.get(key, []) if key is not None else []
        if not others:
            alone.append(place)
            continue
        if not all_matches:
            others = others[:1]
        pairs += [(place, other) for other in others]
        paired.update(others)
        check_count(len(pairs), most)
    return Matches(pairs, alone, [place for place in range(len(second)) if place not in paired])


def warn_unmatched(
    log: Log, match: Sequence[FieldPair], first: Sequence[Item], second: Sequence[Item], *, dots: bool
) -> None:
    """Write a warning for each field to match by (`params.match`) that no item of its list has.

    Args:
        log: of the step.
        match: the fields.
        first: a list.
        second: another.
        dots: as of `stepweave.runtime.fields.reader`.
    """
    so = "nothing matches"
    for number, row in enumerate(match):
        place = f"params.match.{number}"
        warn_nowhere(log, first, [row.first], f"{place}.first", so=so, dots=dots, of="item of the first list")
        warn_nowhere(log, second, [row.second], f"{place}.second", so=so, dots=dots, of="item of the second list")


def check_count(count: int, most: int) -> None:
    """Raise DataTooLarge where there are more pairs than a node makes."""
    if count > most:
        raise DataTooLarge(
            f"The lists have more than {most:,} combinations.",
            "Filter or limit the lists before, or match by more fields.",
        )


def _key(item: Item, columns: Sequence[Read], comparing: Comparing) -> tuple[Any, ...] | None:
    values = [read(item["json"]) for read in columns]
    if any(value is MISSING or value is None for value in values):
        return None
    keys = tuple(map(comparing.key, values))
    return None if None in keys else keys
