"""What cannot become a file."""

from stepweave.runtime.errors import NodeError


class ValueUnwritable(NodeError):
    """A value cannot be written in the format: text that the encoding has no letters for, base64 that is none, ..."""
