"""Asks the store for what each item wants, many items at a time."""

from collections.abc import Iterator
from typing import Any, Final

from functions.nodes.data.store.spec import Params
from stepweave.model.items import Item, item
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import NodeError
from stepweave.runtime.storing import once
from stepweave.spec.kept import within

TOGETHER: Final = 100
"""Items that are asked for at once."""
_PAGE: Final = 1_000
_SECONDS: Final = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400}


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return what the store gave, in the order of the input items."""
    if step.constant("operation") == "list":
        return step.each(lambda entry: _listed(step, entry.params))

    def asked(entries: list[Entry[Params]]) -> Iterator[list[Item] | NodeError]:
        wanted = [_operation(entry) for entry in entries]
        for entry, given in zip(entries, step.store.each(wanted, stop=not step.control.goes_on), strict=False):
            yield given if isinstance(given, NodeError) else [_item(entry, given)]

    return step.each_together(asked, most=TOGETHER)


def _operation(entry: Entry[Params]) -> dict[str, Any]:
    params = entry.params
    at = {"store": params.store, "key": params.key, **within(params)}
    ttl = params.ttl * _SECONDS[params.ttl_unit] if params.ttl is not None else None
    known = once(entry.idempotency_key, params.operation, params.store, params.key, *within(params).values())
    match params.operation:
        case "get":
            return {"do": "get", **at}
        case "increment":
            return {"do": "increment", **at, "by": params.by, "start": params.start, "ttl": ttl, "once": known}
        case "delete":
            return {"do": "delete", **at, "once": known}
    absent = params.operation == "setIfAbsent"
    return {"do": "set", **at, "value": params.value, "ttl": ttl, "ifAbsent": absent, "once": known}


def _item(entry: Entry[Params], given: dict[str, Any]) -> Item:
    params = entry.params
    if params.operation == "get" and not given["found"]:
        given = {**given, "value": params.default}
    if params.into and params.operation in ("get", "increment"):
        return {**entry.item, "json": {**entry.json, params.into: given["value"]}}
    return item(given)


def _listed(step: Step[Params], params: Params) -> Iterator[Item]:
    left, after = params.limit, ""
    while left:
        page = {"do": "list", "store": params.store, "prefix": params.prefix, "after": after, "limit": min(left, _PAGE)}
        page |= within(params)
        given = step.store.do(page)
        yield from map(item, given["entries"])
        left, after = left - len(given["entries"]), given["next"]
        if not after:
            return
