"""The vault: the only function that may decrypt credentials."""
