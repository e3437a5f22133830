"""Nodes that send items that meet their conditions to their first port, and the others to their second."""

from collections.abc import Mapping, Sequence
from typing import Any

from stepweave.compiler.native.conditions import how_of, test_of
from stepweave.compiler.native.items import Inputs, items_of, live_batch, result
from stepweave.compiler.native.lowering import Lowering, Native, Program
from stepweave.compiler.native.sorting import sorting_guard


def program(params: Mapping[str, Any], ports: Sequence[str]) -> Program | None:
    """Return how the node is lowered; None where its conditions are more than paths and literals."""
    how = how_of(params)
    test = test_of(params, how) if how else None
    if test is None:
        return None
    met, unmet = ports

    def native(inputs: Inputs) -> Native:
        items = items_of(inputs.main)
        sorted_items = {
            met: live_batch(f"[{items}[{test.holds}]]"),
            unmet: live_batch(f"[{items}[$not({test.holds})]]"),
        }
        return Native(sorting_guard(inputs, test.wrong), result(sorted_items))

    return native


LOWERING = Lowering("sort", program)
