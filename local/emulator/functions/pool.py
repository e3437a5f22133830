"""The processes of one function version: at most so many, invocations beyond them wait in order.

MiniStack starts a process for every invocation that finds none idle, 300 for a hundred executions, and throttles beyond
a memory estimate. AWS scales out as well, but on machines of its own; here two cores serve everything, so a function
has a few processes and a queue.

A queue can lock up where AWS cannot: functions that wait for other functions, or for themselves, may hold every
process. So the bound is patient rather than hard: when invocations have waited `patience` seconds and not one has
finished in that time, the pool grows anyway. Functions that are merely slow (a model answering for half a minute) gain
their parallelism the same way.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.emulator.functions.bundles import Bundles

WORKER_SCRIPT = Path(__file__).with_name("worker.py")
INIT_SECONDS = 60
"""AWS gives 10 seconds to load a handler; a busy laptop that writes bytecode for the first time deserves more."""
LOG_BYTES = 1 << 20
"""What one invocation may print and still find in its log."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many processes may run functions."""

    usual: int = 4
    most: int = 64
    patience: float = 1.0
    idle_total: int = 64
    idle_seconds: float = 600.0
    starting: int = max(2, os.cpu_count() or 2)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything a process of a function version is started from."""

    name: str
    handler: str
    code: bytes
    layers: tuple[bytes, ...]
    environment: Mapping[str, str]
    timeout: float
    usual: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an invocation went: its payload as JSON text, and what was printed."""

    ok: bool
    payload: bytes
    log: str = ""
    stream: str = ""


@dataclass(slots=True, eq=False)
class Invocation:
    """One call of a function."""

    payload: bytes
    request_id: str
    arn: str
    answer: asyncio.Future[Outcome]
    tenant: str | None = None
    trace: str | None = None
    since: float = field(default_factory=time.monotonic)

    def settle(self, outcome: Outcome) -> None:
        """Answer the caller, unless it has given up."""
        if not self.answer.done():
            self.answer.set_result(outcome)


def failed(error_type: str, message: str, log: str = "") -> Outcome:
    """An invocation that ended without an answer of the handler's."""
    return Outcome(False, json.dumps({"errorType": error_type, "errorMessage": message}).encode(), log)


class Process(asyncio.Protocol):
    """One execution environment."""

    def __init__(self, pool: "Pool", stream: str) -> None:
        self.pool = pool
        self.stream = stream
        self.ready: asyncio.Future[Outcome | None] = asyncio.get_running_loop().create_future()
        self.since = time.monotonic()
        self.current: Invocation | None = None
        self._received = bytearray()
        self._log = bytearray()
        self._expiry: asyncio.TimerHandle | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: asyncio.WriteTransport | None = None
        self._output = -1
        self._expired = False
        self._gone = False

    async def start(self, python: Path, code: Path, layers: list[Path], lifeline: int) -> None:
        """Start the interpreter and have it load the handler; `ready` says how that went."""
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        self._output, output = os.pipe()
        os.set_blocking(self._output, False)
        recipe = self.pool.recipe
        try:
            self._process = subprocess.Popen(
                [str(python), str(WORKER_SCRIPT), str(theirs.fileno()), str(lifeline)],
                env={**recipe.environment, "LAMBDA_TASK_ROOT": str(code), "AWS_LAMBDA_LOG_STREAM_NAME": self.stream},
                cwd=code,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=(theirs.fileno(), lifeline),
                # Its own group, so that ending it ends what the handler started too.
                start_new_session=True,
            )
        finally:
            theirs.close()
            os.close(output)
        loop.add_reader(self._output, self._drain)
        ours.setblocking(False)
        await loop.create_unix_connection(lambda: self, sock=ours)
        self._send({"code": str(code), "layers": [str(layer) for layer in layers], "handler": recipe.handler}, b"")

    def run(self, invocation: Invocation) -> None:
        """Hand one invocation to the process."""
        timeout = self.pool.recipe.timeout
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
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

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
            self._answer(json.loads(head)["status"], payload)

    def connection_lost(self, error: Exception | None) -> None:
        """Asyncio: the process has ended, or is about to."""
        self._gone = True
        self.pool.forget(self)
        self.pool.host.keep(self._bury())

    def _send(self, head: dict[str, Any], payload: bytes) -> None:
        line = json.dumps(head).encode()
        if self._channel is not None:
            self._channel.write(b"".join((((len(line) + 1 + len(payload)).to_bytes(4, "big")), line, b"\n", payload)))

    def _answer(self, status: str, payload: bytes) -> None:
        self.since = time.monotonic()
        if status in ("ready", "init"):
            if not self.ready.done():
                self.ready.set_result(None if status == "ready" else Outcome(False, payload, self._take_log()))
            return
        invocation, self.current = self.current, None
        if self._expiry is not None:
            self._expiry.cancel()
        if invocation is not None:
            invocation.settle(Outcome(status == "ok", payload, self._take_log(), self.stream))
            self.pool.finished(self)

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
        status = await asyncio.to_thread(self._process.wait) if self._process is not None else -1
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
            seconds = self.pool.recipe.timeout
            return failed(
                "Sandbox.Timedout", f"RequestId: {request_id} Error: Task timed out after {seconds:.2f} seconds", log
            )
        how = f"exit status {status}" if status >= 0 else f"signal: {signal.Signals(-status).name}"
        return failed("Runtime.ExitError", f"RequestId: {request_id} Error: Runtime exited with error: {how}", log)


