"""Asks the URL, and says what is new in its list."""

import time
from typing import Any

from functions.nodes.triggers.poll_trigger.entries import Entries
from functions.nodes.triggers.poll_trigger.spec import Params
from stepweave.runtime.asks import Asked
from stepweave.runtime.polling import Poll, only_new, params_of


def poll(asked: Asked) -> dict[str, Any]:
    """Return what is new in the list. Raises what `SPEC.errors` names, and CredentialMissing and the like."""
    # Imported here: with urllib3 it costs 0.08 s, which belongs to the first request and not to the function's start.
    from functions.nodes.triggers.poll_trigger.request import request_of
    from stepweave.runtime.http.caller import Caller
    from stepweave.runtime.http.headers import header
    from stepweave.runtime.http_errors import ResponseInvalid

    params = params_of(asked, Params)
    entries, given = Entries(params), Poll.of(asked.given)
    cursor = given.known(entries.watched) or {}
    ends = time.monotonic() + asked.remaining()
    caller = Caller(by=asked, params=params, ends=ends, timeout_seconds=asked.remaining(), tell=lambda *_: None)
    arrived = caller.ask(request_of(params, cursor))
    with arrived:
        if arrived.status >= 400:
            raise arrived.refusal()
        if arrived.status == 304 and cursor:
            return {"items": [], "cursor": dict(cursor), "more": False}
        content = arrived.content() if arrived.has_body else b"[]"
        if not content.strip():
            raise ResponseInvalid(f"{arrived.target} answered with nothing.", "Check the URL in a browser.")
        things = entries.of(arrived.json(content), arrived.target)
        news = only_new(given, things, entries.watched, from_start=params.start_with == "all")
        # With more to come the server must not say that nothing has changed since.
        tag = "" if news.more else header(arrived.response, "etag")
        newest = (news.things or (() if cursor else tuple(things)))[-1:]
        since = (entries.since(newest[0].json) if newest else None) or cursor.get("since")
        return news.answer(**({"etag": tag} if tag else {}), **({} if since is None else {"since": since}))
