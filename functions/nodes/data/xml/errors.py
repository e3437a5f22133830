"""How XML can be wrong."""

from stepweave.runtime.errors import NodeError


class XmlInvalid(NodeError):
    """A text is no XML, or data cannot be written as XML. `details` has the line and column where there are some."""


class XmlForbidden(NodeError):
    """A document declares its type or entities, which could fetch files or grow without end."""
