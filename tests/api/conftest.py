"""The API in this process, on a real Postgres and Redis, with stand-ins for AWS."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx
import psycopg
import pytest
import redis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from redis import Redis

from api import audited, deps
from api.app import create_app
from api.services.passwords import hashing
from api.settings import settings
from local.settings import LocalSettings
from stepweave.runtime.claims import Claims
from stepweave_data.database import database_url, engine
from tests.api.recording import operation_of, watch
from tests.fakes.aws import (
    FakeKeys,
    FakeMails,
    FakeNodeFunctions,
    FakeSchedules,
    FakeStarts,
    FakeStateMachines,
    FakeStorage,
)
from tests.fakes.steps import Outside
from tests.fixtures.servers import Databases
from tests.functions.system.waiting import Tokens

PASSWORD = "correct horse 9"


@dataclass
class World:
    """The API's clients and what stands behind it."""

    app: Any
    redis: redis.Redis
    own_redis: Redis
    """As the API has it: a user who may read and write keys."""
    machines: FakeStateMachines = field(default_factory=FakeStateMachines)
    schedules: FakeSchedules = field(default_factory=FakeSchedules)
    starts: FakeStarts = field(default_factory=FakeStarts)
    nodes: FakeNodeFunctions = field(default_factory=FakeNodeFunctions)
    storage: FakeStorage = field(default_factory=FakeStorage)
    keys: FakeKeys = field(default_factory=FakeKeys)
    tokens: Tokens = field(default_factory=Tokens)
    mails: FakeMails = field(default_factory=FakeMails)
    events: Outside = field(default_factory=Outside)
    asked: list[dict[str, Any]] = field(default_factory=list)
    """What the starter was asked for, by who waits for its answer."""
    changed: dict[str, str] = field(default_factory=dict)
    """Which requests of somebody who is logged in changed something, by their ids: the operation."""

    def ask_starter(self, request: dict[str, Any]) -> dict[str, Any]:
        """Be the starter: start anything."""
        self.asked.append(request)
        return {"executionId": str(uuid.uuid4())}

    def anonymous(self) -> TestClient:
        """Return a client that is not logged in."""
        client = TestClient(self.app, raise_server_exceptions=False)
        client.event_hooks = {"response": [watch, self._changes]}
        return client

    def _changes(self, response: httpx.Response) -> None:
        operation = operation_of(response.request.method, response.request.url.path)
        if operation is None or not response.is_success or "authorization" not in response.request.headers:
            return
        name = operation["operationId"]
        if audited.action_of(response.request.method, name, response.status_code):
            self.changed[response.headers["x-request-id"]] = name

    def unaudited(self, owner: str) -> set[str]:
        """Return the operations that changed something and left no entry in the audit."""
        with psycopg.connect(owner) as connection:
            query = "SELECT request_id FROM audit WHERE request_id = ANY(%s)"
            found = {row[0] for row in connection.execute(query, (list(self.changed),))}
        return {name for id, name in self.changed.items() if id not in found}

    def person(self) -> TestClient:
        """Return a client of a new user with a tenant of their own."""
        client = self.anonymous()
        self.redis.flushdb()  # one address registers everybody here
        body = {"email": email(), "password": PASSWORD, "name": "P", "tenantName": f"Team {uuid.uuid4().hex[:8]}"}
        answer = client.post("/api/auth/register", json=body)
        assert answer.status_code == 201, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['accessToken']}"
        return client


def email() -> str:
    """Return a fresh address."""
    return f"{uuid.uuid4().hex[:12]}@example.com"


@cache
def the_app() -> FastAPI:
    """Return the application: made once, which takes longer than most tests; what stands behind it is each test's."""
    return create_app()


@pytest.fixture
def world(
    databases: Databases, redis_url: str, servers_settings: LocalSettings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    for name, value in {
        "STEPWEAVE_DATABASE_URL": databases.app,
        "STEPWEAVE_REDIS_URL": servers_settings.redis_url,
        "STEPWEAVE_JWT_SECRET": "a test's own signing key, long enough for HS256",
        "STEPWEAVE_PUBLIC_URL": "http://stepweave.test",
        "STEPWEAVE_RESUME_SECRET": "a secret that signs",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(hashing, "COST", 4)
    caches = (settings, deps.redis_client, hashing.nobody)
    for one in caches:
        one.cache_clear()
    owner, app = (redis.Redis.from_url(url, decode_responses=True) for url in (redis_url, servers_settings.redis_url))
    made = World(the_app(), owner, app)
    made.app.dependency_overrides = {
        deps.state_machines: lambda: made.machines,
        deps.schedules: lambda: made.schedules,
        deps.starts: lambda: made.starts,
        deps.node_functions: lambda: made.nodes,
        deps.storage: lambda: made.storage,
        deps.claims: lambda: Claims(lambda: made.storage, "data"),  # type: ignore[arg-type, return-value]  # a fake
        deps.key_service: lambda: made.keys,
        deps.tokens: lambda: made.tokens,
        deps.events: lambda: made.events.send,
        deps.redis_client: lambda: made.own_redis,
        deps.mailer: lambda: made.mails,
        deps.ask_starter: lambda: made.ask_starter,
    }
    yield made
    made.app.dependency_overrides = {}
    assert not made.changed or made.unaudited(databases.owner) == set()
    made.redis.close()
    made.own_redis.close()
    engine(None).dispose()
    for one in caches:
        one.cache_clear()
    assert database_url() == databases.app
