"""Starting executions: what webhook, starter and api do alike (contracts.md, "Starting an execution").

The history begins before the execution does: events first, then the start. Ids of these events follow from the
execution's id, so that starting the same execution twice leaves one history and, for Standard machines, one execution.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from stepweave.aws import Aws, AwsError
from stepweave.aws.passes import signed
from stepweave.aws.state_machines import SYNC_SECONDS
from stepweave.aws.storage import Storage
from stepweave.model.environments import PRODUCTION
from stepweave.model.events import ErrorInfo, EventType, ExecutionContext
from stepweave.model.items import INLINE_LIMIT, Batch, Item
from stepweave.model.json_text import write
from stepweave.model.lineage import without
from stepweave.model.step import ExecutionInput
from stepweave.runtime.callbacks import ResumeUrl, resume_urls
from stepweave.runtime.claims import Claims, encode, key_of
from stepweave.runtime.ending import End, answer_of, end_events, read_end, read_error
from stepweave.runtime.events import Outbox, Send, event, now, queue_sender
from stepweave.runtime.form_links import FormUrl, form_urls
from stepweave.runtime.seeds import Given, Seed, fitting, given_event, given_event_id
from stepweave.runtime.starts import Start, Target, execution_arn_of, execution_id_of

__all__ = [
    "End",
    "Given",
    "Launch",
    "Seed",
    "Start",
    "StartFailed",
    "Started",
    "StillRunning",
    "Target",
    "answer_of",
    "end_events",
    "execution_arn_of",
    "execution_id_of",
    "fail",
    "finish",
    "fitting",
    "given_event_id",
    "read_end",
    "read_error",
    "run",
    "start",
]


@dataclass(frozen=True, slots=True)
class Started:
    """An execution under way."""

    context: ExecutionContext
    execution_arn: str

    @property
    def execution_id(self) -> str:
        """The execution's id."""
        return self.context["executionId"]


class StartFailed(Exception):
    """Step Functions did not start the execution. Its history says so already.

    `code` and `message` are the service's; `retryable` whether a new start may work.
    """

    def __init__(self, execution_id: str, error: AwsError) -> None:
        super().__init__(f"execution {execution_id} did not start: {error}")
        self.execution_id = execution_id
        self.code = error.code
        self.message = error.message
        self.retryable = error.retryable


class StillRunning(Exception):
    """The execution has not ended in the time there was to wait. The sweeper finds out how it ends."""

    def __init__(self, execution_id: str) -> None:
        super().__init__(f"execution {execution_id} is still running")
        self.execution_id = execution_id


class Machines(Protocol):
    """What is needed of Step Functions."""

    def start(self, machine_arn: str, name: str, input: str) -> str:
        """Start, and return the execution's ARN."""

    def start_sync(self, machine_arn: str, name: str, input: str, *, timeout: float) -> dict[str, Any]:
        """Run to the end, and return how it ended; give up waiting after `timeout` seconds."""


Prepare = Callable[[Start], dict[str, Any]]
"""Gives the variables that what starts may read, by name, and notes in which environment it starts. May be called
again for the same start. Raises VariablesUnavailable."""


@dataclass(frozen=True, slots=True)
class Launch:
    """What starting needs from outside."""

    send: Send
    claims: Claims
    machines: Machines
    resume_url: ResumeUrl | None = None
    """Gives the address that lets an execution go on, where callers are to have one."""
    form_url: FormUrl | None = None
    """Gives the address of an execution's pages, where visitors are to have one."""
    prepare: Prepare | None = None
    """Is asked for variables before a start, and told of one in another environment than production."""

    @staticmethod
    @lru_cache(maxsize=1)
    def shared() -> "Launch":
        """Return this worker's, from its environment.

        Raises:
            KeyError: `STEPWEAVE_EVENTS_QUEUE_URL` or `STEPWEAVE_DATA_BUCKET` is not set.
            AwsError: no region or no credentials are set.
        """

        def storage() -> Storage:
            return Aws.shared().storage

        claims = Claims(storage, os.environ["STEPWEAVE_DATA_BUCKET"])
        return Launch(queue_sender(), claims, Aws.shared().machines, resume_urls(), form_urls())


def start(it: Start, launch: Launch | None = None) -> Started:
    """Start an execution and do not wait for it.

    Args:
        it: what to start.
        launch: the outside, for tests.

    Raises:
        StartFailed: Step Functions refused. The history has the failure.
        EventDeliveryError: the history could not be begun; nothing was started.
        StorageUnavailable: large items could not be stored; nothing was started.
        DataTooLarge: the items are more than a port carries.
        VariablesUnavailable: what the workflow reads of the workspace's variables could not be read; nothing was
            started.
    """
    outside = launch or Launch.shared()
    context, text = _begin(it, outside)
    try:
        arn = outside.machines.start(it.target.machine_arn, it.execution_id, text)
    except AwsError as error:
        if error.code == "ExecutionAlreadyExists":
            return Started(context, execution_arn_of(it.target.machine_arn, it.execution_id))
        raise _failed(context, error, outside) from error
    return Started(context, arn)


