"""Reads a request as API Gateway gives it (HTTP API, payload format 2.0)."""

import base64
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from stepweave.model import json_text
from stepweave.model.items import Item
from stepweave.model.json_text import JsonInvalid
from stepweave_data.hooks.refusals import Refusal

HIDDEN: Final = frozenset(
    (
        "authorization",
        "cookie",
        "forwarded",
        "via",
        "x-amzn-trace-id",
        "x-amz-cf-id",
        "x-forwarded-host",
        "x-forwarded-port",
        "x-forwarded-proto",
    )
)
"""Request headers that a workflow does not get: secrets of the call, and our own plumbing."""
HIDDEN_PREFIXES: Final = ("x-stepweave-", "cloudfront-")
WITH_BODY: Final = frozenset(("POST", "PUT", "PATCH"))
"""Methods whose body counts (RFC 9110, section 9.3)."""
MOST_FIELDS: Final = 1000


@dataclass(frozen=True)
class Request:
    """One webhook call. Header names are in lower case."""

    slug: str
    path: str
    method: str
    headers: dict[str, str]
    raw_query: str
    body: bytes


def read_request(event: dict[str, Any]) -> Request:
    """Return the request of an event."""
    slug, _, path = unquote(event["rawPath"]).partition("/hooks/")[2].partition("/")
    body = event.get("body") or ""
    return Request(
        slug=slug,
        path=path.strip("/"),
        method=event["requestContext"]["http"]["method"].upper(),
        headers={name.lower(): value for name, value in event.get("headers", {}).items()},
        raw_query=event.get("rawQueryString", ""),
        body=base64.b64decode(body) if event.get("isBase64Encoded") else body.encode("utf-8", "replace"),
    )


def item_of(request: Request, body_type: str, secret_header: str = "") -> Item:
    """Return the item a workflow starts with. A body that is a list stays one body of one item.

    Args:
        request: the call.
        body_type: `json` where the body must be JSON, else `any`.
        secret_header: name, in lower case, of the header that proved who calls; it stays out.

    Raises:
        Refusal: 400, where JSON is required and the body is none, or has no end of fields or depth.
    """
    return {
        "json": {
            "method": request.method,
            "path": request.path,
            "headers": {name: value for name, value in request.headers.items() if not _is_hidden(name, secret_header)},
            "query": _pairs(request.raw_query, "The query"),
            "body": _body(request, body_type),
        }
    }


def _is_hidden(name: str, secret_header: str) -> bool:
    return name in HIDDEN or name == secret_header or name.startswith(HIDDEN_PREFIXES)


def _body(request: Request, body_type: str) -> Any:
    required = body_type == "json" and request.method in WITH_BODY
    if not request.body:
        if required:
            raise Refusal(400, "invalid_json", "Not JSON", "The body must be JSON, and it is empty.")
        return None
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if required or kind == "application/json" or kind.endswith("+json"):
        try:
            return json_text.read(request.body)
        except JsonInvalid as error:
            if required or not error.syntax:
                raise Refusal(400, "invalid_json", "Not JSON", f"The body is {error}.") from None
    text = request.body.decode("utf-8", "replace")
    return _pairs(text, "The form") if kind == "application/x-www-form-urlencoded" else text


def _pairs(text: str, what: str) -> dict[str, Any]:
    """Return form or query fields; one that comes several times is a list."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Refusal(
            400, "too_many_fields", "Too many fields", f"{what} may have at most {MOST_FIELDS} fields."
        ) from None
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            known = found[name]
            found[name] = [*known, value] if isinstance(known, list) else [known, value]
        else:
            found[name] = value
    return found
