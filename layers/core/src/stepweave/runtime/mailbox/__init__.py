"""Mailboxes that are read (IMAP): connecting, asking, and mails as items."""
