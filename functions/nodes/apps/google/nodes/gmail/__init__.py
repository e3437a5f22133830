"""Gmail: messages of a mailbox."""
