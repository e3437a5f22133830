"""What only Gmail fails with."""

from stepweave.runtime.errors import NodeError


class LabelMissing(NodeError):
    """The mailbox has no label of this name. `details.labels` has those that there are."""
