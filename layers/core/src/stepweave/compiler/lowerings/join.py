"""The merge node, where it puts lists after each other or chooses one; what it combines needs its function."""

from collections.abc import Mapping, Sequence
from typing import Any

from stepweave.compiler.native.items import (
    Inputs,
    Source,
    as_it_is,
    every,
    fits,
    inline,
    list_of,
    live_batch,
    noted,
    result,
)
from stepweave.compiler.native.lowering import Lowering, Native, Program


def program(params: Mapping[str, Any], ports: Sequence[str]) -> Program | None:
    """Return how the node is lowered; None where it combines items."""
    mode = params.get("mode", "append")
    if mode == "append":
        return _joined
    if mode != "choose":
        return None
    match params.get("choose", "any"):
        case "any":
            return _any
        case "first" | "second" as port:  # which every node of the type has
            return lambda inputs: _joined(_only(inputs, port))
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
    ports = [sources for sources in inputs.ports.values() if sources]
    if len(ports) < 2:
        return _joined(inputs)
    if len(ports) > 2:
        return _any_of(inputs, ports)
    first, second = ports
    if len(first) == len(second) == 1 and not noted((*first, *second)):
        guard = [condition for source in (*first, *second) for condition in as_it_is(source, inputs.room)]
        one, other = first[0].batch, second[0].batch
        return Native(every(guard), result({"main": f"($exists({one})?{one}:{other})"}))
    sources = [*first, *second]
    guard = inline(sources) + fits(sources, inputs.room)
    found = live_batch(f"($exists({list_of(first)}[0])?{list_of(first)}:{list_of(second)})")
    return Native(every(guard), result({"main": found}))


def _any_of(inputs: Inputs, ports: Sequence[Sequence[Source]]) -> Native:
    """Return the items of the first of several ports that has any."""
    sources = [source for port in ports for source in port]
    guard = inline(sources) + fits(sources, inputs.room)
    found = list_of(ports[-1])
    for port in reversed(ports[:-1]):
        found = f"($exists({list_of(port)}[0])?{list_of(port)}:{found})"
    return Native(every(guard), result({"main": live_batch(found)}))


def _chooses(params: Mapping[str, Any]) -> bool:
    return params.get("mode") == "choose"  # the list that it chooses may be empty


LOWERING = Lowering("join", program, keeps=False, may_be_empty=_chooses)
