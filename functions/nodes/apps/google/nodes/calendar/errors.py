"""What only Google Calendar fails with."""

from stepweave.runtime.errors import NodeError


class TimeInvalid(NodeError):
    """A date or a time cannot be read, or the time zone is none. `details.field` names it."""


class CalendarMissing(NodeError):
    """The account sees no such calendar."""
