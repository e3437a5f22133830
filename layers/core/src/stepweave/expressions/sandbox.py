"""The JavaScript sandbox of code nodes: QuickJS in a process of its own, with an empty environment and no rights.

The process stays warm between runs of one tenant; every run gets a fresh context in it. A process that hangs, dies or
runs out of memory is replaced.
"""

import json
import re
import select
import struct
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from stepweave.expressions.scope import Output
from stepweave.model.items import Item

MEMORY_BYTES: Final = 64 * 1024**2
GRACE_SECONDS: Final = 2.0
"""How long the process may take beyond the code's own time before it is killed."""
_HERE: Final = Path(__file__).parent
_FRAME: Final = re.compile(r"at (?:([^\s(]+) \()?<input>:(\d+):(\d+)")
_OURS: Final = frozenset(("node", "plain", "text", "all", "first", "last", "item", "paired"))
"""Functions of the prelude that may stand above the code's own in a stack."""
_BODY: Final = "anonymous"
"""What the async function constructor calls the code (ECMA-262, CreateDynamicFunction)."""
_HEAD_LINES: Final = 2
"""Lines that the async function constructor puts before the code (ECMA-262, CreateDynamicFunction)."""


@dataclass(frozen=True)
class LogLine:
    """What the code wrote with `console`."""

    level: str
    message: str


@dataclass(frozen=True)
class JavaScriptResult:
    """What the code returned, as JSON data, and what it logged. `dropped` log lines were over the limit."""

    value: Any
    logs: list[LogLine] = field(default_factory=list)
    dropped: int = 0


class SandboxError(Exception):
    """The code failed. `str()` is its own words; `line` and `column` count from 1 in its source, where known.

    SandboxError           it threw, or is not JavaScript
    ├── SandboxTimeout     it took longer than it may
    ├── SandboxMemory      it used more memory than it may
    └── SandboxCrashed     its process ended
    """

    def __init__(
        self, message: str, line: int | None = None, column: int | None = None, logs: list[LogLine] | None = None
    ) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.logs = logs or []


class SandboxTimeout(SandboxError):
    """The code took longer than it may."""


class SandboxMemory(SandboxError):
    """The code used more memory than it may."""


class SandboxCrashed(SandboxError):
    """The sandbox's process ended."""


@dataclass(frozen=True)
class Job:
    """What to run: the source, whether once for each item, and everything it may see."""

    code: str
    each_item: bool
    items: list[Item]
    outputs: Mapping[str, Output | None]
    workflow: Mapping[str, Any]
    execution: Mapping[str, Any]
    variables: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 10.0
    memory_bytes: int = MEMORY_BYTES


class JavaScriptSandbox:
    """A warm process for one tenant after another. Not thread-safe."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._tenant: str | None = None

    def run(self, tenant: str, job: Job) -> JavaScriptResult:
        """Run a job. Raises SandboxError or one of its kinds; the sandbox can be used again after any."""
        process = self._ready(tenant)
        request = {
            "code": job.code,
            "eachItem": job.each_item,
            "items": job.items,
            "outputs": dict(job.outputs),
            "workflow": dict(job.workflow),
            "execution": dict(job.execution),
            "variables": dict(job.variables),
            "seconds": job.seconds,
            "memory": job.memory_bytes,
        }
        try:
            _send(process, request)
            answer = _receive(process, time.monotonic() + job.seconds + GRACE_SECONDS)
        except TimeoutError:
            self.close()
            raise SandboxTimeout(f"The code took longer than {job.seconds:g} s.") from None
        except (BrokenPipeError, EOFError):
            status = process.wait()
            self.close()
            raise SandboxCrashed(
                f"The sandbox's process ended with status {status}; it may have run out of memory."
            ) from None
        return self._result(answer, job)

    def start(self) -> None:
        """Start the process ahead of the first run."""
        if self._process is None:
            self._process = _start()

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
            self._process = None

    def _ready(self, tenant: str) -> "subprocess.Popen[bytes]":
        if self._tenant not in (None, tenant) or (self._process is not None and self._process.poll() is not None):
            self.close()
        self._tenant = tenant
        self.start()
        assert self._process is not None  # noqa: S101  # start() made it
        return self._process

    def _result(self, answer: dict[str, Any], job: Job) -> JavaScriptResult:
        logs = [LogLine(line["level"], line["message"]) for line in answer["logs"]]
        if answer.get("limit") == "time":
            raise SandboxTimeout(f"The code took longer than {job.seconds:g} s.", logs=logs)
        if answer.get("limit") == "memory":
            raise SandboxMemory(f"The code used more than {job.memory_bytes // 1024**2} MB of memory.", logs=logs)
        if answer["error"] is not None and answer["error"]["message"] == "InternalError: out of memory":
            raise SandboxMemory(f"The code used more than {job.memory_bytes // 1024**2} MB of memory.", logs=logs)
        if answer["error"] is not None:
            line, column = _where(answer["error"]["stack"])
            raise SandboxError(answer["error"]["message"], line, column, logs)
        return JavaScriptResult(json.loads(answer["json"]), logs, answer["dropped"])


def _start() -> "subprocess.Popen[bytes]":
    import _quickjs

    process = subprocess.Popen(  # noqa: S603  # our own interpreter and program
        [sys.executable, "-I", "-S", str(_HERE / "sandbox_child.py"), str(Path(_quickjs.__file__).parent)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        close_fds=True,
        cwd="/",
    )
    sources = {
        "prelude": (_HERE / "prelude.js").read_text(encoding="utf-8"),
        "runner": (_HERE / "sandbox.js").read_text(encoding="utf-8"),
    }
    _send(process, sources)
    return process


def _send(process: "subprocess.Popen[bytes]", data: Any) -> None:
    assert process.stdin is not None  # noqa: S101  # started with a pipe
    body = json.dumps(data).encode()
    process.stdin.write(struct.pack(">I", len(body)) + body)
    process.stdin.flush()


def _receive(process: "subprocess.Popen[bytes]", deadline: float) -> dict[str, Any]:
    size = struct.unpack(">I", _read(process, 4, deadline))[0]
    answer: dict[str, Any] = json.loads(_read(process, size, deadline))
    return answer


def _read(process: "subprocess.Popen[bytes]", size: int, deadline: float) -> bytes:
    assert process.stdout is not None  # noqa: S101  # started with a pipe
    pieces: list[bytes] = []
    while size > 0:
        ready, _, _ = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
        piece = process.stdout.raw.read(size)  # type: ignore[attr-defined]  # a BufferedReader over a pipe has raw
        if not piece:
            raise EOFError
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _where(stack: str) -> tuple[int | None, int | None]:
    """Return the line and column in the code that a stack points to: its innermost frame that is not ours."""
    frames = [(found[1], int(found[2]), int(found[3])) for found in _FRAME.finditer(stack)]
    names = [name for name, _, _ in frames]
    body = names.index(_BODY) if _BODY in names else names.index(None) if None in names else -1
    for name, line, column in frames[: body + 1]:
        if name not in _OURS and line > _HEAD_LINES:
            return line - _HEAD_LINES, column
    return None, None
