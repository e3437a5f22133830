"""What only this node can fail with."""

from stepweave.runtime.errors import NodeError


class TemplateInvalid(NodeError):
    """A template cannot be read or filled in. `details.field` names it."""
