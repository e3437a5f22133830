"""Test calls: a request of the platform's own that asks who is at an address, and starts nothing.

It has a header that is signed with the secret that the control plane alone has, for one address and for a minute. A
request that has the header and is not signed so is refused, whatever it is: nobody's test call starts a workflow.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any, Final

from stepweave_data.hooks.refusals import SANDBOX, Refusal
from stepweave_data.hooks.requests import Request

HEADER: Final = "x-stepweave-probe"
SECONDS: Final = 60


def proof(secret: str, room: str, slug: str, path: str, expires: int) -> str:
    """Return the header's value for a test call.

    Args:
        secret: that of callback URLs.
        room: `hooks` or `forms`.
        slug: of the workspace.
        path: behind it, decoded.
        expires: until when it counts, in seconds of the epoch.
    """
    digest = hmac.new(secret.encode(), f"probe\n{expires}\n{room}\n{slug}\n{path}".encode(), hashlib.sha256).digest()
    return f"{expires}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def is_probe(request: Request, room: str, secret: Callable[[], str], now: Callable[[], float] = time.time) -> bool:
    """Whether a request is a test call.

    Raises:
        Refusal: it says so, and is not signed for this address, or not any more.
    """
    given = request.headers.get(HEADER)
    if given is None:
        return False
    until, _, _ = given.partition(".")
    if until.isascii() and until.isdecimal() and len(until) <= 12 and now() <= int(until) <= now() + 2 * SECONDS:
        right = proof(secret(), room, request.slug, request.path, int(until))
        if hmac.compare_digest(right.encode(), given.encode("utf-8", "surrogatepass")):
            return True
    words = f"The header {HEADER} is for test calls of the platform. Leave it out."
    raise Refusal(403, "not_a_probe", "No test call", words)


def answer(workflow_id: str, node_id: str, *, paused: bool = False) -> dict[str, Any]:
    """Return the answer to a test call: where a call would lead."""
    body = {"workflowId": workflow_id, "nodeId": node_id, "paused": paused}
    headers = {"content-type": "application/json", "cache-control": "no-store", HEADER: "answered", **SANDBOX}
    return {"statusCode": 200, "headers": headers, "body": json.dumps(body)}
