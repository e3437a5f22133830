"""Makes one list of two."""

from collections.abc import Sequence
from typing import Final

from functions.nodes.flow.merge.combining import Combining
from functions.nodes.flow.merge.spec import Params
from stepweave.model.items import Item
from stepweave.model.lineage import made_of
from stepweave.runtime import Step
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.fields import Read, reader
from stepweave.runtime.matching import Comparing, Matches, check_count, matched

MOST_COMBINATIONS: Final = 100_000


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the merged items on `main`."""
    params, first, second = step.params(), step.items("first"), step.items("second")
    match params.mode:
        case "append":
            return {"main": first + second}
        case "choose":
            return {"main": _chosen(params.choose, first, second)}
        case "all":
            check_count(len(first) * len(second), MOST_COMBINATIONS)
            places = [(a, b) for a in range(len(first)) for b in range(len(second))]
            found = Matches(places, [], [])
        case "position":
            both = min(len(first), len(second))
            rest = list(range(both, len(first))), list(range(both, len(second)))
            found = Matches([(place, place) for place in range(both)], *rest)
        case "fields":
            found = _equal(params, first, second)
    return {"main": _kept(params, found, first, second)}


def _chosen(choose: str, first: list[Item], second: list[Item]) -> list[Item]:
    match choose:
        case "any":
            return first or second
        case "empty":
            return [made_of((*first, *second), {})]
    return first if choose == "first" else second


def _equal(params: Params, first: list[Item], second: list[Item]) -> Matches:
    """Return the pairs whose fields are equal, by the first list's order and then the second's."""

    if not params.match:
        raise ParameterInvalid(
            "No field says which items belong together.",
            "Name fields that must be equal.",
            details={"field": "params.match"},
        )

    def columns(side: str) -> list[Read]:
        return [
            reader(getattr(row, side), f"params.match.{number}.{side}", dots=params.dots)
            for number, row in enumerate(params.match)
        ]

    return matched(
        first,
        second,
        (columns("first"), columns("second")),
        Comparing(loose=params.loose, ignore_case=params.ignore_case),
        all_matches=params.multiple == "all",
        most=MOST_COMBINATIONS,
    )


def _kept(params: Params, found: Matches, first: Sequence[Item], second: Sequence[Item]) -> list[Item]:
    """Return the pairs and what has none, as the parameters say."""
    keep = "matched" if params.mode == "all" else params.keep
    take = params.take if params.mode != "all" and keep in ("matched", "unmatched") else "both"
    kept: list[Item] = []
    if keep == "matched" and take != "both":
        side = 0 if take == "first" else 1
        return [(first, second)[side][place] for place in sorted({pair[side] for pair in found.pairs})]
    if keep != "unmatched":
        combining = Combining(params.clash, deep=params.deep, fill_empty=params.fill_empty)
        kept += [combining.item(first[a], second[b]) for a, b in found.pairs]
    if keep in ("first", "everything", "unmatched") and take != "second":
        kept += [first[place] for place in found.first]
    if keep in ("second", "everything", "unmatched") and take != "first":
        kept += [second[place] for place in found.second]
    return kept
