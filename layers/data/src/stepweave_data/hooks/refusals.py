"""Refusals of requests to `/hooks/...`: problem documents (RFC 9457).

What webhooks answer is written by tenants, who share the content origin. So every answer is sandboxed: a page
among them has no origin, and it sets no cookie.
"""

import json
from contextvars import ContextVar
from typing import Any, Final

SANDBOX: Final = {
    "content-security-policy": (
        "sandbox allow-downloads allow-forms allow-modals allow-popups allow-scripts; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
}
"""The policy of `/hooks/*` in `stacks/security_headers.json`, which the edge sets too; here for who reaches the API
past it. Without `allow-same-origin` a page has an origin of its own (HTML standard, "Sandboxing")."""


_ON_PURPOSE: Final = frozenset(("workflow_paused",))
"""Codes of 503 that somebody wants."""
_OUR_TROUBLE: Final = 500


_counted: ContextVar[str] = ContextVar("stepweave_refusal_counted", default="")


def begin_answer() -> None:
    """Say that a request begins, of which nothing is refused yet."""
    _counted.set("")


def counted(refusal: "Refusal") -> dict[str, Any]:
    """Return the answer of a refusal that is shown in another way than by raising it; it is counted all the same."""
    if refusal.answer["statusCode"] < _OUR_TROUBLE:
        count_as(refusal.code)
    return refusal.answer


def count_as(code: str) -> None:
    """Say that the request is refused, for a page that is no Refusal."""
    _counted.set(code)


def code_counted() -> str:
    """Return the code of what was refused in the request, and shown; "" where nothing was."""
    return _counted.get()


class Refusal(Exception):
    """A request that starts nothing. `answer` is what its caller gets, `code` its code there.

    `unavailable` says whether it is our trouble: what is needed does not answer, and the same call may do so later.
    """

    def __init__(self, status: int, code: str, title: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.unavailable = status == 503 and code not in _ON_PURPOSE
        self.answer = problem(status, code, title, detail, headers)


def problem(
    status: int, code: str, title: str, detail: str, headers: dict[str, str] | None = None, **more: Any
) -> dict[str, Any]:
    """Return a problem document as an HTTP API answer."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code, **more}
    own = {"content-type": "application/problem+json", "cache-control": "no-store", **SANDBOX}
    return {"statusCode": status, "headers": {**own, **(headers or {})}, "body": json.dumps(body)}
