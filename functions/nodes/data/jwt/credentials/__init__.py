"""Keys that tokens are signed and verified with."""
