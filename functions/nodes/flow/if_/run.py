"""Sends each item to `true` or `false`."""

from functools import partial

from functions.nodes.flow.if_.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.conditions import Comparing, all_or_any_hold


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the input items, each on the port that its conditions give."""
    return step.each(partial(_way, step.context["timeZone"]))


def _way(zone: str, entry: Entry[Params]) -> dict[str, list[Item]]:
    params = entry.params
    how = Comparing(params.ignore_case, params.type_validation == "strict", zone, "params.conditions")
    way = all_or_any_hold(params.conditions, params.combine, how)
    return {"true" if way else "false": [entry.item]}
