"""The application: routers, problem documents, headers and limits put together."""

from typing import Final

from fastapi import APIRouter, FastAPI

from api import errors
from api.guard import Guard
from api.routers import (
    apis,
    approvals,
    auth,
    chats,
    connecting,
    credentials,
    executions,
    expressions,
    home,
    listening,
    memory,
    options,
    organising,
    prices,
    publishing,
    schedules,
    sharing,
    spending,
    store,
    system,
    triggers,
    workflows,
)

PREFIX: Final = "/api"
ROUTERS: Final = tuple(
    module.router
    for module in (
        auth,
        home,
        organising,
        workflows,
        publishing,
        triggers,
        listening,
        schedules,
        expressions,
        options,
        executions,
        approvals,
        store,
        sharing,
        memory,
        spending,
        credentials,
        apis,
        prices,
        connecting,
        chats,
        system,
    )
)
TAGS: Final = [
    {"name": "auth", "description": "Accounts, sessions, the workspace and who is in it."},
    {"name": "workflows", "description": "Drafts, checks, versions, runs; folders and tags; many at once."},
    {"name": "schedules", "description": "When published workflows start by themselves."},
    {"name": "executions", "description": "What ran, what runs, and what happened in it."},
    {"name": "approvals", "description": "What waits for people."},
    {"name": "store", "description": "Keys and tables that workflows keep."},
    {
        "name": "apis",
        "description": "APIs that nodes ask, by their OpenAPI documents.",
    },
    {"name": "models", "description": "What language models cost."},
    {"name": "memory", "description": "What models remember of talks."},
    {"name": "spending", "description": "What language models cost, and budgets for them."},
    {"name": "credentials", "description": "Secrets that nodes use, written and never read back."},
    {"name": "system", "description": "Node types, live connections, health."},
]


def create_app() -> FastAPI:
    """Return the application."""
    app = FastAPI(
        title="Stepweave API",
        version="1",
        description="Workflows, executions, credentials. Errors are RFC 9457 problem documents with a stable `code`.",
        openapi_tags=TAGS,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    whole = APIRouter(prefix=PREFIX)
    for router in ROUTERS:
        whole.include_router(router)
    app.include_router(whole)
    errors.install(app)

    app.add_middleware(Guard)
    return app
