"""Nodes that send each item one way or another, by conditions."""

from collections.abc import Mapping
from typing import Any

from stepweave.compiler.native.conditions import test_of
from stepweave.compiler.native.items import Inputs, bare, few, fits, inline, items_of, live_batch, result, right
from stepweave.compiler.native.native import Native, Program


def two_ways(params: Mapping[str, Any], met: str, unmet: str) -> Program | None:
    """Return how a node is lowered that sends items that meet `conditions` to one port and the others to another."""
    test = test_of(params, ignore_case=params.get("ignoreCase", False) is not False)
    if test is None:
        return None

    def native(inputs: Inputs) -> Native:
        items = items_of(inputs.main)
        ports = {met: live_batch(f"[{items}[{test.holds}]]"), unmet: live_batch(f"[{items}[$not({test.holds})]]")}
        return Native(sorting_guard(inputs, test.wrong), result(ports))

    return native


def sorting_guard(inputs: Inputs, wrong: tuple[str, ...]) -> str:
    """Return the guard of a node that passes items on as they are, after a look at each."""
    sources = inputs.main
    conditions = inline(sources) + fits(sources, inputs.room) + right(items_of(bare(sources)), wrong)
    return few(sources, conditions)
