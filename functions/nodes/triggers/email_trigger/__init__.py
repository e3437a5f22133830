"""New email: each new mail of an IMAP mailbox starts the workflow."""
