"""One request and its answer over HTTP/1.1, as ASGI."""

import asyncio
import http
from typing import Any, Protocol

Message = dict[str, Any]

HIGH_WATER = 4 << 20
"""Bytes of a request body that may wait for the application before the client is held back."""
PHRASES = {status.value: status.phrase.encode() for status in http.HTTPStatus}


class Link(Protocol):
    """What an exchange needs of its connection."""

    lost: bool

    def write(self, data: bytes) -> None:
        """Send bytes to the client."""

    async def drain(self) -> None:
        """Wait until the client has caught up."""

    def hold(self) -> None:
        """Read no more for now."""

    def release(self) -> None:
        """Read on."""


class Exchange:
    """One request and its answer."""

    def __init__(self, connection: Link, scope: Message, keep_alive: bool) -> None:
        self.scope = scope
        self.connection = connection
        self.keep_alive = keep_alive
        self.body_done = False
        self.begun = False
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
            self.begun = True
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