class Pool:
    """The processes of one function version (and tenant, where the function isolates tenants)."""

    def __init__(self, host: "Host", recipe: Recipe) -> None:
        self.recipe = recipe
        self.host = host
        self._processes: set[Process] = set()
        self._idle: list[Process] = []
        self._waiting: deque[Invocation] = deque()
        self._starting = 0
        self._retired = False
        self._last_finish = 0.0
        self._watch: asyncio.TimerHandle | None = None

    async def invoke(self, invocation: Invocation) -> Outcome:
        """Run one invocation, in its turn."""
        if self._idle and not self._waiting:
            self._idle.pop().run(invocation)
        else:
            self._waiting.append(invocation)
            self._grow(self.recipe.usual)
            if self._watch is None:
                self._watch = asyncio.get_running_loop().call_later(self.host.limits.patience, self._lose_patience)
        return await invocation.answer

    def finished(self, process: Process) -> None:
        """A process has become free: give it the next invocation."""
        self._last_finish = time.monotonic()
        if invocation := self._next():
            process.run(invocation)
        elif self._retired:
            process.kill()
        else:
            self._idle.append(process)

    def forget(self, process: Process) -> None:
        """A process has ended."""
        self._processes.discard(process)
        if process in self._idle:
            self._idle.remove(process)
        if self._waiting:
            self._grow(self.recipe.usual)

    def retire(self) -> None:
        """Serve who is waiting and keep nobody: the function has a new revision."""
        self._retired = True
        for process in self._idle:
            process.kill()
        self._idle.clear()

    def reap(self, before: float, keep: int) -> None:
        """End processes that have been idle since before `before`, the longest idle first."""
        while len(self._idle) > keep and self._idle[0].since < before:
            self._idle.pop(0).kill()

    @property
    def idle(self) -> list[Process]:
        """Processes that wait for work, the longest idle first."""
        return self._idle

    @property
    def processes(self) -> set[Process]:
        """All processes of this pool."""
        return self._processes

    def _next(self) -> Invocation | None:
        while self._waiting:
            invocation = self._waiting.popleft()
            if not invocation.answer.done():
                return invocation
        return None

    def _grow(self, bound: int) -> None:
        while len(self._waiting) > self._starting and len(self._processes) + self._starting < bound:
            self._starting += 1
            self.host.keep(self._start())

    def _lose_patience(self) -> None:
        self._watch = None
        if not self._waiting:
            return
        patience = self.host.limits.patience
        now = time.monotonic()
        count = len(self._processes)
        if not self._starting and now - max(self._last_finish, self._waiting[0].since) >= patience * 0.9:
            self._grow(min(self.host.limits.most, count + min(len(self._waiting), max(count, 1))))
        self._watch = asyncio.get_running_loop().call_later(patience, self._lose_patience)

    async def _start(self) -> None:
        host = self.host
        try:
            async with host.cold_starts:
                process = Process(self, host.stream_name(self.recipe))
                code = await host.bundles.folder(self.recipe.code)
                layers = [await host.bundles.folder(layer) for layer in self.recipe.layers]
                host.make_room()
                await process.start(host.python, code, layers, host.lifeline)
                self._processes.add(process)
                try:
                    problem = await asyncio.wait_for(asyncio.shield(process.ready), INIT_SECONDS)
                except TimeoutError:
                    process.kill()
                    problem = failed("Sandbox.Timedout", f"Error: Init did not end within {INIT_SECONDS} seconds")
        except Exception as error:
            problem = failed("Runtime.InitError", f"{type(error).__name__}: {error}")
        self._starting -= 1
        if problem is None:
            self.finished(process)
        elif invocation := self._next():
            invocation.settle(problem)
            self._grow(self.recipe.usual)


class Host:
    """All pools, and what they share."""

    def __init__(self, python: Path, cache: Path, limits: Limits) -> None:
        self.python = python
        self.limits = limits
        self.bundles = Bundles(cache)
        self.cold_starts = asyncio.Semaphore(limits.starting)
        # Every worker holds the reading end and ends when the writing end closes, which happens however we end.
        self.lifeline, self._lifeline = os.pipe()
        os.set_blocking(self.lifeline, True)
        self._pools: dict[tuple[str, ...], tuple[str, Pool]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._streams = 0

    def pool(self, key: tuple[str, ...], revision: str, recipe: Any) -> Pool:
        """The pool for a function version; `recipe` makes its recipe when the revision is new."""
        known = self._pools.get(key)
        if known is not None and known[0] == revision:
            return known[1]
        if known is not None:
            known[1].retire()
        pool = Pool(self, recipe())
        self._pools[key] = (revision, pool)
        return pool

    def stream_name(self, recipe: Recipe) -> str:
        """A log stream per execution environment, named as AWS names them."""
        self._streams += 1
        version = recipe.environment["AWS_LAMBDA_FUNCTION_VERSION"]
        return time.strftime(f"%Y/%m/%d/[{version}]", time.gmtime()) + f"{time.time_ns():x}{self._streams:08x}".zfill(
            32
        )

    def keep(self, work: Any) -> None:
        """Run work in the background without losing it to the garbage collector."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def make_room(self) -> None:
        """End idle processes: old ones, and the longest idle ones when there are too many."""
        pools = [pool for _, pool in self._pools.values()]
        before = time.monotonic() - self.limits.idle_seconds
        for pool in pools:
            pool.reap(before, keep=1)
        idle = sorted(((process.since, pool) for pool in pools for process in pool.idle[:1]), key=lambda pair: pair[0])
        excess = sum(len(pool.idle) for pool in pools) - self.limits.idle_total
        for _, pool in idle[: max(0, excess)]:
            pool.reap(float("inf"), keep=len(pool.idle) - 1)

    def close(self) -> None:
        """End every process."""
        for _, pool in self._pools.values():
            for process in list(pool.processes):
                process.kill()
        os.close(self._lifeline)
