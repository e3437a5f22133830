"""Problems: what the API refuses, as RFC 9457 documents. Services raise `Problem`; everything else becomes one here."""

from typing import Any, Final

import redis
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from api.logs import logger
from stepweave.aws import AwsError

MEDIA_TYPE: Final = "application/problem+json"
_TITLES: Final = {
    400: "Bad request",
    401: "Not logged in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Too large",
    422: "Not valid",
    429: "Too many requests",
    500: "Internal error",
    502: "Refused by AWS",
    503: "Not available",
}


RETRY_SECONDS: Final = 2
"""What `Retry-After` asks for where a dependency does not answer."""


class Problem(Exception):
    """A refusal.

    Args:
        status: the HTTP status.
        code: stable, for programs.
        detail: what is wrong and what to do, for people.
        errors: `{"field", "message"}` each, where fields are at fault.
        more: further members of the document.
    """

    def __init__(
        self, status: int, code: str, detail: str, errors: list[dict[str, str]] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = errors
        self.more = more
        self.headers: dict[str, str] = {}


class BodyRefused(HTTPException):
    """A body that is no JSON of ours. The framework lets this kind of error through where it reads bodies."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(status, detail)
        self.code = code


def not_found(what: str) -> Problem:
    """Return the problem of something that is not there, or not the caller's: the two look the same."""
    return Problem(404, "not_found", f"There is no such {what}.")


def document(request: Request, status: int, code: str, detail: str, **more: Any) -> JSONResponse:
    """Return a problem document as a response."""
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


def install(app: FastAPI) -> None:
    """Make every foreseen error of `app` a problem document; `api.guard` does so with the others."""

    @app.exception_handler(Problem)
    async def on_problem(request: Request, problem: Problem) -> JSONResponse:
        response = document(
            request, problem.status, problem.code, problem.detail, errors=problem.errors, **problem.more
        )
        response.headers.update(problem.headers)
        return response

    @app.exception_handler(RequestValidationError)
    async def on_invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        errors = [
            {"field": ".".join(str(part) for part in entry["loc"][1:]), "message": entry["msg"]}
            for entry in error.errors()
        ]
        return document(request, 422, "invalid_request", "Some fields are not valid.", errors=errors)

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> JSONResponse:
        response = document(request, error.status_code, getattr(error, "code", "http_error"), str(error.detail))
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(AwsError)
    async def on_aws(request: Request, error: AwsError) -> JSONResponse:
        logger().warning("AWS refuses", code=error.code, error=error.message, path=request.url.path)
        if error.retryable:
            return _away(request, "aws_unavailable", f"AWS does not answer ({error.code}); try again in a moment.")
        return document(request, 502, "aws_refused", f"AWS refused ({error.code}): {error.message}")

    @app.exception_handler(redis.RedisError)
    async def on_redis(request: Request, error: redis.RedisError) -> JSONResponse:
        logger().warning("Redis does not answer", error=repr(error), path=request.url.path)
        return _away(request, "redis_unavailable", "This is not possible while Redis does not answer; try again.")

    @app.exception_handler(DataError)
    async def on_data(request: Request, error: DataError) -> JSONResponse:
        logger().warning("Postgres cannot hold a value", error=repr(error.orig), path=request.url.path)
        detail = (
            "A value holds what the database has no place for: a NUL character, or a number or date that is too large."
        )
        return document(request, 422, "invalid_request", detail)

    @app.exception_handler(OperationalError)
    @app.exception_handler(InterfaceError)
    @app.exception_handler(PoolTimeout)
    async def on_database(request: Request, error: Exception) -> JSONResponse:
        logger().warning("Postgres does not answer", error=repr(error), path=request.url.path)
        return _away(request, "database_unavailable", "The database does not answer; try again in a moment.")


def _away(request: Request, code: str, detail: str) -> JSONResponse:
    response = document(request, 503, code, detail)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
