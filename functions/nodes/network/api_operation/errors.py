"""What can go wrong here alone."""

from stepweave.runtime.errors import NodeError


class ApiOperationMissing(NodeError):
    """The machine carries no operation: the API or the operation was not there when it was made."""
