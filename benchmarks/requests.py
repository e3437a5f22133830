"""R: 100 items through HTTP request with 20 requests at a time, against a server that takes 100 ms for each.

The node in this process, the server in a thread of its own: five rounds of 100 ms are what cannot be had faster.
"""

import asyncio
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from benchmarks.coldstart import payload_of
from benchmarks.figures import Figure, figure
from local.cli.catalogue import load_catalogue
from local.offline.steps import Steps

ITEMS: Final = 100
AT_A_TIME: Final = 20
SERVER_SECONDS: Final = 0.1
TIMES: Final = 5
MOST_SECONDS: Final = 0.8
_ALLOW: Final = "STEPWEAVE_ALLOW_PRIVATE_NETWORK"
_ANSWER: Final = b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\n\r\n{"ok":true}'


def measure(say: Callable[[str], None]) -> list[Figure]:
    """Return the seconds that a step takes."""
    say(f"R: {ITEMS} HTTP requests, {AT_A_TIME} at a time")
    entry = next(one for one in load_catalogue() if one.type == "http_request")
    with _server() as port, _private_allowed():
        params = {"url": f"http://127.0.0.1:{port}/{{{{ $json.n }}}}", "concurrency": AT_A_TIME}
        payload = payload_of(entry, ITEMS, params=params)
        took = [_seconds(payload) for _ in range(TIMES)]
    return [figure("R.http_requests.100_items_s", statistics.median(took), at_most=MOST_SECONDS)]


def _seconds(payload: dict[str, Any]) -> float:
    steps, began = Steps(network=True), time.perf_counter()
    steps.run(payload)
    return time.perf_counter() - began


@contextmanager
def _private_allowed() -> Iterator[None]:
    before = os.environ.get(_ALLOW)
    os.environ[_ALLOW] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_ALLOW]
        else:
            os.environ[_ALLOW] = before


@contextmanager
def _server() -> Iterator[int]:
    """Run a server that answers each request after `SERVER_SECONDS`; gives its port."""
    loop, ready, ports = asyncio.new_event_loop(), threading.Event(), list[int]()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                await asyncio.sleep(SERVER_SECONDS)
                writer.write(_ANSWER)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
        ready.set()

    def work() -> None:
        loop.run_until_complete(serve())
        loop.run_forever()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(_stop, loop)
        thread.join(5)


def _stop(loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.call_later(0.05, loop.stop)
