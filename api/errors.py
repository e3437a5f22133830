"""Problems: what the API refuses, as RFC 9457 documents. The one place that maps errors, ours and others', to HTTP."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import redis
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DatabaseError, DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from api import codes
from api.refusals import Code, Kind, Refused
from api.repeating import Replayed
from api.services import quotas
from stepweave.aws import AwsError
from stepweave_data.kept import no_room
from stepweave_data.telemetry import logger

CODE_STATE: Final = "refused_code"
"""Where in a request's state the code of its refusal stands, for `Guard`."""
QUOTA_STATE: Final = "SW402"
"""What the triggers of migration 0037 raise where a plan has no room."""
MEDIA_TYPE: Final = "application/problem+json"
STATUS: Final = {
    Kind.MALFORMED: 400,
    Kind.UNKNOWN_CALLER: 401,
    Kind.NOT_IN_PLAN: 402,
    Kind.FORBIDDEN: 403,
    Kind.ABSENT: 404,
    Kind.CONFLICT: 409,
    Kind.GONE: 410,
    Kind.TOO_LARGE: 413,
    Kind.WRONG_TYPE: 415,
    Kind.INVALID: 422,
    Kind.TOO_OFTEN: 429,
    Kind.UNFORESEEN: 500,
    Kind.REFUSED_BY_AWS: 502,
    Kind.UNAVAILABLE: 503,
}
"""What each kind of refusal is in HTTP."""
_TITLES: Final = {
    400: "Bad request",
    401: "Not logged in",
    402: "Not in the plan",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    410: "Gone",
    413: "Too large",
    415: "Unsupported media type",
    422: "Not valid",
    429: "Too many requests",
    500: "Internal error",
    502: "Refused by AWS",
    503: "Not available",
}

RETRY_SECONDS: Final = 2
"""What `Retry-After` asks for where a dependency does not answer."""


class BodyRefused(HTTPException):
    """A body that is no JSON of ours. The framework lets this kind of error through where it reads bodies."""

    def __init__(self, code: Code, detail: str) -> None:
        super().__init__(STATUS[code.kind], detail)
        self.code = code.name


def refusal(request: Request, code: Code, detail: str, retry_seconds: int | None = None, **more: Any) -> JSONResponse:
    """Return the answer to what is refused: its problem document, and the headers that its kind has."""
    response = document(request, STATUS[code.kind], code.name, detail, **more)
    if code.kind is Kind.UNKNOWN_CALLER:
        response.headers["WWW-Authenticate"] = "Bearer"  # RFC 6750
    if retry_seconds is not None:
        response.headers["Retry-After"] = str(retry_seconds)
    return response


def document(request: Request, status: int, code: str, detail: str, **more: Any) -> JSONResponse:
    """Return a problem document as a response."""
    request.scope.setdefault("state", {})[CODE_STATE] = code
    body = {
        "type": "about:blank",
        "title": _TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "instance": request.url.path,
        "code": code,
        **{key: value for key, value in more.items() if value is not None},
    }
    return JSONResponse(body, status, media_type=MEDIA_TYPE)


async def _on_refused(request: Request, refused: Refused) -> JSONResponse:
    answer = refusal(
        request, refused.code, refused.detail, refused.retry_seconds, errors=refused.errors, **refused.more
    )
    answer.headers.update(refused.headers)
    return answer


async def _on_replayed(_: Request, replayed: Replayed) -> Response:
    return replayed.answer


async def _on_invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    errors = [
        {"field": ".".join(str(part) for part in entry["loc"][1:]), "message": entry["msg"]} for entry in error.errors()
    ]
    return refusal(request, codes.INVALID_REQUEST, "Some fields are not valid.", errors=errors)


async def _on_http(request: Request, error: HTTPException) -> JSONResponse:
    response = document(request, error.status_code, getattr(error, "code", "http_error"), str(error.detail))
    response.headers.update(error.headers or {})
    return response


async def _on_aws(request: Request, error: AwsError) -> JSONResponse:
    logger().warning("AWS refuses", code=error.code, error=error.message, path=request.url.path)
    if error.retryable:
        return _away(request, codes.AWS_UNAVAILABLE, f"AWS does not answer ({error.code}); try again in a moment.")
    return refusal(request, codes.AWS_REFUSED, f"AWS refused ({error.code}): {error.message}")


async def _on_redis(request: Request, error: redis.RedisError) -> JSONResponse:
    full = no_room(error)
    logger().warning("Redis has no room" if full else "Redis does not answer", error=repr(error), path=request.url.path)
    if full:
        return _away(request, codes.REDIS_UNAVAILABLE, "This is not possible while Redis has no room left; try again.")
    return _away(request, codes.REDIS_UNAVAILABLE, "This is not possible while Redis does not answer; try again.")


async def _on_data(request: Request, error: DataError) -> JSONResponse:
    logger().warning("Postgres cannot hold a value", error=repr(error.orig), path=request.url.path)
    detail = "A value holds what the database has no place for: a NUL character, or a number or date that is too large."
    return refusal(request, codes.INVALID_REQUEST, detail)


async def _on_quota(request: Request, error: DatabaseError) -> JSONResponse:
    if getattr(error.orig, "sqlstate", "") != QUOTA_STATE:
        raise error
    kind, _, most = str(error.orig).split("\n")[0].partition(" ")
    return refusal(request, codes.QUOTA_REACHED, quotas.words(kind, int(most)), kind=kind, most=int(most))


async def _on_database(request: Request, error: Exception) -> JSONResponse:
    logger().warning("Postgres does not answer", error=repr(error), path=request.url.path)
    return _away(request, codes.DATABASE_UNAVAILABLE, "The database does not answer; try again in a moment.")


def _away(request: Request, code: Code, detail: str) -> JSONResponse:
    return refusal(request, code, detail, RETRY_SECONDS)


_ANSWERS: Final[Sequence[tuple[type[Exception], Callable[[Request, Any], Awaitable[Response]]]]] = (
    (Refused, _on_refused),
    (Replayed, _on_replayed),
    (RequestValidationError, _on_invalid),
    (HTTPException, _on_http),
    (AwsError, _on_aws),
    (redis.RedisError, _on_redis),
    (DataError, _on_data),
    (DatabaseError, _on_quota),
    (OperationalError, _on_database),
    (InterfaceError, _on_database),
    (PoolTimeout, _on_database),
)
"""Which errors there are, and how each is answered."""


def install(app: FastAPI) -> None:
    """Make every foreseen error of `app` a problem document; `api.guard` does so with the others."""
    for kind, answer in _ANSWERS:
        app.exception_handler(kind)(answer)
