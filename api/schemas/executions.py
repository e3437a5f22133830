"""Executions and what is in them."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from api.schemas.base import Schema, StoredJson


class StepCounts(Schema):
    """How many of an execution's nodes are done (succeeded or failed), run, and wait for something."""

    done: int
    running: int
    waiting: int


class ExecutionSummary(Schema):
    """An execution in a list. `durationMs` is there once it has ended, `steps` until then where lists know it."""

    id: uuid.UUID
    workflow_id: uuid.UUID
    workflow_name: str
    workflow_version: int | None
    mode: str
    trigger: str
    status: str
    started_at: datetime
    ended_at: datetime | None
    duration_ms: float | None
    error: StoredJson | None
    steps: StepCounts | None = None


class RunCounts(Schema):
    """How many runs a node has in loops. Those that neither succeeded nor failed are under way."""

    total: int
    succeeded: int
    failed: int


class NodeRunResponse(Schema):
    """The latest attempt of a node. `input` maps ports to lists of batches, `output` ports to a batch.

    `iteration` is empty outside loops, `3` in the fourth round, `3.0` in the first round of a loop within it. `waiting`
    (its `kind` and until when) is there while it waits.
    """

    node_id: str
    iteration: str
    attempt: int
    status: str
    started_at: datetime
    ended_at: datetime | None
    duration_ms: float | None
    input: StoredJson | None
    output: StoredJson | None
    error: StoredJson | None
    waiting: StoredJson | None = None


class LatestNodeRun(NodeRunResponse):
    """A node's latest run. `runs` is there for nodes in loops.

    `source` is there where its output was not made in this execution: `{"kind": "pinned"}` or `{"kind": "execution",
    "executionId"}`.
    """

    runs: RunCounts | None
    source: dict[str, str] | None


class NodeRunsResponse(Schema):
    """A node's runs in the order of their iterations. `next` is what `after` takes while more follow."""

    items: list[NodeRunResponse]
    next: str | None


class ParentRun(Schema):
    """The node run that called an execution."""

    execution_id: uuid.UUID
    node_id: str
    iteration: str


class CalledExecution(Schema):
    """An execution that a node called; `iteration` as in a node run."""

    id: uuid.UUID
    node_id: str
    iteration: str
    workflow_id: uuid.UUID
    workflow_name: str
    status: str


class ExecutionResponse(ExecutionSummary):
    """An execution with each node's latest run and the document that ran.

    `parent` is there for one that a node of another called; `calls` are those that its own nodes called, the latest
    first.
    """

    parent: ParentRun | None
    calls: list[CalledExecution]

    response: StoredJson | None
    last_seq: int
    document: StoredJson
    node_runs: list[LatestNodeRun]


class EventsResponse(Schema):
    """Events in order, each with its `seq`."""

    items: list[StoredJson]


class ItemsResponse(Schema):
    """A page of items; `total` counts all of the port."""

    items: list[StoredJson]
    total: int


class ExecutionsBulkRequest(Schema):
    """An action on many executions.

    `cancel` stops those that run. Those that have ended are started again: with `runAgain` as a whole, with `retry`
    from the node that failed.
    """

    action: Literal["cancel", "runAgain", "retry"]
    ids: Annotated[list[uuid.UUID], Field(min_length=1, max_length=100)]


class ExecutionsBulkItem(Schema):
    """What became of one: `code` and `message` where it failed, `executionId` of the one that was started."""

    id: uuid.UUID
    ok: bool
    code: str | None
    message: str | None
    execution_id: uuid.UUID | None


class ExecutionsBulkResponse(Schema):
    """What became of each, in the order given."""

    items: list[ExecutionsBulkItem]
