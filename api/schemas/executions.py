"""Executions and what is in them."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from api.schemas.base import Schema, StoredJson
from api.schemas.spending import CostSummary


class StepCounts(Schema):
    """How many of an execution's nodes are done (succeeded or failed), run, and wait for something."""

    done: int
    """Nodes that have ended."""
    running: int
    """Nodes that run."""
    waiting: int
    """Nodes that wait for somebody or something."""


class ExecutionSummary(Schema):
    """An execution in a list. `durationMs` is there once it has ended, `steps` until then where lists know it."""

    id: uuid.UUID
    """Names the execution in paths."""
    workflow_id: uuid.UUID
    """The workflow that ran."""
    workflow_name: str
    """Its name now."""
    workflow_version: int | None
    """The version that ran; null for a draft."""
    version_name: str = ""
    """What people call that version now; empty for nothing, and for a draft."""
    mode: str
    """`draft` or `live`."""
    trigger: str
    """What started it: `manual`, `webhook`, `schedule`, `app`, `workflow` or `error`."""
    status: str
    """`queued`, `running`, `succeeded`, `failed`, `timed_out` or `cancelled`."""
    environment: str = "production"
    """The key of the environment that it runs in."""
    started_at: datetime
    """When it began."""
    ended_at: datetime | None
    """When it ended; null until then."""
    duration_ms: float | None
    """How long it took, in milliseconds; null until it has ended."""
    error: StoredJson | None
    """Why it failed: `type`, `message`, and what else is known; null where it did not."""
    steps: StepCounts | None = None
    """How far it is, until it has ended; null where that is not known."""
    cost: CostSummary | None = None
    """What its nodes have told of: tokens and money; null for nothing, and where it is not asked for."""
    waits_for: str | None = None
    """Why it is `queued`: `workflow` (as many of it run as its settings allow), `concurrent` (as many run as the plan
    allows), `starts` (as many began in this minute); null where it waits for nothing."""
    kept_at: datetime | None = None
    """Since when somebody keeps it from being deleted; null: nobody does."""


class RunCounts(Schema):
    """How many runs a node has in loops. Those that neither succeeded nor failed are under way."""

    total: int
    """All runs of the node."""
    succeeded: int
    """Those that succeeded."""
    failed: int
    """Those that failed."""


class TokensUsed(Schema):
    """Tokens of a language model."""

    input: int
    """Tokens that were sent, with those that were cached."""
    output: int
    """Tokens that came."""
    cached: int
    """Those of the input that the provider had already."""


class UsageResponse(Schema):
    """What was used, attempts that failed included: what they used is used."""

    requests: int = 0
    """HTTP requests that were sent, redirects and repeated ones among them."""
    bytes_sent: int = 0
    """Bytes of their bodies."""
    bytes_received: int = 0
    """Bytes of the answers' bodies, as they came over the wire."""
    tokens: dict[str, TokensUsed] = Field(default_factory=dict)
    """By the model's name."""
    money: dict[str, str] = Field(default_factory=dict)
    """By the currency (ISO 4217), as decimal text, which is exact."""
    counted: dict[str, str] = Field(default_factory=dict)
    """By a unit of the node's own, as decimal text."""


class NodeRunResponse(Schema):
    """The latest attempt of a node. `input` maps ports to lists of batches, `output` ports to a batch.

    `iteration` is empty outside loops, `3` in the fourth round, `3.0` in the first round of a loop within it. `waiting`
    (its `kind` and until when) is there while it waits.
    """

    node_id: str
    """The node."""
    iteration: str
    """The round of its loops; empty outside of them."""
    attempt: int
    """How many times it was tried, this one too."""
    status: str
    """`running`, `retrying`, `waiting`, `succeeded` or `failed`."""
    started_at: datetime
    """When it began."""
    ended_at: datetime | None
    """When it ended; null until then."""
    duration_ms: float | None
    """How long it took, in milliseconds; null until it has ended."""
    input: StoredJson | None
    """What went in: batches by port, one for each edge."""
    output: StoredJson | None
    """What came out: a batch by port; null where nothing has yet."""
    error: StoredJson | None
    """Why it failed; null where it did not."""
    waiting: StoredJson | None = None
    """What it waits for and until when; null where it does not. `kind` is `time`, `callback`, `approval`, `form` or
    `workflow`. A wait for a workflow has `workflowId`, `workflowName`, `executionId` and `expiresAt`; with an execution
    for each item also their number (`executions`) and the first ten (`executionIds`, in the order of the items)."""
    usage: UsageResponse | None = None
    """What it used, over all of its attempts; of a node's latest run in an execution, over all of the node's runs, too;
    null for nothing."""


