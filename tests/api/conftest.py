"""The API in this process, on a real Postgres and Redis, with stand-ins for AWS."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest
import redis
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api import deps
from api.app import create_app
from api.services import accounts
from api.settings import settings
from stepweave.runtime.claims import Claims
from stepweave_data.database import database_url, engine
from tests.api.recording import watch
from tests.fakes.aws import FakeKeys, FakeNodeFunctions, FakeSchedules, FakeStarts, FakeStateMachines, FakeStorage
from tests.fakes.steps import Outside
from tests.fixtures.servers import Databases
from tests.functions.system.waiting import Tokens

PASSWORD = "correct horse 9"


@dataclass
class World:
    """The API's clients and what stands behind it."""

    app: Any
    redis: redis.Redis
    machines: FakeStateMachines = field(default_factory=FakeStateMachines)
    schedules: FakeSchedules = field(default_factory=FakeSchedules)
    starts: FakeStarts = field(default_factory=FakeStarts)
    nodes: FakeNodeFunctions = field(default_factory=FakeNodeFunctions)
    storage: FakeStorage = field(default_factory=FakeStorage)
    keys: FakeKeys = field(default_factory=FakeKeys)
    tokens: Tokens = field(default_factory=Tokens)
    events: Outside = field(default_factory=Outside)

    def anonymous(self) -> TestClient:
        """Return a client that is not logged in."""
        client = TestClient(self.app, raise_server_exceptions=False)
        client.event_hooks = {"response": [watch]}
        return client

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
def world(databases: Databases, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    for name, value in {
        "STEPWEAVE_DATABASE_URL": databases.app,
        "STEPWEAVE_REDIS_URL": redis_url,
        "STEPWEAVE_JWT_SECRET": "a test's own signing key, long enough for HS256",
        "STEPWEAVE_PUBLIC_URL": "http://stepweave.test",
        "STEPWEAVE_RESUME_SECRET": "a secret that signs",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(accounts, "COST", 4)
    caches = (settings, deps.redis_client, accounts._nobody)
    for one in caches:
        one.cache_clear()
    made = World(the_app(), redis.Redis.from_url(redis_url, decode_responses=True))
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
        deps.redis_client: lambda: made.redis,
    }
    yield made
    made.app.dependency_overrides = {}
    made.redis.close()
    engine(None).dispose()
    for one in caches:
        one.cache_clear()
    assert database_url() == databases.app
