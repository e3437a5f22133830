"""A real HTTP server on loopback whose answers a test writes as functions."""

import hashlib
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    client_port: int
    sha256: str = ""
    size: int = 0


Give = Callable[["Exchange"], None]


@dataclass
class Exchange:
    """One request and the means to answer it."""

    asked: Asked
    handler: BaseHTTPRequestHandler

    def answer(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        """Send an answer; `content_type` names the header `content-type`."""
        self.handler.send_response(status)
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        if "content_length" not in headers:
            self.handler.send_header("content-length", str(len(body)))
        if headers.get("connection") == "close":
            self.handler.close_connection = True
        self.handler.end_headers()
        if self.asked.method != "HEAD":
            self.handler.wfile.write(body)

    def hang(self, seconds: float = 20) -> None:
        """Say nothing until the test is over, or the client goes."""
        self.handler.connection.settimeout(seconds)
        try:
            self.handler.connection.recv(1)
        except OSError:
            return
        finally:
            self.handler.close_connection = True

    def drop(self) -> None:
        """Close the connection without an answer."""
        self.handler.close_connection = True


@dataclass
class Web:
    """The server: `routes[path]` answers; `asked` has the requests."""

    port: int = 0
    scheme: str = "http"
    routes: dict[str, Give] = field(default_factory=dict)
    otherwise: Give | None = None
    """Answers where no route does."""
    asked: list[Asked] = field(default_factory=list)
    hashed: set[str] = field(default_factory=set)
    """Paths whose bodies are hashed as they come, and not kept."""
    unread: set[str] = field(default_factory=set)
    """Paths that answer before they have read a body."""

    def url(self, path: str = "/") -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"


@contextmanager
def web_server(tls: ssl.SSLContext | None = None) -> Iterator[Web]:
    """Run a server for the block, with TLS where its settings are given."""
    web = Web(scheme="https" if tls else "http")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def exchange(self) -> None:
            path, size = self.path.partition("?")[0], int(self.headers.get("content-length") or 0)
            body, digest, left = b"", hashlib.sha256(), 0 if path in web.unread else size
            while left and (piece := self.rfile.read(min(left, 64 * 1024))):
                left -= len(piece)
                digest.update(piece)
                body += b"" if path in web.hashed else piece
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, body, self.client_address[1])
            asked.sha256, asked.size = digest.hexdigest(), size - left
            web.asked.append(asked)
            give = web.routes.get(path, web.otherwise)
            made = Exchange(asked, self)
            if give is None:
                made.answer(404, b"no such page", content_type="text/plain")
            else:
                give(made)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = exchange  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Say nothing: clients go away, and trust no certificate of a test."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    web.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
