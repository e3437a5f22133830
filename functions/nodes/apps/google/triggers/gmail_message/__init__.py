"""Gmail trigger: a new message."""
