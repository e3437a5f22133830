"""Kept-open connections, and how long each piece of a streamed body may take to be taken."""

import ssl
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import lru_cache
from threading import Lock
from typing import Any, Final

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from stepweave.runtime.errors import NodeError
from stepweave.runtime.http.bodies import Stream
from stepweave.runtime.http.url import Target

_MOST_POOLS: Final = 32
pools: Final[OrderedDict[tuple[str, str, int, str], urllib3.HTTPConnectionPool]] = OrderedDict()
"""By scheme, address, port and host."""
_lock = Lock()


class Outgoing:
    """A streamed body on its way over a connection.

    Args:
        stream: the body.
        deadline: on the clock of `time.monotonic`.
        late: the error of a request whose time is up.
        sent: told the bytes of each piece that was sent.
    """

    def __init__(
        self, stream: Stream, deadline: float, late: Callable[[], NodeError], sent: Callable[[int], None]
    ) -> None:
        self._stream = stream
        self._deadline = deadline
        self._late = late
        self._sent = sent
        self.connection: HTTPConnection | None = None

    def __iter__(self) -> Iterator[bytes]:
        """Yield the pieces. Raises what `late` gives when the time is over, and what the stream raises."""
        for piece in self._stream.open():
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise self._late()
            if self.connection is not None and self.connection.sock is not None:
                # urllib3 lets sending take as long as connecting may; a slow server may take what time there is.
                self.connection.sock.settimeout(left)
            yield piece
            self._sent(len(piece))


class _Connection(HTTPConnection):
    def request(self, method: str, url: str, body: Any = None, headers: Any = None, **more: Any) -> None:
        """Send a request; a streamed body learns what it goes over."""
        if isinstance(body, Outgoing):
            body.connection = self
        super().request(method, url, body, headers, **more)


class _SecureConnection(HTTPSConnection):
    def request(self, method: str, url: str, body: Any = None, headers: Any = None, **more: Any) -> None:
        """Send a request; a streamed body learns what it goes over."""
        if isinstance(body, Outgoing):
            body.connection = self
        super().request(method, url, body, headers, **more)


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


def pool_of(target: Target, address: str) -> urllib3.HTTPConnectionPool:
    """Return the connections to an address of a host; those that were not used for the longest time are given up."""
    key = (target.scheme, address, target.port, target.host)
    with _lock:
        pool = pools.pop(key, None)
        if pool is None:
            pool = _new_pool(target, address)
        pools[key] = pool
        if len(pools) > _MOST_POOLS:
            pools.popitem(last=False)[1].close()
        return pool


def _new_pool(target: Target, address: str) -> urllib3.HTTPConnectionPool:
    if target.scheme == "http":
        return _Pool(address, target.port, maxsize=20)
    return _SecurePool(
        address,
        target.port,
        maxsize=20,
        ssl_context=_tls(),
        server_hostname=target.host,
        assert_hostname=target.host,
    )


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
