"""Calls from pages of other origins: preflights, which start nothing, and the headers that let a page read an answer.

A webhook says which origins may call it from a browser (`origins` of its target: `*`, a list, or none). Credentials of
browsers are never taken along, so `*` opens nothing that a call from anywhere else does not (Fetch standard, "CORS
protocol"). An answer in which the workflow allows origins itself keeps that.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from functions.system.webhook.targets import HookTarget, Methods
from stepweave_data.hooks.refusals import SANDBOX, Refusal
from stepweave_data.hooks.requests import Request

ANYBODY: Final = "*"
_ALLOW_ORIGIN: Final = "access-control-allow-origin"
_NAMES: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+(\s*,\s*[A-Za-z0-9!#$%&'*+.^_`|~-]+)*")
_PREFLIGHT_SECONDS: Final = "600"


def options(request: Request, methods: Methods) -> dict[str, Any]:
    """Return the answer to OPTIONS: which methods a webhook takes and, to a preflight, whether the page may call.

    Raises:
        Refusal: 403, an origin that the webhook does not let in.
    """
    allowed = ", ".join((*taken(methods), "OPTIONS"))
    headers = {**SANDBOX, "allow": allowed, "cache-control": "no-store"}
    origin = request.headers.get("origin", "")
    wanted = request.headers.get("access-control-request-method", "")
    if origin and wanted:
        target = methods.get(wanted.upper()) or (methods.get("GET") if wanted.upper() == "HEAD" else None)
        let_in = readable(request, target or next(iter(methods.values())))
        if _ALLOW_ORIGIN not in let_in:
            words = f"The webhook does not take calls from pages of {origin[:200]}."
            raise Refusal(403, "origin_not_allowed", "Origin not allowed", words, {"vary": "origin"})
        headers |= let_in | {"access-control-allow-methods": allowed, "access-control-max-age": _PREFLIGHT_SECONDS}
        names = request.headers.get("access-control-request-headers", "")
        if _NAMES.fullmatch(names):
            headers["access-control-allow-headers"] = names
    return {"statusCode": 204, "headers": headers, "body": ""}


def taken(methods: Methods) -> list[str]:
    """Return the methods a path takes, in order; HEAD where it takes GET."""
    return sorted({*methods, *(("HEAD",) if "GET" in methods else ())})


def readable(request: Request, target: HookTarget) -> dict[str, str]:
    """Return the headers with which the calling page may read an answer; none for a call that is from no page."""
    origin, origins = request.headers.get("origin", ""), target.get("origins", ANYBODY)
    if not origin:
        return {}
    if origins == ANYBODY:
        return {_ALLOW_ORIGIN: ANYBODY, "access-control-expose-headers": ANYBODY}
    listed = {entry.strip().rstrip("/").lower() for entry in origins.split(",")}
    if origin.lower() not in listed:
        return {"vary": "origin"}
    return {_ALLOW_ORIGIN: origin, "access-control-expose-headers": ANYBODY, "vary": "origin"}


@contextmanager
def readable_refusals(request: Request, target: HookTarget) -> Iterator[None]:
    """Let the calling page read a refusal, too. Raises the Refusal."""
    try:
        yield
    except Refusal as refusal:
        refusal.answer = with_headers(refusal.answer, readable(request, target))
        raise


def with_headers(answer: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    """Return an answer with headers added; those it has stay, and `vary` is joined."""
    own: dict[str, str] = answer["headers"]
    merged = {**headers, **own}
    if "vary" in own and "vary" in headers:
        merged["vary"] = f"{own['vary']}, {headers['vary']}"
    return {**answer, "headers": merged}
