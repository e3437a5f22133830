"""Executions and what is in them."""

import uuid
from datetime import datetime
from typing import Any

from api.schemas.base import Schema


class ExecutionSummary(Schema):
    """An execution in a list. `durationMs` is there once it has ended."""

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
    error: dict[str, Any] | None


class NodeRunResponse(Schema):
    """The latest attempt of a node. `input` maps ports to lists of batches, `output` ports to a batch."""

    node_id: str
    attempt: int
    status: str
    started_at: datetime
    ended_at: datetime | None
    duration_ms: float | None
    input: dict[str, Any] | None
    output: dict[str, Any] | None
    error: dict[str, Any] | None


class ExecutionResponse(ExecutionSummary):
    """An execution with its node runs and the document that ran."""

    response: dict[str, Any] | None
    last_seq: int
    document: dict[str, Any]
    node_runs: list[NodeRunResponse]


class EventsResponse(Schema):
    """Events in order, each with its `seq`."""

    items: list[dict[str, Any]]


class ItemsResponse(Schema):
    """A page of items; `total` counts all of the port."""

    items: list[dict[str, Any]]
    total: int
