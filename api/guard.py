"""Around every request: its id, the limits of size, security headers, and an answer whatever happens."""

import uuid
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import audited, codes
from api.deps import caller_of, known, redis_of
from api.errors import CODE_STATE, BodyRefused, refusal
from api.rates import STATE
from api.refusals import Code
from api.services import auditing
from stepweave.model.sizes import size_text
from stepweave_data import refused
from stepweave_data.auditing import Origin, begin
from stepweave_data.hooks.limits import is_too_often
from stepweave_data.telemetry import logger

MOST_BYTES: Final = 5 * 1024**2
"""Of a request's body: a Lambda request has 6 MB (quotas), and JSON in JSON is escaped."""
MOST_ANSWER_BYTES: Final = 52 * 1024**2 // 10
"""Of an answer's body: a Lambda answer has 6 MB (quotas), and JSON in JSON is escaped."""
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
FORBIDDEN: Final = 403
UNKNOWN: Final = 401
_ANSWER_LARGE: Final = (
    f"The answer has {{size}}; one may have at most {size_text(MOST_ANSWER_BYTES)}. Ask for fewer at once (`limit`); "
    "where one item alone is larger, make it smaller in the workflow."
)
_LARGE: Final = f"A request may have at most {size_text(MOST_BYTES)}."


class Guard:
    """ASGI middleware. Everything inside may fail; the caller gets a problem document with the request's id."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http":
            await _Exchange(self._app, scope, receive, send).run()
        else:
            await self._app(scope, receive, send)


class _Exchange:
    """One request and its answer."""

    def __init__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        self._app, self._scope, self._receive, self._send = app, scope, receive, send
        self._state: dict[str, Any] = scope.setdefault("state", {})
        self._id = request_id(scope)
        self._started = False
        self._received = 0
        self._withheld = False
        request = Request(scope)
        self._origin = Origin(
            kind="visitor",
            address=caller_of(request).address,
            agent=request.headers.get("user-agent", ""),
            request_id=self._id,
        )

    async def run(self) -> None:
        declared = Request(self._scope).headers.get("content-length", "0")
        if not (declared.isascii() and declared.isdigit()):
            await self._refuse(codes.BAD_REQUEST, "The header Content-Length must be a number.")
        elif len(declared) > len(str(MOST_BYTES)) or int(declared) > MOST_BYTES:
            await self._refuse(codes.TOO_LARGE, _LARGE)
        else:
            await self._pass_on()

    async def _pass_on(self) -> None:
        try:
            with begin(self._origin):
                await self._app(self._scope, self._counted, self._headed)
        except Exception:  # nobody foresaw it: the details are for the log, never for the caller
            logger().exception("unforeseen error", request_id=self._id, path=self._scope["path"])
            if self._started:
                raise
            detail = "Something went wrong on our side. Try again; if it stays so, report the request id."
            await self._refuse(codes.INTERNAL_ERROR, detail, requestId=self._id)

    async def _counted(self) -> Message:
        message = await self._receive()
        self._received += len(message.get("body", b""))
        if self._received > MOST_BYTES:
            raise BodyRefused(codes.TOO_LARGE, _LARGE)
        return message

    async def _headed(self, message: Message) -> None:
        if self._withheld:
            return
        if message["type"] == "http.response.start":
            size = int(dict(message["headers"]).get(b"content-length", b"0"))
            if size > MOST_ANSWER_BYTES:
                await self._refuse(codes.ANSWER_TOO_LARGE, _ANSWER_LARGE.format(size=size_text(size)))
                self._withheld = True
                return
            await self._write_down(message["status"])
            await self._count(message["status"])
            self._started = True
            there = {name.lower() for name, _ in message["headers"]}
            added = {**HEADERS, **self._state.get(STATE, {}), "X-Request-Id": self._id}
            own = [
                (name.encode(), value.encode()) for name, value in added.items() if name.lower().encode() not in there
            ]
            message["headers"] = [*message["headers"], *own]
        await self._send(message)

    async def _write_down(self, status: int) -> None:
        """Write into the audit what was done, where the service that did it said nothing (`api.audited`)."""
        operation = getattr(self._scope.get("route"), "operation_id", None)
        if operation is None or self._origin.written or self._origin.tenant_id is None:
            return
        action = audited.action_of(self._scope["method"], operation, status)
        elsewhere = status == FORBIDDEN and self._origin.named not in (None, self._origin.tenant_id)
        if action is None or elsewhere or (status == FORBIDDEN and await run_in_threadpool(self._told_often)):
            return
        subject = next((str(one) for one in reversed(list(self._scope.get("path_params", {}).values()))), "")
        try:
            await run_in_threadpool(auditing.call, action, operation, subject, status)
        except Exception:  # it is done, whatever becomes of the entry: the log has it
            logger().exception("not in the audit", request_id=self._id, action=action, subject=subject)

    def _told_often(self) -> bool:
        """Whether a caller was refused so often that the next times are counted, and not told one by one."""
        who = str(self._origin.key_id or self._origin.user_id)
        return is_too_often(redis_of(self._scope), "refusals-told", who, auditing.MOST_TOLD_EACH)

    async def _count(self, status: int) -> None:
        """Count what was refused, for the audit of whom it was tried at (`stepweave_data.refused`)."""
        code = audited.counted_as(status, str(self._state.get(CODE_STATE, "")))
        if code and not self._origin.written:
            try:
                await run_in_threadpool(self._counted_in_redis, code, status)
            except Exception:
                logger().exception("a refusal was not counted", request_id=self._id, code=code)

    def _counted_in_redis(self, code: str, status: int) -> None:
        origin = self._origin
        if origin.tenant_id is None and origin.named is None and status != UNKNOWN:
            with begin(origin):  # bodies and paths are looked at before it is known who asks
                known(Request(self._scope))
        facets = {
            "address": origin.address,
            "operation": getattr(self._scope.get("route"), "operation_id", None) or "",
            "actor": str(origin.key_id or origin.user_id or ""),
        }
        where = origin.named or origin.tenant_id
        refused.counting(redis_of(self._scope)).count(str(where or refused.NOBODY), code, facets)

    async def _refuse(self, code: Code, detail: str, **more: Any) -> None:
        answer = refusal(Request(self._scope), code, detail, **more)
        await answer(self._scope, self._receive, self._headed)


def request_id(scope: Scope) -> str:
    """Return API Gateway's id of the request, which its access log has too, or a new one."""
    event: dict[str, Any] = scope.get("aws.event") or {}
    return str(event.get("requestContext", {}).get("requestId") or uuid.uuid4())
