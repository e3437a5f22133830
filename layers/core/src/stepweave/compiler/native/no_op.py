"""The no-operation node: its result is what came in."""

from collections.abc import Mapping
from typing import Any

from stepweave.compiler.native.items import Inputs, as_it_is, every, fits, inline, list_of, live_batch, noted, result
from stepweave.compiler.native.native import Native, Program


def program(params: Mapping[str, Any]) -> Program:
    """Return how the node is lowered, whatever its parameters."""
    return native


def native(inputs: Inputs) -> Native:
    """Return the node's items as one batch; the only batch stays as it is."""
    sources = inputs.main
    if len(sources) == 1 and not noted(sources):
        return Native(every(as_it_is(sources[0], inputs.room)), result({"main": sources[0].batch}))
    guard = every(inline(sources) + fits(sources, inputs.room))
    return Native(guard, result({"main": live_batch(list_of(sources))}))
