"""Asks for one operation of an API, once for each item."""

import time
from functools import partial

from functions.nodes.network.api_operation.errors import ApiOperationMissing
from functions.nodes.network.api_operation.spec import CREDENTIALS, Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.spec.api_operations import call_of


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items of all answers, in the order of the input items."""
    # Imported here: with urllib3 it costs 0.08 s, which belongs to the first request and not to the function's start.
    from functions.nodes.network.api_operation.answer import items_of
    from functions.nodes.network.api_operation.request import request_of
    from stepweave.runtime.http.client import send
    from stepweave.runtime.http.reading import Arrived
    from stepweave.runtime.http.request import authenticated

    def respond(entry: Entry[Params]) -> list[Item]:
        params = entry.params
        call = call_of(params.operation)
        if call is None:
            raise ApiOperationMissing(
                f"The operation {str(params.operation)[:100]!r} is not known.",
                "Choose an API and one of its operations, and run or publish the workflow again.",
            )
        ends = time.monotonic() + step.remaining()

        def ask(refused: str) -> tuple[Arrived, str]:
            """Send the request, with a renewed token where one was refused; return the answer and the token's name."""
            request = request_of(call, params, entry.item, step.open_file)
            if params.credential:
                credential = step.authentication(params.credential, CREDENTIALS, refused)
                request = authenticated(request, credential, "params.credential")
            request.paced(ends)
            deadline = min(time.monotonic() + params.timeout_seconds, ends)
            response, target = send(request, deadline=deadline, follow_redirects=True)
            return Arrived(response, target, deadline, request.method, partial(step.log, "warning")), request.token

        arrived, token = ask("")
        if arrived.status == 401 and token:
            with arrived:
                step.log("info", f"{arrived.target} refused the token; it is renewed, and asked once more.")
            arrived, _ = ask(token)
        return items_of(arrived, params, step.store_file)

    several = len(step.items()) > 1
    return step.each(respond, concurrency=int(step.constant("concurrency")) if several else 1)
