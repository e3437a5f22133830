"""The application: routers, problem documents, headers and limits put together."""

import uuid
from collections.abc import Awaitable, Callable
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Request, Response

from api import errors
from api.routers import auth, credentials, executions, system, workflows
from api.schemas.base import Problems

MOST_BYTES: Final = 5 * 1024**2
"""Of a request's body: a Lambda request has 6 MB (quotas), and JSON in JSON is escaped."""
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": Problems, "description": text, "content": {errors.MEDIA_TYPE: {}}}
    for status, text in (
        (401, "Not logged in, or the token has expired."),
        (403, "The role may not do this."),
        (404, "Not there, or another tenant's."),
        (409, "It conflicts with what is there; `code` says how."),
        (413, "The request is too large."),
        (422, "Some fields are not valid, or the workflow has errors."),
        (429, "Too many tries."),
        (503, "Something the API needs does not answer; try again."),
    )
}


def create_app() -> FastAPI:
    """Return the application."""
    app = FastAPI(
        title="Stepweave API",
        version="1",
        description="Workflows, executions, credentials. Errors are RFC 9457 problem documents with a stable `code`.",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    whole = APIRouter(prefix="/api", responses=_PROBLEMS)
    for module in (auth, workflows, executions, credentials, system):
        whole.include_router(module.router)
    app.include_router(whole)
    errors.install(app)

    @app.middleware("http")
    async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        request.state.request_id = str(uuid.uuid4())
        if int(request.headers.get("content-length") or 0) > MOST_BYTES:
            response: Response = errors.document(
                request, 413, "too_large", f"A request may have at most {MOST_BYTES} bytes."
            )
        else:
            response = await call_next(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers["X-Request-Id"] = request.state.request_id
        return response

    return app
