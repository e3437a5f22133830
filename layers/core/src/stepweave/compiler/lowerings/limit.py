"""The limit node: the first or the last items."""

from collections.abc import Mapping, Sequence
from typing import Any

from stepweave.compiler.native.items import (
    MOST_ITEMS,
    Inputs,
    as_it_is,
    count_of,
    every,
    fits,
    inline,
    items_of,
    live_batch,
    noted,
    result,
)
from stepweave.compiler.native.lowering import Lowering, Native, Program


def program(params: Mapping[str, Any], ports: Sequence[str]) -> Program | None:
    """Return how the node is lowered; None where an expression says how many items."""
    wanted, keep = params.get("count", 1), params.get("keep", "first")
    if type(wanted) is not int or wanted < 1 or keep not in ("first", "last"):
        return None
    kept = f"$i<{wanted}" if keep == "first" else f"$i>=$c-{wanted}"

    def native(inputs: Inputs) -> Native:
        sources, count = inputs.main, count_of(inputs.main)
        part = live_batch(f"[$filter({items_of(sources)},function($v,$i){{{kept}}})]")
        guard = every([f"{count}<={MOST_ITEMS}", *inline(sources), *fits(sources, inputs.room)])
        if len(sources) == 1 and not noted(sources):
            # With no more items than wanted the batch stays as it is, even by reference.
            part = f"($c<={wanted}?{sources[0].batch}:{part})"
            guard = f"({every([f'{count}<={wanted}', *as_it_is(sources[0], inputs.room)])}) or ({guard})"
        return Native(guard, f"($c:={count};{result({'main': part})})")

    return native


LOWERING = Lowering("limit", program)
