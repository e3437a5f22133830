"""How selectors and templates can be wrong."""

from stepweave.runtime.errors import NodeError


class SelectorInvalid(NodeError):
    """A CSS selector cannot be read."""


class TemplateInvalid(NodeError):
    """A template cannot be read, or makes too much."""
