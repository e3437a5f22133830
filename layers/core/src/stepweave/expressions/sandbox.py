"""The JavaScript sandbox of code nodes: QuickJS in a process of its own, with an empty environment and no rights.

The process stays warm between runs of one tenant; every run gets a fresh context in it. A process that hangs, dies or
runs out of memory is replaced. Longer than other files: what goes into a run, what comes of it and what may go wrong
are three sides of one protocol.
"""

import json
import re
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from stepweave.expressions.libraries import library, random_hex, source_of, table
from stepweave.expressions.pairing import pairs_of
from stepweave.expressions.sandbox_process import ProcessEnded, SandboxProcess
from stepweave.expressions.scope import Output, Scope, now_of
from stepweave.model.items import Item, Origin
from stepweave.model.sizes import size_text

MEMORY_BYTES: Final = 64 * 1024**2
GRACE_SECONDS: Final = 2.0
"""How long the process may take beyond the code's own time before it is killed."""
START_SECONDS: Final = 20.0
"""How long the process may take to start; it needs 0.02 s on an idle machine."""
MOST_WANTED: Final = 50
"""Rounds in which the code may ask for time zones and libraries; it runs again for each."""
NOT_LOCKED: Final = 78
"""The process's exit status where the system cannot lock it (`sandbox_child.py`)."""
_HEAD_LINES: Final = 2000
"""Empty lines before the code, so that its lines in a stack are told from those of our own files, which are shorter."""
_PLACE: Final = re.compile(r"<input>:(\d+):(\d+)")
_OUT_OF_MEMORY: Final = ("InternalError: out of memory", "null")
"""QuickJS throws null where not even the error fits."""
_MENTIONED: Final = {
    "lodash": re.compile(r"\blodash\b|(?<![\w$.])_\."),
    "luxon": re.compile(r"\b(?:luxon|DateTime|Duration|Interval|Intl)\b|\$now\b|\$today\b"),
    "collation": re.compile(r"\blocaleCompare\b|\bCollator\b"),
    "url": re.compile(r"\bURL"),
    "bytes": re.compile(r"\b[Bb]uffer\b|\brandomBytes\b|\bcreateH|\bText(?:En|De)coder\b"),
    "web": re.compile(r"\bcrypto\b|\bstructuredClone\b"),
    "crypto": re.compile(r"\bcrypto\b"),
    "hashes": re.compile(r"\bcreateH|\bsubtle\b|\b(?:pbkdf2|scrypt)Sync\b"),
}
"""What in the code says that it will ask for a library."""


@dataclass(frozen=True)
class LogLine:
    """What the code wrote with `console`."""

    level: str
    message: str


@dataclass(frozen=True)
class JavaScriptResult:
    """What the code returned, as JSON data, and what it logged. `dropped` log lines were over the limit.

    `sources` has for each item that it returned the indexes of the input items that it is, or was made of by spreading
    them; in a list per run where the code runs once for each item. Empty without lineage, or where it is not known.
    """

    value: Any
    logs: list[LogLine] = field(default_factory=list)
    dropped: int = 0
    sources: list[Any] = field(default_factory=list)


class SandboxError(Exception):
    """The code failed. `str()` is its own words; `line` and `column` count from 1 in its source, where known.

    `item` is the index of the item it failed for, where it runs once for each.

    SandboxError           it threw, or is not JavaScript
    ├── SandboxTimeout     it took longer than it may
    ├── SandboxMemory      it used more memory than it may
    ├── SandboxCrashed     its process ended
    └── SandboxUnavailable this system cannot lock a process, so nothing was run
    """

    def __init__(
        self,
        message: str,
        line: int | None = None,
        column: int | None = None,
        logs: list[LogLine] | None = None,
        item: int | None = None,
    ) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.logs = logs or []
        self.item = item


class SandboxTimeout(SandboxError):
    """The code took longer than it may."""


class SandboxMemory(SandboxError):
    """The code used more memory than it may."""


class SandboxCrashed(SandboxError):
    """The sandbox's process ended."""


class SandboxUnavailable(SandboxError):
    """This system cannot lock a process, so nothing was run."""


@dataclass(frozen=True)
class Job:
    """What to run: the source, whether once for each item, and everything it may see (as in `Scope`)."""

    code: str
    each_item: bool
    items: list[Item]
    outputs: Mapping[str, Output | None]
    workflow: Mapping[str, Any]
    execution: Mapping[str, Any]
    variables: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 10.0
    memory_bytes: int = MEMORY_BYTES
    inputs: Mapping[str, list[Item]] = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    time_zone: str = ""
    origins: Sequence[Origin] = ()
    ids: Mapping[str, str] = field(default_factory=dict)
    iteration: str = ""


