"""What tests of nodes share."""

from collections.abc import Iterator

import pytest

from stepweave.runtime.http import connections
from tests.fakes.web import Web, web_server


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A server that nodes may reach; no connection is kept beyond the test."""
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    with web_server() as made:
        yield made
    for pool in connections.pools.values():
        pool.close()
    connections.pools.clear()
