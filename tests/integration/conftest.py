"""The embedded stack under test: the one that `make test` serves, or one of our own when pytest is run by hand."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import pytest

from local.client.rest import Client
from local.seed.seed import log_in
from local.settings import LocalSettings
from local.testing import STACK, serve_for_tests

Result = TypeVar("Result")


@pytest.fixture(scope="session")
def settings() -> Iterator[LocalSettings]:
    if os.environ.get("STEPWEAVE_TEST_STACK"):
        yield LocalSettings.from_environment(STACK)
    else:
        with serve_for_tests() as served:
            yield served


class Demo:
    """The demo user's session, for tests that are not asynchronous themselves."""

    def __init__(self, settings: LocalSettings) -> None:
        self.settings = settings

    def __call__(self, work: Callable[[Client], Awaitable[Result]]) -> Result:
        """Run `work(client)` with a client that is logged in."""

        async def logged_in() -> Result:
            async with Client(self.settings.url) as client:
                await log_in(client)
                return await work(client)

        return asyncio.run(logged_in())


@pytest.fixture
def demo(settings: LocalSettings) -> Demo:
    return Demo(settings)