class JavaScriptSandbox:
    """A warm process for one tenant after another. Not thread-safe."""

    def __init__(self) -> None:
        self._process: SandboxProcess | None = None
        self._tenant: str | None = None

    def run(self, tenant: str, job: Job) -> JavaScriptResult:
        """Run a job. Raises SandboxError or one of its kinds; the sandbox can be used again after any."""
        deadline = time.monotonic() + job.seconds + GRACE_SECONDS
        given = _given(job)
        for _ in range(MOST_WANTED):
            answer = self._ask(tenant, job, given, deadline)
            wanted = [what for what in answer.get("wanted", ()) if what not in given]
            if not wanted:
                return _result(answer, job)
            for what in wanted:
                _add(given, what, job)
        raise SandboxError(f"Error: it asks for more than {MOST_WANTED} nodes and time zones")

    def start(self) -> None:
        """Start the process ahead of the first run; does not wait for it."""
        if self._process is None:
            self._process = SandboxProcess.of_javascript()
            sources = _sources()
            for frame in (str(len(sources)), *sources):
                self._process.send(frame, time.monotonic() + START_SECONDS)

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.close()
            self._process = None

    def _ask(self, tenant: str, job: Job, given: Mapping[str, Any], deadline: float) -> dict[str, Any]:
        told = {"code": job.code, "eachItem": job.each_item, "lineage": any(job.origins)}
        request = json.dumps({**told, "given": list(given.items())})
        try:
            process = self._ready(tenant)
            process.send(f"{job.seconds} {job.memory_bytes}\n{request}", deadline)
            answer: dict[str, Any] = json.loads(process.receive(deadline))
        except TimeoutError:
            self.close()
            raise _timeout(job) from None
        except ProcessEnded as ended:
            self.close()
            if ended.status == -signal.SIGXCPU:
                raise _timeout(job) from None
            if ended.status == NOT_LOCKED:
                raise SandboxUnavailable("No process can be locked on this system, so nothing was run.") from None
            raise SandboxCrashed(
                f"The sandbox's process ended with status {ended.status}; it may have run out of memory."
            ) from None
        except BaseException:
            self.close()  # interrupted between request and answer: the next run would read this one's answer
            raise
        return answer

    def _ready(self, tenant: str) -> SandboxProcess:
        is_gone = self._process is not None and not self._process.is_running
        if is_gone or self._tenant not in (None, tenant):
            self.close()
        self._tenant = tenant
        self.start()
        assert self._process is not None  # noqa: S101  # start() made it
        return self._process


@cache
def _sources() -> tuple[str, ...]:
    return (
        source_of("prelude.js"),
        source_of("sandbox.js"),
        "\n" * _HEAD_LINES,
        source_of("console.js"),
        source_of("timers.js"),
    )


def _given(job: Job) -> dict[str, Any]:
    """Return what the code may see, under the names that the prelude knows; libraries where it mentions them."""
    scope = _scope(job)
    given: dict[str, Any] = {
        "items": job.items,
        "inputs": dict(job.inputs),
        "count": len(job.items),
        "now": now_of(scope),
        "workflow": dict(job.workflow),
        "execution": dict(job.execution),
        "variables": dict(job.variables),
        "round": scope.run_index,
        "once": not job.each_item and len(job.items) > 1,
    }
    for name, output in job.outputs.items():
        given[f"node:{name}"] = {"known": True, "ports": output}
    for name, pattern in _MENTIONED.items():
        if pattern.search(job.code):
            _add(given, f"library:{name}", job)
    return given


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


def _add(given: dict[str, Any], what: str, job: Job) -> None:
    from stepweave.expressions.zones import zone_table

    kind, _, name = what.partition(":")
    if kind == "zone":
        given[what] = zone_table(name)
    elif kind == "library":
        if name == "luxon":
            for needed in ("library:intl", f"zone:{_scope(job).zone}"):
                if needed not in given:
                    _add(given, needed, job)
        if name == "collation":
            _add(given, "table:collation", job)
        given[what] = library(name)
    elif kind == "table":
        given[what] = table(name)
    elif kind == "random":
        given[what] = random_hex(int(name))
    elif kind == "pairs":
        given[what] = pairs_of(_scope(job), name)._asdict()
    else:
        given[what] = {"known": False, "ports": None}


def _timeout(job: Job, logs: list[LogLine] | None = None) -> SandboxTimeout:
    return SandboxTimeout(f"The code took longer than {job.seconds:g} s.", logs=logs)


def _result(answer: dict[str, Any], job: Job) -> JavaScriptResult:
    logs = [LogLine(line["level"], line["message"]) for line in answer["logs"]]
    error = answer.get("error")
    limit = answer.get("limit")
    if error is not None and error["message"] in _OUT_OF_MEMORY:
        limit = "memory"
    if limit == "time":
        raise _timeout(job, logs)
    if limit == "memory":
        raise SandboxMemory(f"The code used more than {size_text(job.memory_bytes)} of memory.", logs=logs)
    if limit == "stack":
        raise SandboxError("RangeError: Maximum call stack size exceeded", logs=logs)
    if limit == "stuck":
        raise SandboxError("It waits for something that never happens.", logs=logs)
    if error is not None:
        line, column = _where(error["stack"], job.code)
        raise SandboxError(error["message"], line, column, logs, answer["item"])
    return JavaScriptResult(json.loads(answer["json"]), logs, answer["dropped"], answer.get("sources") or [])


def _where(stack: str, code: str) -> tuple[int | None, int | None]:
    """Return the line and column in the code that a stack points to: its innermost frame that is not ours."""
    lines = code.split("\n")
    for found in _PLACE.finditer(stack):
        line = int(found[1]) - _HEAD_LINES
        if 1 <= line <= len(lines):
            # QuickJS counts columns in UTF-8 bytes.
            before = lines[line - 1].encode("utf-8", "surrogatepass")[: int(found[2]) - 1]
            return line, len(before.decode("utf-8", "ignore")) + 1
    return None, None
