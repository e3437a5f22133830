"""Credentials of who uses a chat."""
