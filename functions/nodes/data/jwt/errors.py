"""How tokens and their keys can be wrong."""

from stepweave.runtime.errors import NodeError


class TokenInvalid(NodeError):
    """The token cannot be read, its signature does not fit, or it does not count. `details.reason` says which."""


class KeyInvalid(NodeError):
    """The credential has no key for its algorithm, or one that cannot be read."""
