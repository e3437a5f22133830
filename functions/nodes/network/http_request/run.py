"""Sends the HTTP requests of each item: one, or those for all pages of a list."""

import time
from functools import partial

from functions.nodes.network.http_request.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items of all responses, in the order of the input items."""
    # Imported here: with urllib3 it costs 0.08 s, which belongs to the first request and not to the function's start.
    from functions.nodes.network.http_request.listing import pages_of
    from functions.nodes.network.http_request.request import request_of
    from functions.nodes.network.http_request.response import items_of
    from stepweave.runtime.http.caller import Caller, Pace, Redirects

    told: set[str] = set()

    def tell(level: str, words: str) -> None:
        """Say once for all items what is odd, and each time what was done."""
        if level != "warning" or words not in told:
            told.add(words)
            step.log("warning" if level == "warning" else "info", words)

    pace = Pace(step.constant("requestsPerSecond"))

    def respond(entry: Entry[Params]) -> list[Item]:
        params = entry.params
        caller = Caller(
            by=step,
            params=params,
            ends=time.monotonic() + step.remaining(),
            timeout_seconds=params.timeout_seconds,
            tell=tell,
            pace=pace,
            redirects=Redirects(params.follow_redirects, params.most_redirects, params.keep_method),
        )
        request = request_of(params, entry.idempotency_key, entry.item, step.open_file)
        if params.paging != "none":
            return pages_of(request, params, caller, step.scope, tell)
        return items_of(caller.ask(request), params, step.store_file, partial(step.partial, index=entry.index))

    several = len(step.items()) > 1
    return step.each(respond, concurrency=int(step.constant("concurrency")) if several else 1)
