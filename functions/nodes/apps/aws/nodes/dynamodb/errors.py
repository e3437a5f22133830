"""What only DynamoDB says no with."""

from stepweave.runtime.errors import NodeError


class DynamoConditionFailed(NodeError):
    """The condition does not hold for the item that is there, so nothing was changed. `details.item` has it."""
