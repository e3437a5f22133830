"""Asks the store for what each item wants of a table, many items at a time."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from functions.nodes.data.table.spec import Params
from stepweave.model.items import Item, item
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import NodeError
from stepweave.runtime.storing import once
from stepweave.spec.kept import within

TOGETHER: Final = 100
"""Items that are asked for at once."""


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the rows that the store gave, in the order of the input items."""

    def asked(entries: list[Entry[Params]]) -> Iterator[Iterable[Item] | NodeError]:
        wanted = [_operation(entry) for entry in entries]
        for entry, given in zip(entries, step.store.each(wanted, stop=not step.control.goes_on), strict=False):
            yield given if isinstance(given, NodeError) else list(_items(step, entry.params, given))

    # What finds rows gives up to megabytes for each item, so that each is asked for by itself.
    return step.each_together(asked, most=1 if step.constant("operation") == "query" else TOGETHER)


def _operation(entry: Entry[Params]) -> dict[str, Any]:
    params = entry.params
    asked: dict[str, Any] = {"table": params.table, **within(params)}
    if params.operation in ("insert", "update", "upsert"):
        asked["values"] = {one.name: one.value for one in params.values} if params.values else entry.json
        asked["missing"] = params.missing
    if params.operation in ("query", "count", "update", "delete"):
        asked["conditions"] = [
            {"column": one.column, "operator": one.operator, "value": one.value, "ignoreCase": params.ignore_case}
            for one in params.conditions
        ]
        asked["match"] = params.match
    if params.operation not in ("query", "count"):
        asked["once"] = once(entry.idempotency_key, params.operation, params.table, *within(params).values())
    match params.operation:
        case "upsert":
            return {"do": "upsert", **asked, "keys": [key.name for key in params.keys]}
        case "delete":
            return {"do": "deleteRows", **asked, "all": params.all_rows}
        case "update":
            return {"do": "update", **asked, "all": params.all_rows}
        case "query":
            sort = [{"column": one.column, "direction": one.direction} for one in params.sort]
            return {"do": "query", **asked, "sort": sort, "limit": params.limit, "skip": params.skip}
    return {"do": params.operation, **asked}


def _items(step: Step[Params], params: Params, given: Any) -> Iterator[Item]:
    match params.operation:
        case "insert":
            yield item(given)
        case "upsert":
            yield item(given["row"])
        case "delete":
            yield item({"deleted": given["count"]})
        case "count":
            yield item({"count": given})
        case _:
            while True:
                yield from map(item, given["rows"])
                if not given["left"]:
                    break
                given = step.store.do({"do": "rows", "table": params.table, "ids": given["left"], **within(params)})
            if given.get("cut"):
                step.log("warning", "More rows were changed than are given: the first 1,000 are.")
