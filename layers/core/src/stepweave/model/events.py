"""Events: what happens in an execution, as node functions and the control plane tell it.

One SQS FIFO message carries one `EventBatch` (message group = execution id). The recorder numbers the events per
execution from 1 (`seq`), stores them, and pushes them to subscribed browsers unchanged but for that number.
"""

from enum import StrEnum
from typing import Any, Literal, NotRequired, TypedDict

from stepweave.model.usage import Usage

StartedBy = Literal["manual", "webhook", "schedule", "error", "workflow", "app", "form", "chat"]
"""What starts executions."""


class EventType(StrEnum):
    """All there is to tell about an execution."""

    EXECUTION_STARTED = "execution.started"
    EXECUTION_RESPONSE = "execution.response"
    EXECUTION_SUCCEEDED = "execution.succeeded"
    EXECUTION_FAILED = "execution.failed"
    EXECUTION_CANCELLED = "execution.cancelled"
    EXECUTION_TIMED_OUT = "execution.timed_out"
    NODE_STARTED = "node.started"
    NODE_LOG = "node.log"
    NODE_PROGRESS = "node.progress"
    NODE_USAGE = "node.usage"
    NODE_PARTIAL = "node.partial"
    NODE_WAITING = "node.waiting"
    NODE_RETRYING = "node.retrying"
    NODE_SUCCEEDED = "node.succeeded"
    NODE_FAILED = "node.failed"
    NODE_STOPPED = "node.stopped"
    NODE_RELEASED = "node.released"


class ExecutionStatus(StrEnum):
    """The life of an execution."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    TIMED_OUT = "timed_out"


class NodeRunStatus(StrEnum):
    """The life of a node run. A node without a run in an ended execution was skipped."""

    RUNNING = "running"
    RETRYING = "retrying"
    WAITING = "waiting"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


LogLevel = Literal["debug", "info", "warning", "error"]


class ErrorInfo(TypedDict):
    """A failure, for people: the error's class name, its message, and what to do (contracts.md, "Error items").

    `retryable` says whether the same step may succeed later; `item` is a place among the input items of the node that
    failed.
    """

    type: str
    message: str
    retryable: bool
    remedy: NotRequired[str]
    item: NotRequired[int]
    details: NotRequired[dict[str, Any]]
    node: NotRequired[dict[str, str]]
    """In error items: `id` and `name` of the node that failed, where that is another one."""


class PartialText(TypedDict):
    """A piece of output that comes bit by bit, of one input item: for people who watch, never the result.

    `offset` is how many characters of it came before; `cut` says that no more of it is told.
    """

    item: int
    offset: int
    text: str
    cut: NotRequired[bool]


class Event(TypedDict):
    """One event.

    `id` is unique (duplicates are dropped by it); `at` is ISO 8601 in UTC with milliseconds. Which of the rest are
    there depends on `type`: node events carry `nodeId` and `attempt` (from 1); `node.succeeded` carries `output`
    (`NodeOutput`), `input` (port -> list of `Batch`) and `durationMs`; `node.failed` and `node.retrying` carry `error`,
    `input` and `durationMs`; `node.waiting` carries `input` and `waiting` (`kind`: `time`, `callback`, `approval` or
    `workflow`, and what belongs to it; `token` and `resume` in it are for whoever ends the wait, and the recorder
    keeps them from browsers and history);
    `node.log` carries `level`, `message` and perhaps `data`, and where a region or a round failed `cutOff`: the ids of
    nodes in it that wait for nobody any more; `node.progress` carries `done` and `total`;
    `node.partial` carries `parts` of what is to come, of that `attempt`; any node event may carry `usage`: what was
    used since the last one that did (`node.usage` carries nothing else);
    `execution.started` carries `trigger`; `execution.failed` carries `error`; `execution.response` and
    `execution.succeeded` may carry `response`. Every node event in a loop carries `iteration`. `node.succeeded`
    carries `native` where the node ran without a function, and `source` where its output was not made in this
    execution: `{"kind": "pinned"}` or `{"kind": "execution", "executionId"}`; `{"kind": "skipped"}` where the debugger
    passed the node over. In a debug run `node.stopped` tells that a node waits before it runs, and `node.released`
    that somebody let it go: both carry `stop` (`id`, and `reason` or `action`).
    """

    id: str
    type: str
    at: str
    nodeId: NotRequired[str]
    attempt: NotRequired[int]
    input: NotRequired[dict[str, Any]]
    output: NotRequired[dict[str, Any]]
    durationMs: NotRequired[float]
    error: NotRequired[ErrorInfo]
    level: NotRequired[LogLevel]
    message: NotRequired[str]
    data: NotRequired[Any]
    cutOff: NotRequired[list[str]]
    done: NotRequired[int]
    total: NotRequired[int]
    trigger: NotRequired[dict[str, Any]]
    response: NotRequired[Any]
    waiting: NotRequired[dict[str, Any]]
    iteration: NotRequired[str]
    native: NotRequired[bool]
    source: NotRequired[dict[str, str]]
    usage: NotRequired[Usage]
    parts: NotRequired[list[PartialText]]
    stop: NotRequired[dict[str, Any]]
    seq: NotRequired[int]


class ExecutionContext(TypedDict):
    """Who and what an execution is. Travels in every step's payload and every event batch.

    `parent` is there for sub-workflows; `resumeUrl` is where callers go on with a step that waits for them, `formUrl`
    where a visitor fills in the page that one waits with. `origin` is the id of the execution that the work began with,
    where that is another: one that failed and is gone on with; for a called workflow it follows from the caller's.
    Idempotency keys are made of it (`stepweave.runtime.idempotency`). `awaited` is there for an Express execution that
    waited for its turn, and a webhook's caller for its answer. `signature` proves that we started it
    (`stepweave.aws.passes`). `environment` is there where it is not production. `variables` are those of the
    workspace's that the workflow may read, as they were at the start; steps are told them, the history is not.
    """

    tenantId: str
    executionId: str
    workflowId: str
    workflowName: str
    workflowVersion: int | None
    trigger: StartedBy
    mode: Literal["draft", "live"]
    startedAt: str
    timeZone: str
    parent: NotRequired["ParentRun"]
    resumeUrl: NotRequired[str]
    formUrl: NotRequired[str]
    awaited: NotRequired[bool]
    origin: NotRequired[str]
    environment: NotRequired[str]
    variables: NotRequired[dict[str, Any]]
    signature: NotRequired[str]


class ParentRun(TypedDict):
    """The node run whose sub-workflow an execution is."""

    executionId: str
    nodeId: str
    iteration: str


class EventBatch(TypedDict):
    """The body of one SQS message."""

    context: ExecutionContext
    events: list[Event]
