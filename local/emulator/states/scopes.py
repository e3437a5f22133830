"""What the states of one execution share: the execution while it runs, the scope of a branch, and the limits of values.

A scope holds what a branch may change: its variables, its context object, its place in the history.
"""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from local.emulator.states.errors import StateError
from local.emulator.states.expressions import Bindings
from local.emulator.states.history import History
from local.emulator.wire import dumps, size

Json = dict[str, Any]
Step = tuple[Any, str | None]

PAYLOAD_LIMIT = 262_144
"""Bytes of an input, an output, a result or a variable: 256 KiB."""
VARIABLES_LIMIT = 10 * 1024 * 1024


class Performer(Protocol):
    """What a Task state asks for; `tasks.Tasks` in the emulator."""

    async def perform(self, run: "Run", state: Json, arguments: Any, scope: "Scope", limits: "TaskLimits") -> Any:
        """Perform a task once and give its result."""


@dataclass(slots=True)
class TaskLimits:
    """The time limits of one attempt."""

    timeout: float | None
    heartbeat: float | None


@dataclass(slots=True)
class Scope:
    """What one branch of an execution may change."""

    language: str
    context: Json
    variables: Json
    event: int = 0
    assigned: Json | None = None

    def branch(self) -> "Scope":
        """The scope of a branch or iteration: it reads what is outside and changes only its own."""
        return Scope(self.language, dict(self.context), dict(self.variables), self.event)

    def enter(self, name: str) -> None:
        """A new state."""
        self.context["State"] = {"Name": name, "EnteredTime": now_iso(), "RetryCount": 0}
        self.context.pop("Task", None)
        self.assigned = None

    def bindings(self, data: Any, **states: Any) -> Bindings:
        """What an expression of this state can see."""
        return Bindings({"input": data, "context": self.context, **states}, self.variables)

    def stack_context(self) -> Json:
        """The context object as MiniStack's JSONPath functions expect it."""
        return {**self.context, "QueryLanguage": self.language, "variables": self.variables}


@dataclass(slots=True)
class Run:
    """One execution while it runs."""

    arn: str
    record: Json
    history: History
    performer: Performer
    keeps_history: bool
    resume_state: str | None = None
    failed_at: tuple[str, Any, Json] | None = None


def now_iso() -> str:
    """The time as the context object shows it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def within_limit(value: Any, what: str) -> str:
    """The value as JSON text.

    Raises:
        StateError: States.DataLimitExceeded, it is larger than 256 KiB.
    """
    try:
        text = dumps(value)
    except (TypeError, ValueError) as error:
        raise StateError("States.Runtime", f"The {what} is not JSON: {error}") from error
    if size(text) > PAYLOAD_LIMIT:
        message = f"The {what} has a size exceeding the maximum number of bytes service limit."
        raise StateError("States.DataLimitExceeded", message)
    return text


@functools.lru_cache(maxsize=512)
def definition(text: str) -> Json:
    """A parsed definition; nobody may change it."""
    parsed: Json = json.loads(text)
    return parsed


def is_jsonata(state: Mapping[str, Any], scope: Scope) -> bool:
    """Whether the state speaks JSONata."""
    language: str = state.get("QueryLanguage", scope.language)
    return language == "JSONata"
