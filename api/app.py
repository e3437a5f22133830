"""The application: routers, problem documents, headers and limits put together."""

from typing import Final

from fastapi import APIRouter, Depends, FastAPI

from api import errors
from api.deps import rated_stranger
from api.guard import Guard
from api.routers import (
    alerts,
    analytics,
    api_keys,
    apis,
    approvals,
    audit,
    auth,
    chats,
    connecting,
    credentials,
    debugging,
    environments,
    erasing,
    executions,
    expressions,
    factors,
    home,
    joining,
    listening,
    memory,
    options,
    organising,
    people,
    prices,
    projects,
    publishing,
    quotas,
    recovering,
    releases,
    retention,
    run_files,
    schedules,
    sharing,
    sign_in,
    spending,
    store,
    system,
    templates,
    triggers,
    variables,
    workflows,
)

PREFIX: Final = "/api"
ROUTERS: Final = tuple(
    module.router
    for module in (
        auth,
        people,
        joining,
        factors,
        sign_in,
        audit,
        api_keys,
        recovering,
        erasing,
        home,
        alerts,
        analytics,
        organising,
        workflows,
        projects,
        run_files,
        publishing,
        releases,
        retention,
        triggers,
        listening,
        schedules,
        expressions,
        options,
        executions,
        approvals,
        debugging,
        store,
        sharing,
        memory,
        spending,
        quotas,
        environments,
        credentials,
        apis,
        prices,
        variables,
        templates,
        connecting,
        chats,
        system,
    )
)
TAGS: Final = [
    {"name": "auth", "description": "Accounts, sessions, the workspace and who is in it."},
    {"name": "factors", "description": "Second factors, passkeys, recovery codes, and what the workspace asks for."},
    {"name": "sign-in", "description": "Signing in by the workspace's identity provider."},
    {"name": "people", "description": "Members, their roles, invitations, and the workspaces of a person."},
    {"name": "projects", "description": "Parts of a workspace, who is in them, and workflows shared one by one."},
    {"name": "workflows", "description": "Drafts, checks, versions, runs; folders and tags; many at once."},
    {"name": "schedules", "description": "When published workflows start by themselves."},
    {"name": "executions", "description": "What ran, what runs, and what happened in it."},
    {"name": "approvals", "description": "What waits for people."},
    {"name": "debugging", "description": "Debug runs, and what waits at their stops."},
    {"name": "store", "description": "Keys and tables that workflows keep."},
    {
        "name": "apis",
        "description": "APIs that nodes ask, by their OpenAPI documents.",
    },
    {"name": "models", "description": "What language models cost."},
    {"name": "memory", "description": "What models remember of talks."},
    {"name": "alerts", "description": "Alerts, the rules that open them, whom those tell, and the status page."},
    {"name": "spending", "description": "What language models cost, and budgets for them."},
    {"name": "environments", "description": "Where versions are live, one after the other, and what they need there."},
    {"name": "variables", "description": "What workflows read as `$vars`."},
    {"name": "templates", "description": "Workflows to start from, ours and the workspace's own."},
    {"name": "credentials", "description": "Secrets that nodes use, written and never read back."},
    {"name": "leaving", "description": "Exports, and the deletion of accounts and workspaces."},
    {"name": "keys", "description": "API keys of people, and service accounts."},
    {"name": "audit", "description": "Who did what, from where: kept in a chain that shows every change."},
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
    whole = APIRouter(prefix=PREFIX, dependencies=[Depends(rated_stranger)])
    for router in ROUTERS:
        whole.include_router(router)
    app.include_router(whole)
    errors.install(app)

    app.add_middleware(Guard)
    return app
