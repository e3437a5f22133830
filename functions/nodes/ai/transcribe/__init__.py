"""The transcribe node."""
