"""What can go wrong with a message that is sent."""

from stepweave.runtime.errors import NodeError


class EmailRefused(NodeError):
    """The mail server or the provider refused for good. `details.code` has its code."""


class EmailUnavailable(NodeError):
    """The mail server or the provider could not be reached, or refused for now."""

    retryable = True


class EmailTooLarge(NodeError):
    """The message is larger than the node or the one who sends it takes."""


class AddressInvalid(NodeError):
    """An email address or header cannot be used."""
