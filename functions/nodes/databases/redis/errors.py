"""What Redis can answer instead of a value."""

from stepweave.runtime.errors import NodeError


class RedisRefused(NodeError):
    """Redis refuses: a key of another type, a wrong password, a missing right. `details.code` is its word for it."""


class RedisUnavailable(NodeError):
    """No connection to Redis, it did not answer in time, or it is loading or has no master."""

    retryable = True
