"""What cannot become a PDF."""

from stepweave.runtime.errors import NodeError


class PageUnwritable(NodeError):
    """HTML or Markdown cannot be laid out on pages."""
