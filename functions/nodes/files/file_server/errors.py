"""What a file server can answer instead of doing what it is asked."""

from stepweave.runtime.errors import NodeError


class ServerFileNotFound(NodeError):
    """There is no such file or folder on the server."""


class ServerFileExists(NodeError):
    """There is a file of this name on the server already."""


class FileServerRefused(NodeError):
    """The server does not let the user in, or not do this. Its own words are in the message."""


class FileServerUnavailable(NodeError):
    """No connection to the server, or it broke."""

    retryable = True
