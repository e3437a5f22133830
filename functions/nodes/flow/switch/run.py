"""Sends each item to the outputs that its rules name."""

from functools import partial

from functions.nodes.flow.switch.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.conditions import Comparing, all_or_any_hold

FALLBACK = "fallback"


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the input items, each on the ports of the rules it meets, or on `fallback`."""
    return step.each(partial(_ways, step.context["timeZone"]))


def _ways(zone: str, entry: Entry[Params]) -> dict[str, list[Item]]:
    params = entry.params
    how = Comparing(params.ignore_case, params.type_validation == "strict", zone, "params.rules")
    ways: dict[str, list[Item]] = {}
    for index, rule in enumerate(params.rules):
        if all_or_any_hold(rule.conditions, rule.combine, how.at(f"{index}.conditions")):
            ways[rule.output] = [entry.item]
            if not params.all_matches:
                break
    return ways or {FALLBACK: [entry.item]}
