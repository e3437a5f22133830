"""What the functions behind `/hooks/...` share: reading requests, refusing them, ending what waits."""
