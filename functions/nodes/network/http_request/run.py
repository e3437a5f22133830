"""Sends one HTTP request for each item."""

import time
from functools import partial

from functions.nodes.network.http_request.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items of all responses, in the order of the input items."""
    # Imported here: with urllib3 it costs 0.08 s, which belongs to the first request and not to the function's start.
    from functions.nodes.network.http_request.request import request_of
    from functions.nodes.network.http_request.response import items_of
    from stepweave.runtime.http.client import send
    from stepweave.runtime.http.reading import Arrived

    told: set[str] = set()

    def warn(words: str) -> None:
        """Say once for all items what is odd."""
        if words not in told:
            told.add(words)
            step.log("warning", words)

    def respond(entry: Entry[Params]) -> list[Item]:
        params = entry.params
        ends = time.monotonic() + step.remaining()

        def ask(refused: str) -> tuple[Arrived, str]:
            """Send the request, with a renewed token where one was refused; return the answer and the token's name."""
            authenticate = partial(step.authentication, refused=refused)
            request = request_of(params, authenticate, entry.idempotency_key, entry.item, step.open_file)
            for words in request.notes:
                warn(words)
            request.paced(ends)
            deadline = min(time.monotonic() + params.timeout_seconds, ends)
            response, target = send(request, deadline=deadline, follow_redirects=params.follow_redirects)
            return Arrived(response, target, deadline, params.method, warn), request.token

        arrived, token = ask("")
        if arrived.status == 401 and token:
            with arrived:
                step.log("info", f"{arrived.target} refused the token; it is renewed, and asked once more.")
            arrived, _ = ask(token)
        return items_of(arrived, params, step.store_file, partial(step.partial, index=entry.index))

    several = len(step.items()) > 1
    return step.each(respond, concurrency=int(step.constant("concurrency")) if several else 1)
