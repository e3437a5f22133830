"""How long executions are kept."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from api.schemas.base import Schema

MOST_DAYS: Final = 3650
Days = Annotated[int, Field(strict=True, ge=0, le=MOST_DAYS)]


class DaysRequest(Schema):
    """How many days executions are kept after their end. A day is 24 hours."""

    succeeded_days: Days | None
    """Those that succeeded; 0: they go within the hour; null: as long as the plan allows."""
    failed_days: Days | None
    """All others: failed, timed out, cancelled; as above."""


class WorkflowDaysRequest(DaysRequest):
    """How many days executions of a workflow are kept after their end."""

    own: bool
    """Whether the workflow says so itself; false: it is as the workspace says, and the days here do not count."""


class DaysResponse(Schema):
    """Days; null: as long as the plan allows."""

    succeeded_days: int | None
    """Of executions that succeeded."""
    failed_days: int | None
    """Of all others."""


class RetentionResponse(DaysResponse):
    """How long executions are kept after their end."""

    own: bool
    """Whether it is said here; false for a workflow that keeps what the workspace says."""
    workspace: DaysResponse
    """What the workspace says."""
    most_days: int | None
    """What the plan allows at most, whatever is said; null: any number."""


class RetentionPreviewResponse(Schema):
    """What a setting would delete."""

    executions: int
    """Ended executions that are older, those left out that somebody keeps."""
    more: bool
    """Whether there are more, which are not counted."""


class KeptRequest(Schema):
    """Whether an execution is kept."""

    kept: bool
    """Whether it stays for good; false: as long as others of its workflow."""


class KeptResponse(Schema):
    """Whether an execution is kept."""

    kept_at: datetime | None
    """Since when; null: it is not."""
