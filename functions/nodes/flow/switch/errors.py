"""How a switch can fail."""

from stepweave.runtime.errors import NodeError


class OutputUnknown(NodeError):
    """What an expression gives is no output of the node."""
