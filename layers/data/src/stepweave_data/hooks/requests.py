"""Reads a request as API Gateway gives it (HTTP API, payload format 2.0)."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

from stepweave.model.items import Item
from stepweave.model.sizes import size_text
from stepweave_data.hooks import bodies, forms
from stepweave_data.hooks.bodies import Store
from stepweave_data.hooks.forms import File
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
_FORWARDED_HOST: Final = "x-forwarded-host"
"""Which host the caller used; the edge writes it, for API Gateway knows itself by a host of its own."""
_CALLER: Final = "x-stepweave-caller"
"""The caller's address, as the edge saw it: the edge writes it over whatever a caller sends under this name."""
_DAMAGED: Final = "\ufffd"
"""What API Gateway writes for bytes of a text body that are no UTF-8."""
ROOM: Final = "hooks"
WITH_BODY: Final = frozenset(("POST", "PUT", "PATCH"))
"""Methods whose body counts (RFC 9110, section 9.3)."""


@dataclass(frozen=True)
class Request:
    """One webhook call. Header names are in lower case."""

    slug: str
    path: str
    method: str
    headers: dict[str, str]
    raw_query: str
    body: bytes
    segments: tuple[str, ...] = ()
    """Of the path, each decoded by itself; a gateway that decodes the path before has parted it at each `%2F`, too."""
    caller: str = ""
    """The address that the edge saw; where no edge was passed, the one that connected to API Gateway."""


@dataclass(frozen=True)
class Received:
    """What a workflow starts or goes on with: an item's JSON, and the files that are still to be stored."""

    json: dict[str, Any]
    files: list[File]

    def item(self, key: str, store: Store) -> Item:
        """Return the item, its files stored under keys that begin with `key`. Raises StorageUnavailable."""
        if not self.files:
            return {"json": self.json}
        return {"json": self.json, "binary": bodies.stored(self.files, lambda index: f"{key}file-{index}", store)}


def read_request(event: dict[str, Any], room: str = ROOM) -> Request:
    """Return the request of an event; `room` is what its path begins with.

    Raises:
        Refusal: 415, where the gateway damaged a text body that is no UTF-8.
    """
    whole = event["rawPath"].partition(f"/{room}/")[2]
    slug, _, path = unquote(whole).partition("/")
    headers = headers_of(event)
    if host := headers.get(_FORWARDED_HOST):
        headers["host"] = host
    http = event["requestContext"]["http"]
    return Request(
        slug=slug,
        path=path.strip("/"),
        method=http["method"].upper(),
        headers=headers,
        raw_query=event.get("rawQueryString", ""),
        body=_body(event, headers.get("content-length", "")),
        segments=tuple(map(unquote, whole.partition("/")[2].strip("/").split("/"))),
        caller=caller(event),
    )


def caller(event: dict[str, Any]) -> str:
    """Return the address that an event's request came from: of an HTTP API, or of a WebSocket API's $connect."""
    context = event.get("requestContext", {})
    connected = context.get("http") or context.get("identity") or {}
    return headers_of(event).get(_CALLER, "") or str(connected.get("sourceIp", ""))


def headers_of(event: dict[str, Any]) -> dict[str, str]:
    """Return the headers of an event, names in lower case."""
    return {name.lower(): _whole(value) for name, value in event.get("headers", {}).items()}


def received(
    request: Request,
    *,
    json_required: bool,
    most_bytes: int,
    secret_header: str = "",
    keep_raw: bool = False,
    more: Mapping[str, Any] | None = None,
) -> Received:
    """Return what a call gives a workflow. A body that is a list stays one body of one item.

    Args:
        request: the call.
        json_required: whether the body must be JSON, where the method has one.
        most_bytes: how large the body may be.
        secret_header: name, in lower case, of the header that proved who calls; it stays out.
        keep_raw: whether the body is to be there exactly as it was sent, too.
        more: what else the item has, besides the request's own.

    Raises:
        Refusal: 400, 413 or 415, as `stepweave_data.hooks.bodies.read`, or for a query without end.
    """
    if len(request.body) > most_bytes:
        words = (
            f"The body has {size_text(len(request.body))}; it may have {size_text(most_bytes)}."
            " Send less, or an address that the file can be fetched from."
        )
        raise Refusal(413, "too_large", "Too large", words)
    content = bodies.read(
        request.body,
        request.headers,
        json_required=json_required and request.method in WITH_BODY,
        most_bytes=most_bytes,
    )
    json: dict[str, Any] = {
        "method": request.method,
        "path": request.path,
        "headers": {name: value for name, value in request.headers.items() if not _is_hidden(name, secret_header)},
        "query": forms.pairs(request.raw_query, "The query"),
        "body": content.value,
        **(more or {}),
    }
    return Received({**json, **bodies.raw(request.body)} if keep_raw else json, content.files)


def _body(event: dict[str, Any], length: str) -> bytes:
    text: str = event.get("body") or ""
    if event.get("isBase64Encoded"):
        return base64.b64decode(text)
    body = text.encode("utf-8", "replace")
    if _DAMAGED in text and length.isdigit() and int(length) != len(body):
        words = "The body is text, and not in UTF-8: send UTF-8, or send it with a content type that is no text."
        raise Refusal(415, "not_utf8", "Not UTF-8", words)
    return body


def _whole(value: str) -> str:
    """Return a header's value as text: UTF-8 where its bytes are that, Latin-1 where not (RFC 9110, section 5.5)."""
    if value.isascii():
        return value
    try:
        content = value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace").decode()
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _is_hidden(name: str, secret_header: str) -> bool:
    return name in HIDDEN or name == secret_header or name.startswith(HIDDEN_PREFIXES)
