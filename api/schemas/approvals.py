"""Approvals: what people are asked, and what they said."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from api.schemas.base import Schema


class FormFieldResponse(Schema):
    """A field of the form. `options` are a select's."""

    name: str
    label: str
    type: Literal["text", "number", "boolean", "select"]
    required: bool
    options: list[str] | None = None


class DecisionResponse(Schema):
    """What one person said."""

    decision: Literal["approve", "reject"]
    decided_by: str
    decided_at: datetime
    comment: str
    form: dict[str, Any]


class ApprovalSummary(Schema):
    """An approval in a list.

    `state` is `open`, `approved`, `rejected`, `expired` (its time was over) or `cancelled` (its execution ended).
    `approvals` of the `required` are there. `canDecide` is about whoever asks.
    """

    id: uuid.UUID
    title: str
    state: Literal["open", "approved", "rejected", "expired", "cancelled"]
    workflow_id: uuid.UUID
    workflow_name: str
    execution_id: uuid.UUID
    node_id: str
    iteration: str
    created_at: datetime
    expires_at: datetime | None
    ended_at: datetime | None
    required: int
    approvals: int
    can_decide: bool


class ApprovalResponse(ApprovalSummary):
    """An approval with what was asked and what was said. `approvers` is empty where every editor may decide."""

    message: str
    form: list[FormFieldResponse]
    approvers: list[str]
    decisions: list[DecisionResponse]


class DecisionRequest(Schema):
    """What a person says. `form` has an answer by field name."""

    decision: Literal["approve", "reject"]
    comment: Annotated[str, Field(max_length=5000)] = ""
    form: dict[str, Any] = Field(default_factory=dict)
