"""The application: routers, problem documents, headers and limits put together."""

from typing import Any, Final

from fastapi import APIRouter, FastAPI

from api import errors
from api.guard import Guard
from api.routers import (
    approvals,
    auth,
    credentials,
    executions,
    expressions,
    home,
    organising,
    schedules,
    system,
    workflows,
)
from api.schemas.base import Problems

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
    for module in (
        auth,
        home,
        organising,
        workflows,
        schedules,
        expressions,
        executions,
        approvals,
        credentials,
        system,
    ):
        whole.include_router(module.router)
    app.include_router(whole)
    errors.install(app)

    app.add_middleware(Guard)
    return app
