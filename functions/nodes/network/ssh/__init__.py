"""SSH: a command on a server."""
