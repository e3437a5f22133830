"""A server that answers as the AWS services the system functions call, and remembers what they asked."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Cloud:
    """What was asked, by operation, and what is answered: a value per operation, or a status."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []
        self.answers: dict[str, Any] = {"SendMessage": {"MessageId": "1"}}
        self.url = ""

    def of(self, operation: str) -> list[Any]:
        """Return what was asked of an operation: the request's JSON, or its text."""
        return [content for name, content in self.asked if name == operation]

    def events(self) -> list[str]:
        """Return the types of the events that were sent to the queue."""
        bodies = [json.loads(message["MessageBody"]) for message in self.of("SendMessage")]
        return [event["type"] for body in bodies for event in body["events"]]


@contextmanager
def serving() -> Iterator[Cloud]:
    """Serve on a free port of this machine."""
    cloud = Cloud()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet, or each answer waits 40 ms for an acknowledgement

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            operation = self.headers.get("x-amz-target", "").rpartition(".")[2] or self.path
            try:
                content = json.loads(text)
            except ValueError:
                content = text
            cloud.asked.append((operation, content))
            answer = cloud.answers.get(operation, {})
            status = answer if isinstance(answer, int) else 200
            body = json.dumps({} if isinstance(answer, int) else answer).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        cloud.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield cloud
        server.shutdown()
        thread.join(5)
