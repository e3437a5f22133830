"""Sends each item to the outputs that its rules name."""

from functools import partial

from functions.nodes.flow.switch.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.conditions import all_or_any_hold

FALLBACK = "fallback"


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the input items, each on the ports of the rules it meets, or on `fallback`."""
    return step.each(partial(_ways, step.context["timeZone"]))


def _ways(zone: str, entry: Entry[Params]) -> dict[str, list[Item]]:
    params = entry.params
    ways: dict[str, list[Item]] = {}
    for index, rule in enumerate(params.rules):
        field = f"params.rules.{index}.conditions"
        if all_or_any_hold(rule.conditions, rule.combine, ignore_case=params.ignore_case, zone=zone, field=field):
            ways[rule.output] = [entry.item]
            if not params.all_matches:
                break
    return ways or {FALLBACK: [entry.item]}
