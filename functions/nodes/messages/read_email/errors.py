"""What can go wrong with one mail."""

from stepweave.runtime.errors import NodeError


class MailMissing(NodeError):
    """There is no mail of this number in the mailbox (any more). `details.uids` has them."""


class MailTooLarge(NodeError):
    """The mail is larger than is read. `details.size` has its bytes."""


class MailUnreadable(NodeError):
    """The mail is broken in a way that nobody can read."""


class MailboxRenumbered(NodeError):
    """The server has given the mailbox's mails other numbers since they were read."""


class SearchInvalid(NodeError):
    """What is searched for cannot be. `details.field` names it."""
