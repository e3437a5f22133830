"""Keeps the items that meet conditions."""

from functools import partial

from functions.nodes.flow.filter.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.conditions import Comparing, all_or_any_hold


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items that meet the conditions on `main`, the others on `rejected`."""
    return step.each(partial(_sorted, step.context["timeZone"]))


def _sorted(zone: str, entry: Entry[Params]) -> dict[str, list[Item]]:
    params = entry.params
    how = Comparing(params.ignore_case, params.type_validation == "strict", zone, "params.conditions")
    kept = all_or_any_hold(params.conditions, params.combine, how)
    return {"main" if kept else "rejected": [entry.item]}
