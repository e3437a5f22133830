"""The workflow document (DESIGN section 4): what the editor draws, the API stores and the compiler reads."""

from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import Field, StringConstraints

from stepweave.model.base import Document
from stepweave.model.items import Item

SCHEMA_VERSION: Final = 1

NodeId = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
PortName = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
NodeTypeName = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")]


class OnError(StrEnum):
    """What a node's failure does, once its retries are used up."""

    STOP = "stop"
    CONTINUE = "continue"
    BRANCH = "branch"


class Mode(StrEnum):
    """Which kind of Step Functions execution a workflow asks for."""

    AUTO = "auto"
    STANDARD = "standard"
    EXPRESS = "express"


class RetryPolicy(Document):
    """Retries of a node: exponential, full jitter, capped; only errors marked retryable are retried."""

    max_attempts: Annotated[int, Field(ge=0, le=10)] = 0
    """Retries after the first attempt."""
    interval_seconds: Annotated[int, Field(ge=1, le=3600)] = 1
    backoff_rate: Annotated[float, Field(ge=1, le=10)] = 2.0
    max_delay_seconds: Annotated[int, Field(ge=1, le=86400)] = 60


class ToolSettings(Document):
    """How a node is a tool of an agent: of the node that begins the tool, behind the agent's port `tools`."""

    description: Annotated[str, StringConstraints(max_length=4000)] = ""
    """What the model is told of it."""
    parameters: dict[str, Any] | None = None
    """The JSON schema of its arguments; None for what its nodes ask for with `$fromAI`."""
    approval: bool = False
    """Whether each call waits until a person approves of it."""
    approvers: Annotated[str, StringConstraints(max_length=5000)] = ""
    """Addresses of members who decide, separated by commas; empty for everyone who may run workflows."""
    approval_seconds: Annotated[int, Field(ge=1, le=31_536_000)] = 604_800
    """How long a call waits for that."""
    on_error: Literal["tell", "stop"] = "tell"
    """Whether the model is told that a call failed, or the agent fails."""


class NodeSettings(Document):
    """What is set per node beside its parameters."""

    retry: RetryPolicy | None = None
    timeout_seconds: Annotated[int, Field(ge=1, le=900)] | None = None
    on_error: OnError = OnError.STOP
    disabled: bool = False
    always_output: bool = False
    """Emit one empty item on the first output port instead of nothing, so what follows runs."""
    execute_once: bool = False
    """Run with the first input item only."""
    notes: str = ""
    tool: ToolSettings | None = None


class Position(Document):
    """A place on the canvas, in canvas units (pixels at zoom 1)."""

    x: float
    y: float


class Node(Document):
    """One node of a workflow. `name` is unique within it: expressions refer to nodes by name."""

    id: NodeId
    type: NodeTypeName
    version: Annotated[int, Field(ge=1)] = 1
    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    params: dict[str, Any] = Field(default_factory=dict)
    position: Position = Position(x=0, y=0)
    settings: NodeSettings = NodeSettings()
    pinned: dict[PortName, list[Item]] | None = None
    """Pinned output: where set, a draft test run takes this instead of running the node."""
    expected: dict[PortName, list[Item]] | None = None
    """What `stepweave test` expects on output ports; a port with no items is expected dead."""


class Edge(Document):
    """A connection from an output port to an input port."""

    id: NodeId
    source: NodeId
    source_port: PortName = "main"
    target: NodeId
    target_port: PortName = "main"


class Note(Document):
    """A sticky note or a group frame: part of the document, never compiled."""

    id: NodeId
    kind: Literal["note", "group"] = "note"
    text: str = ""
    position: Position
    width: Annotated[float, Field(gt=0)] = 240
    height: Annotated[float, Field(gt=0)] = 160
    color: str = "yellow"


Money = Annotated[float, Field(strict=True, ge=0, le=1_000_000_000, allow_inf_nan=False)]
"""US dollars. Strict: what is stored as it was written, as `true` or `"5"`, would be read as no budget."""
TokenCount = Annotated[int, Field(strict=True, ge=0, le=10**15)]
"""Tokens of language models, sent and answered."""


class Budget(Document):
    """What may be spent on language models; None for any amount, 0 for none.

    It counts from when the draft is saved (ADR 39).
    """

    execution_money: Money | None = None
    execution_tokens: TokenCount | None = None
    month_money: Money | None = None
    month_tokens: TokenCount | None = None


class WorkflowSettings(Document):
    """What is set for the whole workflow."""

    mode: Mode = Mode.AUTO
    time_zone: str = "UTC"
    error_workflow_id: str | None = None
    timeout_seconds: Annotated[int, Field(ge=1, le=31_536_000)] | None = None
    concurrency: Annotated[int, Field(ge=1)] | None = None
    budget: Budget | None = None


class Workflow(Document):
    """A workflow as it is drawn, stored, exported and compiled."""

    schema_version: Annotated[int, Field(alias="schema")] = SCHEMA_VERSION
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    description: str = ""
    nodes: list[Node] = Field(default_factory=list)
    edges: list[Edge] = Field(default_factory=list)
    notes: list[Note] = Field(default_factory=list)
    settings: WorkflowSettings = WorkflowSettings()
