"""Read email: finds, reads, marks, moves and deletes mails of a mailbox (IMAP)."""
