"""A WebSocket connection as ASGI, with wsproto speaking the protocol."""

import asyncio
import contextlib
from typing import Any

from wsproto import ConnectionType, WSConnection  # type: ignore[import-not-found]
from wsproto.events import (  # type: ignore[import-not-found]
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Ping,
    RejectConnection,
    RejectData,
    Request,
    TextMessage,
)
from wsproto.utilities import LocalProtocolError, RemoteProtocolError  # type: ignore[import-not-found]

Message = dict[str, Any]


class Session:
    """One upgraded connection."""

    def __init__(self, connection: Any, scope: Message) -> None:
        self._connection = connection
        self._protocol = WSConnection(ConnectionType.SERVER)
        self._incoming: asyncio.Queue[Message] = asyncio.Queue()
        self._parts: list[Any] = []
        self._accepted = self._over = False
        self._refusal = 403
        self._refusal_headers: list[tuple[bytes, bytes]] = []
        subprotocols = [value.decode() for name, value in scope["headers"] if name == b"sec-websocket-protocol"]
        self._scope = {
            **scope,
            "subprotocols": [item.strip() for line in subprotocols for item in line.split(",")],
            "extensions": {"websocket.http.response": {}},
        }

    async def serve(self, application: Any) -> None:
        """Run the application for this connection."""
        try:
            await application(self._scope, self._incoming.get, self._send)
        finally:
            self._connection.close()

    def feed(self, data: bytes) -> None:
        """Bytes from the client."""
        try:
            self._protocol.receive_data(data)
            for event in self._protocol.events():
                self._take(event)
        except (RemoteProtocolError, LocalProtocolError):
            self._leave(1002, "")
            self._connection.close()

    def lost(self) -> None:
        """The client is gone without a word."""
        self._leave(1006, "")

    def _take(self, event: Any) -> None:
        if isinstance(event, Request):
            self._incoming.put_nowait({"type": "websocket.connect"})
        elif isinstance(event, TextMessage | BytesMessage):
            self._parts.append(event.data)
            if event.message_finished:
                text = isinstance(event, TextMessage)
                data = "".join(self._parts) if text else b"".join(self._parts)
                self._parts.clear()
                self._incoming.put_nowait({"type": "websocket.receive", "text" if text else "bytes": data})
        elif isinstance(event, Ping):
            self._write(event.response())
        elif isinstance(event, CloseConnection):
            self._write(event.response())
            self._leave(event.code, event.reason or "")

    def _leave(self, code: int, reason: str) -> None:
        if not self._over:
            self._over = True
            self._incoming.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})

    def _write(self, event: Any) -> None:
        with contextlib.suppress(LocalProtocolError):
            self._connection.write(self._protocol.send(event))

    async def _send(self, message: Message) -> None:
        kind = message["type"]
        if kind == "websocket.accept":
            self._accepted = True
            extra = [(name, value) for name, value in message.get("headers", ()) if name.lower() != b"date"]
            self._write(AcceptConnection(subprotocol=message.get("subprotocol"), extra_headers=extra))
        elif kind == "websocket.send":
            text = message.get("text")
            self._write(TextMessage(text) if text is not None else BytesMessage(message["bytes"]))
            await self._connection.drain()
        elif kind == "websocket.close" and self._accepted:
            self._write(CloseConnection(message.get("code", 1000), message.get("reason")))
        elif kind == "websocket.close":
            self._write(RejectConnection(status_code=403, headers=[(b"content-length", b"0")]))
        elif kind == "websocket.http.response.start":
            self._refusal, self._refusal_headers = message["status"], list(message.get("headers", ()))
        elif kind == "websocket.http.response.body":
            body = message.get("body", b"")
            headers = [(name, value) for name, value in self._refusal_headers if name.lower() != b"content-length"]
            headers.append((b"content-length", str(len(body)).encode()))
            self._write(RejectConnection(status_code=self._refusal, headers=headers, has_body=True))
            self._write(RejectData(data=body))
