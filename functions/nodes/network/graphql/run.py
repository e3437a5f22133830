"""Asks a query for each item, or for each page of a connection."""

import time
from typing import Any

from functions.nodes.network.graphql.spec import Params
from stepweave.model.items import Item, item
from stepweave.runtime import Entry, Step
from stepweave.runtime.http_errors import RequestTimeout, ResponseInvalid, ResponseTooLarge
from stepweave.spec.fieldpaths import MISSING, field_at


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items of all answers, in the order of the input items."""
    # Imported here: with urllib3 it costs 0.08 s, which belongs to the first request and not to the function's start.
    from stepweave.runtime.http.caller import Caller, Pace

    pace = Pace(step.constant("requestsPerSecond"))

    def respond(entry: Entry[Params]) -> list[Item]:
        caller = Caller(
            by=step,
            params=entry.params,
            ends=time.monotonic() + step.remaining(),
            timeout_seconds=entry.params.timeout_seconds,
            tell=lambda level, words: step.log("warning" if level == "warning" else "info", words),
            pace=pace,
        )
        return _asked(entry.params, caller)

    several = len(step.items()) > 1
    return step.each(respond, concurrency=int(step.constant("concurrency")) if several else 1)


def _asked(params: Params, caller: Any) -> list[Item]:
    from functions.nodes.network.graphql.asking import answer_of, entries_at, variables_of

    variables, found, seen = variables_of(params), list[Item](), set[str]()
    while True:
        answer = answer_of(params, caller, variables, patient=bool(seen))
        if not params.items_at and params.paging == "none":
            return [_item(answer.get("data"), answer)]
        found += [_item(one, answer) for one in entries_at(answer, params.items_at, params.url)]
        if params.most_items is not None and len(found) >= params.most_items:
            return found[: params.most_items]
        cursor = _next(params, answer) if params.paging == "relay" else ""
        if not cursor:
            return found
        _check(params, cursor, seen, caller.ends, len(found))
        seen.add(cursor)
        variables = {**variables, params.cursor_variable: cursor}


def _next(params: Params, answer: dict[str, Any]) -> str:
    """Return the cursor of the next page; "" where there is none."""
    place = f"{params.items_at}.pageInfo" if params.items_at else "pageInfo"
    info = field_at(answer.get("data"), place)
    if info is MISSING or not isinstance(info, dict) or "hasNextPage" not in info:
        raise ResponseInvalid(
            f"The answer has no pageInfo with hasNextPage at {place}.",
            "Ask for pageInfo { hasNextPage endCursor } in the connection, and name that in Where the items are.",
            details={"field": "params.itemsAt"},
        )
    if not info["hasNextPage"]:
        return ""
    cursor = info.get("endCursor")
    if not isinstance(cursor, str) or not cursor:
        raise ResponseInvalid(
            "The answer says that there is a next page, and gives no endCursor.", "Ask for endCursor in pageInfo."
        )
    return cursor


def _check(params: Params, cursor: str, seen: set[str], ends: float, count: int) -> None:
    if cursor in seen:
        raise ResponseInvalid(
            f"{params.url} gives the same page again and again.",
            f"Check that the query takes ${params.cursor_variable} as the connection's after.",
            details={"pages": len(seen) + 1},
        )
    if len(seen) + 1 >= params.most_pages:
        raise ResponseTooLarge(
            f"{params.url} has more than {params.most_pages} pages ({count} items so far).",
            "Raise Pages at most, set Items at most, or ask for less.",
            details={"pages": len(seen) + 1},
        )
    if time.monotonic() >= ends:
        raise RequestTimeout(
            f"{params.url}: the step's time was over after {len(seen) + 1} pages.",
            "Set Items at most, or ask for larger pages.",
            details={"pages": len(seen) + 1},
        )


def _item(value: Any, answer: dict[str, Any]) -> Item:
    fields = dict(value) if isinstance(value, dict) else {} if value is None else {"data": value}
    return item({**fields, "errors": answer["errors"]} if answer.get("errors") else fields)
