"""The Python sandbox of code nodes, as the step's process sees it.

    run(tenant, job) ──frame──> child.py (clean, forks) ──> fork (locked: no files, network, processes) ──> its messages

The process stays warm between runs of one tenant. What comes back was written by people's code, perhaps by native code
that broke out of the interpreter, so it is taken for data and nothing else: lengths, JSON and indexes are checked.
"""

import base64
import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from stepweave.expressions.pairing import pairs_of
from stepweave.expressions.python.child_modules import imported, is_loadable
from stepweave.expressions.sandbox import (
    Job,
    LogLine,
    SandboxCrashed,
    SandboxError,
    SandboxMemory,
    SandboxTimeout,
    SandboxUnavailable,
)
from stepweave.expressions.sandbox_process import ProcessEnded, SandboxProcess
from stepweave.expressions.scope import Scope, now_of
from stepweave.model.sizes import size_text

MEMORY_BYTES: Final = 128 * 1024**2
"""What a run may have on top of the interpreter; Python's objects take about twice what JavaScript's do."""
MOST_OUTPUT: Final = 32 * 1024**2
"""Bytes of results and log lines."""
GRACE_SECONDS: Final = 10.0
"""How long the process may take to start and to load modules, beyond the code's own time; 0.1 s on an idle machine."""
MOST_WANTED: Final = 50
"""Rounds in which the code may ask for modules, zones and nodes; it runs again for each."""
_HERE: Final = Path(__file__).parent
_DUMPED: Final = re.compile(rb'File "<code>", line (\d{1,7}) in ')
_MOMENTS: Final = re.compile(r"\b_(?:now|today)\b")
_WHOLE: Final = 2.0**53
_MOST_NAME: Final = 300


@dataclass(frozen=True)
class PythonResult:
    """What the code returned, as JSON data, and what it logged; as `JavaScriptResult`."""

    value: Any
    logs: list[LogLine] = field(default_factory=list)
    dropped: int = 0
    sources: list[Any] = field(default_factory=list)


class PythonSandbox:
    """A warm process for one tenant after another. Not thread-safe."""

    def __init__(self) -> None:
        self._process: SandboxProcess | None = None
        self._tenant: str | None = None

    def run(self, tenant: str, job: Job) -> PythonResult:
        """Run a job. Raises SandboxError or one of its kinds; the sandbox can be used again after any."""
        end = time.monotonic() + job.seconds
        given, modules = _given(job), imported(job.code)
        for _ in range(MOST_WANTED):
            # What is left of its time; the first round has all of it, however long the process takes to start.
            seconds = job.seconds if _ == 0 else end - time.monotonic()
            if seconds <= 0:
                raise _timeout(job, [], None)
            answer = _Answer(*self._ask(tenant, job, given, modules, seconds))
            if answer.wanted is None:
                return answer.result(job)
            if not _bring(answer.wanted, given, modules, job):
                break
        raise SandboxError("It asks for too many modules, nodes and time zones.")

    def start(self) -> None:
        """Start the process ahead of the first run; does not wait for it."""
        if self._process is None:
            self._process = SandboxProcess(str(_HERE / "child.py"), str(_HERE), str(_HERE.parent))

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.close()
            self._process = None

    def _ask(
        self, tenant: str, job: Job, given: Mapping[str, Any], modules: list[str], seconds: float
    ) -> tuple[str, int, bytes]:
        deadline = time.monotonic() + seconds + GRACE_SECONDS
        request = json.dumps(given)
        try:
            process = self._ready(tenant)
            process.send(f"{seconds} {job.memory_bytes} {MOST_OUTPUT} {','.join(modules)}\n{request}", deadline)
            head, _, body = process.receive_bytes(deadline).partition(b"\n")
        except TimeoutError:
            self.close()
            raise _timeout(job, [], None) from None
        except ProcessEnded as ended:
            self.close()
            raise SandboxCrashed(f"The sandbox's process ended with status {ended.status}.") from None
        except BaseException:
            self.close()  # interrupted between request and answer: the next run would read this one's answer
            raise
        how, status = head.decode().split(" ")
        return how, int(status), body

    def _ready(self, tenant: str) -> SandboxProcess:
        is_gone = self._process is not None and not self._process.is_running
        if is_gone or self._tenant not in (None, tenant):
            self.close()
        self._tenant = tenant
        self.start()
        assert self._process is not None  # noqa: S101  # start() made it
        return self._process


