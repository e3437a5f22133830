"""Lineage: which item of another node an item comes from, for `$('A').item` behind filters, joins and sorts.

An item may carry `origin`: the id of a node before -> the item's place in that node's output, `[port, index]`, within a
loop `[port, index, iteration]`; None where several items of that node meet in it, so that none is the one. Only nodes
that some expression reads item by item are in it (the compiler's pass `analyse`). Who takes the items of such a node
notes their places (`placed`); whoever makes an item says of which ones (`descended`).

Pure functions from items to items; none changes what it is given.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stepweave.model.items import Item, Origin


def placed(items: Sequence[Item], node_id: str, port: str, iteration: str = "") -> list[Item]:
    """Return the items of a node's port, each with its place in that node's output.

    Args:
        items: of the port, all of them.
        node_id: the node that gave them.
        port: its output port.
        iteration: the round in which it did (`StepPayload.iteration`).
    """
    made: list[Item] = []
    for index, entry in enumerate(items):
        place: list[Any] = [port, index, iteration] if iteration else [port, index]
        made.append({**entry, "origin": {**entry.get("origin", {}), node_id: place}})
    return made


def merged(sources: Iterable[Item]) -> Origin:
    """Return the lineage of an item that is made of all `sources`: what is equal stays, what differs is None."""
    found: Origin = {}
    for source in sources:
        for node_id, place in source.get("origin", {}).items():
            found[node_id] = place if found.get(node_id, place) == place else None
    return found


def made_of(sources: Sequence[Item], json: dict[str, Any], binary: Mapping[str, Any] | None = None) -> Item:
    """Return an item that is made of all `sources`. It carries its lineage where any of them does."""
    made: Item = {"json": json}
    if binary:
        made["binary"] = dict(binary)
    if any("origin" in source for source in sources):
        made["origin"] = merged(sources)
    return made


def one_of(sources: Sequence[Item]) -> Origin:
    """Return the lineage of an item that is made of some of `sources`, nobody knows of which."""
    found = merged(sources)
    everywhere = [source.get("origin", {}) for source in sources]
    return {node_id: place if all(node_id in one for one in everywhere) else None for node_id, place in found.items()}


def descended(items: Iterable[Item], origin: Mapping[str, list[Any] | None] | None) -> list[Item]:
    """Return items with `origin`, even an empty one, where it is not None; those that carry one keep theirs."""
    if origin is None:
        return list(items)
    return [entry if "origin" in entry else {**entry, "origin": dict(origin)} for entry in items]


def carried(items: Iterable[Item]) -> bool:
    """Return whether any item carries its lineage."""
    return any("origin" in entry for entry in items)


def without(items: list[Item]) -> list[Item]:
    """Return the items without their lineage, as people and other workflows see them; the same list where none has."""
    if not carried(items):
        return items
    bare: list[Item] = []
    for entry in items:
        one: Item = {"json": entry["json"]}
        if "binary" in entry:
            one["binary"] = entry["binary"]
        bare.append(one)
    return bare
