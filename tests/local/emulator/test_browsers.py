"""Web pages of other sites get nothing of the emulator."""

import httpx
import pytest

from local.emulator.server.browsers import is_ours
from tests.local.emulator.support import Emulator


@pytest.mark.parametrize(
    ("path", "headers", "ours"),
    [
        ("/", {"host": "127.0.0.1:4566"}, True),
        ("/bucket/key", {"host": "bucket.localhost:4566"}, True),
        ("/", {"host": "localhost.localstack.cloud:4566", "origin": "http://localhost:8400"}, True),
        ("/", {"host": "[::1]:4566", "origin": "http://[::1]:1"}, True),
        ("/", {"host": "evil.example:4566"}, False),  # agent-of-empires#2835, quarkus-mcp-server#657
        ("/", {"host": "localhost.evil.example"}, False),
        ("/", {"host": "127.0.0.1.nip.io"}, False),
        ("/", {"host": "127.0.0.1", "origin": "https://evil.example"}, False),
        ("/", {"host": "127.0.0.1", "origin": "http://localhost.evil.example"}, False),
        ("/", {"host": "127.0.0.1", "origin": "null"}, False),
        ("/", {}, False),
        ("/_aws/execute-api/a/$default/hooks/x", {"host": "127.0.0.1", "origin": "https://shop.example"}, True),
    ],
)
def test_who_is_answered(path: str, headers: dict[str, str], ours: bool) -> None:
    assert is_ours(path, [(name.encode(), value.encode()) for name, value in headers.items()]) is ours


def test_a_page_of_another_site_invokes_nothing(emulator: Emulator) -> None:
    url = f"http://127.0.0.1:{emulator.port}"
    for headers in ({"origin": "https://evil.example"}, {"host": "evil.example"}):
        for path in ("/2015-03-31/functions/", "/"):
            assert httpx.get(url + path, headers=headers, trust_env=False).status_code == 403
    assert httpx.get(f"{url}/2015-03-31/functions/", trust_env=False).status_code == 200
