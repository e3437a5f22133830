"""Sends each item to `true` or `false`."""

from functions.nodes.if_.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.conditions import all_or_any_hold


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the input items, each on the port that its conditions give."""
    return step.each(_way)


def _way(entry: Entry[Params]) -> dict[str, list[Item]]:
    params = entry.params
    way = all_or_any_hold(params.conditions, params.combine, ignore_case=params.ignore_case, field="params.conditions")
    return {"true" if way else "false": [entry.item]}
