"""Readiness checks of the parts, without a client library each."""

import asyncio
from collections.abc import Awaitable, Callable

from local.settings import HOST


def listening(port: int) -> Callable[[], Awaitable[bool]]:
    """Return a check that is true once something accepts connections on `port`."""

    async def check() -> bool:
        try:
            _, writer = await asyncio.open_connection(HOST, port)
        except OSError:
            return False
        writer.close()
        return True

    return check


def http_ok(port: int, path: str) -> Callable[[], Awaitable[bool]]:
    """Return a check that is true once `GET path` on `port` answers with a 2xx status."""

    async def check() -> bool:
        try:
            reader, writer = await asyncio.open_connection(HOST, port)
        except OSError:
            return False
        try:
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
            status = await asyncio.wait_for(reader.readline(), 5)
        except (OSError, TimeoutError):
            return False
        finally:
            writer.close()
        return b" 2" in status[:13]

    return check
