"""How templates can be wrong."""

from stepweave.runtime.errors import NodeError


class TemplateInvalid(NodeError):
    """A template cannot be read, or makes too much."""
