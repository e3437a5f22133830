"""What the rooms of this folder hand each other: limits, recipes, invocations and how they went."""

import asyncio
import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """How many processes may run functions, and how long they stay when nobody calls."""

    usual: int = 3
    most: int = 64
    patience: float = 1.0
    idle_total: int = 12
    idle_seconds: float = 60.0
    starting: int = max(2, os.cpu_count() or 2)


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip by its digest; its bytes are read when it has to be unpacked."""

    digest: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything a process of a function version is started from."""

    name: str
    handler: str
    code: Archive
    layers: tuple[Archive, ...]
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
