"""The HTTP client that the SDKs are given: it connects to public addresses only, follows no redirect, counts bytes."""

from collections.abc import Iterable
from threading import Lock
from typing import Any, Final

import httpcore2
import httpx2

from stepweave.runtime.metering import current_meter
from stepweave.runtime.network import addresses_of

_CONNECT_SECONDS: Final = 10.0
_SILENT_SECONDS: Final = 60.0
"""How long a server may be silent where a request does not say."""
_clients: Final[list[httpx2.Client]] = []
_lock: Final = Lock()


class _Guarded(httpcore2.NetworkBackend):
    """Resolves names itself, as `stepweave.runtime.network` says, and connects to what it has checked."""

    def __init__(self) -> None:
        self._plain = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect. Raises ConnectionFailed, AddressForbidden, and what httpcore does."""
        addresses = addresses_of(host, port)
        for address in addresses[:-1]:
            try:
                return self._plain.connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore2.ConnectError:
                continue
        return self._plain.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._plain.sleep(seconds)


class _Transport(httpx2.HTTPTransport):
    """A transport over guarded connections."""

    def __init__(self) -> None:
        super().__init__(trust_env=False)
        # httpx offers no way in for a network backend; its pool of connections has one.
        self._pool._network_backend = _Guarded()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request, and count it."""
        current_meter().asked(int(request.headers.get("content-length") or 0))
        return super().handle_request(request)


def client() -> httpx2.Client:
    """Return the client of this process: its connections are kept from one step to the next. Keys are not in it."""
    with _lock:
        if not _clients:
            # `trust_env` would read proxies and .netrc of whoever runs the function.
            timeout = httpx2.Timeout(_SILENT_SECONDS, connect=_CONNECT_SECONDS)
            made = httpx2.Client(transport=_Transport(), timeout=timeout, follow_redirects=False, trust_env=False)
            _clients.append(made)
        return _clients[0]


def close() -> None:
    """Close the connections of this process."""
    with _lock:
        while _clients:
            _clients.pop().close()
