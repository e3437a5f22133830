"""Schedules and the home page."""

import uuid
from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from api.schemas.base import Schema
from api.schemas.executions import ExecutionSummary
from api.schemas.workflows import LastExecution


class ScheduleResponse(Schema):
    """A published schedule. `next` is empty while it or its workflow is paused."""

    id: uuid.UUID
    workflow_id: uuid.UUID
    workflow_name: str
    workflow_enabled: bool
    node_id: str
    node_name: str
    expression: str
    time_zone: str
    enabled: bool
    next: list[datetime]
    last_execution: LastExecution | None


class SchedulesResponse(Schema):
    """All schedules, those that fire soonest first."""

    items: list[ScheduleResponse]


class ScheduleChange(Schema):
    """Whether a schedule fires."""

    enabled: bool


class FiresOfSchedule(Schema):
    """When a schedule fires within a range; `more` than are told."""

    schedule_id: uuid.UUID
    at: list[datetime]
    more: bool


class FiresResponse(Schema):
    """When schedules fire within a range."""

    items: list[FiresOfSchedule]


class FiresRequest(Schema):
    """A line that is still being written."""

    expression: Annotated[str, Field(min_length=1, max_length=200)]
    time_zone: Annotated[str, Field(min_length=1, max_length=64)] = "UTC"


class NextFiresResponse(Schema):
    """When the line would fire next; `error` says why it cannot be read."""

    next: list[datetime]
    error: str | None


class FailuresResponse(Schema):
    """The failures of a workflow within a day: how many, and the last one."""

    workflow_id: uuid.UUID
    workflow_name: str
    count: int
    last: ExecutionSummary


class FireResponse(Schema):
    """A schedule's next fire."""

    at: datetime
    schedule_id: uuid.UUID
    workflow_id: uuid.UUID
    workflow_name: str
    node_name: str


class DayResponse(Schema):
    """The executions that began on a day (UTC)."""

    day: date
    succeeded: int
    failed: int
    other: int


class HomeResponse(Schema):
    """A workspace at a glance."""

    workflows: int
    running: list[ExecutionSummary]
    running_count: int
    failures: list[FailuresResponse]
    failed_count: int
    fires: list[FireResponse]
    approvals: int
    days: list[DayResponse]
