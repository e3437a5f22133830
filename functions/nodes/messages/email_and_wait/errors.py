"""What only this node can fail with."""

from stepweave.runtime.errors import NodeError


class NoPublicAddress(NodeError):
    """The platform has no address that an answer could be given at."""
