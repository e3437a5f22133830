"""A proxy on loopback that makes tunnels (CONNECT) and nothing else."""

import base64
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class FakeProxy:
    """Where it is, what it was asked for, and who may ask."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    user: str = ""
    password: str = ""


@contextmanager
def proxy_server(user: str = "", password: str = "", tls: ssl.SSLContext | None = None) -> Iterator[FakeProxy]:
    """Run a proxy for the block."""
    made = FakeProxy(user=user, password=password)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made.port = listening.getsockname()[1]

        def serve() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listening.accept()
                    threading.Thread(target=_tunnel, args=(made, client, tls), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield made
        listening.shutdown(socket.SHUT_RDWR)


def _tunnel(proxy: FakeProxy, plain: socket.socket, tls: ssl.SSLContext | None) -> None:
    with suppress(OSError), ExitStack() as ends:
        client = ends.enter_context(tls.wrap_socket(plain, server_side=True) if tls else plain)
        head = b""
        while b"\r\n\r\n" not in head:
            piece = client.recv(4096)
            if not piece:
                return
            head += piece
        line = head.split(b"\r\n")[0].decode()
        proxy.asked.append(line)
        wanted = base64.b64encode(f"{proxy.user}:{proxy.password}".encode())
        if proxy.user and b"Basic " + wanted not in head:
            client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")
            return
        host, _, port = line.split()[1].rpartition(":")
        server = ends.enter_context(socket.create_connection((host, int(port))))
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        back = threading.Thread(target=_pump, args=(server, client), daemon=True)
        back.start()
        _pump(client, server)
        back.join(5)


def _pump(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while piece := one.recv(65536):
            other.sendall(piece)
    with suppress(OSError):
        other.shutdown(socket.SHUT_RDWR)
