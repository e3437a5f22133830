"""An ASGI server for one application on the loopback interface.

Hypercorn, which MiniStack brings, parses HTTP in Python layer upon layer at about a millisecond per request, as much as
everything else a request costs here. This one knows what our clients send: HTTP/1.1 with keep-alive, bodies of known
length or in chunks, `Expect: 100-continue`, and upgrades to WebSocket. It does no TLS and listens on 127.0.0.1 only.
"""

import asyncio
import contextlib
import http
import logging
import os
import resource
import signal
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote_to_bytes

Message = dict[str, Any]
Application = Callable[..., Awaitable[None]]

HIGH_WATER = 4 << 20
"""Bytes of a request body that may wait for the application before the client is held back."""
HEAD_LIMIT = 1 << 16
AFTER_CHUNK, TRAILERS = -1, -2
"""What comes next of a chunked body, where it is not the bytes of a chunk."""
PHRASES = {status.value: status.phrase.encode() for status in http.HTTPStatus}

logger = logging.getLogger("local.emulator.server")


class BadRequest(Exception):
    """The client does not speak HTTP as we do."""


class Exchange:
    """One request and its answer."""

    def __init__(self, connection: "Connection", scope: Message, keep_alive: bool) -> None:
        self.scope = scope
        self.connection = connection
        self.keep_alive = keep_alive
        self.body_done = False
        self.finished = False
        self.expects_continue = False
        self._chunks: list[bytes] = []
        self._waiting = 0
        self._delivered = False
        self._wake: asyncio.Event | None = None
        self._head: bytes | None = None
        self._chunked = False

    def feed(self, data: bytes) -> None:
        """More of the request's body."""
        self._chunks.append(data)
        self._waiting += len(data)
        if self._waiting > HIGH_WATER:
            self.connection.hold()
        self.wake()

    def wake(self) -> None:
        """Something has changed for a waiting application."""
        if self._wake is not None:
            self._wake.set()

    async def receive(self) -> Message:
        """ASGI's receive."""
        while True:
            if self._chunks or (self.body_done and not self._delivered):
                body = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
                self._chunks.clear()
                self._waiting = 0
                self._delivered = self.body_done
                self.connection.release()
                return {"type": "http.request", "body": body, "more_body": not self.body_done}
            if self.finished or self.connection.lost:
                return {"type": "http.disconnect"}
            if self.expects_continue:
                self.expects_continue = False
                self.connection.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self._wake = self._wake or asyncio.Event()
            self._wake.clear()
            await self._wake.wait()

    async def send(self, message: Message) -> None:
        """ASGI's send."""
        if self.connection.lost:
            return
        if message["type"] == "http.response.start":
            self._start(message["status"], message.get("headers", ()))
            return
        body = message.get("body", b"")
        more = message.get("more_body", False)
        bodyless = self.scope["method"] == "HEAD" or self._status in (204, 304)
        pieces = [] if self._head is None else [self._finish_head(len(body), more, bodyless)]
        self._head = None
        if body and not bodyless:
            pieces += [b"%x\r\n" % len(body), body, b"\r\n"] if self._chunked else [body]
        if not more and self._chunked:
            pieces.append(b"0\r\n\r\n")
        if pieces:
            self.connection.write(b"".join(pieces) if len(pieces) > 1 else pieces[0])
        if more:
            await self.connection.drain()
        else:
            self.finished = True

    def _start(self, status: int, headers: Any) -> None:
        self._status = status
        self._has_length = False
        lines = [b"HTTP/1.1 %d %s" % (status, PHRASES.get(status, b"Unknown"))]
        for name, value in headers:
            lowered = name.lower()
            if lowered in (b"connection", b"transfer-encoding", b"keep-alive"):
                continue
            if lowered == b"content-length":
                self._has_length = True
            lines.append(name + b": " + value)
        self._head = b"\r\n".join(lines)

    def _finish_head(self, length: int, more: bool, bodyless: bool) -> bytes:
        head = self._head or b""
        if not self._has_length and not bodyless:
            if more:
                self._chunked = True
                head += b"\r\nTransfer-Encoding: chunked"
            else:
                head += b"\r\nContent-Length: %d" % length
        elif not self._has_length and self.scope["method"] != "HEAD" and self._status not in (204, 304):
            head += b"\r\nContent-Length: 0"
        return head + (b"\r\n\r\n" if self.keep_alive else b"\r\nConnection: close\r\n\r\n")


class Connection(asyncio.Protocol):
    """One client."""

    def __init__(self, server: "Server") -> None:
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
        if not complete and exchange._head is None and not self.lost:
            self.write(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        if not complete or not exchange.keep_alive or not exchange.body_done:
            self.close()
            return
        self._exchange = None
        self.release()
        self._advance()

    def _upgrade(self, scope: Message) -> None:
        from local.emulator.server.websocket import Session

        self._upgraded = Session(self, scope)
        data = bytes(self._buffer)
        self._buffer.clear()
        self._server.keep(self._upgraded.serve(self._server.application))
        self._upgraded.feed(data)


class Server:
    """The listening side."""

    def __init__(self, application: Application, port: int) -> None:
        self.application = application
        self.port = port
        self.connections: set[Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def keep(self, work: Any) -> None:
        """Run work without losing it to the garbage collector."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def lifespan(application: Application, stopping: asyncio.Event) -> Awaitable[None]:
    """Start the application; the awaitable ends when it has shut down."""
    started, shut = asyncio.Event(), asyncio.Event()
    messages = iter(("lifespan.startup", "lifespan.shutdown"))

    async def receive() -> Message:
        kind = next(messages, None)
        if kind == "lifespan.shutdown":
            await stopping.wait()
        if kind is None:
            await asyncio.Event().wait()
        return {"type": kind}

    async def send(message: Message) -> None:
        (started if message["type"].startswith("lifespan.startup") else shut).set()

    running = asyncio.ensure_future(application({"type": "lifespan", "asgi": {"version": "3.0"}}, receive, send))
    await started.wait()
    return asyncio.wait({running, asyncio.ensure_future(shut.wait())}, return_when=asyncio.FIRST_COMPLETED)  # type: ignore[return-value]


async def serve(port: int, begin: Callable[[], None], end: Callable[[], None]) -> None:
    """Serve MiniStack until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    begin()
    from ministack.app import app

    server = Server(app, port)
    listening = await loop.create_server(
        lambda: Connection(server), "127.0.0.1", port, backlog=1024, start_serving=False
    )
    shut = await lifespan(app, stopping)
    await listening.start_serving()
    print(f"AWS emulator ready on http://127.0.0.1:{port}", flush=True)
    await stopping.wait()
    listening.close()
    await shut
    end()


def run(port: int, begin: Callable[[], None], end: Callable[[], None]) -> int:
    """Serve; the exit status."""
    with contextlib.suppress(ValueError, OSError):
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        asyncio.run(_serve_and_leave(port, begin, end))
    except OSError as error:
        logger.error("cannot listen on 127.0.0.1:%d: %s", port, error)
        return 1
    return 0


async def _serve_and_leave(port: int, begin: Callable[[], None], end: Callable[[], None]) -> None:
    await serve(port, begin, end)
    # Everything is saved and every function process has ended; MiniStack's threads need not be waited for.
    logging.shutdown()
    os._exit(0)
