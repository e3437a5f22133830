"""Email: one message per item over SMTP."""
