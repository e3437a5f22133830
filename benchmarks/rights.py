"""S: what it takes to know who asks, whether they may, and whether they ask too often: a request with that and without.

The API in this process on the stack's Postgres and Redis, so that nothing else of a request's way is in the figure.
Requests take turns. Without, every route is told who asks. Asked by an owner, who reaches everything, and by a member
of `PROJECTS` projects with a role in each, whose reach is found out at each request.
"""

import asyncio
import os
import secrets
import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any, Final

import httpx
import psycopg
from fastapi import APIRouter
from fastapi.routing import APIRoute

from benchmarks.figures import Figure, figure, percentile
from local.seed import people
from local.settings import LocalSettings
from local.stack.database import app_url, owner_url

ROUNDS: Final = 20
EACH: Final = 25
MOST_MS: Final = 3.0
PATH: Final = "/api/tags"
PROJECTS: Final = 30
_KEY: Final = secrets.token_hex(32)


async def measure(settings: LocalSettings, say: Callable[[str], None]) -> list[Figure]:
    """Return the milliseconds of a request with and without, and their difference at the median and at p95."""
    say("S: authorisation and rates")
    os.environ |= {
        "STEPWEAVE_DATABASE_URL": app_url(settings),
        "STEPWEAVE_REDIS_URL": settings.redis_url,
        "STEPWEAVE_JWT_SECRET": _KEY,
        "STEPWEAVE_PUBLIC_URL": "http://bench.example",
    }
    return [*await _asked(settings, "S"), *await _asked(settings, "S.in_projects", projects=PROJECTS)]


async def _asked(settings: LocalSettings, name: str, *, projects: int = 0) -> list[Figure]:
    from api.app import ROUTERS, create_app
    from api.services.tokens import read_access

    app, mark = create_app(), uuid.uuid4().hex[:8]
    email = f"rights-{mark}@example.com"
    people.add(settings, email, "a-long-password", "Rights", f"Rights {mark}")
    if projects:
        _only_in_projects(settings, email, projects)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bench.example") as client:
        given = {"email": email, "password": "a-long-password"}
        answer = await client.post("/api/auth/login", json=given, headers={"Origin": "http://bench.example"})
        token = answer.raise_for_status().json()["accessToken"]
        client.headers["Authorization"] = f"Bearer {token}"
        caller = read_access(token, _KEY)
        without = {one: lambda: caller for one in _callers(ROUTERS)}
        if not without:
            raise SystemExit("S: no route says who asks")
        seconds: dict[bool, list[float]] = {False: [], True: []}
        for number in range(-2, 2 * ROUNDS):
            whole = number % 2 == 0
            app.dependency_overrides = {} if whole else without
            found = [await _seconds(client) for _ in range(EACH)]
            seconds[whole] += found if number >= 0 else []
    ours, bare = ([percentile(seconds[whole], share) * 1000 for share in (0.5, 0.95)] for whole in (True, False))
    return [
        figure(f"{name}.request_p50_ms", ours[0], bare[0]),
        figure(f"{name}.request_p95_ms", ours[1], bare[1]),
        figure(f"{name}.added_p50_ms", ours[0] - bare[0], at_most=MOST_MS),
    ]


def _only_in_projects(settings: LocalSettings, email: str, count: int) -> None:
    """Have a person be no more than a viewer of their workspace, and an editor in so many projects of it."""
    with psycopg.connect(owner_url(settings)) as connection:
        tenant, user = connection.execute(
            "UPDATE memberships SET role = 'viewer' WHERE user_id = (SELECT id FROM users WHERE email = %s)"
            " RETURNING tenant_id, user_id",
            (email,),
        ).fetchone() or (None, None)
        connection.execute(
            "WITH made AS (INSERT INTO projects (tenant_id, name) SELECT %(tenant)s, 'Project ' || n"
            " FROM generate_series(1, %(count)s) n RETURNING id)"
            " INSERT INTO project_members (project_id, user_id, tenant_id, role)"
            " SELECT id, %(user)s, %(tenant)s, 'editor' FROM made",
            {"tenant": tenant, "user": user, "count": count},
        )


async def _seconds(client: httpx.AsyncClient) -> float:
    began = time.perf_counter()
    (await client.get(PATH)).raise_for_status()
    return time.perf_counter() - began


def _callers(routers: Iterable[APIRouter]) -> set[Callable[..., Any]]:
    """Return the dependencies of routes that say who asks (`api.deps.requires`)."""
    found: set[Callable[..., Any]] = set()
    waiting = [route.dependant for router in routers for route in router.routes if isinstance(route, APIRoute)]
    while waiting:
        one = waiting.pop()
        waiting += one.dependencies
        if one.call is not None and hasattr(one.call, "permission"):
            found.add(one.call)
    return found


if __name__ == "__main__":
    for one in asyncio.run(measure(LocalSettings.from_environment(), print)):
        print(one.to_json())
