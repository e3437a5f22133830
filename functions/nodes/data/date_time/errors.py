"""How dates can be wrong."""

from stepweave.runtime.errors import NodeError


class DateInvalid(NodeError):
    """A value is no date, a format or a time zone is none, or a result lies outside the years 1 to 9999."""
