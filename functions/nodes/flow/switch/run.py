"""Sends each item to the outputs that its rules name."""

from functools import partial

from functions.nodes.flow.switch.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.conditions import Comparing, all_or_any_hold
from stepweave.runtime.errors import ParameterInvalid

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
    if ways or params.fallback == "none":
        return ways
    return {_fallback(params): [entry.item]}


def _fallback(params: Params) -> str:
    """Return the output of items that meet no rule. Raises ParameterInvalid where no rule names it."""
    if params.fallback == "extra":
        return FALLBACK
    if params.fallback_output not in {rule.output for rule in params.rules}:
        raise ParameterInvalid(
            f"No rule has the output {params.fallback_output!r}.",
            "Choose an output that a rule names, or the output fallback.",
            details={"field": "params.fallbackOutput"},
        )
    return params.fallback_output
