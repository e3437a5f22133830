"""What only functions of Lambda fail with."""

from stepweave.runtime.errors import NodeError


class LambdaFunctionFailed(NodeError):
    """The function was called, and failed. `details` has its error's type, its stack, and the end of its log."""
