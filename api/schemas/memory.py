"""Talks that models remember."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from api.schemas.base import Schema, StoredJson

MOST_AT_ONCE = 500


class TalkSummary(Schema):
    """A talk in a list."""

    id: uuid.UUID
    """The talk."""
    session: str
    """Its session key."""
    workflow_id: uuid.UUID | None
    """The workflow that it belongs to; null where its memory is shared."""
    workflow_name: str | None
    """What the workflow is called; null where the memory is shared, or the workflow is deleted."""
    shared: str
    """The name of the memory that workflows share; empty for the workflow's own."""
    project_id: uuid.UUID | None
    """The project whose workflows share it; null for a workflow's own, which is where the workflow is."""
    messages: int
    """How many messages it has."""
    last: str
    """The beginning of what was said last."""
    created_at: datetime
    """When it began."""
    updated_at: datetime
    """When something was last said."""
    expires_at: datetime | None
    """When it is forgotten, if nothing is said until then; null for never."""


class TalkResponse(TalkSummary):
    """A talk, without its messages."""

    summary: str
    """What its older messages came to, as a model wrote it; empty where there is no summary."""
    bytes: int
    """How large its messages are."""


class TalkMessage(Schema):
    """A message of a talk."""

    id: int
    """Its number; numbers go up."""
    role: Literal["user", "assistant"]
    """Who said it."""
    content: str
    """Its words."""
    more: StoredJson
    """What else was remembered with it, as an agent's tool calls."""
    at: datetime
    """When it was remembered."""


class TalkMessages(Schema):
    """A page of a talk's messages, oldest first."""

    items: list[TalkMessage]
    """The messages of this page."""
    next_before: int | None
    """What `before` takes for the messages before these; null where there are none."""


class DeleteTalksRequest(Schema):
    """Which talks are to be deleted."""

    ids: Annotated[list[uuid.UUID], Field(min_length=1, max_length=MOST_AT_ONCE)]
    """The talks; those that are not there count for nothing."""
