"""How answering can fail."""

from stepweave.runtime.errors import NodeError


class FileMissing(NodeError):
    """The file to answer with is not there."""


class ResponseNotAllowed(NodeError):
    """A webhook answer with a header that HTTP does not let it set."""
