"""The state of triggers."""

from datetime import datetime
from typing import Literal

from api.schemas.base import Schema, StoredJson
from api.schemas.workflows import LastExecution


class TriggerResponse(Schema):
    """A trigger of the published version. Counts and what was last are of the workflow's latest 2000 executions."""

    node_id: str
    """The trigger node."""
    node_name: str
    """Its name."""
    node_type: str
    """Its type."""
    kind: str
    """What starts it: `manual`, `webhook`, `schedule`, `app`, `workflow` or `error`."""
    enabled: bool
    """Whether it starts executions, where the workflow is switched on."""
    switchable: bool
    """Whether it can be switched off by itself: all but what people start by hand."""
    next: list[datetime]
    """When a schedule fires next, at most ten times; empty for others, and while it or the workflow is off."""
    last_fired_at: datetime | None
    """When it started an execution last; null for never."""
    last_execution: LastExecution | None
    """That execution."""
    last_error: StoredJson | None
    """Why its last failure failed, of an execution or of a poll: `type`, `message`; null for none."""
    last_error_at: datetime | None
    """When that was."""
    started: int
    """How many executions it started within a day."""
    failed: int
    """How many of them failed."""
    missed: int | None
    """Due times of a schedule at which nothing could start; null for other triggers."""
    skipped: int | None
    """Due times of a schedule that were left out as an earlier execution still ran; null for other triggers."""
    last_skip: str | None
    """Why one was left out last."""
    last_skipped_at: datetime | None
    """When that was."""


class TriggersResponse(Schema):
    """The triggers of the published version; none for a draft."""

    items: list[TriggerResponse]
    """In the order of the document."""


class TriggerChange(Schema):
    """Whether a trigger starts executions."""

    enabled: bool
    """Whether it does from now on. Publishing again leaves it as it is, unpublishing switches it on."""


class TriggerCheckResponse(Schema):
    """What a test call of a trigger found."""

    node_id: str
    """The trigger node."""
    node_name: str
    """Its name."""
    kind: str
    """What starts it, as of `TriggerResponse`."""
    outcome: Literal["answered", "waits", "off", "failed"]
    """`answered`: its address, or its list, answers and leads here. `waits`: there is nothing to call; a clock, a
    person or another workflow starts it. `off`: it is switched off. `failed`: a call would not arrive."""
    address: str | None
    """What was called; null where nothing was, and of addresses that are secret."""
    milliseconds: int | None
    """How long the answer took; null where nothing was called."""
    message: str
    """What was found, in words."""
    remedy: str
    """What to do; empty where there is nothing to do."""
    next: datetime | None
    """When a schedule fires next; null for others."""


class TriggerChecksResponse(Schema):
    """What test calls of the published version's triggers found."""

    items: list[TriggerCheckResponse]
    """In the order of the document; none for a draft."""
