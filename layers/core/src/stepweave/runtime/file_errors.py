"""What can be wrong with a file that is read."""

from stepweave.runtime.errors import NodeError


class FileInvalid(NodeError):
    """A file is not of the format that it should be of, or damaged."""


class FileEncrypted(NodeError):
    """A file is encrypted, and there is no password, or it is wrong."""


class XmlForbidden(NodeError):
    """A document declares its type or entities, which could fetch files or grow without end."""
