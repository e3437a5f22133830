"""Items that are handed on as they came."""

from stepweave.compiler.native.items import Inputs, as_it_is, every, fits, inline, list_of, live_batch, noted, result
from stepweave.compiler.native.lowering import Native


def passed_on(inputs: Inputs) -> Native:
    """Return the node's items as one batch; the only batch stays as it is."""
    sources = inputs.main
    if len(sources) == 1 and not noted(sources):
        return Native(every(as_it_is(sources[0], inputs.room)), result({"main": sources[0].batch}))
    guard = every(inline(sources) + fits(sources, inputs.room))
    return Native(guard, result({"main": live_batch(list_of(sources))}))
