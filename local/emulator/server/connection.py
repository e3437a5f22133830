"""One client's connection: requests one after the other, their bodies of known length or in chunks, or a WebSocket."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes

from local.emulator.server.exchange import Exchange, Message
from local.emulator.server.websocket import Session

Application = Callable[..., Awaitable[None]]

HEAD_LIMIT = 1 << 16
AFTER_CHUNK, TRAILERS = -1, -2
"""What comes next of a chunked body, where it is not the bytes of a chunk."""

logger = logging.getLogger("local.emulator.server")


class BadRequest(Exception):
    """The client does not speak HTTP as we do."""


class Host(Protocol):
    """What connections share."""

    application: Application
    port: int
    connections: "set[Connection]"

    def keep(self, work: Any) -> None:
        """Run work without losing it to the garbage collector."""


class Connection(asyncio.Protocol):
    """One client."""

    def __init__(self, server: Host) -> None:
        self.lost = False
        self._server = server
        self._buffer = bytearray()
        self._exchange: Exchange | None = None
        self._upgraded: Any = None
        self._remaining: int | None = 0  # bytes of the body to come; None while it comes in chunks
        self._chunk_left = 0
        self._held = False
        self._writable: asyncio.Event | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asyncio: a client has connected."""
        self._transport: Any = transport
        self._client = transport.get_extra_info("peername") or ("127.0.0.1", 0)
        self._server.connections.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        """Asyncio: the client is gone."""
        self.lost = True
        self._server.connections.discard(self)
        if self._writable is not None:
            self._writable.set()
        if self._exchange is not None:
            self._exchange.wake()
        if self._upgraded is not None:
            self._upgraded.lost()

    def data_received(self, data: bytes) -> None:
        """Asyncio: bytes have come."""
        if self._upgraded is not None:
            self._upgraded.feed(data)
            return
        self._buffer += data
        self._advance()

    def pause_writing(self) -> None:
        """Asyncio: the client reads slowly."""
        self._writable = asyncio.Event()

    def resume_writing(self) -> None:
        """Asyncio: the client has caught up."""
        if self._writable is not None:
            self._writable.set()
            self._writable = None

    async def drain(self) -> None:
        """Wait until the client has caught up."""
        if self._writable is not None:
            await self._writable.wait()

    def write(self, data: bytes) -> None:
        """Send bytes to the client."""
        if not self.lost:
            self._transport.write(data)

    def close(self) -> None:
        """Close the connection once everything is sent."""
        self._transport.close()

    def hold(self) -> None:
        """Read no more for now."""
        if not self._held:
            self._held = True
            self._transport.pause_reading()

    def release(self) -> None:
        """Read on."""
        if self._held:
            self._held = False
            self._transport.resume_reading()

    def _advance(self) -> None:
        try:
            while self._buffer:
                if self._exchange is None:
                    if not self._begin():
                        return
                elif self._exchange.body_done or not self._take_body():
                    return  # what is left is the next request, or too little
        except (BadRequest, ValueError, UnicodeDecodeError):
            self.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            self.close()

    def _begin(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > HEAD_LIMIT:
                raise BadRequest
            return False
        head = bytes(self._buffer[:end])
        first, *lines = head.split(b"\r\n")
        method, target, version = first.split(b" ")
        headers = []
        length: int | None = 0
        keep_alive, upgrade, expects = version == b"HTTP/1.1", False, False
        for line in lines:
            name, colon, value = line.partition(b":")
            if not colon:
                raise BadRequest
            name, value = name.lower(), value.strip()
            headers.append((name, value))
            if name == b"content-length":
                length = int(value)
            elif name == b"transfer-encoding":
                length = None
            elif name == b"connection":
                tokens = value.lower()
                keep_alive = b"close" not in tokens and (keep_alive or b"keep-alive" in tokens)
            elif name == b"upgrade":
                upgrade = value.lower() == b"websocket"
            elif name == b"expect":
                expects = True
        raw_path, _, query = target.partition(b"?")
        scope = {
            "type": "websocket" if upgrade else "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": method.decode("ascii"),
            "scheme": "ws" if upgrade else "http",
            "path": unquote_to_bytes(raw_path).decode("utf-8") if b"%" in raw_path else raw_path.decode("utf-8"),
            "raw_path": raw_path,
            "query_string": query,
            "root_path": "",
            "headers": headers,
            "client": self._client[:2],
            "server": ("127.0.0.1", self._server.port),
        }
        if upgrade:
            self._upgrade(scope)
            return False
        del self._buffer[: end + 4]
        self._remaining, self._chunk_left = length, 0
        exchange = self._exchange = Exchange(self, scope, keep_alive)
        exchange.expects_continue = expects
        exchange.body_done = length == 0
        if length and self._buffer:
            self._take_body()
        self._server.keep(self._serve(exchange))
        return True

    def _take_body(self) -> bool:
        exchange = self._exchange
        assert exchange is not None  # noqa: S101 - narrows a type
        if self._remaining is None:
            return self._take_chunk(exchange)
        data = bytes(self._buffer[: self._remaining])
        del self._buffer[: self._remaining]
        self._remaining -= len(data)
        exchange.body_done = self._remaining == 0
        if data:
            exchange.feed(data)
        return bool(data)

    def _take_chunk(self, exchange: Exchange) -> bool:
        if self._chunk_left > 0:
            data = bytes(self._buffer[: self._chunk_left])
            del self._buffer[: len(data)]
            self._chunk_left -= len(data)
            if self._chunk_left == 0:
                self._chunk_left = AFTER_CHUNK
            exchange.feed(data)
            return True
        end = self._buffer.find(b"\r\n")
        if end < 0:
            return False
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 2]
        if self._chunk_left == AFTER_CHUNK:
            self._chunk_left = 0
        elif self._chunk_left == TRAILERS:
            if not line:
                exchange.body_done = True
                exchange.wake()
        else:
            self._chunk_left = int(line.partition(b";")[0], 16) or TRAILERS
        return True

    async def _serve(self, exchange: Exchange) -> None:
        try:
            await self._server.application(exchange.scope, exchange.receive, exchange.send)
            complete = exchange.finished
        except Exception:
            logger.exception("%s %s", exchange.scope["method"], exchange.scope["path"])
            complete = False
        if not complete and not exchange.begun and not self.lost:
            self.write(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        if not complete or not exchange.keep_alive or not exchange.body_done:
            self.close()
            return
        self._exchange = None
        self.release()
        self._advance()

    def _upgrade(self, scope: Message) -> None:
        self._upgraded = Session(self, scope)
        data = bytes(self._buffer)
        self._buffer.clear()
        self._server.keep(self._upgraded.serve(self._server.application))
        self._upgraded.feed(data)
