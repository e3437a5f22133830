"""The error of a provider's refusal, as its app reads it (`App.refusal`)."""

import json
from typing import Any, Final

from stepweave.runtime.errors import NodeError
from stepweave.runtime.http.reading import Arrived
from stepweave.runtime.http.refusals import refused, words_of
from stepweave.runtime.http.url import Target
from stepweave.runtime.http_errors import HttpClientError, HttpRateLimited, HttpServerError
from stepweave.spec.refusals import ReadRefusal

_MOST_BYTES: Final = 64 * 1024
_KINDS: Final = {"refused": HttpClientError, "limited": HttpRateLimited, "away": HttpServerError}
_REMEDIES: Final = {
    "refused": "Check the credential and what the node sends.",
    "limited": "Send fewer requests at a time, or let the node retry.",
    "away": "The provider has a problem: let the node retry.",
}


def refusal_of(arrived: Arrived, read: ReadRefusal) -> NodeError:
    """Return the error of an answer with status 400 and above; in general words where the app reads nothing in it."""
    content = b""
    try:
        for chunk in arrived.chunks(1):
            content += chunk
            if len(content) >= _MOST_BYTES:
                break
        body = json.loads(content)
    except (NodeError, ValueError, RecursionError):
        body = None
    response = arrived.response
    words = words_of(content[:2000].decode("utf-8", "replace"))
    wait = response.headers.get("retry-after", "")
    general = refused(arrived.status, response.reason or "", arrived.target, words, wait)
    error = told(read, arrived.status, body, arrived.target)
    if error is None:
        return general
    if error.retry_after is None:
        error.retry_after = general.retry_after
    return error


def told(read: ReadRefusal, status: int, body: Any, target: Target) -> NodeError | None:
    """Return the error that an app reads in an answer's JSON; None where it reads none."""
    found = read(status, body)
    if found is None:
        return None
    words = words_of(found.words)
    verb = f"answered {status}" if status >= 400 else "refused"
    details = {"status": status, "url": str(target), "body": words} | ({"code": found.code} if found.code else {})
    remedy = found.remedy or _REMEDIES[found.kind]
    end = "" if words.endswith((".", "!", "…")) else "."
    wait = found.retry_after if found.kind != "refused" else None
    return _KINDS[found.kind](f"{target} {verb}: {words}{end}", remedy, details=details, retry_after=wait)
