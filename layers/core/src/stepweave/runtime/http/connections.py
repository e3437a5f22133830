"""Kept-open connections, and how long each piece of a streamed body may take to be taken."""

import ssl
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import lru_cache
from threading import Lock
from typing import Any, Final, NamedTuple

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from stepweave.runtime.errors import NodeError
from stepweave.runtime.http.bodies import Stream
from stepweave.runtime.http.route import Route
from stepweave.runtime.http.url import Target

_MOST_POOLS: Final = 32
_MOST_KEPT_OPEN: Final = 50
"""Connections of one pool: as many as a node's requests at a time."""
pools: Final[OrderedDict[tuple[str, str, int, str, str, str], urllib3.HTTPConnectionPool]] = OrderedDict()
"""By scheme, address, port, host, what the route says, and the proxy's address."""
_lock = Lock()
_USUAL: Final = Route()


class Through(NamedTuple):
    """A tunnel through a proxy: the proxy's host, whether it is asked with TLS, where to, and what it is told."""

    host: str
    secure: bool
    address: str
    port: int
    headers: dict[str, str]


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
    def __init__(self, *args: Any, through: Through | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self._through = through
        if through:
            self.set_tunnel(through.address, through.port, through.headers)

    def _new_conn(self) -> Any:
        made = super()._new_conn()
        return _wrapped(made, self._through.host) if self._through and self._through.secure else made

    def request(self, method: str, url: str, body: Any = None, headers: Any = None, **more: Any) -> None:
        """Send a request; a streamed body learns what it goes over."""
        if isinstance(body, Outgoing):
            body.connection = self
        super().request(method, url, body, headers, **more)


class _SecureConnection(HTTPSConnection):
    def __init__(self, *args: Any, through: Through | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self._through = through
        if through:
            self.set_tunnel(through.address, through.port, through.headers, "https" if through.secure else "http")

    def _connect_tls_proxy(self, hostname: str, sock: Any) -> Any:
        return _wrapped(sock, self._through.host if self._through else hostname)

    def request(self, method: str, url: str, body: Any = None, headers: Any = None, **more: Any) -> None:
        """Send a request; a streamed body learns what it goes over."""
        if isinstance(body, Outgoing):
            body.connection = self
        super().request(method, url, body, headers, **more)


def _wrapped(sock: Any, host: str) -> ssl.SSLSocket:
    """Return a connection to a proxy with TLS around it."""
    return _tls().wrap_socket(sock, server_hostname=host)


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _SecureConnection

    def _validate_conn(self, conn: Any) -> None:
        """Connect. urllib3 would warn of a certificate that is not checked, which its owner has asked for."""
        if conn.is_closed:
            conn.connect()


def pool_of(
    target: Target, address: str, route: Route | None = None, proxy_address: str = ""
) -> urllib3.HTTPConnectionPool:
    """Return the connections to an address of a host; those that were not used for the longest time are given up.

    Args:
        target: what is asked.
        address: of its host.
        route: how connections are made, where that is not the usual way.
        proxy_address: of the route's proxy.

    Raises:
        ParameterInvalid: a certificate of the route cannot be read.
    """
    apart = route.key(target.host) if route else ""
    key = (target.scheme, address, target.port, target.host, apart, proxy_address)
    with _lock:
        pool = pools.pop(key, None)
        if pool is None:
            pool = _new_pool(target, address, route or _USUAL, proxy_address)
        pools[key] = pool
        if len(pools) > _MOST_POOLS:
            pools.popitem(last=False)[1].close()
        return pool


def _new_pool(target: Target, address: str, route: Route, proxy_address: str) -> urllib3.HTTPConnectionPool:
    host, port, more = address, target.port, dict[str, Any]()
    if route.proxy:
        proxy = route.proxy
        headers = {"Host": _place(address, target.port), "User-Agent": "Stepweave/1"}
        headers |= {"Proxy-Authorization": proxy.authorization} if proxy.authorization else {}
        host, port = proxy_address, proxy.target.port
        more["through"] = Through(proxy.target.host, proxy.target.scheme == "https", address, target.port, headers)
    if target.scheme == "http":
        return _Pool(host, port, maxsize=_MOST_KEPT_OPEN, **more)
    is_plain = not route.key(target.host) or (route.proxy is not None and route == Route(proxy=route.proxy))
    trusting = target.host in route.unverified
    return _SecurePool(
        host,
        port,
        maxsize=_MOST_KEPT_OPEN,
        ssl_context=_tls() if is_plain else route.tls(target.host),
        server_hostname=target.host,
        **({"cert_reqs": "CERT_NONE", "assert_hostname": False} if trusting else {"assert_hostname": target.host}),
        **more,
    )


def _place(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