def run(it: Start, *, seconds: float = SYNC_SECONDS, launch: Launch | None = None) -> tuple[Started, End]:
    """Run an Express execution to its end. Who calls this tells the end with `finish`, after answering where it can.

    Args and errors are those of `start`; an Express execution runs again when started twice with one id.

    Raises:
        StillRunning: it took longer than `seconds`; it goes on.
    """
    outside = launch or Launch.shared()
    context, text = _begin(it, outside)
    try:
        answer = outside.machines.start_sync(it.target.machine_arn, it.execution_id, text, timeout=seconds)
    except AwsError as error:
        if error.code == "RequestTimeout":
            raise StillRunning(it.execution_id) from error
        raise _failed(context, error, outside) from error
    return Started(context, str(answer.get("executionArn", ""))), read_end(answer)


def finish(context: ExecutionContext, end: End, *, launch: Launch | None = None) -> None:
    """Tell how an execution ended.

    Raises:
        EventDeliveryError: it could not be told; the sweeper finds it out later.
    """
    outbox = Outbox(context, (launch or Launch.shared()).send)
    outbox.add(*end_events(context["executionId"], end))
    outbox.close()


def fail(it: Start, error: ErrorInfo, launch: Launch | None = None) -> None:
    """Tell of an execution that never began, as its trigger failed: in its history, and to whom failures are told.

    Args:
        it: what would have been started; its items are not looked at.
        error: why not.
        launch: the outside, for tests.

    Raises:
        EventDeliveryError: it could not be told; telling again tells it once.
    """
    outside = launch or Launch.shared()
    context, name = _context(it, outside), it.execution_id
    node: dict[str, Any] = {"nodeId": it.node_id, "attempt": 1}
    told = {"nodeId": it.node_id, "machineType": it.target.machine_type}
    outbox = Outbox(context, outside.send)
    outbox.add(
        event(EventType.EXECUTION_STARTED, id=f"{name}-started", trigger=told),
        event(EventType.NODE_STARTED, id=f"{name}-trigger-started", **node),
        event(EventType.NODE_FAILED, id=f"{name}-trigger-failed", **node, error=error, durationMs=0.0),
        *end_events(name, End("failed", error=error)),
    )
    outbox.close()


def _begin(it: Start, outside: Launch) -> tuple[ExecutionContext, str]:
    """Begin the history; return the execution's context and its input as JSON text."""
    context = _context(it, outside)
    output = {"main": _batch(context, it.node_id, it.items, outside.claims)}
    name = it.execution_id
    told: dict[str, Any] = {"nodeId": it.node_id, "machineType": it.target.machine_type}
    if it.origin:
        told["origin"] = it.origin
    if it.target.machine_type == "standard":
        told["executionArn"] = execution_arn_of(it.target.machine_arn, name)
    node: dict[str, Any] = {"nodeId": it.node_id, "attempt": 1}
    outbox = Outbox(context, outside.send)
    outbox.add(
        event(EventType.EXECUTION_STARTED, id=f"{name}-started", trigger=told),
        event(EventType.NODE_STARTED, id=f"{name}-trigger-started", **node),
        event(EventType.NODE_SUCCEEDED, id=f"{name}-trigger-done", **node, input={}, output=output, durationMs=0.0),
        *(given_event(name, given_id, given) for given_id, given in it.seed.items() if given["output"] is not None),
    )
    outbox.close()
    execution_input: ExecutionInput = {"context": context, "trigger": {"nodeId": it.node_id, "output": output}}
    if it.seed:
        execution_input["seed"] = {given_id: given["output"] for given_id, given in it.seed.items()}
    return context, write(execution_input)


def _context(it: Start, outside: Launch) -> ExecutionContext:
    context: ExecutionContext = {
        "tenantId": it.target.tenant_id,
        "executionId": it.execution_id,
        "workflowId": it.target.workflow_id,
        "workflowName": it.target.workflow_name,
        "workflowVersion": it.target.workflow_version,
        "trigger": it.trigger,
        "mode": it.mode,
        "startedAt": now(),
        "timeZone": it.target.time_zone,
    }
    if outside.resume_url is not None and it.target.machine_type == "standard":  # Express executions wait for nobody
        context["resumeUrl"] = outside.resume_url(it.execution_id)
    if outside.form_url is not None and it.target.machine_type == "standard":
        context["formUrl"] = outside.form_url(it.execution_id)
    if it.parent is not None:
        context["parent"] = it.parent
    if it.origin:
        context["origin"] = it.origin
    elsewhere = it.target.environment != PRODUCTION
    if elsewhere:
        context["environment"] = it.target.environment
    if (elsewhere or it.target.variables) and outside.prepare is not None and (read := outside.prepare(it)):
        context["variables"] = read
    return signed(context)


def _batch(context: ExecutionContext, node_id: str, given: Sequence[Item] | Batch, claims: Claims) -> Batch:
    if isinstance(given, dict) and "ref" in given:
        return given
    items = without(list(given["items"] if isinstance(given, dict) else given))
    if not items:
        raise ValueError("an execution starts with at least one item")
    encoded = encode(items)
    if len(encoded) <= INLINE_LIMIT:
        return {"count": len(items), "items": items}
    return claims.store(key_of(context, node_id, 1, "main.json"), items, encoded)


def _failed(context: ExecutionContext, error: AwsError, outside: Launch) -> StartFailed:
    reason = read_error("StartFailed", f"Step Functions did not start the execution: {error.message} ({error.code}).")
    finish(context, End("failed", error=reason), launch=outside)
    return StartFailed(context["executionId"], error)
