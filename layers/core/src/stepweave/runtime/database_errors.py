"""What databases answer instead of rows: errors that the nodes of all kinds of databases share."""

from stepweave.runtime.errors import NodeError


class DatabaseError(NodeError):
    """The database refused the statement. `details` has its code: `sqlstate`, `number` or what it calls it."""


class DatabaseUnavailable(NodeError):
    """No connection to the database, or it gave the work up (deadlock, shutting down).

    Attributes:
        undone: the server undid the whole transaction for the sake of others: it may be tried again at once.
    """

    retryable = True
    undone = False


class DatabaseTimeout(NodeError):
    """A statement took longer than the node allows."""
