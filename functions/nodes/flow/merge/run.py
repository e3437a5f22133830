"""Makes one list of several."""

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import Final

from functions.nodes.flow.merge.combining import Combining
from functions.nodes.flow.merge.spec import SPEC, Params
from stepweave.model.items import Item
from stepweave.model.lineage import made_of
from stepweave.runtime import Step
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.fields import Read, reader
from stepweave.runtime.matching import Comparing, Matches, check_count, matched, warn_unmatched

MOST_COMBINATIONS: Final = 100_000


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the merged items on `main`."""
    params = step.params()
    lists = [step.items(port.name) for port in SPEC.inputs[: params.inputs]]
    combining = Combining(params.clash, deep=params.deep, fill_empty=params.fill_empty)
    match params.mode:
        case "append":
            return {"main": [item for items in lists for item in items]}
        case "choose":
            return {"main": _chosen(params, lists)}
        case "all":
            check_count(prod(map(len, lists)), MOST_COMBINATIONS)
            return {"main": [combining.item(items) for items in product(*lists)]}
        case "position" if len(lists) > 2:
            return {"main": _side_by_side(params, lists, combining)}
        case "position":
            found = _by_position(*lists)
        case "fields":
            found = _equal(step, params, lists)
    return {"main": _kept(params, found, lists[0], lists[1], combining)}


def _chosen(params: Params, lists: list[list[Item]]) -> list[Item]:
    if params.choose == "any":
        return next((items for items in lists if items), [])
    if params.choose == "empty":
        return [made_of([item for items in lists for item in items], {})]
    place = [port.name for port in SPEC.inputs].index(params.choose)
    if place >= len(lists):
        raise _invalid(f"There is no {params.choose} list.", "Choose another, or set the number of lists.", "choose")
    return lists[place]


def _by_position(first: list[Item], second: list[Item]) -> Matches:
    both = min(len(first), len(second))
    pairs = [(place, place) for place in range(both)]
    return Matches(pairs, list(range(both, len(first))), list(range(both, len(second))))


def _side_by_side(params: Params, lists: list[list[Item]], combining: Combining) -> list[Item]:
    """Return the items of three and more lists, combined by their places."""
    if params.keep not in ("matched", "everything") or (params.keep == "matched" and params.take != "both"):
        raise _invalid(
            f"{len(lists)} lists cannot be combined so.", "Keep pairs only, or the rest of all, of all lists.", "keep"
        )
    counts = [len(items) for items in lists]
    rows = range(min(counts) if params.keep == "matched" else max(counts))
    there = [[number for number, items in enumerate(lists) if place < len(items)] for place in rows]
    return [
        combining.item([lists[number][place] for number in numbers], [number + 1 for number in numbers])
        for place, numbers in enumerate(there)
    ]


def _equal(step: Step[Params], params: Params, lists: list[list[Item]]) -> Matches:
    """Return the pairs whose fields are equal, by the first list's order and then the second's."""
    if len(lists) > 2:
        raise _invalid("Two lists are combined where fields are equal.", "Use one Merge after another.", "inputs")
    if not params.match:
        raise _invalid("No field says which items belong together.", "Name fields that must be equal.", "match")

    def columns(side: str) -> list[Read]:
        return [
            reader(getattr(row, side), f"params.match.{number}.{side}", dots=params.dots)
            for number, row in enumerate(params.match)
        ]

    warn_unmatched(step.log, params.match, *lists, dots=params.dots)
    return matched(
        lists[0],
        lists[1],
        (columns("first"), columns("second")),
        Comparing(loose=params.loose, ignore_case=params.ignore_case),
        all_matches=params.multiple == "all",
        most=MOST_COMBINATIONS,
    )


def _kept(
    params: Params, found: Matches, first: Sequence[Item], second: Sequence[Item], combining: Combining
) -> list[Item]:
    """Return the pairs and what has none, as the parameters say."""
    keep = params.keep
    take = params.take if keep in ("matched", "unmatched") else "both"
    kept: list[Item] = []
    if keep == "matched" and take != "both":
        side = 0 if take == "first" else 1
        return [(first, second)[side][place] for place in sorted({pair[side] for pair in found.pairs})]
    if keep != "unmatched":
        kept += [combining.item((first[a], second[b])) for a, b in found.pairs]
    if keep in ("first", "everything", "unmatched") and take != "second":
        kept += [first[place] for place in found.first]
    if keep in ("second", "everything", "unmatched") and take != "first":
        kept += [second[place] for place in found.second]
    return kept


def _invalid(words: str, remedy: str, name: str) -> ParameterInvalid:
    return ParameterInvalid(words, remedy, details={"field": f"params.{name}"})
