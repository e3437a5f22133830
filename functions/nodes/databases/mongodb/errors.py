"""What MongoDB can answer instead of documents."""

from stepweave.runtime.errors import NodeError


class MongoRefused(NodeError):
    """MongoDB refuses: a wrong query, a value that is there already, a missing right. `details.code` is its code."""


class MongoUnavailable(NodeError):
    """No connection to a server that can be asked, or it broke."""

    retryable = True


class MongoTimeout(NodeError):
    """MongoDB did not end the operation in time."""
