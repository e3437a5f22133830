"""An ASGI server for one application on the loopback interface.

Hypercorn, which MiniStack brings, parses HTTP in Python layer upon layer at about a millisecond per request, as much as
everything else a request costs here. This one knows what our clients send: HTTP/1.1 with keep-alive, bodies of known
length or in chunks, `Expect: 100-continue`, and upgrades to WebSocket. It does no TLS and listens on 127.0.0.1 only.
"""

import asyncio
import contextlib
import logging
import os
import resource
import signal
from collections.abc import Awaitable, Callable
from typing import Any

from local.emulator.server.browsers import keeping_pages_away
from local.emulator.server.connection import Application, Connection
from local.emulator.server.exchange import Message

logger = logging.getLogger("local.emulator.server")


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

    server = Server(keeping_pages_away(app), port)
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
