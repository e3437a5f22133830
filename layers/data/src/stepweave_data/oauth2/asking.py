"""One request to a provider with the platform's client: to public addresses only, no redirects, a time and a size.

Import it when the first request is made: it brings urllib3.
"""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from urllib3.exceptions import HTTPError

from stepweave.model.sizes import size_text
from stepweave.runtime.errors import NodeError
from stepweave.runtime.http.client import Response, broken, send, timed_out
from stepweave.runtime.http.request import Headers, Request
from stepweave.runtime.http.route import Route
from stepweave.runtime.http.url import Target, target_of
from stepweave.runtime.network import private_allowed
from stepweave_data.oauth2.replies import NoReply, Reply

SECONDS: Final = 8.0
"""For the whole exchange. A node waits for the vault behind it, and others wait for its lock."""
MOST_BYTES: Final = 256 * 1024


def ask(
    method: str, url: str, headers: Mapping[str, str], body: bytes | None = None, *, authorities: str = ""
) -> Reply:
    """Return what a server answers to a request with these headers.

    Args:
        method: of the request.
        url: of the server.
        headers: what is sent, besides who asks.
        body: what is sent; None for nothing.
        authorities: PEM of certificates that are trusted besides the public ones; "" for none.

    Raises:
        NoReply: as `exchange`, or the authorities cannot be read.
    """
    sent = Headers({name.lower(): [value] for name, value in headers.items()})
    try:
        return exchange(Request(method, target_of(url), sent, body, route=Route(authorities=authorities)))
    except NodeError as error:
        raise NoReply(error.message) from None


def exchange(request: Request) -> Reply:
    """Return a server's answer. A redirect is an answer: what is sent goes to this URL only.

    Raises:
        NoReply: the URL is not HTTPS (HTTP is for one machine), the address is private, or nothing came in time.
    """
    deadline = time.monotonic() + SECONDS
    target = request.target
    if target.scheme != "https" and not private_allowed():
        raise NoReply(f"{target} must begin with https://: secrets are sent there.")
    headers = Headers({"user-agent": ["Stepweave/1"], **request.headers})
    try:
        response, _ = send(replace(request, headers=headers), deadline=deadline, follow_redirects=False)
        body = _read(response, target, deadline)
    except NodeError as error:
        raise NoReply(error.message) from None
    kind = str(response.headers.get("content-type") or "").partition(";")[0].strip().lower()
    return Reply(response.status, body, kind)


def _read(response: Response, target: Target, deadline: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        while part := response.read1(16 * 1024):
            parts.append(part)
            size += len(part)
            if size > MOST_BYTES or time.monotonic() > deadline:
                response.close()
                if size > MOST_BYTES:
                    raise NoReply(f"{target} answers with more than {size_text(MOST_BYTES)}.")
                raise timed_out(target)
    except (HTTPError, OSError) as error:
        raise broken(error, target) from None
    response.release_conn()
    return b"".join(parts)
