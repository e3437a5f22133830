"""Asks for one operation of an API, once for each item."""

import time
from functools import partial

from functions.nodes.network.api_operation.errors import ApiOperationMissing
from functions.nodes.network.api_operation.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.spec.api_operations import call_of


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items of all answers, in the order of the input items."""
    # Imported here: with urllib3 it costs 0.08 s, which belongs to the first request and not to the function's start.
    from functions.nodes.network.api_operation.request import request_of
    from stepweave.runtime.http.answers import Wanted, items_of
    from stepweave.runtime.http.caller import Caller, Pace, told_once

    named = step.constant("operation")
    call = call_of(named)
    if call is None:
        raise ApiOperationMissing(
            f"The operation {str(named)[:100]!r} is not known.",
            "Choose an API and one of its operations, and run or publish the workflow again.",
        )
    tell, pace = told_once(step.log), Pace(step.constant("requestsPerSecond"))
    wanted = Wanted(most_mb=step.constant("maxResponseMb"), items_at=step.constant("itemsAt"))

    def respond(entry: Entry[Params]) -> list[Item]:
        params = entry.params
        caller = Caller(
            by=step,
            params=params,
            ends=time.monotonic() + step.remaining(),
            timeout_seconds=params.timeout_seconds,
            tell=tell,
            pace=pace,
        )
        request = request_of(call, params, entry.item, step.open_file)
        return items_of(caller.ask(request), wanted, step.store_file, partial(step.partial, index=entry.index))

    several = len(step.items()) > 1
    return step.each(respond, concurrency=int(step.constant("concurrency")) if several else 1)
