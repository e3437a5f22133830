"""Schedules and the home page."""

import uuid
from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from api.schemas.base import Schema, StoredJson
from api.schemas.executions import ExecutionSummary
from api.schemas.workflows import LastExecution


class ScheduleResponse(Schema):
    """A published schedule. `next` is empty while it or its workflow is paused."""

    id: uuid.UUID
    """Names the schedule in paths."""
    workflow_id: uuid.UUID
    """The workflow that it starts."""
    workflow_name: str
    """Its name."""
    workflow_enabled: bool
    """Whether the workflow is switched on in the environment."""
    environment: str
    """The key of the environment in which it starts the workflow."""
    environment_name: str
    """Its name."""
    node_id: str
    """The trigger node."""
    node_name: str
    """Its name."""
    expression: str
    """When it fires: a cron line or a rate."""
    time_zone: str
    """The IANA zone that the line is meant in."""
    enabled: bool
    """Whether it fires: false while it is paused."""
    next: list[datetime]
    """When it fires next, at most five times."""
    last_execution: LastExecution | None
    """What it started last; null for nothing yet."""


class PollResponse(Schema):
    """A published trigger that polls."""

    id: uuid.UUID
    """Names it in paths, as a schedule's does."""
    workflow_id: uuid.UUID
    """The workflow that it starts."""
    workflow_name: str
    """Its name."""
    workflow_enabled: bool
    """Whether the workflow is switched on in the environment."""
    environment: str
    """The key of the environment in which it starts the workflow."""
    environment_name: str
    """Its name."""
    node_id: str
    """The trigger node."""
    node_name: str
    """Its name."""
    node_type: str
    """Its type."""
    expression: str
    """How often it asks: a rate."""
    enabled: bool
    """Whether it asks: false while it is paused."""
    last_polled_at: datetime | None
    """When it was answered last; null for never."""
    failures: int
    """How many times in a row it was not answered."""
    retry_at: datetime | None
    """Before when it is not asked again; null where it does not fail."""
    last_error: StoredJson | None
    """Why it was not answered: `type`, `message`, and a `remedy` where there is one; null where it was."""
    last_execution: LastExecution | None
    """What a trigger of an app started last in the workflow; null for nothing yet."""


class SchedulesResponse(Schema):
    """All schedules, and all triggers that poll."""

    items: list[ScheduleResponse]
    """The schedules, those that fire soonest first."""
    polls: list[PollResponse]
    """The triggers that poll, those that fail first."""


class ScheduleChange(Schema):
    """Whether a schedule fires."""

    enabled: bool
    """Whether it fires from now on."""


class FiresOfSchedule(Schema):
    """When a schedule fires within a range; `more` than are told."""

    schedule_id: uuid.UUID
    """The schedule."""
    at: list[datetime]
    """When it fires, at most 200 times."""
    more: bool
    """Whether it fires more often than is told."""


class FiresResponse(Schema):
    """When schedules fire within a range."""

    items: list[FiresOfSchedule]
    """The schedules that fire within the range."""


class FiresRequest(Schema):
    """A line that is still being written."""

    expression: Annotated[str, Field(min_length=1, max_length=200)]
    """A cron line or a rate."""
    time_zone: Annotated[str, Field(min_length=1, max_length=64)] = "UTC"
    """The IANA zone that it is meant in."""


class NextFiresResponse(Schema):
    """When the line would fire next; `error` says why it cannot be read."""

    next: list[datetime]
    """When it would fire next; empty where the line cannot be read."""
    error: str | None
    """Which field is at fault and what to write; null where none is."""


class FailuresResponse(Schema):
    """The failures of a workflow within a day: how many, and the last one."""

    workflow_id: uuid.UUID
    """The workflow."""
    workflow_name: str
    """Its name."""
    count: int
    """How many of its executions failed within a day."""
    last: ExecutionSummary
    """The last one that failed."""


class FireResponse(Schema):
    """A schedule's next fire."""

    at: datetime
    """When."""
    schedule_id: uuid.UUID
    """The schedule."""
    workflow_id: uuid.UUID
    """The workflow that it starts."""
    workflow_name: str
    """Its name."""
    node_name: str
    """The trigger node's name."""


class DayResponse(Schema):
    """The executions that began on a day (UTC)."""

    day: date
    """Which day."""
    succeeded: int
    """Executions that succeeded."""
    failed: int
    """Those that failed or timed out."""
    other: int
    """Those that run, wait or were cancelled."""


class HomeResponse(Schema):
    """A workspace at a glance."""

    workflows: int
    """How many workflows there are."""
    running: list[ExecutionSummary]
    """What runs, the latest eight."""
    running_count: int
    """How many run."""
    failures: list[FailuresResponse]
    """Workflows that failed within a day, the latest eight."""
    failed_count: int
    """How many executions failed within a day."""
    fires: list[FireResponse]
    """What fires next, at most eight."""
    approvals: int
    """How many approvals are open."""
    days: list[DayResponse]
    """The last 14 days, today last."""
