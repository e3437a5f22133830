"""Notion's lists: the cursor of the next page stands in the answer, and goes into the body or the query."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import unquote

from functions.nodes.apps.notion.plain import plain_page
from stepweave.spec.operations import Call, RequestSpec

PAGE: Final = 100
MOST_PAGES: Final = 1000


def entries(ask: Callable[..., Any], request: RequestSpec, most: int | None, **values: Any) -> Iterator[dict[str, Any]]:
    """Yield the entries of a list, at most so many.

    Args:
        ask: sends a request with further values and returns the answer (`Call.ask`).
        request: a POST takes the cursor in its body, a GET in its query.
        most: how many; None for all.
        values: for the request.

    Raises:
        ResponseInvalid: the pages lead in a circle.
        ResponseTooLarge: there are more pages than a step should read.
    """
    from stepweave.runtime.http_errors import ResponseInvalid, ResponseTooLarge

    paged, cursor, seen, left = _paged(request), "", set[str](), most
    for _ in range(MOST_PAGES):
        size = PAGE if left is None else min(PAGE, left)
        answer = ask(paged, **values, pageSize=size, cursor=cursor)
        found = answer.get("results", []) if isinstance(answer, Mapping) else []
        yield from found if left is None else found[:left]
        left = None if left is None else left - len(found)
        cursor = str(answer.get("next_cursor") or "") if isinstance(answer, Mapping) else ""
        if not cursor or (left is not None and left <= 0):
            return
        if cursor in seen:
            raise ResponseInvalid("Notion gives the same page again and again.", "Set a limit.")
        seen.add(cursor)
    raise ResponseTooLarge(
        f"The list has more than {MOST_PAGES * PAGE} entries.",
        "Set a limit instead of Return all, or ask for less by conditions.",
    )


def _paged(request: RequestSpec) -> RequestSpec:
    if request.method == "GET":
        return replace(request, query=(*request.query, ("page_size", "{pageSize}"), ("start_cursor", "{cursor}")))
    return replace(request, body={**request.body, "page_size": "{pageSize}", "start_cursor": "{cursor?}"})


_PROPERTY: Final = RequestSpec("GET", "/pages/{id}/properties/{property}")


def given(call: Call, page: Mapping[str, Any], *, raw: bool) -> dict[str, Any]:
    """Return a page as an item has it. Lists that Notion cut short (25 entries) are asked for whole."""
    properties = dict(page.get("properties") or {})
    for name, value in properties.items():
        kind = str(value.get("type")) if isinstance(value, Mapping) else ""
        if isinstance(value, Mapping) and value.get("has_more") and isinstance(value.get(kind), list):
            found = entries(call.ask, _PROPERTY, None, id=page.get("id"), property=unquote(str(value.get("id"))))
            whole = [one[kind] for one in found if kind in one]
            properties[name] = {**value, kind: whole, "has_more": False}
    whole_page = {**page, "properties": properties} if "properties" in page else dict(page)
    return whole_page if raw else plain_page(whole_page)
