"""Reads a request as API Gateway gives it (HTTP API, payload format 2.0)."""

import base64
import json
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from functions.system.webhook.answering import Refusal
from stepweave.model.items import Item

HIDDEN: Final = frozenset(("authorization", "cookie", "x-forwarded-host", "x-amzn-trace-id", "via"))
"""Request headers that a workflow does not get: secrets of the call, and our own plumbing."""
MOST_BYTES: Final = 4 * 1024**2 + 1024
"""In base64, with its headers, this still fits Lambda's 6 MB request (AWS Lambda quotas)."""


@dataclass(frozen=True)
class Request:
    """One webhook call."""

    slug: str
    path: str
    method: str
    headers: dict[str, str]
    query: dict[str, Any]
    body: bytes


def read_request(event: dict[str, Any]) -> Request:
    """Return the request of an event. Raises Refusal for a path that cannot be one."""
    http = event["requestContext"]["http"]
    slug, _, path = unquote(event["rawPath"]).partition("/hooks/")[2].partition("/")
    body = event.get("body") or ""
    return Request(
        slug=slug,
        path=path.strip("/"),
        method=http["method"].upper(),
        headers={name.lower(): value for name, value in event.get("headers", {}).items()},
        query=_pairs(event.get("rawQueryString", "")),
        body=base64.b64decode(body) if event.get("isBase64Encoded") else body.encode(),
    )


def item_of(request: Request, body_type: str) -> Item:
    """Return the item a workflow starts with. Raises Refusal (400) where JSON is required and the body is none."""
    body = _body(request, body_type)
    headers = {name: value for name, value in request.headers.items() if name not in HIDDEN}
    return {
        "json": {
            "method": request.method,
            "path": request.path,
            "headers": headers,
            "query": request.query,
            "body": body,
        }
    }


def _body(request: Request, body_type: str) -> Any:
    if not request.body:
        return None
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    required = body_type == "json"
    if required or kind == "application/json" or kind.endswith("+json"):
        try:
            return json.loads(request.body)
        except ValueError as error:
            if required:
                raise Refusal(400, "invalid_json", "Not JSON", f"The body must be JSON: {error}.") from None
    text = request.body.decode("utf-8", "replace")
    return _pairs(text) if kind == "application/x-www-form-urlencoded" else text


def _pairs(text: str) -> dict[str, Any]:
    """Return form or query fields; one that comes several times is a list."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        if name in found:
            known = found[name]
            found[name] = [*known, value] if isinstance(known, list) else [known, value]
        else:
            found[name] = value
    return found
