"""How numbers can be wrong."""

from stepweave.runtime.errors import NodeError


class NumberInvalid(NodeError):
    """A value is no number, or a calculation has no result."""
