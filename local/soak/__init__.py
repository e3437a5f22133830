"""`make soak ONLY=ends`: random graphs with random failures on the embedded stack, each of which must end."""
