"""Ending what waits for a task token: the row, Step Functions, and the history, in that order.

The row is locked while Step Functions is told, so of two callers one ends the wait and the other learns of it. When
Step Functions cannot be reached nothing has changed. Who uses this: callback URLs, approvals, ends of sub-workflows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, Protocol, TypeVar, cast

from stepweave.aws import AwsError
from stepweave.aws.passes import signed
from stepweave.model.events import ErrorInfo, Event, EventType, ExecutionContext
from stepweave.model.items import NodeOutput
from stepweave.model.json_text import write
from stepweave.model.step import StepResult
from stepweave.runtime.errors import EventDeliveryError
from stepweave.runtime.events import Outbox, Send, event
from stepweave_data.link import Connection, Link
from stepweave_data.telemetry import logger

Result = TypeVar("Result")

GONE: Final = frozenset(("TaskDoesNotExist", "TaskTimedOut", "InvalidToken"))
"""What Step Functions says of a token that nothing waits for any more."""
_ONE: Final = """
SELECT id, execution_id, node_id, iteration, attempt, kind, token, details, created_at, expires_at, state, outcome,
  resolved_at
FROM waits WHERE id = %s FOR UPDATE
"""
_OF_EXECUTION: Final = """
SELECT id, execution_id, node_id, iteration, attempt, kind, token, details, created_at, expires_at, state, outcome,
  resolved_at
FROM waits WHERE execution_id = %s AND kind = %s ORDER BY created_at, node_id, iteration, attempt FOR UPDATE
"""
REFUSED: Final = frozenset(("InvalidOutput", "ValidationException"))
"""What Step Functions says of an output that it will never take."""
_LONGEST_WORDS: Final = 4000
_MOST_CAUSE: Final = 30_000
_END: Final = "UPDATE waits SET state = %s, outcome = %s, resolved_at = now() WHERE id = %s"
_CONTEXT: Final = """
SELECT x.tenant_id, x.workflow_id, w.name, x.workflow_version, x.trigger, x.mode, x.started_at
FROM executions x JOIN workflows w ON w.id = x.workflow_id WHERE x.id = %s
"""


class Tokens(Protocol):
    """What is needed of Step Functions."""

    def succeed(self, token: str, output: str) -> None:
        """End a Task with its output. Raises AwsError."""

    def fail(self, token: str, *, error: str, cause: str) -> None:
        """Fail a Task. Raises AwsError."""


class State(StrEnum):
    """The life of a wait."""

    OPEN = "open"
    RESOLVED = "resolved"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Wait:
    """A row of `waits`. `outcome` says how it ended, once it is resolved."""

    id: str
    execution_id: str
    node_id: str
    iteration: str
    attempt: int
    kind: str
    token: str
    details: dict[str, Any]
    created_at: datetime
    expires_at: datetime | None
    state: State
    outcome: str | None = None
    resolved_at: datetime | None = None


class TokensAway(Exception):
    """Step Functions could not be reached, or is not sure; the wait is as it was."""


@dataclass
class Waits:
    """The waits of one transaction after the other. Not thread-safe."""

    link: Link
    tokens: Tokens
    send: Send
    _told: list[tuple[ExecutionContext, Event]] = field(default_factory=list)
    _answered: dict[str, State] = field(default_factory=dict)

    def within(self, tenant_id: str, work: Callable[[Connection], Result]) -> Result:
        """Do `work`, which may call `succeed` and `fail`, in a transaction of the tenant; then tell the history.

        Raises:
            TokensAway: nothing has changed.
            psycopg.Error: Postgres could not be asked.
        """

        def fresh(connection: Connection) -> Result:
            self._told.clear()  # the transaction may be done again
            return work(connection)

        self._answered.clear()
        result = self.link.tenant(tenant_id, fresh)
        for context, told in self._told:
            outbox = Outbox(context, self.send)
            outbox.add(told)
            try:
                outbox.close()
            except EventDeliveryError as error:
                # The workflow goes on; its history closes the run at its end.
                logger().error("a wait's end could not be told", execution_id=context["executionId"], error=str(error))
        return result

    def find(self, connection: Connection, wait_id: str) -> Wait | None:
        """Return a wait and lock it."""
        row = connection.execute(_ONE.encode(), (wait_id,)).fetchone()
        return None if row is None else _wait(row)

    def of_execution(self, connection: Connection, execution_id: str, kind: str) -> list[Wait]:
        """Return an execution's waits of a kind, the oldest first, and lock them."""
        rows = connection.execute(_OF_EXECUTION.encode(), (execution_id, kind)).fetchall()
        return [_wait(row) for row in rows]

    def succeed(self, connection: Connection, wait: Wait, output: NodeOutput, outcome: str) -> State:
        """End an open wait with the node's output and return its state: resolved, or expired when that came too late.

        Raises:
            TokensAway: end the transaction with it.
        """
        result: StepResult = {"output": output}
        return self._succeed(connection, wait, write(result), outcome, output)

    def let_go_on(
        self,
        connection: Connection,
        wait: Wait,
        output: NodeOutput,
        decision: Mapping[str, Any],
        outcome: str,
        *,
        tells: bool = False,
    ) -> State:
        """End an open wait before its node begins, which then tells of itself; otherwise as `succeed`.

        Args:
            connection: of the transaction.
            wait: an agent's question whether it may call a tool.
            output: the arguments, under `approved`.
            decision: what the agent is told of it.
            outcome: how the wait ended.
            tells: whether nobody else tells of the wait's end, because no node begins behind it.
        """
        text = write({"output": output, "decision": dict(decision)})
        return self._succeed(connection, wait, text, outcome, {} if tells else None)

    def _succeed(self, connection: Connection, wait: Wait, text: str, outcome: str, output: NodeOutput | None) -> State:
        refused: list[ErrorInfo] = []

        def answer() -> None:
            try:
                self.tokens.succeed(wait.token, text)
            except AwsError as error:
                if error.code not in REFUSED:
                    raise
                message = f"The answer could not be taken ({error.code})."
                refused.append({"type": "ResultInvalid", "message": message, "retryable": False})
                self.tokens.fail(wait.token, error="ResultInvalid", cause=_cause(refused[0]))

        return self._end(
            connection,
            wait,
            outcome,
            answer,
            None
            if output is None
            else lambda fields: (
                event(EventType.NODE_FAILED, error=refused[0], **fields)
                if refused
                else event(EventType.NODE_SUCCEEDED, output=output, **fields)
            ),
        )

    def fail(self, connection: Connection, wait: Wait, error: ErrorInfo, outcome: str) -> State:
        """End an open wait with an error; otherwise as `succeed`.

        Where the execution goes on after it (`resume.goesOn` of the wait), the step that makes error items of it tells
        of the node's end.
        """
        cause = _cause(error)
        goes_on = wait.details.get("resume", {}).get("goesOn", False)
        return self._end(
            connection,
            wait,
            outcome,
            lambda: self.tokens.fail(wait.token, error=error["type"], cause=cause),
            None if goes_on else lambda fields: event(EventType.NODE_FAILED, error=error, **fields),
        )

    def tell(self, connection: Connection, execution_id: str, told: Event) -> None:
        """Tell an execution's history of an event after the transaction."""
        self._told.append((context_of(connection, execution_id), told))

    def _end(
        self,
        connection: Connection,
        wait: Wait,
        outcome: str,
        answer: Callable[[], None],
        told: Callable[[dict[str, Any]], Event] | None,
    ) -> State:
        state = self._answer(wait, answer)
        connection.execute(_END.encode(), (state.value, outcome if state is State.RESOLVED else None, wait.id))
        if state is State.RESOLVED and told is not None:
            self.tell(connection, wait.execution_id, told(_fields(wait)))
        return state

    def _answer(self, wait: Wait, answer: Callable[[], None]) -> State:
        """Tell Step Functions once, however often the transaction is done."""
        if wait.id not in self._answered:
            try:
                answer()
            except AwsError as error:
                if error.code not in GONE:
                    raise TokensAway(f"Step Functions did not take it ({error.code})") from error
                self._answered[wait.id] = State.EXPIRED
            else:
                self._answered[wait.id] = State.RESOLVED
        return self._answered[wait.id]


