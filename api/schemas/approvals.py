"""Approvals: what people are asked, and what they said."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from api.schemas.base import Schema


class FormFieldResponse(Schema):
    """A field of the form. `options` are a select's."""

    name: str
    """What the answer is called in `form` of a decision."""
    label: str
    """What people read beside it."""
    type: Literal["text", "number", "boolean", "select"]
    """What kind of answer it takes."""
    required: bool
    """Whether an approval needs an answer to it."""
    options: list[str] | None = None
    """What a select has to choose from."""


class DecisionResponse(Schema):
    """What one person said."""

    decision: Literal["approve", "reject"]
    """What they said."""
    decided_by: str
    """Their address."""
    decided_at: datetime
    """When."""
    comment: str
    """What they wrote; empty for nothing."""
    form: dict[str, Any]
    """Their answers, by field name."""


class ApprovalSummary(Schema):
    """An approval in a list.

    `state` is `open`, `approved`, `rejected`, `expired` (its time was over) or `cancelled` (its execution ended).
    `approvals` of the `required` are there. `canDecide` is about whoever asks.
    """

    id: uuid.UUID
    """Names the approval in paths."""
    title: str
    """What is to be decided, in a line."""
    state: Literal["open", "approved", "rejected", "expired", "cancelled"]
    """What became of it."""
    workflow_id: uuid.UUID
    """The workflow that waits."""
    workflow_name: str
    """Its name."""
    execution_id: uuid.UUID
    """The execution that waits."""
    node_id: str
    """The approval node."""
    iteration: str
    """The round of its loops; empty outside of them."""
    created_at: datetime
    """Since when it waits."""
    expires_at: datetime | None
    """Until when it waits; null for as long as an execution may."""
    ended_at: datetime | None
    """When it was decided or over; null while it is open."""
    required: int
    """How many must approve."""
    approvals: int
    """How many have."""
    can_decide: bool
    """Whether whoever asks may decide, and has not."""


class ToolResponse(Schema):
    """The tool that an agent wants to call."""

    node_id: str
    """The node that begins it."""
    name: str
    """Its name."""


class ApprovalResponse(ApprovalSummary):
    """An approval with what was asked and what was said. `approvers` is empty where every editor may decide."""

    message: str
    """What is to be decided, in full."""
    form: list[FormFieldResponse]
    """What people are asked."""
    approvers: list[str]
    """Addresses of those who may decide; empty for whoever may run workflows."""
    decisions: list[DecisionResponse]
    """What was said so far, in order."""
    tool: ToolResponse | None = None
    """The tool that an agent wants to call; null where something else is asked."""
    arguments: dict[str, Any] | None = None
    """What the tool is to be called with, which whoever decides may change; null where it is too much to be shown."""


class DecisionRequest(Schema):
    """What a person says. `form` has an answer by field name."""

    decision: Literal["approve", "reject"]
    """What to say."""
    comment: Annotated[str, Field(max_length=5000)] = ""
    """What to write beside it."""
    form: dict[str, Any] = Field(default_factory=dict)
    """Answers by field name."""
    arguments: dict[str, Any] | None = None
    """What an agent's tool is to be called with instead; null for what the agent wants."""


class HandOverRequest(Schema):
    """Who is to decide instead."""

    to: Annotated[str, Field(min_length=3, max_length=320)]
    """The address of a member."""
