"""One execution environment as the emulator sees it: a process, the channel its invocations go through, its output."""

import asyncio
import json
import os
import signal
import socket
import time
from collections.abc import Awaitable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from local.emulator.functions.model import Invocation, Outcome, Recipe, failed
from local.emulator.functions.starting import Start, Started, Starter, stream_environment

LOG_BYTES = 1 << 20
"""What one invocation may print and still find in its log."""


class Owner(Protocol):
    """Who is told what becomes of a process."""

    recipe: Recipe

    def finished(self, process: "Process") -> None:
        """It is free for another invocation."""

    def replace(self, process: "Process") -> None:
        """A new one would be better."""

    def forget(self, process: "Process") -> None:
        """It has ended."""

    def keep(self, work: Coroutine[Any, Any, None]) -> None:
        """Run work in the background."""


class Process(asyncio.Protocol):
    """One execution environment."""

    def __init__(self, owner: Owner, stream: str) -> None:
        self.owner = owner
        self.stream = stream
        self.ready: asyncio.Future[Outcome | None] = asyncio.get_running_loop().create_future()
        self.since = time.monotonic()
        self.current: Invocation | None = None
        self._received = bytearray()
        self._log = bytearray()
        self._expiry: asyncio.TimerHandle | None = None
        self._started: Started | None = None
        self._channel: asyncio.WriteTransport | None = None
        self._output = -1
        self._expired = False
        self._buried = False

    async def start(self, starter: Starter, code: Path, layers: list[Path]) -> None:
        """Start the process and have it load the handler; `ready` says how that went."""
        loop = asyncio.get_running_loop()
        recipe = self.owner.recipe
        ours, theirs = socket.socketpair()
        self._output, output = os.pipe()
        os.set_blocking(self._output, False)
        environment = stream_environment(recipe.environment, code, self.stream)
        pipes = (theirs.fileno(), output)
        try:
            started = await starter.start(Start(recipe.name, code, layers, environment, *pipes))
        except BaseException:
            ours.close()
            os.close(self._output)
            raise
        finally:
            theirs.close()
            os.close(output)
        self._started = started
        loop.add_reader(self._output, self._drain)
        ours.setblocking(False)
        await loop.create_unix_connection(lambda: self, sock=ours)
        paths = [str(layer) for layer in layers]
        init = {"code": str(code), "layers": paths, "handler": recipe.handler, "news": started.learn is not None}
        self._send(init, b"")

    def run(self, invocation: Invocation) -> None:
        """Hand one invocation to the process."""
        timeout = self.owner.recipe.timeout
        self.current = invocation
        self._expiry = asyncio.get_running_loop().call_later(timeout, self._expire)
        head = {"id": invocation.request_id, "arn": invocation.arn, "deadline": time.time() + timeout}
        if invocation.tenant is not None:
            head["tenant"] = invocation.tenant
        if invocation.trace is not None:
            head["trace"] = invocation.trace
        self._send(head, invocation.payload)

    def kill(self) -> None:
        """End the process and everything it started."""
        if self._started is not None and not self._buried:
            with suppress(ProcessLookupError):
                os.killpg(self._started.pid, signal.SIGKILL)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asyncio: the channel is open."""
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101 - narrows a type
        self._channel = transport

    def data_received(self, data: bytes) -> None:
        """Asyncio: part of a frame."""
        self._received += data
        while len(self._received) >= 4:
            end = 4 + int.from_bytes(self._received[:4], "big")
            if len(self._received) < end:
                return
            frame = bytes(self._received[4:end])
            del self._received[:end]
            head, _, payload = frame.partition(b"\n")
            self._answer(json.loads(head), payload)

    def connection_lost(self, error: Exception | None) -> None:
        """Asyncio: the process has ended, or is about to."""
        self.owner.forget(self)
        self.owner.keep(self._bury())

    def _send(self, head: dict[str, Any], payload: bytes) -> None:
        line = json.dumps(head).encode()
        if self._channel is not None:
            self._channel.write(b"".join((((len(line) + 1 + len(payload)).to_bytes(4, "big")), line, b"\n", payload)))

    def _answer(self, head: dict[str, Any], payload: bytes) -> None:
        self.since = time.monotonic()
        status = head["status"]
        if self._started is not None and self._started.learn is not None and "modules" in head:
            self.owner.keep(self._tell(self._started.learn(head["modules"])))
        if status in ("ready", "init"):
            if not self.ready.done():
                self.ready.set_result(None if status == "ready" else Outcome(False, payload, self._take_log()))
            return
        invocation, self.current = self.current, None
        if self._expiry is not None:
            self._expiry.cancel()
        if invocation is not None:
            invocation.settle(Outcome(status == "ok", payload, self._take_log(), self.stream))
            self.owner.finished(self)

    async def _tell(self, learning: Awaitable[bool]) -> None:
        if await learning:
            self.owner.replace(self)

    def _expire(self) -> None:
        self._expired = True
        self.kill()

    def _drain(self) -> None:
        # The handler's prints are in the pipe before its answer is in the channel, so this never has to wait for them.
        with suppress(BlockingIOError):
            while chunk := os.read(self._output, 65536):
                if len(self._log) < LOG_BYTES:
                    self._log += chunk
            asyncio.get_running_loop().remove_reader(self._output)

    def _take_log(self) -> str:
        self._drain()
        if not self._log:
            return ""
        text = self._log.decode("utf-8", "replace")
        self._log.clear()
        return text

    async def _bury(self) -> None:
        self.kill()
        self._buried = True
        status = await self._started.wait() if self._started is not None else -1
        log = self._take_log()
        asyncio.get_running_loop().remove_reader(self._output)
        os.close(self._output)
        outcome = self._last_words(status, log)
        if not self.ready.done():
            self.ready.set_result(outcome)
        if self.current is not None:
            self.current.settle(outcome)

    def _last_words(self, status: int, log: str) -> Outcome:
        request_id = self.current.request_id if self.current is not None else ""
        if self._expired:
            seconds = self.owner.recipe.timeout
            return failed(
                "Sandbox.Timedout", f"RequestId: {request_id} Error: Task timed out after {seconds:.2f} seconds", log
            )
        how = f"exit status {status}" if status >= 0 else f"signal: {signal.Signals(-status).name}"
        return failed("Runtime.ExitError", f"RequestId: {request_id} Error: Runtime exited with error: {how}", log)
