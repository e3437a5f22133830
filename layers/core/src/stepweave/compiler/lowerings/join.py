"""The merge node, where it puts lists after each other or chooses one; what it combines needs its function."""

from collections.abc import Mapping, Sequence
from typing import Any

from stepweave.compiler.native.items import Inputs, as_it_is, every, fits, inline, list_of, live_batch, noted, result
from stepweave.compiler.native.lowering import Lowering, Native, Program


def program(params: Mapping[str, Any], ports: Sequence[str]) -> Program | None:
    """Return how the node is lowered; None where it combines items."""
    mode = params.get("mode", "append")
    if mode == "append":
        return _joined
    if mode != "choose":
        return None
    match params.get("choose", "any"):
        case "first":
            return lambda inputs: _joined(_only(inputs, "first"))
        case "second":
            return lambda inputs: _joined(_only(inputs, "second"))
        case "any":
            return _any
    return None


def _joined(inputs: Inputs) -> Native:
    """Return all items that come in, by port and edge."""
    sources = [source for port in inputs.ports.values() for source in port]
    if not sources:
        return Native("", result({}))
    if len(sources) == 1 and not noted(sources):
        return Native(every(as_it_is(sources[0], inputs.room)), result({"main": sources[0].batch}))
    guard = every(inline(sources) + fits(sources, inputs.room))
    return Native(guard, result({"main": live_batch(list_of(sources))}))


def _only(inputs: Inputs, port: str) -> Inputs:
    return Inputs({port: inputs.ports.get(port, ())}, inputs.room, inputs.lineage)


def _any(inputs: Inputs) -> Native:
    """Return the items of the first port that has any."""
    first, second = (inputs.ports.get(port, ()) for port in ("first", "second"))
    if not first or not second:
        return _joined(inputs)
    if len(first) == len(second) == 1 and not noted((*first, *second)):
        guard = [condition for source in (*first, *second) for condition in as_it_is(source, inputs.room)]
        one, other = first[0].batch, second[0].batch
        return Native(every(guard), result({"main": f"($exists({one})?{one}:{other})"}))
    sources = [*first, *second]
    guard = inline(sources) + fits(sources, inputs.room)
    found = live_batch(f"($exists({list_of(first)}[0])?{list_of(first)}:{list_of(second)})")
    return Native(every(guard), result({"main": found}))


def _chooses(params: Mapping[str, Any]) -> bool:
    return params.get("mode") == "choose"  # the list that it chooses may be empty


LOWERING = Lowering("join", program, keeps=False, may_be_empty=_chooses)
