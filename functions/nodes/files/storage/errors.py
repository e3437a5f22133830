"""What can be wrong with what is kept."""

from stepweave.runtime.errors import NodeError


class KeptFileNotFound(NodeError):
    """There is no file under the path."""


class KeptFileExists(NodeError):
    """There is a file under the path already."""
