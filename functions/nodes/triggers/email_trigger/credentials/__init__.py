"""The credential type of IMAP mailboxes."""