class LatestNodeRun(NodeRunResponse):
    """A node's latest run. `runs` is there for nodes in loops.

    `source` is there where its output was not made in this execution: `{"kind": "pinned"}` or `{"kind": "execution",
    "executionId"}`.
    """

    runs: RunCounts | None
    """How many runs the node has; null outside of loops."""
    source: dict[str, str] | None
    """Where its output is from; null where the node made it here."""


class NodeRunsResponse(Schema):
    """A node's runs in the order of their iterations. `next` is what `after` takes while more follow."""

    items: list[NodeRunResponse]
    """The runs."""
    next: str | None
    """What `after` takes for the next page; null on the last one."""


class ParentRun(Schema):
    """The node run that called an execution."""

    execution_id: uuid.UUID
    """The execution that called."""
    node_id: str
    """Its node that called."""
    iteration: str
    """The round of that node's loops; empty outside of them."""


class CalledExecution(Schema):
    """An execution that a node called; `iteration` as in a node run."""

    id: uuid.UUID
    """Names the execution in paths."""
    node_id: str
    """The node that called it."""
    iteration: str
    """The round of that node's loops; empty outside of them."""
    workflow_id: uuid.UUID
    """The workflow that was called."""
    workflow_name: str
    """Its name now."""
    status: str
    """As in an execution."""


class ExecutionResponse(ExecutionSummary):
    """An execution with each node's latest run and the document that ran.

    `parent` is there for one that a node of another called; `calls` are those that its own nodes called, the latest
    first.
    """

    parent: ParentRun | None
    """Who called it; null where nobody did."""
    calls: list[CalledExecution]
    """What its nodes called, the latest 200."""

    response: StoredJson | None
    """What a caller was answered; null for nothing."""
    last_seq: int
    """The number of its last event."""
    document: StoredJson
    """The workflow document that ran."""
    node_runs: list[LatestNodeRun]
    """The nodes that were reached, in that order."""
    usage: UsageResponse | None
    """What all of its nodes used; null for nothing."""
    debug: bool = False
    """Whether it is a debug run, which has stops."""


class EventsResponse(Schema):
    """Events in order, each with its `seq`."""

    items: list[StoredJson]
    """The events."""


class ItemsResponse(Schema):
    """A page of items; `total` counts all of the port."""

    items: list[StoredJson]
    """The items of this page."""
    total: int
    """How many the port has."""


class ExecutionsBulkRequest(Schema):
    """An action on many executions.

    `cancel` stops those that run. Those that have ended are started again: with `runAgain` as a whole, with `retry`
    from the node that failed.
    """

    action: Literal["cancel", "runAgain", "retry"]
    """What to do."""
    ids: Annotated[list[uuid.UUID], Field(min_length=1, max_length=100)]
    """To which executions."""


class ExecutionsBulkItem(Schema):
    """What became of one: `code` and `message` where it failed, `executionId` of the one that was started."""

    id: uuid.UUID
    """The execution it was to be done to."""
    ok: bool
    """Whether it was done."""
    code: str | None
    """Which refusal; null where it was done."""
    message: str | None
    """What was wrong, for people; null where it was done."""
    execution_id: uuid.UUID | None
    """The execution that was started; null where none was."""


class ExecutionsBulkResponse(Schema):
    """What became of each, in the order given."""

    items: list[ExecutionsBulkItem]
    """A result for each."""
