"""Emails that are sent: addresses, headers, MIME, and the accounts that send (SMTP, providers' APIs)."""
