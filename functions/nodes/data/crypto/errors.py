"""How keys and what was encrypted can be wrong."""

from stepweave.runtime.errors import NodeError


class KeyInvalid(NodeError):
    """The credential has no key that fits the operation, or one that cannot be read."""


class DecryptionFailed(NodeError):
    """The data was not encrypted by this node, with this key and context, or was changed since."""
