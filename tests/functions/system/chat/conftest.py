"""A chat's function on a stage of its own."""

from collections.abc import Iterator

import pytest
import redis

from stepweave_data.history.live import connect
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.chat.stage import Stage


@pytest.fixture
def client(redis_url: str) -> Iterator[redis.Redis]:
    made = connect(redis_url)
    made.flushdb()
    yield made
    made.close()


@pytest.fixture
def stage(databases: Databases, tenants: tuple[Tenant, Tenant], client: redis.Redis) -> Iterator[Stage]:
    made = Stage(databases, tenants[0], client)
    yield made
    made.link.close()
