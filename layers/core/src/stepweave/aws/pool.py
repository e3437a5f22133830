"""Kept-open HTTP connections to AWS, so that a warm function pays no handshake."""

import select
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Lock
from typing import IO, Final
from urllib.parse import SplitResult

_CHUNK: Final = 1 << 20
CONNECT_TIMEOUT: Final = 3.0
"""Seconds until a connection counts as failed; AWS answers within a region in milliseconds."""
_MOST_IDLE: Final = 8


class NotSent(Exception):
    """No connection could be made: the request never left."""


class NoAnswer(Exception):
    """The request may have left, but no whole answer came. `timed_out` tells a time-out from a broken connection."""

    def __init__(self, message: str, *, timed_out: bool) -> None:
        super().__init__(message)
        self.timed_out = timed_out


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer. `headers` have lower-case names; `body` is empty where it was streamed elsewhere."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class ConnectionPool:
    """Connections by host, the most recently used first. Safe to use from several threads."""

    def __init__(self) -> None:
        self._idle: dict[tuple[str, str], list[HTTPConnection]] = {}
        self._lock = Lock()

    def request(
        self,
        method: str,
        url: SplitResult,
        headers: Mapping[str, str],
        body: bytes | IO[bytes],
        *,
        timeout: float,
        into: IO[bytes] | None = None,
    ) -> Reply:
        """Send one request and return its answer.

        Args:
            method: the HTTP method.
            url: where to; scheme, host, port, path and query count.
            headers: sent as they are; `content-length` is needed where `body` is a file.
            body: bytes, or a file that is read from where it stands.
            timeout: seconds to wait for each piece of the answer.
            into: takes the body of an answer with status 200, piece by piece.

        Raises:
            NotSent: no connection could be made.
            NoAnswer: the connection broke or the time was up.
        """
        connection = self._take(url, timeout)
        try:
            connection.request(
                method, f"{url.path or '/'}?{url.query}" if url.query else url.path or "/", body, dict(headers)
            )
            response = connection.getresponse()
            content = b""
            if into is not None and response.status in (200, 206):
                while chunk := response.read(_CHUNK):
                    into.write(chunk)
            else:
                content = response.read()
        except TimeoutError as error:
            connection.close()
            raise NoAnswer(f"no answer from {url.netloc} within {timeout:g} s", timed_out=True) from error
        except (OSError, HTTPException) as error:
            connection.close()
            raise NoAnswer(f"the connection to {url.netloc} broke: {error}", timed_out=False) from error
        except BaseException:
            connection.close()  # a half-read answer must not meet the next request
            raise
        self._give_back(url, connection, keep=not response.will_close)
        return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, content)

    def _take(self, url: SplitResult, timeout: float) -> HTTPConnection:
        while True:
            with self._lock:
                idle = self._idle.get((url.scheme, url.netloc))
                connection = idle.pop() if idle else None
            if connection is None:
                return _connect(url, timeout)
            if connection.sock is not None and not _readable(connection.sock):
                connection.sock.settimeout(timeout)
                return connection
            connection.close()  # the server closed it, or sent something nobody asked for

    def _give_back(self, url: SplitResult, connection: HTTPConnection, *, keep: bool) -> None:
        if keep:
            with self._lock:
                idle = self._idle.setdefault((url.scheme, url.netloc), [])
                if len(idle) < _MOST_IDLE:
                    idle.append(connection)
                    return
        connection.close()

    def close(self) -> None:
        """Close what is idle."""
        with self._lock:
            for connection in (connection for idle in self._idle.values() for connection in idle):
                connection.close()
            self._idle.clear()


def _connect(url: SplitResult, timeout: float) -> HTTPConnection:
    host = url.hostname or ""
    connection = (
        HTTPSConnection(host, url.port, timeout=CONNECT_TIMEOUT, context=_tls())
        if url.scheme == "https"
        else HTTPConnection(host, url.port, timeout=CONNECT_TIMEOUT)
    )
    try:
        connection.connect()
    except OSError as error:
        connection.close()
        raise NotSent(f"cannot connect to {url.netloc}: {error}") from error
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sock.settimeout(timeout)
    return connection


def _readable(sock: socket.socket) -> bool:
    return bool(select.select([sock], [], [], 0)[0])


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