def _wait(row: tuple[Any, ...]) -> Wait:
    id, execution_id, node_id, iteration, attempt, kind, token, details, created_at, expires_at, *ended = row
    state, outcome, resolved_at = ended
    return Wait(
        id=str(id),
        execution_id=str(execution_id),
        node_id=node_id,
        iteration=iteration,
        attempt=attempt,
        kind=kind,
        token=token,
        details=details,
        created_at=created_at,
        expires_at=expires_at,
        state=State(state),
        outcome=outcome,
        resolved_at=resolved_at,
    )


def _cause(error: ErrorInfo) -> str:
    """Return an error as Step Functions carries it, below its 32,768 characters (`stepweave.runtime.ending`)."""
    words: dict[str, Any] = {"errorType": error["type"], "errorMessage": error["message"][:_LONGEST_WORDS]}
    words["remedy"] = error.get("remedy", "")[:_LONGEST_WORDS]
    words["retryable"] = error["retryable"]
    if "item" in error:
        words["item"] = error["item"]
    whole = write({**words, "details": error.get("details", {})})
    return whole if len(whole) <= _MOST_CAUSE else write(words)


def _fields(wait: Wait) -> dict[str, Any]:
    place = f"{wait.iteration}-" if wait.iteration else ""
    waited = (datetime.now(UTC) - wait.created_at).total_seconds() * 1000
    fields: dict[str, Any] = {
        "id": f"{wait.execution_id}-{wait.node_id}-resolved-{place}{wait.attempt}",
        "nodeId": wait.node_id,
        "attempt": wait.attempt,
        "durationMs": round(max(waited, 0.0), 1),
    }
    return fields | {"iteration": wait.iteration} if wait.iteration else fields


def context_of(connection: Connection, execution_id: str) -> ExecutionContext:
    """Return what events of an execution are told with. Raises LookupError: it is gone."""
    row = connection.execute(_CONTEXT.encode(), (execution_id,)).fetchone()
    if row is None:
        raise LookupError(f"the execution {execution_id} of a wait is gone")
    tenant_id, workflow_id, name, version, trigger, mode, started_at = row
    context = {
        "tenantId": str(tenant_id),
        "executionId": execution_id,
        "workflowId": str(workflow_id),
        "workflowName": name,
        "workflowVersion": version,
        "trigger": trigger,
        "mode": mode,
        "startedAt": started_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "timeZone": "UTC",
    }
    return signed(cast("ExecutionContext", context))
