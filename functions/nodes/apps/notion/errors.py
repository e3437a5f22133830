"""How Notion's operations can fail besides the ways of all requests."""

from stepweave.runtime.errors import NodeError


class ContentIncomplete(NodeError):
    """The page is there, or some of its content, and what came then was refused. It is not tried again by itself."""
