"""What can go wrong with a message."""

from stepweave.runtime.errors import NodeError


class EmailRefused(NodeError):
    """The mail server refused for good. `details.code` has its code."""


class EmailUnavailable(NodeError):
    """The mail server could not be reached, or refused for now."""

    retryable = True


class AddressInvalid(NodeError):
    """An email address or header cannot be used."""
