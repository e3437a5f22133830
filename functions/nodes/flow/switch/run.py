"""Sends each item to the outputs that its rules name, or that an expression gives."""

import json
from functools import partial
from typing import Final

from functions.nodes.flow.switch.errors import OutputUnknown
from functions.nodes.flow.switch.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.conditions import Comparing, all_or_any_hold
from stepweave.runtime.errors import ParameterInvalid

FALLBACK: Final = "fallback"
_LONGEST_SHOWN: Final = 80


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the input items, each on the ports of the rules it meets or that an expression gives, or on `fallback`."""
    if step.constant("mode") == "expression":
        return step.each(_given)
    return step.each(partial(_ways, step.context["timeZone"]))


def _given(entry: Entry[Params]) -> dict[str, list[Item]]:
    """Return an item on the output that the expression gives. Raises OutputUnknown."""
    params = entry.params
    names = [row.output for row in params.outputs]
    output = _named(params.output, names)
    if output is None and params.otherwise == "none":
        return {}
    if output is None and params.otherwise == "fail":
        shown = json.dumps(params.output, ensure_ascii=False, default=str)
        shown = shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}…"
        raise OutputUnknown(
            f"{shown} is no output of this node, for the item at {entry.index}.",
            f"Give one of {', '.join(names)}, or a place from 0 to {len(names) - 1}; or choose where others go.",
            details={"field": "params.output"},
        )
    return {output or FALLBACK: [entry.item]}


def _named(value: object, names: list[str]) -> str | None:
    """Return the output that a value names, or whose place in the list it is; None where there is none."""
    if isinstance(value, str):
        text = value.strip()
        if text in names:
            return text
        # As JavaScript writes a place: "1", not "01", and no other script's digits.
        value = next((place for place in range(len(names)) if text == str(place)), None)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return names[int(value)] if 0 <= value < len(names) and value == int(value) else None


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
