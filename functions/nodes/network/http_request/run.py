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
    from stepweave.runtime.http.answers import Wanted, items_of
    from stepweave.runtime.http.caller import Caller, Pace, Redirects, told_once

    tell = told_once(step.log)
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
        wanted = Wanted(
            most_mb=params.max_response_mb,
            format=params.response_format,
            items_at=params.items_at,
            split=params.split_arrays,
            whole=params.full_response,
            any_status=params.accept_any_status,
        )
        request = request_of(params, entry.idempotency_key, entry.item, step.open_file)
        if params.paging != "none":
            return pages_of(request, params, wanted, caller, step.scope, tell)
        return items_of(caller.ask(request), wanted, step.store_file, partial(step.partial, index=entry.index))

    several = len(step.items()) > 1
    return step.each(respond, concurrency=int(step.constant("concurrency")) if several else 1)
