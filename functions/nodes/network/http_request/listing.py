"""Asks for all pages of a list, and gives the items of all of them."""

import time
from collections.abc import Callable
from typing import Any, Final

from functions.nodes.network.http_request.pages import Answer, Endless, Pages
from functions.nodes.network.http_request.spec import Params
from stepweave.expressions import Scope
from stepweave.model.items import Item
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http.answers import Read, Wanted, items_in, listed, made_of, page_of
from stepweave.runtime.http.caller import Caller
from stepweave.runtime.http.request import Request
from stepweave.runtime.http_errors import RequestTimeout, ResponseTooLarge

MOST_MB: Final = 200
"""Of all pages of one list together."""


def pages_of(
    request: Request,
    params: Params,
    wanted: Wanted,
    caller: Caller,
    scope: Scope,
    tell: Callable[[str, str], None],
) -> list[Item]:
    """Return the items of all pages, `most_items` of them at most.

    Args:
        request: for the first page.
        params: of the node.
        wanted: what becomes of a page.
        caller: sends requests.
        scope: of the step, for expressions over answers.
        tell: is told why it ended before the list did: level and words.

    Raises:
        NodeError: as for one response; the pages do not end, or are more than there is time for.
    """
    if params.response_format in ("binary", "text"):
        raise ParameterInvalid(
            "A list of pages is JSON; files and text have no pages.",
            "Choose JSON as the response, or One answer under Pages.",
            details={"field": "params.paging"},
        )
    pages, found, size = Pages(params, request, scope), list[Item](), 0
    most = params.most_items
    following: Request | None = pages.first()
    while following is not None:
        if pages.count and time.monotonic() >= caller.ends:
            raise _late(following, pages.count)
        arrived = caller.ask(following, patient=pages.count > 0)
        if pages.ends_with(arrived.status):
            with arrived:
                return found
        answer = page_of(arrived, wanted)
        here = _items(answer, params, wanted, is_first=pages.count == 0)
        size += len(answer.content)
        if size > MOST_MB * 1024 * 1024:
            raise _large(following, pages.count)
        is_new = True
        try:
            following = pages.after(_told(answer, len(here)))
        except Endless as endless:
            if params.at_limit == "fail" and not (most is not None and len(found) + len(here) >= most):
                raise endless.error from None
            tell("warning", f"{endless.error.message} It goes on with what has come.")
            following, is_new = None, not pages.is_repeated
        if is_new:
            found += made_of(answer, here, wanted)
        if most is not None and len(found) >= most:
            return found[:most]
    return found


def _items(answer: Read, params: Params, wanted: Wanted, *, is_first: bool) -> list[Any]:
    if not params.items_at and params.paging in ("page", "offset") and isinstance(answer.body, dict):
        lists = ", ".join(name for name, value in answer.body.items() if isinstance(value, list))
        raise ParameterInvalid(
            "The answer is an object, so that nobody knows when the pages end.",
            f"Say where the list is{f' ({lists})' if lists else ''}.",
            details={"field": "params.itemsAt"},
        )
    return items_in(answer, wanted, strict=is_first) if wanted.items_at else listed(answer.body)


def _told(answer: Read, items: int) -> Answer:
    return Answer(answer.status, answer.headers, answer.body, answer.target, items, answer.content)


def _late(request: Request, count: int) -> RequestTimeout:
    return RequestTimeout(
        f"{request.target}: the step's time was over after {count} pages.",
        "Set Items at most, ask for larger pages, or ask for less.",
        details={"url": str(request.target), "pages": count},
    )


def _large(request: Request, count: int) -> ResponseTooLarge:
    return ResponseTooLarge(
        f"{request.target}: the pages have more than {MOST_MB} MB together.",
        "Set Items at most, or ask for less at a time.",
        details={"url": str(request.target), "pages": count},
    )
