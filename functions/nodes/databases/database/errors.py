"""What a database can answer instead of rows."""

from stepweave.runtime.errors import NodeError


class DatabaseError(NodeError):
    """The database refused the statement. `details.sqlstate` has its code."""


class DatabaseUnavailable(NodeError):
    """No connection to the database, or it gave the work up (deadlock, shutting down)."""

    retryable = True


class DatabaseTimeout(NodeError):
    """A statement took longer than the node allows."""
