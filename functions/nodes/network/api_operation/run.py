"""Asks for one operation of an API, once for each item."""

import time

from functions.nodes.network.api_operation.errors import ApiOperationMissing
from functions.nodes.network.api_operation.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.spec.api_operations import call_of


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items of all answers, in the order of the input items."""
    # Imported here: with urllib3 it costs 0.08 s, which belongs to the first request and not to the function's start.
    from functions.nodes.network.api_operation.answer import items_of
    from functions.nodes.network.api_operation.request import request_of
    from stepweave.runtime.http.caller import Caller, Pace

    told: set[str] = set()

    def tell(level: str, words: str) -> None:
        """Say once for all items what is odd, and each time what was done."""
        if level != "warning" or words not in told:
            told.add(words)
            step.log("warning" if level == "warning" else "info", words)

    pace = Pace(step.constant("requestsPerSecond"))

    def respond(entry: Entry[Params]) -> list[Item]:
        params = entry.params
        call = call_of(params.operation)
        if call is None:
            raise ApiOperationMissing(
                f"The operation {str(params.operation)[:100]!r} is not known.",
                "Choose an API and one of its operations, and run or publish the workflow again.",
            )
        caller = Caller(
            by=step,
            params=params,
            ends=time.monotonic() + step.remaining(),
            timeout_seconds=params.timeout_seconds,
            tell=tell,
            pace=pace,
        )
        return items_of(caller.ask(request_of(call, params, entry.item, step.open_file)), params, step.store_file)

    several = len(step.items()) > 1
    return step.each(respond, concurrency=int(step.constant("concurrency")) if several else 1)
