"""Workflows, versions, diagnostics."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict  # pydantic takes the standard one from Python 3.12 on only

from api.schemas.base import Schema
from stepweave.model.items import BinaryRef, Json


class DiagnosticResponse(Schema):
    """What is wrong, where, and what to change."""

    code: str
    severity: Literal["error", "warning"]
    message: str
    remedy: str
    node_id: str | None = None
    edge_id: str | None = None
    field: str | None = None
    position: int | None = None


class DiagnosticsResponse(Schema):
    """What a check found."""

    diagnostics: list[DiagnosticResponse]


class WebhookResponse(Schema):
    """A published webhook."""

    node_id: str
    method: str
    path: str
    url: str


class LastExecution(Schema):
    """The latest execution of a workflow."""

    id: uuid.UUID
    status: str
    started_at: datetime
    ended_at: datetime | None


class WorkflowSummary(Schema):
    """A workflow in a list."""

    id: uuid.UUID
    name: str
    revision: int
    published_version: int | None
    enabled: bool
    created_at: datetime
    updated_at: datetime
    triggers: list[str]
    node_count: int
    folder_id: uuid.UUID | None
    tag_ids: list[uuid.UUID]
    last_execution: LastExecution | None


class WorkflowResponse(Schema):
    """A workflow with its draft."""

    id: uuid.UUID
    name: str
    document: dict[str, Any]
    revision: int
    published_version: int | None
    enabled: bool
    created_at: datetime
    updated_at: datetime
    webhooks: list[WebhookResponse]
    diagnostics: list[DiagnosticResponse]


class SaveRequest(Schema):
    """A draft, and the revision it was made from."""

    document: dict[str, Any]
    revision: Annotated[int, Field(ge=1, le=2**31 - 1)]


class PublishRequest(Schema):
    """What to say about a version."""

    note: Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")] = ""


class VersionResponse(Schema):
    """A published version, and the name of who made it where they are still a member."""

    number: int
    note: str
    created_at: datetime
    created_by: uuid.UUID | None
    author: str | None = None


class VersionDocumentResponse(VersionResponse):
    """A published version with its document."""

    document: dict[str, Any]


class VersionsResponse(Schema):
    """All versions, the latest first."""

    items: list[VersionResponse]


class Item(TypedDict):
    """One item: its JSON object and, where it has any, its binary data by name."""

    json: dict[str, Json]
    binary: NotRequired[dict[str, BinaryRef]]


class RunRequest(Schema):
    """What to run: the draft or the published version, from which trigger, with which items, and which part of it.

    Without `items` it starts with those of `fromExecutionId`, else with what the trigger gives of itself (a
    manual one: *Start with*; others an empty item of theirs). With `pinned`, nodes of a draft
    that have pinned data give that instead of running. `startNodeId` runs that node and what follows, everything else
    gives what it gave in `fromExecutionId`; `untilNodeId` runs it and what leads to it; `onlyNodeId` runs it alone.
    """

    mode: Literal["draft", "live"] = "draft"
    trigger_node_id: str | None = None
    items: Annotated[list[Item], Field(min_length=1, max_length=1000)] | None = None
    pinned: bool = True
    from_execution_id: uuid.UUID | None = None
    start_node_id: str | None = None
    until_node_id: str | None = None
    only_node_id: str | None = None


class RunResponse(Schema):
    """A started execution."""

    execution_id: uuid.UUID
