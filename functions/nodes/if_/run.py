"""Sends each item to `true` or `false`."""

from functions.nodes.if_.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.conditions import holds


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the input items, each on the port that its conditions give."""
    return step.each(_way)


def _way(entry: Entry[Params]) -> dict[str, list[Item]]:
    params = entry.params
    met = (
        holds(condition, ignore_case=params.ignore_case, field=f"params.conditions.{index}")
        for index, condition in enumerate(params.conditions)
    )
    way = all(met) if params.combine == "and" else any(met)
    return {"true" if way else "false": [entry.item]}
