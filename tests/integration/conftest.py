"""The embedded stack under test: the one that `make test` serves, or one of our own when pytest is run by hand."""

import asyncio
import os
import uuid
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import pytest

from local.client.rest import Client
from local.seed import people
from local.seed.seed import log_in, make_credentials
from local.settings import LocalSettings
from local.testing import STACK, serve_for_tests
from tests.fixtures.canaries import canary

Result = TypeVar("Result")


@pytest.fixture(scope="session")
def settings() -> Iterator[LocalSettings]:
    if os.environ.get("STEPWEAVE_TEST_STACK"):
        yield LocalSettings.from_environment(STACK)
    else:
        with serve_for_tests() as served:
            yield served


class Session:
    """A user's session, for tests that are not asynchronous themselves."""

    def __init__(self, settings: LocalSettings, log_in: Callable[[Client], Awaitable[object]]) -> None:
        self.settings = settings
        self.log_in = log_in

    def __call__(self, work: Callable[[Client], Awaitable[Result]]) -> Result:
        """Run `work(client)` with a client that is logged in."""

        async def logged_in() -> Result:
            async with Client(self.settings.url) as client:
                await self.log_in(client)
                return await work(client)

        return asyncio.run(logged_in())


@pytest.fixture
def demo(settings: LocalSettings) -> Session:
    """The demo user, who has the sample: only for tests of the sample itself."""
    return Session(settings, log_in)


@dataclass(frozen=True)
class Person:
    """A user of this run alone."""

    email: str
    password: str


@pytest.fixture(scope="session")
def person(settings: LocalSettings) -> Person:
    """A user with a tenant of their own and the sample's credentials: what earlier runs left, no test sees."""
    tag = uuid.uuid4().hex[:12]
    made = Person(f"run-{tag}@example.com", canary())

    async def register() -> None:
        async with Client(settings.url) as client:
            await people.log_in_new(client, settings, made.email, made.password, f"Run {tag}")
            await make_credentials(client, settings)

    asyncio.run(register())
    return made


@pytest.fixture
def tenant(settings: LocalSettings, person: Person) -> Session:
    """The session of this run's user."""
    return Session(settings, lambda client: client.login(person.email, person.password))
