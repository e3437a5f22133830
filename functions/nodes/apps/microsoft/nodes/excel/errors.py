"""How Excel's operations can fail besides the ways of all requests."""

from stepweave.runtime.errors import NodeError


class RowNotFound(NodeError):
    """No row has the value by which one was to be found."""
