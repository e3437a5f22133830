"""What can go wrong with a mailbox."""

from stepweave.runtime.errors import NodeError


class MailServerRefused(NodeError):
    """The server refused for good: the log-in above all. `details.answer` has its words."""


class MailServerUnavailable(NodeError):
    """The server could not be reached, broke off, or refused for now."""

    retryable = True


class MailboxMissing(NodeError):
    """The server has no such mailbox. `details.field` names the parameter."""


class EncryptionRequired(NodeError):
    """The credential has no encryption, and the server is not on this machine."""
