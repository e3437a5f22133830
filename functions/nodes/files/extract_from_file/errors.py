"""What can be wrong with a file besides what it is for all nodes."""

from stepweave.runtime.errors import NodeError


class FormatUnknown(NodeError):
    """Nobody can tell what format a file is of."""


class SheetNotFound(NodeError):
    """A workbook has no such sheet, or a page no such table. `details.names` has those that there are."""
