"""Figures over time, error groups, and what runs save."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from api.schemas.base import Schema

Minutes = Annotated[Decimal, Field(ge=0, le=10_080, decimal_places=2)]


class FiguresResponse(Schema):
    """What executions, or runs of a node, came to."""

    runs: int
    """How many ended."""
    succeeded: int
    """How many succeeded."""
    failed: int
    """Those that failed, without those that took too long."""
    cancelled: int
    """How many were cancelled."""
    timed_out: int
    """Those that took longer than they may."""
    failure_rate: float | None
    """The share that failed or took too long, from 0 to 1; null where none ended."""
    mean_ms: float | None
    """How long one took on average, in milliseconds; null where none ended."""
    p50_ms: float | None
    """What half of them took at most; at most 2 % off."""
    p95_ms: float | None
    """What 95 of 100 took at most."""
    p99_ms: float | None
    """What 99 of 100 took at most."""
    wait_ms: int
    """Milliseconds in which nodes waited for a time, a person or another system, all together."""
    items: int
    """Items that nodes gave."""
    retries: int
    """Attempts after a first one."""
    requests: int
    """HTTP requests that were sent."""
    tokens: int
    """Tokens of language models, sent and answered."""
    money: str
    """US dollars that nodes told of, as decimal text."""
    saved_minutes: float | None
    """Minutes of people's time that successful runs saved; null where nobody said what one saves."""


class PointResponse(Schema):
    """The figures of a bin."""

    since: datetime
    """When the bin begins."""
    until: datetime
    """When it ends; the next one begins then."""
    figures: FiguresResponse
    """What ended in it."""


class RangeResponse(Schema):
    """The range that was looked at."""

    since: datetime
    """When the range begins."""
    until: datetime
    """When it ends; what ends at that moment is not in it."""
    bin: str
    """What a point is: `hour`, `day`, `week` (from Monday) or `month`."""
    zone: str
    """The IANA zone whose days they are."""
    previous_since: datetime
    """What the range is compared with: as long before as it is long, and as far in it as it is now."""
    previous_until: datetime
    """When what it is compared with ends."""


class AnalyticsResponse(Schema):
    """Executions over time. Each counts when it ends, with what its nodes told; test runs do not."""

    range: RangeResponse
    """What was looked at."""
    current: FiguresResponse
    """All of the range together."""
    previous: FiguresResponse
    """All of what it is compared with together."""
    points: list[PointResponse]
    """The bins of the range, the first one first."""
    counted_up_to: datetime
    """Executions that ended later may not be counted yet."""
    rebuilding: int
    """Days that are to be counted anew from the history."""


class RankedResponse(Schema):
    """A workflow, or a node of one, in a ranking."""

    workflow_id: uuid.UUID
    """The workflow."""
    workflow_name: str | None
    """Null for a deleted workflow."""
    node_id: str | None
    """The node; null in a ranking of workflows."""
    node_name: str | None
    """What the draft calls the node; null where it does not have it any more."""
    minutes_per_run: float | None
    """What a successful run of the workflow saves, where somebody said so."""
    figures: FiguresResponse
    """What it, or its node, came to in the range."""


class RankingResponse(Schema):
    """The workflows, or nodes, that stand first; at most 20."""

    items: list[RankedResponse]
    """The first one first."""


class ErrorGroupResponse(Schema):
    """Failures that are one fault: of one node, by the error's name and its message without what differs each time."""

    id: uuid.UUID
    """The group's id."""
    workflow_id: uuid.UUID
    """The workflow that failed."""
    workflow_name: str
    """What it is called."""
    node_id: str | None
    """The node that failed; null where none did."""
    node_name: str | None
    """What the draft calls it; null where it does not have it any more."""
    type: str
    """The error's name."""
    message: str
    """Its message, with placeholders such as `<n>` for what differs."""
    sample: str
    """The message as it was the last time."""
    first_seen: datetime
    """When it was seen first."""
    last_seen: datetime
    """When it was seen last."""
    first_execution_id: uuid.UUID
    """The execution that had it first."""
    last_execution_id: uuid.UUID
    """The execution that had it last."""
    state: Literal["open", "resolved", "returned"]
    """`returned`: it was resolved, and seen again since."""
    resolved_at: datetime | None
    """When it was resolved; null where it is open."""
    resolved_by: str | None
    """Who resolved it."""
    count: int
    """How often it was seen in the range; of a single group, in all that is kept."""


class ErrorGroupsResponse(Schema):
    """Error groups, those seen most first; at most 100."""

    items: list[ErrorGroupResponse]
    """The one that was seen most first."""


class ExampleResponse(Schema):
    """An execution that had the fault."""

    execution_id: uuid.UUID
    """The execution."""
    at: datetime
    """When it ended."""


class ErrorGroupDetails(Schema):
    """An error group, and the last executions that had it, of those that are still there."""

    group: ErrorGroupResponse
    """The group."""
    examples: list[ExampleResponse]
    """The last one first."""


class ResolveRequest(Schema):
    """Whether a fault is resolved."""

    resolved: bool
    """True once it is mended; false to open it again."""


class TimeSavedRequest(Schema):
    """What a run of the workflow saves."""

    minutes: Minutes | None
    """Minutes of a person's time that each successful run saves; null for no figure. It counts for past runs, too."""


class RebuildResponse(Schema):
    """That figures are counted anew."""

    days: int
    """Days that wait for it; the sweeper takes them one by one."""
