"""What an answer to a webhook's caller may be: its headers, by a list of those allowed, its status, and its text.

Answers of all tenants share an origin, so tenants set no header that reaches beyond the answer itself: cookies,
policies, what ends at a proxy. The node refuses them with a reason; the webhook leaves out what came another way.
"""

import re
from typing import Final
from urllib.parse import quote

ALLOWED: Final = frozenset(
    (
        "accept-ranges",
        "access-control-allow-headers",
        "access-control-allow-methods",
        "access-control-allow-origin",
        "access-control-expose-headers",
        "access-control-max-age",
        "age",
        "allow",
        "cache-control",
        "content-disposition",
        "content-language",
        "content-location",
        "content-type",
        "correlation-id",
        "deprecation",
        "digest",
        "etag",
        "expires",
        "idempotency-key",
        "last-modified",
        "link",
        "location",
        "pragma",
        "request-id",
        "retry-after",
        "server-timing",
        "sunset",
        "traceparent",
        "tracestate",
        "vary",
        "warning",
        "www-authenticate",
    )
)
"""Besides these, `x-...`, `ratelimit-...` and `webhook-...` (IANA, "HTTP Field Name Registry")."""
_OPEN: Final = ("x-", "ratelimit-", "webhook-")
_CLOSED: Final = (
    "x-accel-",
    "x-amz",
    "x-amzn",
    "x-content-type-options",
    "x-dns-prefetch-control",
    "x-forwarded-",
    "x-frame-options",
    "x-permitted-",
    "x-sendfile",
    "x-stepweave-",
    "x-xss-protection",
)
"""What of `x-...` is the platform's: browsers' protection, servers' and our own."""
_WHY: Final = {
    "set-cookie": "Webhooks set no cookies: all workspaces share their address. Give the caller what it needs as body.",
    "content-encoding": "Answers are sent as they are; leave it out.",
    "content-security-policy": "Answers are sandboxed by the platform; leave it out.",
    "access-control-allow-credentials": "Webhooks take no cookies, so there is nothing to allow; leave it out.",
}
_BY_THE_SERVER: Final = frozenset(
    [
        "connection",
        "content-length",
        "date",
        "keep-alive",
        "server",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    ]
)
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A header's name (RFC 9110, section 5.1)."""
_ADDRESSES: Final = frozenset(("location", "content-location"))
_FILE_NAME: Final = re.compile(r'(?<![\w*])filename="((?:[^"\\]|\\.)*)"', re.IGNORECASE)
BODILESS: Final = frozenset((204, 205, 304))
"""Statuses whose answers have no body (RFC 9110, section 15)."""
_SAFE: Final = ":/?#[]@!$&'()*+,;=%~"
_LATIN_1: Final = 255


def is_allowed(name: str) -> bool:
    """Whether an answer may have a header; its name in lower case."""
    return name in ALLOWED or (name.startswith(_OPEN) and not name.startswith(_CLOSED))


def refusal(name: str, value: str) -> tuple[str, str] | None:
    """Return why a workflow may not set a header, and what to do; None where it may.

    Args:
        name: in lower case.
        value: as `carried` gave it.
    """
    if not _NAME.fullmatch(name):
        return f"“{name}” is not a header's name.", "Use letters, digits and dashes."
    if name in _BY_THE_SERVER:
        return f"The header {name} is set by the server.", "Leave it out."
    if not is_allowed(name):
        remedy = _WHY.get(name, "Leave it out, or choose a name that begins with x-.")
        return f"The header {name} is not for workflows to set.", remedy
    if any(ord(char) < 32 and char != "\t" for char in value) or "\x7f" in value:
        return f"The header {name} holds a line break or a control character.", "Take it out of the value."
    if any(ord(char) > _LATIN_1 for char in value):
        return (
            f"The header {name} holds letters that headers cannot carry.",
            "Headers carry Latin letters only: encode the value, for example as base64 or percent-encoded.",
        )
    return None


def carried(name: str, value: str) -> str:
    """Return a header's value as HTTP carries it: addresses percent-encoded, a file's name also in its encoded form."""
    if value.isascii():
        return value
    if name in _ADDRESSES:
        return quote(value, safe=_SAFE)
    if name == "content-disposition" and (found := _FILE_NAME.search(value)) and "filename*" not in value.lower():
        plain = "".join(char if char.isascii() else "_" for char in found[0])
        encoded = quote(re.sub(r"\\(.)", r"\1", found[1]), safe="")
        return f"{value[: found.start()]}{plain}; filename*=UTF-8''{encoded}{value[found.end() :]}"
    return value
