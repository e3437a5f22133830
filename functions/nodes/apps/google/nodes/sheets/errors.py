"""What only Google Sheets fails with."""

from stepweave.runtime.errors import NodeError


class SheetMissing(NodeError):
    """The spreadsheet has no sheet of this name."""


class ColumnMissing(NodeError):
    """The sheet's header row has no column of this name. `details.columns` has those that there are."""


class RowMissing(NodeError):
    """There is no row with this value of the key, or of this number."""