class _Answer:
    """What a fork wrote, and how it ended."""

    def __init__(self, how: str, status: int, body: bytes) -> None:
        self._how, self._status, self._body = how, status, body
        self._logs: list[LogLine] = []
        self._found: dict[str, Any] = {}
        for kind, value in _messages(body):
            if kind == "L" and isinstance(value, list) and len(value) == 2:
                self._logs.append(LogLine(str(value[0]), str(value[1])))
            elif kind not in self._found:
                self._found[kind] = value

    @property
    def wanted(self) -> str | None:
        """What must be there before the code can run."""
        wanted = self._found.get("W")
        return wanted if isinstance(wanted, str) and len(wanted) <= _MOST_NAME else None

    def result(self, job: Job) -> PythonResult:
        """Return the result. Raises SandboxError."""
        if self._how == "time":
            lines = _DUMPED.findall(self._body[-(1 << 16) :])
            raise _timeout(job, self._logs, int(lines[0]) if lines else None)
        if self._how == "output":
            raise SandboxMemory(f"The code returned or logged more than {size_text(MOST_OUTPUT)}.", logs=self._logs)
        if "U" in self._found:
            raise SandboxUnavailable(f"No process can be locked on this system: {str(self._found['U'])[:300]}.")
        if isinstance(self._found.get("E"), dict):
            raise _error(self._found["E"], job, self._logs)
        if "R" not in self._found or self._status != 0:
            raise self._crash(job)
        dropped, sources = self._found.get("D", 0), self._found.get("S")
        return PythonResult(
            self._found["R"],
            self._logs,
            dropped if isinstance(dropped, int) else 0,
            sources if isinstance(sources, list) else [],
        )

    def _crash(self, job: Job) -> SandboxError:
        lines = _DUMPED.findall(self._body[-(1 << 16) :])
        line = int(lines[0]) if lines else None
        words = f"its process ended by signal {-self._status}" if self._status < 0 else "its process ended"
        return SandboxCrashed(
            f"The code broke off: {words}. It may have called itself too deeply or run out of memory.",
            line,
            None,
            self._logs,
        )


def _messages(body: bytes) -> Iterator[tuple[str, Any]]:
    """Return the messages of a fork; what is none, as behind a broken-off one, ends them."""
    at = 0
    while at + 5 <= len(body):
        size = int.from_bytes(body[at + 1 : at + 5], "big")
        piece = body[at + 5 : at + 5 + size]
        if len(piece) < size:
            return
        try:
            yield chr(body[at]), json.loads(piece, parse_float=_number)
        except (ValueError, RecursionError):
            return
        at += 5 + size


def _number(text: str) -> float:
    """Return a number as JavaScript and JSON have it: 3.0 is 3."""
    value = float(text)
    return int(value) if value.is_integer() and abs(value) < _WHOLE else value


def _error(told: Mapping[str, Any], job: Job, logs: list[LogLine]) -> SandboxError:
    line, column, item = (value if type(value) is int else None for value in map(told.get, ("line", "column", "item")))
    if told.get("kind") == "memory":
        return SandboxMemory(
            f"The code used more than {size_text(job.memory_bytes)} of memory.", line, column, logs, item
        )
    return SandboxError(str(told.get("message"))[:4000], line, column, logs, item)


def _timeout(job: Job, logs: list[LogLine], line: int | None) -> SandboxTimeout:
    return SandboxTimeout(f"The code took longer than {job.seconds:g} s.", line, None, logs)


def _given(job: Job) -> dict[str, Any]:
    """Return what the code may see, as `child_run` takes it."""
    scope = _scope(job)
    says_now = _MOMENTS.search(job.code) is not None
    return {
        "code": job.code,
        "eachItem": job.each_item,
        "lineage": any(job.origins),
        "items": job.items,
        "inputs": dict(job.inputs),
        "nodes": {name: {"known": True, "ports": output} for name, output in job.outputs.items()},
        "pairs": {},
        "zones": {scope.zone: _zone(scope.zone)} if says_now else {},
        "workflow": dict(job.workflow),
        "execution": dict(job.execution),
        "variables": dict(job.variables),
        "round": scope.run_index,
        "now": now_of(scope) if says_now else None,
    }


def _bring(wanted: str, given: dict[str, Any], modules: list[str], job: Job) -> bool:
    """Add what the code asked for; False where that is nothing, or there already."""
    kind, _, name = wanted.partition(":")
    if kind == "module" and is_loadable(name) and name not in modules:
        modules.append(name)
    elif kind == "zone" and name not in given["zones"]:
        given["zones"][name] = _zone(name)
    elif kind == "pairs" and name in given["nodes"] and name not in given["pairs"]:
        given["pairs"][name] = pairs_of(_scope(job), name)._asdict()
    elif kind == "node" and name not in given["nodes"]:
        given["nodes"][name] = {"known": False, "ports": None}
    else:
        return False
    return True


def _zone(name: str) -> str:
    """Return a time zone's file in base64; empty where there is none."""
    from importlib import resources

    from stepweave.model.zones import UnknownTimeZone, time_zone

    try:
        time_zone(name)
        data = resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()
    except (UnknownTimeZone, OSError, ModuleNotFoundError):
        return ""
    return base64.b64encode(data).decode()


def _scope(job: Job) -> Scope:
    return Scope.of_outputs(
        job.items,
        job.outputs,
        workflow=job.workflow,
        inputs=job.inputs,
        now=job.now,
        time_zone=job.time_zone,
        origins=job.origins,
        ids=job.ids,
        iteration=job.iteration,
    )
